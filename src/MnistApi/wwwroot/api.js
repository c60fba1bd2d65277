import { askForKey, storedKey } from "./key.js";

// Every request of the page goes through send: what all of them need is added here.

const PATIENCE = 10; // how often a request is sent again to a service that asks to wait

export class Refusal extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

async function ask(path, options, key) {
  try {
    return await fetch(path, { ...options, headers: { ...(key ? { "X-Api-Key": key } : {}), ...options.headers } });
  } catch {
    throw new Refusal(0, "the service does not answer");
  }
}

const asksToWait = response => !response.ok && response.headers.has("Retry-After");

let retries = Promise.resolve(); // one after the other: together they would be over the quota again

/** Waits as long as the service asks, then sends again. */
function retry(path, options, seconds) {
  if (options.method === "POST") // the board's own; sections show that they are loading
    document.dispatchEvent(new Event("busy"));
  const answered = retries.then(async () => {
    let response;
    for (let i = 0; i < PATIENCE; i++) {
      await new Promise(resolve => setTimeout(resolve, seconds * 1000));
      response = await ask(path, options, storedKey());
      if (!asksToWait(response))
        break;
    }
    return response;
  });
  retries = answered.catch(() => {});
  return answered;
}

async function send(path, options = {}) {
  const key = storedKey();
  let response = await ask(path, options, key);
  if (asksToWait(response))
    response = await retry(path, options, Number(response.headers.get("Retry-After")) || 1);
  // Another request may have been given a key meanwhile.
  if (response.status === 401 && (storedKey() !== key || await askForKey(key !== null)))
    return send(path, options);
  if (response.ok)
    return response;
  const problem = await response.json().catch(() => ({}));
  throw new Refusal(response.status, problem.detail ?? response.statusText);
}

/** What the network makes of a picture: a number, { number, probability, digits }, each digit with all that was seen on the way. */
export async function predict(png) {
  const response = await send(
    "predict?expect=number&include=input,activations", { method: "POST", headers: { "Content-Type": "image/png" }, body: png });
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

/** A picture's bytes. */
export async function getBlob(path) {
  return (await send(path)).blob();
}
