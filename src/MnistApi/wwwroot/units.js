import { colour, paintSigned, paintSignedWith } from "./colours.js";
import { element } from "./element.js";
import { sumOf, weightsInto } from "./network.js";

const MAX_TILES = 100; // of a wide first layer

const two = new Intl.NumberFormat("en", { minimumFractionDigits: 2, maximumFractionDigits: 2, signDisplay: "negative" });

/** The first layer's units as pictures of their weights, all on one scale, and one of them close up. */
export class Units {
  #layer;
  #tiles;
  #largest;
  #detail;
  #chosen = 0;
  #hasChosen = false;
  #prediction = null;

  constructor(place, detail, layer) {
    this.#layer = layer;
    this.#detail = detail;
    this.#tiles = Array.from({ length: Math.min(layer.outputs, MAX_TILES) }, (_, unit) => this.#makeTile(unit));
    this.#largest = Math.max(...this.#tiles.flatMap(({ weights }) => weights.map(Math.abs)));
    place.replaceChildren(...this.#tiles.map(({ label }) => label));
    document.addEventListener("themechange", () => this.#paint());
    this.#paint();
  }

  /** Shows the units' outputs for a prediction, or none. */
  show(prediction) {
    this.#prediction = prediction;
    const z = prediction?.activations.z1;
    this.#tiles.forEach(({ label, level }, unit) => {
      level.style.transform = `scaleX(${z ? Math.min(1, Math.abs(z[unit])) : 0})`;
      label.title = z ? `Unit ${unit + 1}: ${two.format(z[unit])}` : `Unit ${unit + 1}`;
    });
    if (z && !this.#hasChosen) {
      this.#chosen = z.indexOf(Math.max(...z.slice(0, MAX_TILES)));
      this.#tiles[this.#chosen].input.checked = true;
    }
    this.#showDetail();
  }

  #makeTile(unit) {
    const canvas = element("canvas", { width: 28, height: 28 });
    const level = element("span", { className: "level" });
    const input = element("input", { type: "radio", name: "unit", "aria-label": `Unit ${unit + 1}` });
    input.addEventListener("change", () => {
      [this.#chosen, this.#hasChosen] = [unit, true];
      this.#showDetail();
    });
    const label = element("label", { className: "tile" }, input, canvas, element("span", { className: "meter" }, level));
    return { label, input, canvas, level, weights: weightsInto(this.#layer, unit) };
  }

  #paint() {
    const colours = ["sheet", "blue", "red"].map(colour);
    for (const { canvas, weights } of this.#tiles)
      paintSignedWith(canvas, weights, this.#largest, ...colours);
    this.#showDetail();
  }

  #showDetail() {
    const { weights } = this.#tiles[this.#chosen];
    const pictures = [figure("Its weights", weights, this.#largest)];
    const bias = this.#layer.bias[this.#chosen];
    let text = `Its bias is ${two.format(bias)}. Draw a digit to see what it makes of it.`;
    if (this.#prediction) {
      const x = this.#prediction.input.pixels.map(level => level / 255);
      const parts = weights.map((weight, i) => weight * x[i]);
      pictures.push(figure("Weights times your picture", parts, Math.max(1e-9, ...parts.map(Math.abs))));
      const a = sumOf(this.#layer, this.#chosen, x);
      const z = this.#prediction.activations.z1[this.#chosen];
      text = `The right picture adds up to ${two.format(a - bias)}. With the bias of ${two.format(bias)} that is ${two.format(a)}, and ` +
        `${this.#layer.activation} makes ${two.format(z)} of it.`;
    }
    this.#detail.replaceChildren(
      element("h4", {}, `Unit ${this.#chosen + 1}`),
      element("div", { className: "pair" }, ...pictures),
      element("p", { className: "sum" }, text),
      element("p", {}, element("a", { href: `model/layers/1/units/${this.#chosen}.png` }, "The weights as a PNG"),
        ` (its address counts from 0: ${this.#chosen})`));
  }
}

function figure(caption, values, largest) {
  const canvas = element("canvas", { width: 28, height: 28, role: "img", "aria-label": caption });
  paintSigned(canvas, values, largest);
  return element("figure", {}, canvas, element("figcaption", {}, caption));
}
