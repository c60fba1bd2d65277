import { getJson } from "./api.js";
import { element } from "./element.js";
import { latest, show } from "./numbers.js";
import { sentenceFor } from "./sentences.js";
import { placesOf, svg } from "./svg.js";

const GATES = { AND: [0.5, 0.5, -0.7], NAND: [-0.5, -0.5, 0.7], OR: [0.5, 0.5, -0.2] };
const CORNERS = [[0, 0], [1, 0], [0, 1], [1, 1]];

/** 3.1: a perceptron to play with, the same with a sigmoid, and a network of two inputs, three units and two outputs. */
export function start() {
  const values = { x1: 1, x2: 1, w1: 0.5, w2: 0.5, b: -0.7 };
  const drawing = draw();
  const sum = element("p", { className: "sum" });
  const verdict = element("p", { className: "verdict", role: "status" });
  const table = element("tbody");
  const sumAt = (x1, x2) => values.b + values.w1 * x1 + values.w2 * x2;

  const ask = latest(async () => {
    const points = [[values.x1, values.x2], ...CORNERS];
    const a = points.map(([x1, x2]) => Number(sumAt(x1, x2).toFixed(8)));
    try {
      const [step, sigmoid] = await Promise.all(["step", "sigmoid"].map(async name => (await getJson(`activations/${name}?x=${a}`)).y));
      drawing.fill(step[0], sigmoid[0]);
      verdict.textContent = `Step: ${step[0]}, it ${step[0] ? "fires" : "stays silent"}. Sigmoid: ${show(sigmoid[0])}, ` +
        `${sigmoid[0] > 0.5 ? "more on than off" : "more off than on"}.`;
      table.replaceChildren(...CORNERS.map(
        ([x1, x2], i) => element(
        "tr", {}, ...[x1, x2, a[i + 1], step[i + 1], sigmoid[i + 1]].map(value => element("td", {}, show(value))))));
    } catch (error) {
      verdict.textContent = sentenceFor(error);
    }
  });
  const update = () => {
    const { x1, x2, w1, w2, b } = values;
    drawing.weigh(values);
    sum.textContent = `a = b + w\u2081x\u2081 + w\u2082x\u2082 = ${show(b)} + ${show(w1)}\u00b7${show(x1)} + ` +
      `${show(w2)}\u00b7${show(x2)} = ${show(sumAt(x1, x2))}`;
    ask();
  };

  const sliders = Object.fromEntries(Object.keys(values).map(name => [name, slider(name, values, update)]));
  const gates = Object.entries(GATES).map(([name, numbers]) => {
    const button = element("button", { type: "button" }, name);
    button.addEventListener("click", () => {
      ["w1", "w2", "b"].forEach((each, i) => sliders[each].set(numbers[i]));
      update();
    });
    return button;
  });
  document.getElementById("perceptron").replaceChildren(
    element("div", { className: "side-by-side" },
      element("div", {}, element("p", { className: "choices" }, ...gates), ...Object.values(sliders).map(({ row }) => row)),
      element("div", {}, drawing.picture, sum, verdict),
      element("table", { className: "numbers" },
        element("thead", {}, element(
          "tr", {}, ...["x\u2081", "x\u2082", "a", "step", "sigmoid"].map(text => element("th", { scope: "col" }, text)))), table)),
    element("h3", {}, "Units in layers"),
    element("p", {}, "Put such units side by side and behind each other, with a smooth function in place of the step, and it is a neural " +
      "network. This one is two inputs, a hidden layer of three units, and two outputs; it is called a two-layer network, since two of " +
      "its layers have weights."),
    twoThreeTwo());
  update();
}

function slider(name, values, update) {
  const [min, label] = [name.startsWith("x") ? 0 : -1, name.replace("1", "\u2081").replace("2", "\u2082")];
  const input = element("input", { type: "range", id: `p-${name}`, min, max: 1, step: 0.05, value: values[name] });
  const output = element("output", { htmlFor: input.id }, show(values[name]));
  const set = value => {
    values[name] = value;
    input.value = value;
    output.textContent = show(value);
  };
  input.addEventListener("input", () => {
    set(Number(input.value));
    update();
  });
  return { row: element("p", { className: "slider" }, element("label", { htmlFor: input.id }, label), input, output), set };
}

/** One unit with its three lines, twice: with the step and with the sigmoid. */
function draw() {
  const lines = {};
  const units = [];
  const picture = svg("svg",
    { viewBox: "0 0 360 230", role: "img",
    "aria-label": "Bias and two inputs, weighed and added, into a unit with a step and one with a sigmoid" });
  const sources = [["b", "1", 40], ["w1", "x\u2081", 115], ["w2", "x\u2082", 190]];
  for (const [weight, , y] of sources) {
    lines[weight] = [70, 160].map(to => svg("line", { x1: 50, y1: y, x2: 265, y2: to }));
    picture.append(...lines[weight]);
  }
  for (const [, name, y] of sources)
    picture.append(svg("circle", { cx: 40, cy: y, r: 20, class: "source" }), svg("text", { x: 40, y: y + 5 }, name));
  for (const [name, y] of [["step", 70], ["sigmoid", 160]]) {
    const fill = svg("circle", { cx: 275, cy: y, r: 26, class: "unit" });
    units.push(fill);
    picture.append(svg("circle", { cx: 275, cy: y, r: 26, class: "source" }), fill,
      svg("text", { x: 306, y: y + 5, class: "aside" }, name));
  }
  return {
    picture,
    weigh: values => Object.entries(lines).forEach(([name, pair]) => pair.forEach(line => {
      line.setAttribute("stroke-width", (0.5 + 6 * Math.abs(values[name])).toFixed(2));
      line.setAttribute("class", values[name] < 0 ? "minus" : "plus");
    })),
    fill: (...outputs) => outputs.forEach((y, i) => units[i].setAttribute("fill-opacity", y)),
  };
}

function twoThreeTwo() {
  const places = placesOf([2, 3, 2], 420, 190);
  const picture = svg("svg",
    { viewBox: "0 0 420 220", role: "img", class: "layers", "aria-label": "A network of two inputs, three hidden units and two outputs" });
  for (const layer of [1, 2]) {
    for (const from of places[layer - 1])
      picture.append(...places[layer].map(to => svg("line", { x1: from.x, y1: from.y, x2: to.x, y2: to.y, class: "plain" })));
  }
  const names = ["x", "z", "y"];
  places.forEach((units, layer) => {
    picture.append(...units.flatMap(({ x, y }, unit) => [
      svg("circle", { cx: x, cy: y, r: 20, class: "source" }), svg("text", { x, y: y + 5 }, names[layer] + "\u2081\u2082\u2083"[unit])]));
    picture.append(svg("text", { x: units[0].x, y: 212, class: "muted" }, ["input", "hidden", "output"][layer]));
  });
  return picture;
}
