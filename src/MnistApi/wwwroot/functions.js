import { getJson, getSvg } from "./api.js";
import { element } from "./element.js";
import { finePrint } from "./sentences.js";

const OVERFLOW = "1010,1000,990";

const number = new Intl.NumberFormat("en", { maximumSignificantDigits: 5, notation: "standard" });

/** The chapter's functions: their curves, a field to try them, and why softmax subtracts the largest first. */
export async function showFunctions(place) {
  const { activations } = await getJson("activations");
  const [both, relu, identity] = await Promise.all(
    ["sigmoid/plot.svg?against=step", "relu/plot.svg", "identity/plot.svg"].map(path => getSvg(`activations/${path}`)));
  const use = name => {
    const { layers } = activations.find(each => each.name === name);
    return layers.length ? ` Used here by ${layers.join(" and ")}.` : "";
  };
  place.replaceChildren(
    plot(both, `Sigmoid, and the step that it smooths (dashed).${use("sigmoid")}${use("step")}`),
    plot(relu, `ReLU lets what is above 0 through.${use("relu")}`),
    plot(identity, `Identity changes nothing: the sums before softmax, called logits, go through it.${use("identity")}`),
    trial(),
    await overflow());
}

const plot = (svg, caption) => element("figure", { className: "plot" }, svg, element("figcaption", {}, caption));

function trial() {
  const name = element("select", { id: "trial-name" }, ...["sigmoid", "step", "relu", "identity", "softmax"].map(each => element("option", {}, each)));
  const x = element("input", { type: "text", id: "trial-x", value: "-1, 1, 2", spellcheck: false, autocomplete: "off", maxLength: 400 });
  const output = element("output", { htmlFor: "trial-x" });
  const update = async () => {
    try {
      const { y } = await getJson(`activations/${name.value}?x=${encodeURIComponent(x.value.replace(/[\s,;]+/g, ",").replace(/^,|,$/g, ""))}`);
      output.textContent = y.map(show).join(",  ");
    } catch (error) {
      output.textContent = finePrint(error);
    }
  };
  name.addEventListener("change", update);
  x.addEventListener("input", update);
  update();
  return element("div", { className: "trial" },
    element("h4", {}, "Try one"),
    element("p", {}, element("label", { htmlFor: "trial-name" }, "Function "), name, " ", element("label", { htmlFor: "trial-x" }, "of "), x),
    output);
}

async function overflow() {
  const { x, naive, maxSubtracted } = await getJson(`activations/softmax?x=${OVERFLOW}`);
  const rows = x.map((a, k) => element("tr", {}, ...[a, naive.exponentials[k], naive.y[k], a - maxSubtracted.shift, maxSubtracted.exponentials[k], maxSubtracted.y[k]]
    .map((value, column) => element("td", { className: column === 1 || column === 2 ? "broken" : "" }, show(value)))));
  const head = texts => element("tr", {}, ...texts.map(([text, span]) => element("th", { scope: span ? "colgroup" : "col", colSpan: span ?? 1 }, text)));
  return element("div", { className: "overflow" },
    element("h4", {}, "Softmax, and why the largest goes first"),
    element("p", {}, "exp(1010) is larger than any float, so the formula as written gives infinity divided by infinity. Subtracting the largest changes nothing in the result and keeps every number in reach."),
    element("div", { className: "scroll", tabIndex: 0, role: "group", "aria-label": "Softmax of 1010, 1000 and 990, in two ways" },
      element("table", {},
        element("thead", {},
          head([["", 1], ["As written", 2], ["Largest subtracted", 3]]),
          head([["a"], ["exp(a)"], ["y"], ["a \u2212 max"], ["exp"], ["y"]])),
        element("tbody", {}, ...rows))));
}

/** Infinity and NaN come as strings, since JSON has no such numbers. */
function show(value) {
  if (typeof value === "string")
    return { Infinity: "\u221e", "-Infinity": "\u2212\u221e", NaN: "NaN" }[value] ?? value;
  return value !== 0 && Math.abs(value) < 1e-4 ? value.toExponential(2) : number.format(value);
}
