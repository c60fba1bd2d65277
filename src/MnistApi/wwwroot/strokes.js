// A stroke is a list of points { x, y, pressure } in a square of side 1, and the pen's width in the same measure.

const RESTING = 0.5; // what mice and fingers report as pressure

/** How wide a pen is at a pressure: a mouse's is its plain width. */
function widthAt(stroke, pressure) {
  return stroke.width * (0.5 + pressure);
}

export function point(x, y, pressure = RESTING) {
  return { x, y, pressure };
}

/** Draws strokes into a square canvas: curves through the middles between points, so that corners of the hand's path become round. */
export function paint(context, side, strokes, colour) {
  context.strokeStyle = context.fillStyle = colour;
  context.lineCap = context.lineJoin = "round";
  for (const stroke of strokes)
    paintStroke(context, side, stroke);
}

function paintStroke(context, side, stroke) {
  const { points } = stroke;
  if (points.length === 1) {
    context.beginPath();
    context.arc(points[0].x * side, points[0].y * side, widthAt(stroke, points[0].pressure) * side / 2, 0, 2 * Math.PI);
    context.fill();
    return;
  }
  let from = points[0];
  for (let i = 1; i < points.length; i++) {
    const isLast = i === points.length - 1;
    const bend = points[i];
    const to = isLast ? bend : { x: (bend.x + points[i + 1].x) / 2, y: (bend.y + points[i + 1].y) / 2 };
    context.beginPath();
    context.lineWidth = widthAt(stroke, (points[i - 1].pressure + bend.pressure) / 2) * side;
    context.moveTo(from.x * side, from.y * side);
    context.quadraticCurveTo(bend.x * side, bend.y * side, to.x * side, to.y * side);
    context.stroke();
    from = to;
  }
}
