import { finePrint, sentenceFor } from "./sentences.js";

const SILENCE = 700; // milliseconds without change before a screen reader is told

const percent = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 1 });

/** Shows what the network answers: the digit, the bars, what it saw; or why it does not answer. */
export class Answer {
  #byId = id => document.getElementById(id);
  #bars;
  #timer = 0;

  constructor() {
    this.#bars = Array.from({ length: 10 }, (_, digit) => makeBar(digit));
    this.#byId("bars").append(...this.#bars.map(bar => bar.item));
  }

  show(prediction) {
    const { digit, probability, probabilities, input } = prediction;
    this.#set("answered", String(digit), certainty(probability), stepsOf(input.steps));
    probabilities.forEach((p, i) => setBar(this.#bars[i], p, i === digit));
    paintSeen(this.#byId("seen"), input.pixels);
    const second = runnerUp(probabilities, digit);
    this.#speak(`${digit}, ${percent.format(probability)}. Next ${second}, ${percent.format(probabilities[second])}.`);
  }

  refuse(error) {
    this.#set("refused", "?", sentenceFor(error), finePrint(error));
    this.#noBars();
    this.#speak(sentenceFor(error));
  }

  empty() {
    this.#set("empty", "\u00a0", "Nothing is drawn yet.", "");
    this.#noBars();
    this.#speak("The board is empty.");
  }

  #set(state, digit, sentence, fine) {
    document.body.dataset.state = state;
    this.#byId("digit").textContent = digit;
    this.#byId("sentence").textContent = sentence;
    this.#byId("fine").textContent = fine;
  }

  #noBars() {
    this.#bars.forEach(bar => setBar(bar, 0, false));
    const seen = this.#byId("seen");
    seen.getContext("2d").clearRect(0, 0, seen.width, seen.height);
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

const runnerUp = (probabilities, best) => probabilities.reduce((found, p, i) => i !== best && (found < 0 || p > probabilities[found]) ? i : found, -1);

function makeBar(digit) {
  const item = document.createElement("li");
  const share = document.createElement("span");
  const track = document.createElement("span");
  const fill = document.createElement("span");
  const label = document.createElement("span");
  share.className = "share";
  track.className = "track";
  fill.className = "fill";
  label.className = "label";
  label.textContent = digit;
  track.append(fill);
  item.append(share, track, label);
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
