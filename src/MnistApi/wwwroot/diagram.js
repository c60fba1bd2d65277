import { getSvg } from "./api.js";
import { outputsOf, strongest, sumOf } from "./network.js";

const SVG = "http://www.w3.org/2000/svg";
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const REACH = 24; // how far beside a circle a finger still means it, in the diagram's own measure

const number = new Intl.NumberFormat("en", { maximumSignificantDigits: 4 });

/** The service's diagram of the network, with a prediction's activations in it; each unit's numbers are read out when it is pointed at. */
export class Diagram {
  #place;
  #readout;
  #network;
  #narrow = matchMedia("(max-width: 44rem)");
  #svg = null;
  #units = []; // { circle, layer, unit, x, y }
  #prediction = null;
  #outputs = null;
  #pointed = null; // { layer, unit }

  constructor(place, readout, network) {
    [this.#place, this.#readout, this.#network] = [place, readout, network];
    this.#narrow.addEventListener("change", () => this.load().catch(() => {})); // the other one stays
    place.tabIndex = 0;
    place.setAttribute("role", "application");
    place.setAttribute("aria-label", "The network's units: arrow keys go from one to the next and read its numbers");
    place.setAttribute("aria-describedby", readout.id);
    for (const type of ["pointermove", "pointerdown"])
      place.addEventListener(type, event => this.#pointAt(event));
    place.addEventListener("focus", () => {
      if (!this.#pointed && place.matches(":focus-visible"))
        this.#point(this.#units.find(({ circle }) => circle.classList.contains("best")) ?? this.#units[0]);
    });
    place.addEventListener("keydown", event => this.#step(event));
  }

  async load() {
    this.#svg = await getSvg(`model/diagram.svg?flow=${this.#narrow.matches ? "down" : "right"}`);
    this.#place.replaceChildren(this.#svg);
    this.#units = [...this.#svg.querySelectorAll(".unit")].map(circle => ({
      circle, layer: Number(circle.dataset.layer), unit: Number(circle.dataset.unit), x: Number(circle.getAttribute("cx")),
      y: Number(circle.getAttribute("cy")),
    }));
    this.show(this.#prediction);
  }

  /** Shows a prediction's activations, or the empty network. */
  show(prediction) {
    this.#prediction = prediction;
    const { layers } = this.#network;
    this.#outputs = prediction && outputsOf(prediction, layers);
    const fullest = this.#outputs?.map(z => Math.max(1, ...z.map(Math.abs))); // ReLU's outputs go beyond 1
    for (const { circle, layer, unit } of this.#units) {
      if (prediction)
        circle.setAttribute("fill-opacity", (Math.abs(this.#outputs[layer][unit]) / fullest[layer]).toFixed(3));
      else
        circle.removeAttribute("fill-opacity");
      circle.classList.toggle("best", layer === layers.length && unit === prediction?.digit);
    }
    this.#showPicture(prediction?.input.png);
    this.#showConnections(prediction ? strongest(layers, this.#outputs, prediction.digit) : []);
    this.#point(this.#pointed && this.#find(this.#pointed.layer, this.#pointed.unit));
  }

  #find(layer, unit) {
    return this.#units.find(each => each.layer === layer && each.unit === unit);
  }

  /** Reads out a unit's numbers. */
  #point(found) {
    this.#svg.querySelector(".pointed")?.classList.remove("pointed");
    this.#pointed = found ?? null;
    if (!found) {
      this.#readout.textContent = "Point at a circle, touch it, or go from one to the next with the arrow keys: its numbers stand here.";
      return;
    }
    found.circle.classList.add("pointed");
    const { layer, unit } = found;
    const { layers } = this.#network;
    const isLast = layer === layers.length;
    const name = isLast ? `Class ${unit}` : `Layer ${layer}, unit ${unit + 1}`;
    if (!this.#prediction) {
      this.#readout.textContent = `${name}. Draw a digit to give it a number.`;
      return;
    }
    const own = layers[layer - 1];
    const a = isLast ? this.#prediction.activations.logits[unit] : sumOf(own, unit, this.#outputs[layer - 1]);
    const sum = `a = x\u00b7w + b = ${number.format(a)}${isLast ? ", its logit" : ""}`.replace("x", layer === 1 ? "x" : "z");
    this.#readout.textContent = `${name}: ${sum}; ${isLast ? "y" : "z"} = ${own.activation}(a) = ` +
      `${number.format(this.#outputs[layer][unit])}.`;
  }

  #pointAt(event) {
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(this.#svg.getScreenCTM().inverse());
    const distance = ({ x, y }) => Math.hypot(x - at.x, y - at.y);
    const nearest = this.#units.reduce((best, each) => distance(each) < distance(best) ? each : best);
    if (distance(nearest) < REACH && nearest.circle !== this.#pointed?.circle)
      this.#point(nearest);
  }

  /** To the nearest unit in an arrow's direction; what lies straight ahead is nearer than what lies aside. */
  #step(event) {
    const direction = ARROWS[event.key];
    if (!direction || !this.#pointed)
      return;
    event.preventDefault();
    const [dx, dy] = direction;
    const from = this.#pointed;
    const cost = ({ x, y }) => {
      const ahead = (x - from.x) * dx + (y - from.y) * dy;
      return ahead > 0.5 ? ahead + 3 * Math.abs((x - from.x) * dy + (y - from.y) * dx) : Infinity;
    };
    const next = this.#units.reduce((best, each) => cost(each) < cost(best) ? each : best);
    if (cost(next) < Infinity)
      this.#point(next);
  }

  #showPicture(png) {
    const frame = this.#svg.querySelector(".input");
    let image = this.#svg.querySelector("image");
    if (!png) {
      image?.remove();
      return;
    }
    if (!image) {
      image = document.createElementNS(SVG, "image");
      for (const side of ["x", "y", "width", "height"])
        image.setAttribute(side, frame.getAttribute(side));
      frame.after(image);
    }
    image.setAttribute("href", `data:image/png;base64,${png}`);
  }

  #showConnections(connections) {
    this.#svg.querySelector(".strong")?.remove();
    if (connections.length === 0)
      return;
    const group = document.createElementNS(SVG, "g");
    group.classList.add("strong");
    for (let layer = 1; layer <= this.#network.layers.length; layer++) {
      const ofLayer = connections.filter(each => each.layer === layer);
      const largest = Math.max(...ofLayer.map(({ part }) => Math.abs(part)));
      for (const { from, to, part } of ofLayer)
        this.#line(group, this.#spot(layer - 1, from), this.#spot(layer, to), part, Math.abs(part) / largest);
    }
    this.#svg.querySelector(".layer").before(group);
  }

  #line(group, from, to, part, share) {
    if (!from || !to)
      return; // units beyond those that are drawn
    const line = document.createElementNS(SVG, "line");
    for (const [name, value] of Object.entries({ x1: from.x, y1: from.y, x2: to.x, y2: to.y }))
      line.setAttribute(name, value);
    line.classList.add(part > 0 ? "plus" : "minus");
    line.setAttribute("stroke-width", (0.6 + 2.4 * share).toFixed(2));
    line.setAttribute("stroke-opacity", (0.25 + 0.65 * share).toFixed(2));
    group.append(line);
  }

  /** Where a unit is drawn, or a pixel of the picture. */
  #spot(layer, unit) {
    if (layer > 0)
      return this.#find(layer, unit);
    const box = this.#svg.querySelector(".input");
    const [x, y, side] = ["x", "y", "width"].map(name => Number(box.getAttribute(name)));
    return { x: x + (unit % 28 + 0.5) * side / 28, y: y + (Math.floor(unit / 28) + 0.5) * side / 28 };
  }
}
