import { Answer } from "./answer.js";
import { Board } from "./board.js";
import { element } from "./element.js";
import { gone } from "./gone.js";
import { addKeyboardPen } from "./keyboard-pen.js";
import { acceptPictures } from "./pictures.js";
import { Reader } from "./reader.js";
import { write } from "./samples.js";

const byId = id => document.getElementById(id);

const board = new Board(byId("board"));
const reader = new Reader(board);
const answer = new Answer(reader);
const writeDigit = digit => write(board, digit);

reader.addEventListener("digit", () => {
  const digits = reader.latest?.digits ?? [];
  board.frame(digits.length > 1 ? digits.map(({ box }) => box) : [], reader.chosen);
});

addKeyboardPen(byId("board"), board, writeDigit);
acceptPictures(byId("file"), board, name => answer.refuse({ status: 400, message: `this browser cannot read ${name} as a picture` }));

byId("undo").addEventListener("click", () => board.undo());
byId("clear").addEventListener("click", () => board.clear());
byId("undo").disabled = byId("clear").disabled = false;
const takeWidth = () => { board.width = byId("width").value / 100; };
byId("width").addEventListener("input", takeWidth);
takeWidth(); // it may have been moved before this ran

for (let digit = 0; digit < 10; digit++) {
  const button = element("button", { type: "button", "aria-label": `Write a ${digit}` }, String(digit));
  button.addEventListener("click", () => writeDigit(digit));
  byId("samples").append(button);
}

// The other sections come when they come into sight: a peep of the next one at the lower edge does not count, its weights are most of all bytes.
// What can be pressed in them is made by their modules, so that nothing stands there before it works.
const sections = { inside: "./inside.js", evaluate: "./evaluate.js", use: "./use.js" };
const observer = new IntersectionObserver(entries => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting)
      continue;
    observer.unobserve(target);
    open(target);
  }
}, { rootMargin: "0px 0px -15% 0px" });
for (const id of Object.keys(sections))
  observer.observe(byId(id));

let styles = null;

async function open(section) {
  section.querySelector(":scope > .gone")?.remove();
  section.ariaBusy = "true";
  try {
    styles ??= addStyles();
    const [module] = await Promise.all([import(sections[section.id]), styles]);
    await module.start(reader);
  } catch (error) {
    section.append(gone(error, () => open(section)));
  }
  section.ariaBusy = null;
}

function addStyles() {
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = new URL("./sections.css", import.meta.url).href;
  const loaded = new Promise(resolve => { link.onload = link.onerror = resolve; });
  document.head.append(link);
  return loaded;
}

if (!byId("file").files.length)
  writeDigit(7); // an empty board would not show what this is
