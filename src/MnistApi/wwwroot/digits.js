import { getPicture } from "./api.js";
import { element } from "./element.js";

const AT_ONCE = 30;

const percent = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 0 });

/** Test digits as pictures under a title, some at a time: { index, label, digit, probabilities? }. */
export function showDigits(place, title, items) {
  const list = element("ul", { className: "digits-list" });
  const more = element("button", { type: "button" });
  let shown = 0;
  const add = () => {
    list.append(...items.slice(shown, shown + AT_ONCE).map(card));
    shown = Math.min(items.length, shown + AT_ONCE);
    more.textContent = `Show ${Math.min(AT_ONCE, items.length - shown)} more of ${items.length - shown}`;
    more.hidden = shown === items.length;
  };
  more.addEventListener("click", add);
  add();
  place.replaceChildren(element("h3", {}, title), list, more);
}

function card({ index, label, digit, probabilities }) {
  const isRight = label === digit;
  const image = element("img", { width: 56, height: 56, alt: `Test image ${index}, a ${label}` });
  getPicture(`dataset/test/${index}.png`).then(url => {
    image.onload = () => URL.revokeObjectURL(url);
    image.src = url;
  }, () => image.classList.add("missing"));
  const caption = element("span", { className: "caption" }, isRight ? `${label}` : `${label}, read as `, isRight ? "" : element("b", { className: "against" }, String(digit)));
  const made = element("li", { className: "card" }, image, caption);
  if (probabilities)
    made.append(element("span", { className: "caption" }, `${digit}: ${percent.format(probabilities[digit])}, ${label}: ${percent.format(probabilities[label])}`), bars(probabilities, label, digit));
  return made;
}

/** Ten small bars; the numbers stand in the caption. */
function bars(probabilities, label, digit) {
  const made = element("span", { className: "small-bars", "aria-hidden": "true" });
  made.append(...probabilities.map((p, i) => {
    const bar = element("i", { className: i === digit ? "taken" : i === label ? "true" : "" });
    bar.style.transform = `scaleY(${Math.max(p, 0.02)})`;
    return bar;
  }));
  return made;
}
