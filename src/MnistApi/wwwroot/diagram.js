import { getSvg } from "./api.js";
import { outputsOf, strongest } from "./network.js";

const SVG = "http://www.w3.org/2000/svg";

/** The service's diagram of the network, with a prediction's activations in it. */
export class Diagram {
  #place;
  #network;
  #narrow = matchMedia("(max-width: 44rem)");
  #svg = null;
  #prediction = null;

  constructor(place, network) {
    this.#place = place;
    this.#network = network;
    this.#narrow.addEventListener("change", () => this.load());
  }

  async load() {
    this.#svg = await getSvg(`model/diagram.svg?flow=${this.#narrow.matches ? "down" : "right"}`);
    this.#place.replaceChildren(this.#svg);
    if (this.#prediction)
      this.show(this.#prediction);
  }

  show(prediction) {
    this.#prediction = prediction;
    const svg = this.#svg;
    if (!svg)
      return;
    const { layers } = this.#network;
    const outputs = outputsOf(prediction, layers);
    const fullest = outputs.map(z => Math.max(1, ...z.map(Math.abs))); // ReLU's outputs go beyond 1
    for (const unit of svg.querySelectorAll(".unit")) {
      const { layer, unit: index } = unit.dataset;
      unit.setAttribute("fill-opacity", (Math.abs(outputs[layer][index]) / fullest[layer]).toFixed(3));
      unit.classList.toggle("best", Number(layer) === layers.length && Number(index) === prediction.digit);
    }
    this.#showPicture(prediction.input.png);
    this.#showConnections(strongest(layers, outputs, prediction.digit));
  }

  #showPicture(png) {
    const frame = this.#svg.querySelector(".input");
    let image = this.#svg.querySelector("image");
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
    const group = document.createElementNS(SVG, "g");
    group.classList.add("strong");
    for (let number = 1; number <= this.#network.layers.length; number++) {
      const ofLayer = connections.filter(({ layer }) => layer === number);
      const largest = Math.max(...ofLayer.map(({ part }) => Math.abs(part)));
      for (const { from, to, part } of ofLayer)
        this.#line(group, this.#spot(number - 1, from), this.#spot(number, to), part, Math.abs(part) / largest);
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
    if (layer === 0) {
      const box = this.#svg.querySelector(".input");
      const [x, y, side] = ["x", "y", "width"].map(name => Number(box.getAttribute(name)));
      return { x: x + (unit % 28 + 0.5) * side / 28, y: y + (Math.floor(unit / 28) + 0.5) * side / 28 };
    }
    const circle = this.#svg.querySelector(`.unit[data-layer="${layer}"][data-unit="${unit}"]`);
    return circle && { x: circle.getAttribute("cx"), y: circle.getAttribute("cy") };
  }
}
