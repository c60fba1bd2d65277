import { getJson } from "./api.js";
import { confusionTable } from "./confusion.js";
import { showDigits } from "./digits.js";
import { element } from "./element.js";
import { finePrint, sentenceFor } from "./sentences.js";

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const tenth = new Intl.NumberFormat("en", { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** Evaluate: the test set at batch 1 and 100, the confusion matrix, and the digits behind it. */
export function start() {
  const button = element("button", { type: "button", id: "evaluate-run", className: "main" }, "Read 10,000 digits");
  const place = document.getElementById("evaluation");
  const status = document.getElementById("evaluate-status");
  button.addEventListener("click", async () => {
    button.disabled = true;
    place.replaceChildren(element("p", {}, "Reading\u2026"));
    status.textContent = "Reading";
    try {
      const single = await getJson("eval?batch=1");
      const batched = await getJson("eval?batch=100&include=misses,predictions");
      show(place, single, batched);
      status.textContent = place.querySelector(".score").textContent;
    } catch (error) {
      const fine = error.status === 503 ? "MNIST is not on this machine, and the service did not fetch it." : sentenceFor(error);
      status.textContent = fine;
      place.replaceChildren(element("p", { className: "refusal" }, fine), element("p", { className: "fine" }, finePrint(error)));
    } finally {
      button.disabled = false;
      button.textContent = "Read them again";
    }
  });
  document.getElementById("evaluate-start").replaceChildren(button);
}

function show(place, single, batched) {
  const { misses, labels, predictions } = batched;
  const cards = element("div", { className: "cards" });
  const ofCell = (label, digit) => {
    const known = new Map(misses.map(miss => [miss.index, miss]));
    const items = labels.flatMap((each, index) => each === label && predictions[index] === digit ? [known.get(index) ?? { index, label, digit }] : []);
    const title = label === digit ? `The ${count(items.length, label)} that were read right` : `The ${count(items.length, label)} that were read as ${digit}`;
    showDigits(cards, items.length ? title : `No ${label} was read as ${digit}`, items);
  };
  place.replaceChildren(
    element("p", { className: "score" }, element("span", {}, `${(batched.accuracy * 100).toFixed(2)}\u00a0%`), ` read right: ${whole.format(batched.correct)} of ${whole.format(batched.total)}.`),
    speeds(single, batched),
    element("div", { className: "matrix" }, confusionTable(batched.confusionMatrix, ofCell), element("p", { className: "fine" }, "Pick a cell to see its digits.")),
    cards);
  const surest = [...misses].sort((a, b) => b.probabilities[b.digit] - a.probabilities[a.digit]);
  showDigits(cards, `Read wrong, the surest first: ${misses.length}`, surest);
}

const count = (items, label) => `${whole.format(items)} ${label}${items === 1 ? "" : "s"}`;

function speeds(...runs) {
  const cell = text => element("td", {}, text);
  return element("table", { className: "speeds" },
    element("thead", {}, element("tr", {}, ...["Images at a time", "Milliseconds", "Images a second"].map(text => element("th", { scope: "col" }, text)))),
    element("tbody", {}, ...runs.map(run => element("tr", {},
      element("th", { scope: "row" }, String(run.batch)), cell(tenth.format(run.elapsedMs)), cell(whole.format(run.imagesPerSecond))))));
}
