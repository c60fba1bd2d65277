import { element } from "./element.js";
import { sentenceFor } from "./sentences.js";

/** What stands in place of a part that could not be fetched, with a way to try again. */
export function gone(error, again) {
  // A module that cannot be fetched is a TypeError without a status.
  const sentence = sentenceFor(error instanceof TypeError ? { status: 0 } : error);
  const button = element("button", { type: "button" }, "Try again");
  button.addEventListener("click", again);
  return element("div", { className: "gone" }, element("p", { className: "refusal" }, sentence), button);
}
