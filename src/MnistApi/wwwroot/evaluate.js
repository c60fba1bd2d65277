import { getJson } from "./api.js";
import { confusionTable } from "./confusion.js";
import { showDigits } from "./digits.js";
import { element } from "./element.js";
import { finePrint, sentenceFor } from "./sentences.js";

const RUNS = 5; // of each batch size, after one that warms up

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
      const warm = await getJson("eval?batch=100&include=misses,predictions");
      show(place, warm, await measure());
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

/** The median run of each batch size; they take turns, so that what else the machine does meets both. */
async function measure() {
  const runs = { 1: [], 100: [] };
  await getJson("eval?batch=1");
  for (let i = 0; i < RUNS; i++) {
    for (const batch of Object.keys(runs))
      runs[batch].push(await getJson(`eval?batch=${batch}`));
  }
  return Object.values(runs).map(each => each.sort((a, b) => a.elapsedMs - b.elapsedMs)[Math.floor(RUNS / 2)]);
}

function show(place, evaluation, medians) {
  const { misses, labels, predictions, accuracy, correct, total } = evaluation;
  const cards = element("div", { className: "cards" });
  const showMisses = () => showDigits(cards, `Read wrong, the surest first: ${misses.length}`, surest);
  const ofCell = (label, digit) => {
    const known = new Map(misses.map(miss => [miss.index, miss]));
    const items = labels.flatMap(
      (each, index) => each === label && predictions[index] === digit ? [known.get(index) ?? { index, label, digit }] : []);
    const title = label === digit ? `The ${count(items.length, label)} that were read right`
      : `The ${count(items.length, label)} that were read as ${digit}`;
    const back = element("button", { type: "button", className: "back" }, `Back to all ${misses.length} that were read wrong`);
    back.addEventListener("click", () => {
      place.querySelector(".confusion [aria-pressed]").removeAttribute("aria-pressed");
      showMisses();
    });
    showDigits(cards, items.length ? title : `No ${label} was read as ${digit}`, items, back);
  };
  const surest = [...misses].sort((a, b) => b.probabilities[b.digit] - a.probabilities[a.digit]);
  place.replaceChildren(
    element("p", { className: "score" }, element("span", {}, `${(accuracy * 100).toFixed(2)}\u00a0%`),
      ` read right: ${whole.format(correct)} of ${whole.format(total)}.`),
    speeds(medians),
    element("div", { className: "matrix" }, confusionTable(evaluation.confusionMatrix, ofCell),
      element("p", { className: "fine" }, "Pick a cell to see its digits.")),
    cards);
  showMisses();
}

const count = (items, label) => `${whole.format(items)} ${label}${items === 1 ? "" : "s"}`;

function speeds(runs) {
  const cell = text => element("td", {}, text);
  return element("table", { className: "speeds" },
    element("caption", {}, `The median of ${RUNS} runs each, after one to warm up.`),
    element("thead", {}, element(
      "tr", {}, ...["Images at a time", "Milliseconds", "Images a second"].map(text => element("th", { scope: "col" }, text)))),
    element("tbody", {}, ...runs.map(run => element("tr", {},
      element("th", { scope: "row" }, String(run.batch)), cell(tenth.format(run.elapsedMs)), cell(whole.format(run.imagesPerSecond))))));
}
