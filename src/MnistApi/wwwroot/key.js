import { element } from "./element.js";

// The API key, where the service asks for one. It is kept for this tab only.

const NAME = "mnist-api-key";
let asking = null;
let isDeclined = false;

export const storedKey = () => sessionStorage.getItem(NAME);

/** Asks for the key, once however many requests need it; whether there is one now. */
export function askForKey(isRefused) {
  asking ??= ask(isRefused).finally(() => { asking = null; });
  return asking;
}

async function ask(isRefused) {
  if (isDeclined)
    return false;
  sessionStorage.removeItem(NAME);
  const input = element("input", { id: "key", type: "text", autocomplete: "off", spellcheck: false });
  const dialog = element("dialog", { className: "key" },
    element("form", { method: "dialog" },
      element("label", { htmlFor: "key" },
        isRefused ? "The service does not know this key. Another one?" : "This service asks for an API key."),
      input,
      element("button", { className: "main", value: "use" }, "Use it"),
      element("button", { value: "" }, "Not now")));
  document.body.append(dialog);
  dialog.showModal();
  await new Promise(closed => dialog.addEventListener("close", closed, { once: true }));
  dialog.remove();
  const key = input.value.trim();
  isDeclined = dialog.returnValue !== "use" || !key;
  if (!isDeclined)
    sessionStorage.setItem(NAME, key);
  return !isDeclined;
}
