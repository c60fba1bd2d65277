import { point } from "./strokes.js";

const STEP = 0.04;
const SMALL_STEP = 0.01;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** Draws by keyboard: a pen that arrows move and the space bar sets down. */
export function addKeyboardPen(canvas, board, write) {
  let at = point(0.5, 0.5);
  let isDown = false;

  const lift = () => {
    if (!isDown)
      return;
    isDown = false;
    board.end();
  };
  const show = () => {
    board.cursor = canvas.matches(":focus-visible") ? at : null;
    board.repaint();
  };
  const move = ([dx, dy], step) => {
    at = point(clamp(at.x + dx * step), clamp(at.y + dy * step));
    if (isDown)
      board.extend(at);
  };
  const clamp = share => Math.min(0.96, Math.max(0.04, share));

  canvas.addEventListener("focus", show);
  canvas.addEventListener("blur", () => {
    lift();
    show();
  });
  canvas.addEventListener("pointerdown", () => {
    lift();
    show();
  });
  canvas.addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey) {
      if (event.key === "z" && !event.altKey) {
        event.preventDefault();
        lift();
        board.undo();
      }
      return;
    }
    if (ARROWS[event.key])
      move(ARROWS[event.key], event.shiftKey ? SMALL_STEP : STEP);
    else if (event.key === " " && isDown)
      lift();
    else if (event.key === " ") {
      isDown = true;
      board.begin(at);
    } else if (event.key === "Backspace") {
      lift();
      board.undo();
    } else if (event.key === "Delete" || event.key === "Escape") {
      lift();
      board.clear();
    } else if (event.key >= "0" && event.key <= "9" && event.key.length === 1) {
      lift();
      write(Number(event.key));
    } else
      return;
    event.preventDefault();
    show();
  });
}
