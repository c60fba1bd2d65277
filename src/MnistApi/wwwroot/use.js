import { element } from "./element.js";
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

  const show = () => {
    tabs.forEach((tab, i) => {
      tab.setAttribute("aria-selected", i === chosen);
      tab.tabIndex = i === chosen ? 0 : -1;
    });
    panel.setAttribute("aria-labelledby", `tab-${chosen}`);
    const png = reader.latest?.input.png;
    copy.disabled = !png;
    code.textContent = png ? SNIPPETS[names[chosen]](service, png) : "Draw a digit first: it goes into these lines.";
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
  reader.addEventListener("answer", show);
  show();
  document.getElementById("snippets").replaceChildren(
    element("div", { className: "tabs" }, element("div", { role: "tablist", "aria-label": "Languages" }, ...tabs), copy), panel);
}
