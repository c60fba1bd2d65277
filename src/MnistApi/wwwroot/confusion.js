import { element } from "./element.js";

/** The confusion matrix as a table of buttons: one stop for the Tab key, arrows inside. Calls choose(label, digit) for a cell. */
export function confusionTable(matrix, choose) {
  const mostRight = Math.max(...matrix.map((row, i) => row[i]));
  const mostWrong = Math.max(1, ...matrix.flatMap((row, i) => row.filter((_, j) => i !== j)));
  const cells = matrix.map((row, label) => row.map((count, digit) => makeCell(count, label, digit)));

  function makeCell(count, label, digit) {
    const isRight = label === digit;
    const share = isRight ? count / mostRight : count / mostWrong;
    const button = element("button",
      { type: "button", tabIndex: label + digit === 0 ? 0 : -1, "aria-label": `${count} times a ${label} was read as ${digit}` },
      String(count || "\u00b7"));
    button.className = isRight ? "right" : "wrong";
    // The corrections stay light enough for the ink on them.
    const tone = (0.12 + 0.88 * share) * (isRight ? 1 : 0.5);
    button.style.setProperty("--share", count === 0 ? 0 : tone.toFixed(3));
    button.dataset.dense = isRight && tone > 0.65;
    button.addEventListener("click", () => {
      table.querySelector("[aria-pressed]")?.removeAttribute("aria-pressed");
      button.setAttribute("aria-pressed", "true");
      focus(label, digit);
      choose(label, digit);
    });
    button.addEventListener("keydown", event => {
      const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
      if (!step)
        return;
      event.preventDefault();
      focus(Math.min(9, Math.max(0, label + step[0])), Math.min(9, Math.max(0, digit + step[1])));
    });
    return button;
  }

  function focus(label, digit) {
    table.querySelector("[tabindex='0']").tabIndex = -1;
    cells[label][digit].tabIndex = 0;
    cells[label][digit].focus();
  }

  const digits = Array.from({ length: 10 }, (_, digit) => element("th", { scope: "col" }, String(digit)));
  const table = element("table", { className: "confusion" },
    element("caption", {}, "Rows: what it is. Columns: what it was read as."),
    element("thead", {}, element("tr", {}, element("td"), ...digits)),
    element("tbody", {}, ...cells.map(
      (row, label) => element("tr", {}, element("th", { scope: "row" }, String(label)), ...row.map(cell => element("td", {}, cell))))));
  return table;
}
