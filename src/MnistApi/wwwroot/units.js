import { colour, paintSigned, paintSignedWith } from "./colours.js";
import { element } from "./element.js";
import { weightsInto } from "./network.js";

const MOST = 100; // of a wide first layer

const two = new Intl.NumberFormat("en", { minimumFractionDigits: 2, maximumFractionDigits: 2, signDisplay: "negative" });

/** The first layer's units as pictures of their weights, and one of them close up. */
export class Units {
  #layer;
  #tiles;
  #detail;
  #chosen = 0;
  #hasChosen = false;
  #prediction = null;

  constructor(place, detail, layer) {
    this.#layer = layer;
    this.#detail = detail;
    this.#tiles = Array.from({ length: Math.min(layer.outputs, MOST) }, (_, unit) => this.#makeTile(unit));
    place.replaceChildren(...this.#tiles.map(({ label }) => label));
    document.addEventListener("themechange", () => this.#paint());
    this.#paint();
  }

  show(prediction) {
    this.#prediction = prediction;
    const z = prediction.activations.z1;
    this.#tiles.forEach(({ label, level }, unit) => {
      level.style.transform = `scaleX(${Math.min(1, Math.abs(z[unit]))})`;
      label.title = `Unit ${unit}: ${two.format(z[unit])}`;
    });
    if (!this.#hasChosen) {
      this.#chosen = z.indexOf(Math.max(...z.slice(0, MOST)));
      this.#tiles[this.#chosen].input.checked = true;
    }
    this.#showDetail();
  }

  #makeTile(unit) {
    const weights = weightsInto(this.#layer, unit);
    const canvas = element("canvas", { width: 28, height: 28 });
    const level = element("span", { className: "level" });
    const input = element("input", { type: "radio", name: "unit", "aria-label": `Unit ${unit}` });
    input.addEventListener("change", () => {
      [this.#chosen, this.#hasChosen] = [unit, true];
      this.#showDetail();
    });
    const label = element("label", { className: "tile" }, input, canvas, element("span", { className: "meter" }, level));
    return { label, input, canvas, level, weights, largest: Math.max(...weights.map(Math.abs)) };
  }

  #paint() {
    const colours = ["sheet", "blue", "red"].map(colour);
    for (const { canvas, weights, largest } of this.#tiles)
      paintSignedWith(canvas, weights, largest, ...colours);
    this.#showDetail();
  }

  #showDetail() {
    if (!this.#prediction)
      return;
    const { weights, largest } = this.#tiles[this.#chosen];
    const x = this.#prediction.input.pixels.map(level => level / 255);
    const parts = weights.map((weight, i) => weight * x[i]);
    const sum = parts.reduce((total, part) => total + part, 0);
    const bias = this.#layer.bias[this.#chosen];
    const z = this.#prediction.activations.z1[this.#chosen];
    this.#detail.replaceChildren(
      element("h4", {}, `Unit ${this.#chosen}`),
      element("div", { className: "pair" },
        figure("Its weights", weights, largest),
        figure("Weights times your picture", parts, Math.max(1e-9, ...parts.map(Math.abs)))),
      element("p", { className: "sum" },
        `The right picture adds up to ${two.format(sum)}. With the bias of ${two.format(bias)} that is ${two.format(sum + bias)}, and ${this.#layer.activation} makes ${two.format(z)} of it.`),
      element("p", {}, element("a", { href: `model/layers/1/units/${this.#chosen}.png` }, "The weights as a PNG")));
  }
}

function figure(caption, values, largest) {
  const canvas = element("canvas", { width: 28, height: 28, role: "img", "aria-label": caption });
  paintSigned(canvas, values, largest);
  return element("figure", {}, canvas, element("figcaption", {}, caption));
}
