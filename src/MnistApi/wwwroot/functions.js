import { getJson, getSvg } from "./api.js";
import { element } from "./element.js";
import { editable, named, shown } from "./matrix.js";
import { latest, parse, product, show, sigmoid } from "./numbers.js";
import { finePrint, sentenceFor } from "./sentences.js";
import { svg } from "./svg.js";

const NAMES = ["step", "sigmoid", "relu", "identity"];
const REACH = 6; // the plots go from -6 to 6

const said = error => finePrint(error) || sentenceFor(error);

/** 3.2: the functions alone and against each other, their values, and why linear ones make depth useless. */
export async function start() {
  const { activations } = await getJson("activations");
  const formulas = Object.fromEntries(
    activations.map(({ name, formula, layers }) => [name, `${formula}${layers.length ? `; used here by ${layers.join(" and ")}` : ""}`]));
  document.getElementById("functions").replaceChildren(
    element("div", { className: "halves" }, await plots(formulas), values()),
    element("h3", {}, "Why not a straight line"),
    element("p", {}, "With h(a) = c\u00b7a, three layers give c\u00b7c\u00b7c\u00b7x: one layer with the weight c\u00b3 does the same. " +
      "It is so with matrices too. Two layers without a bend between them are one layer, whose weights are the product of theirs; with a " +
      "bend they are not."),
    depth());
}

/** A plot by the service, with a point that goes along its curves. */
async function plots(formulas) {
  const choice = (id, names) => element("select", { id }, ...names.map(name => element("option", {}, name)));
  const first = choice("plot-name", NAMES);
  const second = choice("plot-against", ["none", ...NAMES]);
  [first.value, second.value] = ["sigmoid", "step"];
  const slider = element("input", { type: "range", id: "plot-x", min: -REACH, max: REACH, step: 0.1, value: 1 });
  const place = element("div", { className: "plot" });
  const formula = element("p", { className: "fine" });
  const readout = element("p", { className: "verdict", role: "status" });
  const chosen = () => [...new Set([first.value, second.value].filter(name => name !== "none"))];

  const read = latest(async () => {
    const x = Number(slider.value);
    place.querySelectorAll(".curve").forEach((curve, i) => mark(place.firstChild, curve, x, i));
    try {
      const lines = await Promise.all(
        chosen().map(async name => `${name}(${show(x)}) = ${show((await getJson(`activations/${name}?x=${x}`)).y[0])}`));
      readout.textContent = lines.join(",  ");
    } catch (error) {
      readout.textContent = said(error);
    }
  });
  const draw = latest(async () => {
    const [name, against] = chosen();
    try {
      place.replaceChildren(await getSvg(`activations/${name}/plot.svg${against ? `?against=${against}` : ""}`));
      formula.textContent = chosen().map(each => `${each}: ${formulas[each]}.`).join(" ");
    } catch (error) {
      readout.textContent = said(error);
    }
    await read();
  });
  first.addEventListener("change", draw);
  second.addEventListener("change", draw);
  slider.addEventListener("input", read);
  await draw();
  return element("div", {},
    element("p", { className: "choices" }, element("label", { htmlFor: "plot-name" }, "Plot"), first,
      element("label", { htmlFor: "plot-against" }, "against"), second),
    place,
    element("p", { className: "slider" }, element("label", { htmlFor: "plot-x" }, "a"), slider),
    readout, formula);
}

/** Puts a point on a curve of the service's plot: its path goes from the left edge of the axis to the right. */
function mark(picture, curve, x, i) {
  const points = [...curve.getAttribute("d").matchAll(/([-\d.]+) ([-\d.]+)/g)].map(
    ([, left, top]) => ({ x: Number(left), y: Number(top) }));
  const at = points[0].x + (x + REACH) / (2 * REACH) * (points.at(-1).x - points[0].x);
  const next = Math.max(1, points.findIndex(point => point.x >= at));
  const [from, to] = [points[next - 1], points[next]];
  const y = from.y + (to.y - from.y) * (at - from.x) / (to.x - from.x);
  const name = `mark mark-${i}`;
  let circle = picture.querySelector(`.mark-${i}`);
  if (!circle)
    picture.append(circle = svg("circle", { r: 6, class: name }));
  circle.setAttribute("cx", at);
  circle.setAttribute("cy", y);
}

/** Every function of an array at once. */
function values() {
  const input = element("input",
    { type: "text", id: "array-x", value: "-1, 1, 2", spellcheck: false, autocomplete: "off", maxLength: 200 });
  const table = element("table", { className: "numbers" });
  const message = element("p", { className: "fine", role: "status" });
  const update = latest(async () => {
    const x = parse(input.value);
    message.textContent = x ? "" : "Numbers with commas between are expected, such as -1, 1, 2.";
    if (!x)
      return;
    try {
      const columns = await Promise.all(NAMES.map(async name => (await getJson(`activations/${name}?x=${x}`)).y));
      const head = ["x", ...NAMES, "sigmoid in numpy"].map(text => element("th", { scope: "col" }, text));
      table.replaceChildren(
        element("thead", {}, element("tr", {}, ...head)),
        element("tbody", {}, ...x.map((each, i) => element("tr", {},
          ...[each, ...columns.map(y => y[i]), sigmoid(each)].map(value => element("td", {}, show(value)))))));
    } catch (error) {
      message.textContent = said(error);
    }
  });
  input.addEventListener("input", update);
  update();
  return element("div", {},
    element("p", { className: "choices" }, element("label", { htmlFor: "array-x" }, "Of an array, each number by itself: x ="), input),
    element("div", { className: "scroll", tabIndex: 0, role: "group", "aria-label": "The functions' values" }, table), message,
    element("p", { className: "fine" },
      "The service counts in float32, as the weights are: seven digits. numpy's own numbers are float64; the last column is what the " +
      "chapter prints."));
}

/** Two layers, and the one that does the same where nothing bends between them. */
function depth() {
  const [x, first, second] = [[[1, 0.5]], [[1, 2], [3, -4]], [[2, -1], [0, 1]]];
  const bend = element("select", { id: "depth-bend" }, ...["identity", "sigmoid", "relu", "step"].map(name => element("option", {}, name)));
  const place = element("div", { className: "equation" });
  const verdict = element("p", { className: "verdict", role: "status" });
  const update = latest(async () => {
    const [sums] = product(x, first);
    try {
      const { y } = await getJson(`activations/${bend.value}?x=${sums}`);
      const [[deep], [flat]] = [product([y], second), product(x, product(first, second))];
      place.replaceChildren(
        named("Two layers: h(x\u00b7W1)\u00b7W2", shown("Two layers", [deep])),
        named("W1\u00b7W2", shown("W1 times W2", product(first, second))),
        named("One layer: x\u00b7(W1\u00b7W2)", shown("One layer", [flat])));
      const same = deep.every((value, i) => Math.abs(value - flat[i]) < 1e-4 * Math.max(1, Math.abs(flat[i])));
      verdict.textContent = same ? "The same: the second layer added nothing."
        : "Not the same: with the bend, two layers can do what one cannot.";
    } catch (error) {
      verdict.textContent = said(error);
    }
  });
  bend.addEventListener("change", update);
  update();
  return element("div", {},
    element("p", { className: "choices" }, element("label", { htmlFor: "depth-bend" }, "Between the layers h ="), bend),
    element("div", { className: "equation" }, named("x", editable("x", x, update)), named("W1", editable("W1", first, update)),
      named("W2", editable("W2", second, update))),
    place, verdict);
}
