import { element } from "./element.js";
import { parse, show } from "./numbers.js";

/** A matrix between brackets whose cells can be typed in. Calls changed after each; mark(row, column) shows some of them. */
export function editable(name, rows, changed) {
  const cells = rows.map((row, i) => row.map((value, j) => {
    const input = element("input",
      { type: "text", inputMode: "decimal", value: show(value), "aria-label": `${name}, row ${i + 1}, column ${j + 1}`, autocomplete: "off",
      size: 4 });
    input.addEventListener("input", () => {
      const typed = parse(input.value);
      input.ariaInvalid = typed?.length === 1 ? null : "true";
      if (typed?.length !== 1)
        return;
      rows[i][j] = typed[0];
      changed();
    });
    return input;
  }));
  return brackets(name, cells);
}

/** A matrix between brackets to look at: its cells are elements or numbers. */
export function shown(name, rows) {
  return brackets(name, rows.map(row => row.map(value => element("output", {}, show(value)))));
}

function brackets(name, cells) {
  const made = element("div", { className: "matrix", role: "group", "aria-label": name });
  made.style.setProperty("--columns", cells[0].length);
  made.append(...cells.flat());
  made.cells = cells;
  return made;
}

/** A matrix with its name above and its shape below. */
export function named(name, matrix, ...below) {
  return element("div", { className: "named" }, element("span", { className: "name" }, name), matrix,
    element("span", { className: "shape" }, ...below));
}

export const shapeOf = rows => `${rows.length} \u00d7 ${rows[0].length}`;
