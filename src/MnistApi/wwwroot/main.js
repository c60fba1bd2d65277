import { Answer } from "./answer.js";
import { Board } from "./board.js";
import { element } from "./element.js";
import { addKeyboardPen } from "./keyboard-pen.js";
import { acceptPictures } from "./pictures.js";
import { Reader } from "./reader.js";
import { write } from "./samples.js";
import { openWhenSeen } from "./sections.js";

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

openWhenSeen({ inside: "./inside.js", evaluate: "./evaluate.js", use: "./use.js" }, reader, "./sections.css");

if (!byId("file").files.length)
  writeDigit(7); // an empty board would not show what this is
