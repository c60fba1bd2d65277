import { getBlob } from "./api.js";
import { element } from "./element.js";
import { sentenceFor } from "./sentences.js";
import { smallBars } from "./small-bars.js";

const AT_ONCE = 30;

const percent = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 0 });

/** Test digits as pictures under a title, some at a time: { index, label, digit, probabilities? }. */
export function showDigits(place, title, items, ...controls) {
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
  place.replaceChildren(element("h3", {}, title), ...controls, list, more);
}

function card({ index, label, digit, probabilities }) {
  const isRight = label === digit;
  const image = element("img", { width: 56, height: 56, alt: `Test image ${index}, a ${label}` });
  getBlob(`dataset/test/${index}.png`).then(blob => {
    image.onload = () => URL.revokeObjectURL(image.src);
    image.src = URL.createObjectURL(blob);
  }, error => image.replaceWith(element("span", { className: "caption" }, sentenceFor(error))));
  const caption = element("span", { className: "caption" }, isRight ? `${label}` : `${label}, read as `,
    isRight ? "" : element("b", { className: "against" }, String(digit)));
  const made = element("li", { className: "card" }, image, caption);
  if (probabilities)
    made.append(element("span", { className: "caption" },
      `${digit}: ${percent.format(probabilities[digit])}, ${label}: ${percent.format(probabilities[label])}`),
      smallBars(probabilities, digit, label));
  return made;
}
