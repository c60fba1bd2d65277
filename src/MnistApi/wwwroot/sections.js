import { element } from "./element.js";
import { sentenceFor } from "./sentences.js";

let styles = null;

/**
 * Starts each section's module when the section comes into sight: { id: path of the module }, whose start gets the argument. What can be
 * pressed in a section is made by its module, so that nothing stands there before it works.
 */
export function openWhenSeen(modules, argument) {
  // A peep of the next section at the lower edge does not count: the network's weights are most of all bytes.
  const observer = new IntersectionObserver(entries => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting)
        continue;
      observer.unobserve(target);
      open(target, modules[target.id], argument);
    }
  }, { rootMargin: "0px 0px -15% 0px" });
  for (const id of Object.keys(modules))
    observer.observe(document.getElementById(id));
}

async function open(section, path, argument) {
  section.querySelector(":scope > .gone")?.remove();
  section.ariaBusy = "true";
  try {
    styles ??= addStyles();
    const [module] = await Promise.all([import(path), styles]);
    await module.start(argument);
  } catch (error) {
    section.append(gone(error, () => open(section, path, argument)));
  }
  section.ariaBusy = null;
}

function addStyles() {
  const link = element("link", { rel: "stylesheet", href: new URL("./sections.css", import.meta.url).href });
  const loaded = new Promise(resolve => { link.onload = link.onerror = resolve; });
  document.head.append(link);
  return loaded;
}

/** What stands in place of a section that could not be fetched, with a way to try again. */
function gone(error, again) {
  // A module that cannot be fetched is a TypeError without a status.
  const sentence = sentenceFor(error instanceof TypeError ? { status: 0 } : error);
  const button = element("button", { type: "button" }, "Try again");
  button.addEventListener("click", again);
  return element("div", { className: "gone" }, element("p", { className: "refusal" }, sentence), button);
}
