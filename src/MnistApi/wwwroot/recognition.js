import { getBlob, getJson, predict } from "./api.js";
import { element } from "./element.js";
import { show } from "./numbers.js";
import { finePrint, sentenceFor } from "./sentences.js";

const SIDE = 28;
const LABEL = 5; // of x_train[0], as the chapter prints it
const BOOK_ACCURACY = 0.9352;

/** 3.6: one picture from bytes to probabilities, the shapes on the way, and the accuracy one by one and in batches. */
export async function start() {
  const model = await getJson("model");
  const place = document.getElementById("recognition");
  const picture = element("div");
  place.replaceChildren(picture, element("h3", {}, "Shapes"), shapes(model), element("h3", {}, "Accuracy"), accuracy());
  try {
    picture.replaceChildren(await firstPicture());
  } catch (error) {
    picture.replaceChildren(element("p", { className: "refusal" }, missing(error)), element("p", { className: "fine" }, finePrint(error)));
  }
}

const missing = error => error.status === 503 ? "MNIST is not on this machine, and the service did not fetch it." : sentenceFor(error);

async function firstPicture() {
  const blob = await getBlob("dataset/train/0.png");
  const { number, probability } = await predict(blob);
  const levels = await levelsOf(blob);
  const canvas = element("canvas",
    { width: SIDE, height: SIDE, tabIndex: 0, role: "application",
    "aria-label": "x_train[0]: arrow keys go from pixel to pixel and read it", className: "pixels" });
  const strip = element("canvas",
    { width: levels.length, height: 1, className: "strip", role: "img", "aria-label": "The same 784 numbers in a row" });
  const readout = element("p", { className: "verdict", role: "status" });
  let [row, column] = [13, 14];
  const point = () => {
    row = Math.min(SIDE - 1, Math.max(0, row));
    column = Math.min(SIDE - 1, Math.max(0, column));
    const index = row * SIDE + column;
    paint(canvas, levels, index);
    paint(strip, levels, index);
    readout.textContent = `Row ${row}, column ${column} is ${levels[index]}. Flattened it is number ${row}\u00b728 + ${column} = ` +
      `${index} of 784; divided by 255 it is ${show(levels[index] / 255)}.`;
  };
  canvas.addEventListener("pointermove", event => {
    [column, row] = [Math.floor(event.offsetX / canvas.clientWidth * SIDE), Math.floor(event.offsetY / canvas.clientHeight * SIDE)];
    point();
  });
  strip.addEventListener("pointermove", event => {
    const index = Math.floor(event.offsetX / strip.clientWidth * levels.length);
    [row, column] = [Math.floor(index / SIDE), index % SIDE];
    point();
  });
  canvas.addEventListener("keydown", event => {
    const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    if (!step)
      return;
    event.preventDefault();
    [row, column] = [row + step[0], column + step[1]];
    point();
  });
  point();
  const oneHot = Array.from({ length: 10 }, (_, k) => k === LABEL ? 1 : 0);
  return element("div", { className: "picture" }, canvas,
    element("div", {},
      readout,
      element("p", {}, "28 by 28 bytes, 0 for the background and 255 for full ink. ", element("b", {}, "normalize"), " divides by 255, ",
        element("b", {}, "flatten"), " puts the rows behind each other:"),
      strip,
      element("p", {}, "Its label is ", element("b", {}, "5"), "; ", element("b", {}, "one-hot"), " it is ",
        element("code", {}, `[${oneHot.join(" ")}]`), "."),
      element("p", { className: "served" },
        `The served network reads it as ${number}, with the probability ${show(Number(probability.toFixed(4)))}.`)));
}

async function levelsOf(blob) {
  const bitmap = await createImageBitmap(blob);
  const context = new OffscreenCanvas(SIDE, SIDE).getContext("2d");
  context.drawImage(bitmap, 0, 0);
  return context.getImageData(0, 0, SIDE, SIDE).data.filter((_, i) => i % 4 === 0);
}

function paint(canvas, levels, pointed) {
  const context = canvas.getContext("2d");
  const image = context.createImageData(canvas.width, canvas.height);
  levels.forEach((level, i) => image.data.set(i === pointed ? [255, 143, 122, 255] : [level, level, level, 255], i * 4));
  context.putImageData(image, 0, 0);
}

/** The shapes of one forward pass, of one picture or a batch. */
function shapes({ layers }) {
  const batch = element("select", { id: "batch" }, ...["1", "100"].map(size => element("option", {}, size)));
  const row = element("div", { className: "equation shapes", role: "status" });
  const update = () => {
    const count = Number(batch.value);
    const shape = width => count === 1 ? `${width}` : `${count} \u00d7 ${width}`;
    const box = (name, text) =>
      element("div", { className: "named" }, element("span", { className: "name" }, name), element("b", {}, text));
    row.replaceChildren(box("X", shape(layers[0].inputs)), ...layers.flatMap(({ inputs, outputs, activation }, i) => [
      element("span", { className: "sign" }, "\u00b7"), box(`W${i + 1}`, `${inputs} \u00d7 ${outputs}`),
      element("span", { className: "sign" }, "\u2192"), box(`${activation}`, shape(outputs))]));
  };
  batch.addEventListener("change", update);
  update();
  return element("div", {}, element("p", { className: "choices" }, element("label", { htmlFor: "batch" }, "Pictures at once"), batch), row,
    element("p", {}, "Each inner pair is the same and goes. A batch only makes the outer number larger: a hundred pictures are a hundred " +
      "rows, and one product of matrices reads them all."));
}

function accuracy() {
  const button = element("button", { type: "button", className: "main" }, "Read 10,000 digits");
  const result = element("p", { className: "verdict", role: "status" });
  button.addEventListener("click", async () => {
    button.disabled = true;
    result.textContent = "Reading\u2026";
    try {
      const [single, batched] = [await getJson("eval?batch=1"), await getJson("eval?batch=100")];
      result.textContent = `One by one ${single.accuracy}, in batches of 100 ${batched.accuracy}: ` +
        `${batched.correct.toLocaleString("en")} of 10,000, the same either way.`;
    } catch (error) {
      result.textContent = missing(error);
    }
    button.disabled = false;
  });
  return element("div", {},
    element("p", {}, `With the book's own weights the accuracy is ${BOOK_ACCURACY}, one by one and in batches alike; this service can ` +
      `load them. What it has loaded now can be measured here:`),
    element("p", {}, button), result);
}
