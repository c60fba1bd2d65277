import { Answer } from "./answer.js";
import { Board } from "./board.js";
import { addKeyboardPen } from "./keyboard-pen.js";
import { acceptPictures } from "./pictures.js";
import { Reader } from "./reader.js";
import { write } from "./samples.js";

const byId = id => document.getElementById(id);

const board = new Board(byId("board"));
const reader = new Reader(board);
const answer = new Answer();
const writeDigit = digit => write(board, digit);

reader.addEventListener("answer", event => answer.show(event.detail));
reader.addEventListener("refusal", event => answer.refuse(event.detail));
reader.addEventListener("empty", () => answer.empty());

addKeyboardPen(byId("board"), board, writeDigit);
acceptPictures(byId("file"), board, name => answer.refuse({ status: 400, message: `this browser cannot read ${name} as a picture` }));

byId("undo").addEventListener("click", () => board.undo());
byId("clear").addEventListener("click", () => board.clear());
byId("width").addEventListener("input", event => { board.width = event.target.value / 100; });

for (let digit = 0; digit < 10; digit++) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = digit;
  button.setAttribute("aria-label", `Write a ${digit}`);
  button.addEventListener("click", () => writeDigit(digit));
  byId("samples").append(button);
}

// The other sections come when they come into sight: a peep of the next one at the lower edge does not count, its weights are most of all bytes.
const sections = { inside: "./inside.js", evaluate: "./evaluate.js", use: "./use.js" };
const observer = new IntersectionObserver(entries => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting)
      continue;
    observer.unobserve(target);
    addStyles();
    import(sections[target.id]).then(module => module.start(reader));
  }
}, { rootMargin: "0px 0px -15% 0px" });
for (const id of Object.keys(sections))
  observer.observe(byId(id));

function addStyles() {
  if (document.querySelector("link[href$='sections.css']"))
    return;
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = new URL("./sections.css", import.meta.url).href;
  document.head.append(link);
}

writeDigit(7); // an empty board would not show what this is
