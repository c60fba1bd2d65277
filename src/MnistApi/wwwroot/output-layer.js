import { getJson } from "./api.js";
import { element } from "./element.js";
import { latest, show, showAll, softmax } from "./numbers.js";
import { sentenceFor } from "./sentences.js";

const OVERFLOW = [1010, 1000, 990];
const [MIN, MAX] = [-5, 5];

/** 3.5: identity against softmax, what softmax keeps, and why the largest is subtracted first. */
export async function start() {
  const place = document.getElementById("output-layer");
  const table = await overflow();
  place.replaceChildren(outputs(), element("h3", {}, "Why the largest goes first"),
    element("p", {}, "exp(1010) is larger than any float, so the formula as written gives infinity divided by infinity. Subtracting the " +
      "largest changes nothing in the result and keeps every number in reach."), table);
}

/** Three sums to drag, with what identity and softmax make of them. */
function outputs() {
  const a = [0.3, 2.9, 4];
  let shift = 0;
  const [bars, sum, order, served] = [element("div", { className: "softmax" }), element("p", { className: "verdict", role: "status" }),
    element("p"), element("p", { className: "fine" })];
  const ask = latest(async () => {
    try {
      const { y } = await getJson(`activations/softmax?x=${a.map(each => each + shift)}`);
      served.textContent = `The service's softmax, in float32: [${y.map(show).join(" ")}].`;
    } catch (error) {
      served.textContent = sentenceFor(error);
    }
  });
  const rows = a.map(() => {
    const row = { value: element("output"), identity: element("td"), y: element("td"), fill: element("span", { className: "fill" }) };
    row.bar = element("td", { className: "bar" }, row.fill);
    return row;
  });
  const update = () => {
    const shifted = a.map(each => each + shift);
    const y = softmax(shifted);
    const best = y.indexOf(Math.max(...y));
    rows.forEach(({ value, identity, y: cell, fill, bar }, k) => {
      value.textContent = show(a[k]);
      identity.textContent = show(shifted[k]);
      cell.textContent = show(y[k]);
      fill.style.transform = `scaleX(${y[k]})`;
      bar.parentElement.classList.toggle("best", k === best);
    });
    sum.textContent = `softmax(${showAll(shifted)}) = ${showAll(y)}, which sums to ` +
      `${show(Number(y.reduce((total, each) => total + each, 0).toFixed(12)))}.`;
    const ranks = values => values.map((_, k) => k).sort((i, j) => values[j] - values[i]).map(k => `a${"\u2081\u2082\u2083"[k]}`);
    order.textContent = `The order stays: ${ranks(shifted).join(" > ")} before and after. Who asks only which class it is can leave ` +
      `softmax out and take the largest sum; training needs it.`;
    ask();
  };
  const slider = (id, label, min, max, value, set) => {
    const input = element("input", { type: "range", id, min, max, step: 0.1, value });
    input.addEventListener("input", () => {
      set(Number(input.value));
      update();
    });
    return [element("label", { htmlFor: id }, label), input];
  };
  const head = ["a", "", "identity", "softmax", ""].map(text => element(text ? "th" : "td", text ? { scope: "col" } : {}, text));
  bars.append(element("table", { className: "numbers" },
    element("thead", {}, element("tr", {}, ...head)),
    element("tbody", {}, ...rows.map(({ value, identity, y, bar }, k) => {
      const [label, input] = slider(`a-${k}`, `a${"\u2081\u2082\u2083"[k]}`, MIN, MAX, a[k], number => { a[k] = number; });
      return element("tr", {}, element("th", { scope: "row" }, label, input), element("td", {}, value), identity, y, bar);
    }))));
  const shiftBy = slider("a-shift", "Add to all", -20, 20, 0, number => { shift = number; });
  const made = element("div", {},
    element("div", { className: "scroll", tabIndex: 0, role: "group", "aria-label": "Three sums, through identity and softmax" }, bars),
    element("p", { className: "slider" }, ...shiftBy), sum,
    element("p", {}, "Add the same to all, and softmax does not change: that is what makes the trick below possible."), order, served);
  update();
  return made;
}

/** The service's own softmax both ways. */
async function overflow() {
  const { x, naive, maxSubtracted } = await getJson(`activations/softmax?x=${OVERFLOW}`);
  const rows = x.map((a, k) =>
    element("tr", {}, ...[a, naive.exponentials[k], naive.y[k], a - maxSubtracted.shift, maxSubtracted.exponentials[k], maxSubtracted.y[k]]
    .map((value, column) => element("td", { className: column === 1 || column === 2 ? "broken" : "" }, show(value)))));
  const head = texts => element(
    "tr", {}, ...texts.map(([text, span]) =>
    element(text ? "th" : "td", text ? { scope: span ? "colgroup" : "col", colSpan: span ?? 1 } : {}, text)));
  return element("div", { className: "scroll overflow", tabIndex: 0, role: "group",
    "aria-label": "Softmax of 1010, 1000 and 990, in two ways" },
    element("table", { className: "numbers" },
      element("thead", {},
        head([[""], ["As written", 2], ["Largest subtracted", 3]]),
        head([["a"], ["exp(a)"], ["y"], ["a \u2212 max"], ["exp"], ["y"]])),
      element("tbody", {}, ...rows)));
}
