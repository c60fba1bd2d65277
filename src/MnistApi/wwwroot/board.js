import { paint, point } from "./strokes.js";

const SENT_SIDE = 280; // ten of the network's pixels for each that it will see

/**
 * The drawing board: strokes by mouse, finger and pen, or a picture in their place. Fires "change" whenever what is on it changed.
 */
export class Board extends EventTarget {
  #canvas;
  #strokes = [];
  #stroke = null;
  #picture = null; // { blob, bitmap }
  #isExample = false; // the next stroke of the hand begins anew
  #frame = 0;
  #frames = { boxes: [], chosen: 0 };
  width = 0.075;
  cursor = null; // where the keyboard's pen is

  constructor(canvas) {
    super();
    this.#canvas = canvas;
    canvas.addEventListener("pointerdown", event => this.#down(event));
    canvas.addEventListener("pointermove", event => this.#move(event));
    for (const end of ["pointerup", "pointercancel"])
      canvas.addEventListener(end, event => this.#up(event));
    new ResizeObserver(() => this.repaint()).observe(canvas);
    document.addEventListener("themechange", () => this.repaint());
  }

  /** Whether it shows what nobody drew by hand. */
  get isExample() {
    return this.#isExample;
  }

  get isEmpty() {
    return this.#strokes.length === 0 && this.#picture === null;
  }

  begin(at) {
    if (this.#isExample || this.#picture)
      this.#empty();
    this.#stroke = { width: this.width, points: [at] };
    this.#strokes.push(this.#stroke);
    this.#changed();
  }

  extend(...points) {
    this.#stroke?.points.push(...points);
    this.#changed();
  }

  end() {
    this.#stroke = null;
  }

  undo() {
    if (this.#picture)
      this.#empty();
    else
      this.#strokes.pop();
    [this.#stroke, this.#isExample] = [null, false];
    this.#changed();
  }

  clear() {
    this.#empty();
    this.#changed();
  }

  /** Shows strokes that nobody drew by hand. */
  showExample(strokes) {
    this.#empty();
    this.#strokes = strokes;
    this.#isExample = true;
    this.#changed();
  }

  /** Shows a picture file; it is sent as it is. */
  showPicture(blob, bitmap) {
    this.#empty();
    this.#picture = { blob, bitmap };
    this.#changed();
  }

  /** What is on the board as a PNG: dark on white whatever the page's colours are. */
  async toPng() {
    if (this.#picture)
      return this.#picture.blob;
    const canvas = new OffscreenCanvas(SENT_SIDE, SENT_SIDE);
    const context = canvas.getContext("2d", { alpha: false });
    context.fillStyle = "#fff";
    context.fillRect(0, 0, SENT_SIDE, SENT_SIDE);
    paint(context, SENT_SIDE, this.#strokes, "#000");
    return canvas.convertToBlob({ type: "image/png" });
  }

  /** Frames what was read in it: boxes in the pixels of the picture that was sent. */
  frame(boxes, chosen) {
    this.#frames = { boxes, chosen };
    this.repaint();
  }

  repaint() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#paint();
    });
  }

  #empty() {
    this.#picture?.bitmap.close();
    [this.#strokes, this.#stroke, this.#picture, this.#isExample] = [[], null, null, false];
  }

  #changed() {
    this.repaint();
    this.dispatchEvent(new Event("change"));
  }

  #paint() {
    const side = Math.round(this.#canvas.clientWidth * devicePixelRatio);
    if (this.#canvas.width !== side)
      this.#canvas.width = this.#canvas.height = side;
    const context = this.#canvas.getContext("2d");
    const style = getComputedStyle(this.#canvas);
    context.clearRect(0, 0, side, side);
    if (this.#picture)
      this.#paintPicture(context, side);
    paint(context, side, this.#strokes, style.color);
    this.#paintFrames(context, side, style);
    if (this.cursor) {
      context.beginPath();
      context.arc(this.cursor.x * side, this.cursor.y * side, this.width * side / 2 + 2 * devicePixelRatio, 0, 2 * Math.PI);
      context.lineWidth = 2 * devicePixelRatio;
      context.strokeStyle = style.outlineColor;
      context.stroke();
    }
  }

  /** Where the picture lies on the board, and how much larger. */
  #placeOf(picture, side) {
    const scale = side / Math.max(picture.width, picture.height);
    return { scale, left: (side - picture.width * scale) / 2, top: (side - picture.height * scale) / 2 };
  }

  #paintPicture(context, side) {
    const { bitmap } = this.#picture;
    const { scale, left, top } = this.#placeOf(bitmap, side);
    context.imageSmoothingEnabled = scale < 3; // small pictures show their pixels
    context.drawImage(bitmap, left, top, bitmap.width * scale, bitmap.height * scale);
  }

  #paintFrames(context, side, style) {
    const { scale, left, top } = this.#placeOf(this.#picture?.bitmap ?? { width: SENT_SIDE, height: SENT_SIDE }, side);
    context.strokeStyle = style.outlineColor;
    this.#frames.boxes.forEach((box, i) => {
      context.lineWidth = (i === this.#frames.chosen ? 2.5 : 1) * devicePixelRatio;
      context.strokeRect(left + box.left * scale, top + box.top * scale, box.width * scale, box.height * scale);
    });
  }

  #down(event) {
    if (event.button !== 0 || !event.isPrimary)
      return;
    this.#canvas.setPointerCapture(event.pointerId);
    this.begin(this.#at(event));
  }

  #move(event) {
    if (!this.#stroke || !this.#canvas.hasPointerCapture(event.pointerId))
      return;
    const events = event.getCoalescedEvents?.() ?? [];
    this.extend(...(events.length ? events : [event]).map(each => this.#at(each)));
  }

  #up(event) {
    if (this.#canvas.hasPointerCapture(event.pointerId))
      this.end();
  }

  #at(event) {
    const box = this.#canvas.getBoundingClientRect();
    const pressure = event.pointerType === "pen" ? event.pressure : undefined;
    return point((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height, pressure);
  }
}
