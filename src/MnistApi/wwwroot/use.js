import { element } from "./element.js";
import { storedKey } from "./key.js";
import { SNIPPETS } from "./snippets.js";

/** Use: snippets for the picture just drawn, in tabs. */
export function start(reader) {
  const service = new URL(".", document.baseURI).href.replace(/\/$/, "");
  const names = Object.keys(SNIPPETS);
  const code = element("code");
  const panel = element("pre", { id: "snippet", tabIndex: 0, role: "tabpanel", "aria-labelledby": "tab-0" }, code);
  const copy = element("button", { type: "button", className: "copy" }, "Copy");
  const tabs = names.map((name, i) => element("button", { type: "button", id: `tab-${i}`, role: "tab", "aria-controls": "snippet" }, name));
  let chosen = 0;

  const show = async () => {
    tabs.forEach((tab, i) => {
      tab.setAttribute("aria-selected", i === chosen);
      tab.tabIndex = i === chosen ? 0 : -1;
    });
    panel.setAttribute("aria-labelledby", `tab-${chosen}`);
    const { latest } = reader;
    copy.disabled = !latest;
    if (!latest) {
      code.textContent = "Draw a digit first: it goes into these lines.";
      return;
    }
    const isNumber = latest.digits.length > 1;
    // One digit is sent as the network saw it, which is short; a number as it was drawn.
    const png = isNumber ? await toBase64(latest.png) : latest.digits[0].input.png;
    if (latest === reader.latest)
      code.textContent = SNIPPETS[names[chosen]]({ service, png, isNumber, hasKey: storedKey() !== null });
  };
  const choose = i => {
    chosen = (i + tabs.length) % tabs.length;
    show();
  };

  tabs.forEach((tab, i) => {
    tab.addEventListener("click", () => choose(i));
    tab.addEventListener("keydown", event => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!step)
        return;
      choose(chosen + step);
      tabs[chosen].focus();
    });
  });
  copy.addEventListener("click", async () => {
    copy.textContent = await navigator.clipboard.writeText(code.textContent).then(() => "Copied", () => "Select and copy by hand");
    setTimeout(() => { copy.textContent = "Copy"; }, 2000);
  });
  reader.addEventListener("digit", show);
  show();
  document.getElementById("snippets").replaceChildren(
    element("div", { className: "tabs" }, element("div", { role: "tablist", "aria-label": "Languages" }, ...tabs), copy), panel);
}

const toBase64 = async blob => btoa(String.fromCharCode(...new Uint8Array(await blob.arrayBuffer())));
