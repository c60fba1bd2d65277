import { element } from "./element.js";
import { editable, named } from "./matrix.js";
import { parse, product, show, showAll, sigmoid } from "./numbers.js";
import { placesOf, svg } from "./svg.js";

const [WIDTH, HEIGHT] = [720, 400];
const DIGITS = ["\u2080", "\u2081", "\u2082", "\u2083"];
const RAISED = ["", "\u207d\u00b9\u207e", "\u207d\u00b2\u207e", "\u207d\u00b3\u207e"];

/** 3.4: the 2-3-2-2 network with every sum and output, and every number of it to change. */
export function start() {
  const x = [[1, 0.5]];
  const layers = [
    { w: [[0.1, 0.3, 0.5], [0.2, 0.4, 0.6]], b: [[0.1, 0.2, 0.3]] },
    { w: [[0.1, 0.4], [0.2, 0.5], [0.3, 0.6]], b: [[0.1, 0.2]] },
    { w: [[0.1, 0.3], [0.2, 0.4]], b: [[0.1, 0.2]] },
  ];
  const picture = svg("svg",
    { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "group", "aria-label": "The network 2-3-2-2; its lines are weights" });
  const edge = element("p", { className: "verdict edge", role: "status" });
  const steps = element("div", { className: "steps", role: "status" });
  const hint = "Point at a line, or go to it with the Tab key: its weight stands here and can be changed.";

  const showSteps = forward => steps.replaceChildren(...forward.map(({ a, z }, i) => element("p", {},
    `A${i + 1} = ${i ? `Z${i}` : "X"}\u00b7W${i + 1} + B${i + 1} = `, element("b", {}, showAll(a)), element("br"),
    i < 2 ? `Z${i + 1} = sigmoid(A${i + 1}) = ` : "Y = identity(A3) = ", element("b", { className: i === 2 ? "for" : "" }, showAll(z)))));
  const parts = drawNetwork(picture, x, layers, showWeight);
  const update = () => {
    const forward = run(x[0], layers);
    parts.update(forward);
    showSteps(forward);
  };

  /** The weight of a line, in the chapter's notation: to the unit named first, from the one named second. */
  function showWeight(layer, from, to, line) {
    picture.querySelectorAll(".used").forEach(each => each.classList.remove("used"));
    line.classList.add("used");
    const [rows, row] = from < 0 ? [layers[layer - 1].b, 0] : [layers[layer - 1].w, from];
    const name = from < 0 ? `b${RAISED[layer]}${DIGITS[to + 1]}` : `w${RAISED[layer]}${DIGITS[to + 1]}${DIGITS[from + 1]}`;
    const input = element("input",
      { type: "text", inputMode: "decimal", value: show(rows[row][to]), "aria-label": name, size: 5, autocomplete: "off" });
    input.addEventListener("input", () => {
      const typed = parse(input.value);
      if (typed?.length !== 1)
        return;
      rows[row][to] = typed[0];
      fields.replaceWith(fields = makeFields());
      update();
    });
    const meaning = from < 0 ? `bias of unit ${to + 1}` : `weight to unit ${to + 1} from unit ${from + 1} of the layer before`;
    edge.replaceChildren(`${name} = `, input, ` is layer ${layer}'s ${meaning}`);
  }

  const field = (name, rows) => named(name, editable(name, rows, update));
  const makeFields = () => element("div", { className: "equation" },
    field("X", x), ...layers.flatMap(({ w, b }, i) => [field(`W${i + 1}`, w), field(`B${i + 1}`, b)]));
  let fields = makeFields();
  edge.textContent = hint;
  document.getElementById("by-hand").replaceChildren(
    element("div", { className: "network" },
      element("div", { className: "scroll", tabIndex: 0, role: "group", "aria-label": "The network" }, picture),
      element("div", {}, edge, steps)),
    fields,
    element("p", {}, "The hidden layers use the sigmoid. The last one uses the identity, which changes nothing and stands there so that " +
      "every layer is made alike."));
  update();
}

/** The forward pass: each layer's sums and outputs. */
function run(x, layers) {
  let z = x;
  return layers.map(({ w, b }, i) => {
    const a = product([z], w)[0].map((sum, j) => sum + b[0][j]);
    z = i < layers.length - 1 ? a.map(sigmoid) : a;
    return { a, z };
  });
}

function drawNetwork(picture, x, layers, choose) {
  const places = placesOf([2, 3, 2, 2], WIDTH, HEIGHT - 70).map(units => units.map(({ x: left, y }) => ({ x: left, y: y + 60 })));
  const biases = layers.map((_, i) => ({ x: places[i][0].x + 45, y: 26 }));
  const lines = [];
  layers.forEach(({ w, b }, i) => places[i + 1].forEach((to, j) => [biases[i], ...places[i]].forEach((from, k) => {
    const [source, value] = [k - 1, () => k ? w[k - 1][j] : b[0][j]];
    const ends = { x1: from.x, y1: from.y, x2: to.x, y2: to.y };
    const name = source < 0 ? `bias of unit ${j + 1}` : `weight to unit ${j + 1} from unit ${source + 1}`;
    const seen = svg("line", { ...ends, class: "plain" });
    const line = svg("g", { class: "edge", tabindex: 0, role: "button", "aria-label": `Layer ${i + 1}, ${name}` },
      svg("line", { ...ends, class: "reach" }), seen);
    for (const type of ["pointerenter", "focus", "click"])
      line.addEventListener(type, () => choose(i + 1, source, j, line));
    lines.push({ seen, value });
    picture.append(line);
  })));
  biases.forEach(({ x: left, y }) =>
    picture.append(svg("circle", { cx: left, cy: y, r: 14, class: "source" }), svg("text", { x: left, y: y + 5 }, "1")));
  const texts = places.map((units, layer) => units.map(({ x: left, y }, unit) => {
    const [top, bottom] = [svg("text", { x: left, y: layer ? y - 4 : y + 5, class: "value" }),
      svg("text", { x: left, y: y + 14, class: "value" })];
    picture.append(svg("circle", { cx: left, cy: y, r: 34, class: "source" }), top, bottom,
      svg("text", { x: left, y: y + 49, class: "muted" },
        `${layer === 0 ? "x" : layer === 3 ? "y" : "z"}${layer === 1 || layer === 2 ? RAISED[layer] : ""}${DIGITS[unit + 1]}`));
    return [top, bottom];
  }));
  return {
    update: forward => {
      lines.forEach(({ seen, value }) => {
        seen.setAttribute("stroke-width", (1 + 5 * Math.min(1, Math.abs(value()))).toFixed(2));
        seen.setAttribute("class", value() < 0 ? "minus" : "plus");
      });
      const short = number => Math.abs(number) >= 1000 ? number.toExponential(1) : String(Number(number.toFixed(4)));
      texts[0].forEach(([top], unit) => { top.textContent = short(x[0][unit]); });
      forward.forEach(({ a, z }, i) => texts[i + 1].forEach(([top, bottom], unit) => {
        top.textContent = `a ${short(a[unit])}`;
        bottom.textContent = `${i === 2 ? "y" : "z"} ${short(z[unit])}`;
      }));
    },
  };
}
