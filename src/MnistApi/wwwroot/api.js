import { askForKey, storedKey } from "./key.js";

// Every request of the page goes through send: what all of them need is added here.

export class Refusal extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

/** What is common to all requests. */
function common() {
  const key = storedKey();
  return { headers: key ? { "X-Api-Key": key } : {} };
}

async function send(path, options = {}) {
  const { headers } = common();
  let response;
  try {
    response = await fetch(path, { ...options, headers: { ...headers, ...options.headers } });
  } catch {
    throw new Refusal(0, "the service does not answer");
  }
  if (response.status === 401 && await askForKey())
    return send(path, options);
  if (response.ok)
    return response;
  const problem = await response.json().catch(() => ({}));
  throw new Refusal(response.status, problem.detail ?? response.statusText);
}

/** What the network makes of a picture, with all that it saw on the way. */
export async function predict(png) {
  const response = await send("predict?include=input,activations", { method: "POST", headers: { "Content-Type": "image/png" }, body: png });
  return (await response.json()).predictions[0];
}

export async function getJson(path) {
  return (await send(path)).json();
}

/** The floats of a binary answer. */
export async function getFloats(path) {
  return new Float32Array(await (await send(path)).arrayBuffer());
}

/** An SVG to put into the page: its elements without their own colours, which the page's style sheet gives. */
export async function getSvg(path) {
  const text = (await (await send(path)).text()).replace(/<style>[^]*?<\/style>/, "");
  const svg = document.importNode(new DOMParser().parseFromString(text, "image/svg+xml").documentElement, true);
  svg.querySelector(".paper").remove();
  return svg;
}

/** A picture, as an address that an image shows. */
export async function getPicture(path) {
  return URL.createObjectURL(await (await send(path)).blob());
}
