import { element } from "./element.js";
import { editable, named, shapeOf, shown } from "./matrix.js";
import { product, show } from "./numbers.js";

const MAX_SIDE = 5;

const EXAMPLES = {
  "2\u00d72 by 2\u00d72": [[[1, 2], [3, 4]], [[5, 6], [7, 8]]],
  "2\u00d73 by 3\u00d72": [[[1, 2, 3], [4, 5, 6]], [[1, 2], [3, 4], [5, 6]]],
  "3\u00d72 by 2": [[[1, 2], [3, 4], [5, 6]], [[7], [8]]],
  "X\u00b7W of a layer": [[[1, 2]], [[1, 3, 5], [2, 4, 6]]],
  "that do not match": [[[1, 2, 3], [4, 5, 6]], [[1, 2], [3, 4]]],
};

/** 3.3: arrays with their shapes, and the product of two. */
export function start() {
  let left, right;
  const place = element("div", { className: "equation" });
  const verdict = element("p", { className: "verdict", role: "status" });

  const draw = () => {
    const [a, b] = [editable("Left", left, result), editable("Right", right, result)];
    const answer = element("div", { className: "answer" });
    place.replaceChildren(
      named("A", a, ...sizes(left, "A", resize)), element("span", { className: "sign" }, "\u00b7"),
      named("B", b, ...sizes(right, "B", resize)), element("span", { className: "sign" }, "="), answer);
    result();

    function result() {
      if (left[0].length !== right.length) {
        answer.replaceChildren(element("span", { className: "refused" }, "?"));
        verdict.textContent = `Shapes (${left.length}, ${left[0].length}) and (${right.length}, ${right[0].length}) do not match: A has ` +
          `${left[0].length} columns and B has ${right.length} rows, and each number of a row needs its partner in the column. numpy ` +
          `raises a ValueError.`;
        return;
      }
      const c = product(left, right);
      const matrix = shown("Product", c);
      answer.replaceChildren(named("A\u00b7B", matrix, shapeOf(c)));
      verdict.textContent = `(${left.length}, ${left[0].length})\u00b7(${right.length}, ${right[0].length}) gives (${c.length}, ` +
        `${c[0].length}): the inner two are the same and go. Point at a cell of the product to see its sum.`;
      matrix.cells.forEach((row, i) => row.forEach((cell, j) => {
        cell.tabIndex = 0;
        const explain = () => {
          a.cells.flat().concat(b.cells.flat(), matrix.cells.flat()).forEach(each => each.classList.remove("used"));
          [...a.cells[i], ...b.cells.map(each => each[j]), cell].forEach(each => each.classList.add("used"));
          verdict.textContent = `Row ${i + 1} of A times column ${j + 1} of B: ` +
            `${left[i].map((value, k) => `${show(value)}\u00b7${show(right[k][j])}`).join(" + ")} = ${show(c[i][j])}`;
        };
        for (const type of ["pointerenter", "focus", "click"])
          cell.addEventListener(type, explain);
      }));
    }
  };
  const resize = (rows, height, width) => {
    while (rows.length > height)
      rows.pop();
    while (rows.length < height)
      rows.push(rows[0].map(() => 1));
    rows.forEach(row => {
      row.length = Math.min(row.length, width);
      while (row.length < width)
        row.push(1);
    });
    draw();
  };
  const choose = name => {
    [left, right] = structuredClone(EXAMPLES[name]);
    draw();
  };
  const examples = Object.keys(EXAMPLES).map(name => {
    const button = element("button", { type: "button" }, name);
    button.addEventListener("click", () => choose(name));
    return button;
  });
  document.getElementById("arrays").replaceChildren(
    shapes(), element("p", { className: "choices" }, ...examples), place, verdict,
    element("p", {}, "The fourth is a layer without a bias: two inputs, three units, and [1 2]\u00b7W = [5 11 17]. With 784 inputs and " +
      "50 units the same product is the first layer of the network below."));
  choose(Object.keys(EXAMPLES)[0]);
}

/** Rows and columns as fields that change them. */
function sizes(rows, name, resize) {
  const field = (label, value, change) => {
    const input = element("input", { type: "number", min: 1, max: MAX_SIDE, value, "aria-label": `${label} of ${name}` });
    input.addEventListener("change", () => change(Math.min(MAX_SIDE, Math.max(1, Math.round(input.valueAsNumber) || 1))));
    return input;
  };
  return [
    field("Rows", rows.length, height => resize(rows, height, rows[0].length)), " \u00d7 ",
    field("Columns", rows[0].length, width => resize(rows, rows.length, width))];
}

function shapes() {
  const example = (code, array, dimensions, shape) =>
    element("tr", {}, ...[code, array, dimensions, shape].map((text, i) => element("td", {}, i < 2 ? element("code", {}, text) : text)));
  return element("div", { className: "scroll", tabIndex: 0, role: "group", "aria-label": "Arrays and their shapes" },
    element("table", { className: "numbers words" },
    element("thead", {}, element("tr", {}, ...["Array", "Printed", "ndim", "shape"].map(text => element("th", { scope: "col" }, text)))),
    element("tbody", {},
      example("np.array([1, 2, 3, 4])", "[1 2 3 4]", "1", "(4,)"),
      example("np.array([[1, 2], [3, 4], [5, 6]])", "[[1 2] [3 4] [5 6]]", "2", "(3, 2)"))));
}
