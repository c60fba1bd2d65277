import { point } from "./strokes.js";

// Each digit as one hand writes it: strokes of points in hundredths of the board.
const DIGITS = [
  ["52,20 40,23 31,34 28,50 31,66 40,78 51,80 62,76 70,64 72,49 69,34 61,23 50,20"],
  ["38,34 46,27 53,19 52,40 51,60 50,81"],
  ["31,34 36,24 47,19 59,21 66,30 64,42 54,55 41,67 31,78 45,77 58,77 71,79"],
  ["33,26 44,19 57,20 64,28 62,39 53,46 45,48 57,50 66,57 67,68 59,77 46,80 33,75"],
  ["45,18 40,34 31,56 48,56 72,54", "61,34 59,56 57,82"],
  ["66,20 54,20 40,21 38,34 36,46 48,42 60,45 67,55 65,69 55,78 43,79 32,74"],
  ["60,18 48,27 38,41 33,57 36,71 46,79 58,77 66,67 64,56 55,50 44,52 36,62"],
  ["29,24 45,23 60,22 71,22 61,40 52,58 44,81"],
  ["62,28 52,20 41,22 36,32 42,42 54,50 64,60 64,71 55,79 43,78 36,69 40,58 52,49 62,39 64,30 60,25"],
  ["66,33 58,22 46,21 37,31 38,43 48,50 60,46 66,34 65,45 62,62 58,81"],
];

const MILLISECONDS = 480;

function strokesOf(digit, width) {
  return DIGITS[digit].map(text => ({ width, points: text.split(" ").map(pair => point(...pair.split(",").map(number => number / 100))) }));
}

/** The first part of strokes, up to a share of their points, as a hand would have got to by then. */
function partOf(strokes, share) {
  let left = share * strokes.reduce((sum, stroke) => sum + stroke.points.length, 0);
  const part = [];
  for (const { width, points } of strokes) {
    const whole = Math.min(Math.max(1, Math.floor(left)), points.length); // the pen is down from the first moment
    const reached = points.slice(0, whole);
    const [from, to] = [points[whole - 1], points[whole]];
    if (to && left > whole)
      reached.push(point(from.x + (to.x - from.x) * (left - whole), from.y + (to.y - from.y) * (left - whole)));
    part.push({ width, points: reached });
    left -= points.length;
    if (left <= 0)
      break;
  }
  return part;
}

let writing = 0;

/** Writes a digit onto the board, stroke by stroke, or at once for whoever prefers less motion. */
export function write(board, digit) {
  cancelAnimationFrame(writing);
  const strokes = strokesOf(digit, board.width);
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
    board.showExample(strokes);
    return;
  }
  const start = performance.now();
  board.showExample(partOf(strokes, 0.05));
  const step = now => {
    if (!board.isExample)
      return; // somebody took the pen
    const share = Math.min(1, Math.max(0.05, (now - start) / MILLISECONDS));
    board.showExample(partOf(strokes, share));
    if (share < 1)
      writing = requestAnimationFrame(step);
  };
  writing = requestAnimationFrame(step);
}
