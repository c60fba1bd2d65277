import { element } from "./element.js";
import { sentenceFor } from "./sentences.js";

/**
 * Starts each section's module when the section comes into sight: { id: path of the module }, whose start gets the argument, with a style
 * sheet where they share one. What can be pressed in a section is made by its module, so that nothing stands there before it works.
 */
export function openWhenSeen(modules, argument, sheet) {
  let styles = null;
  const styled = () => styles ??= addStyles(sheet).catch(error => {
    styles = null; // for the next try
    throw error;
  });
  // A peep of the next section at the lower edge does not count: the network's weights are most of all bytes. Nor does what lies under the
  // page's head: it would grow and push away the section that a link led to.
  const observer = new IntersectionObserver(entries => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting)
        continue;
      observer.unobserve(target);
      open(target);
    }
  }, { rootMargin: "-64px 0px -15% 0px" });
  for (const id of Object.keys(modules))
    observer.observe(document.getElementById(id));

  async function open(section) {
    section.querySelector(":scope > .gone")?.remove();
    section.ariaBusy = "true";
    try {
      const [module] = await Promise.all([import(modules[section.id]), sheet && styled()]);
      await module.start(argument);
    } catch (error) {
      section.append(gone(error, () => open(section)));
    }
    section.ariaBusy = null;
  }
}

function addStyles(sheet) {
  const link = element("link", { rel: "stylesheet", href: new URL(sheet, import.meta.url).href });
  const loaded = new Promise((resolve, reject) => {
    link.onload = resolve;
    link.onerror = () => {
      link.remove();
      reject(new TypeError(`${sheet} cannot be fetched`));
    };
  });
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
