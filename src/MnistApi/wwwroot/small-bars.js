import { element } from "./element.js";

/** Ten small bars of probabilities; the numbers stand beside them. */
export function smallBars(probabilities, taken, label = taken) {
  const made = element("span", { className: "small-bars", "aria-hidden": "true" });
  made.append(...probabilities.map((p, i) => {
    const bar = element("i", { className: i === label ? "true" : i === taken ? "taken" : "" });
    bar.style.transform = `scaleY(${Math.max(p, 0.02)})`;
    return bar;
  }));
  return made;
}
