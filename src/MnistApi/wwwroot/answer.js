import { element } from "./element.js";
import { finePrint, sentenceFor } from "./sentences.js";
import { smallBars } from "./small-bars.js";

const FEW = 3; // digits that stand beside the sentence; more take a line of their own
const SILENCE = 700; // milliseconds without change before a screen reader is told

const percent = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 1 });

/** Shows what the network answers: the number, its digits, the bars of one of them, what it saw; or why it does not answer. */
export class Answer {
  #byId = id => document.getElementById(id);
  #reader;
  #bars;
  #timer = 0;

  constructor(reader) {
    this.#reader = reader;
    this.#bars = Array.from({ length: 10 }, (_, digit) => makeBar(digit));
    this.#byId("bars").append(...this.#bars.map(bar => bar.item));
    reader.addEventListener("begin", () => this.#begin());
    reader.addEventListener("answer", () => this.#show(reader.latest));
    reader.addEventListener("refusal", event => this.refuse(event.detail));
    reader.addEventListener("empty", () => this.#empty());
    reader.addEventListener("digit", () => this.#showDigit(reader.digit));
    document.addEventListener("busy", () => { this.#byId("fine").textContent = "The service is busy. Trying again\u2026"; });
  }

  refuse(error) {
    this.#set("refused", "?", sentenceFor(error), finePrint(error));
    this.#showDigit(null);
    this.#speak(sentenceFor(error));
  }

  #show({ number, probability, digits }) {
    this.#set("answered", number, certainty(probability), "");
    this.#showParts(digits);
    const [{ digit, probabilities }] = digits;
    const second = runnerUp(probabilities, digit);
    const next = digits.length > 1 ? "" : ` Next ${second}, ${percent.format(probabilities[second])}.`;
    this.#speak(`${number}, ${percent.format(probability)}.${next}`);
  }

  /** The first stroke on an empty board; later ones keep what was read until it is read again. */
  #begin() {
    if ((document.body.dataset.state ?? "empty") === "empty")
      this.#set("reading", "\u00a0", "Reading\u2026", "");
  }

  #empty() {
    this.#set("empty", "\u00a0", "Nothing is drawn yet.", "");
    this.#speak("The board is empty.");
  }

  #set(state, text, sentence, fine) {
    document.body.dataset.state = state;
    this.#byId("digit").textContent = text;
    this.#byId("digit").style.setProperty("--length", text.length);
    this.#byId("reading").classList.toggle("many", text.length > FEW);
    this.#byId("sentence").textContent = sentence;
    this.#byId("fine").textContent = fine;
    this.#byId("parts").hidden = true;
  }

  /** The digits of a number, of which one is looked at. */
  #showParts(digits) {
    const parts = this.#byId("parts");
    parts.hidden = digits.length < 2;
    if (parts.hidden)
      return;
    const focused = parts.contains(document.activeElement);
    parts.replaceChildren(...digits.map(({ digit, probability, probabilities }, i) => {
      const name = `Digit ${i + 1}: ${digit}, ${percent.format(probability)}`;
      const input = element("input", { type: "radio", name: "part", checked: i === this.#reader.chosen, "aria-label": name });
      input.addEventListener("change", () => this.#reader.choose(i));
      return element("label", { className: "part" }, input, element("b", {}, String(digit)), smallBars(probabilities, digit),
        element("span", {}, percent.format(probability)));
    }));
    if (focused)
      parts.querySelector(":checked").focus();
  }

  #showDigit(prediction) {
    const seen = this.#byId("seen");
    if (!prediction) {
      this.#bars.forEach(bar => setBar(bar, 0, false));
      seen.getContext("2d").clearRect(0, 0, seen.width, seen.height);
      return;
    }
    const { digit, probabilities, input } = prediction;
    this.#byId("fine").textContent = stepsOf(input.steps);
    probabilities.forEach((p, i) => setBar(this.#bars[i], p, i === digit));
    paintSeen(seen, input.pixels);
  }

  #speak(text) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => { this.#byId("spoken").textContent = text; }, SILENCE);
  }
}

function certainty(probability) {
  const share = percent.format(Math.min(probability, 0.999));
  if (probability > 0.999)
    return "More than 99.9\u00a0% sure.";
  return probability > 0.5 ? `${share} sure.` : `A guess, ${share} sure.`;
}

const stepsOf = steps => steps.length ? `Your picture was ${list(steps)}.` : "Your picture passed as it is.";

const list = words => words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;

const runnerUp = (probabilities, best) =>
  probabilities.reduce((found, p, i) => i !== best && (found < 0 || p > probabilities[found]) ? i : found, -1);

function makeBar(digit) {
  const fill = element("span", { className: "fill" });
  const share = element("span", { className: "share" });
  const item = element("li", {}, share, element("span", { className: "track" }, fill),
    element("span", { className: "label" }, String(digit)));
  return { item, share, fill };
}

function setBar({ item, share, fill }, probability, isBest) {
  item.classList.toggle("best", isBest);
  fill.style.transform = `scaleY(${probability})`;
  share.textContent = probability >= 0.0005 ? percent.format(probability) : "";
}

function paintSeen(canvas, pixels) {
  const context = canvas.getContext("2d");
  const image = context.createImageData(28, 28);
  pixels.forEach((level, i) => image.data.set([level, level, level, 255], i * 4));
  context.putImageData(image, 0, 0);
}
