import { Diagram } from "./diagram.js";
import { showFunctions } from "./functions.js";
import { loadNetwork } from "./network.js";
import { sentenceFor } from "./sentences.js";
import { Units } from "./units.js";

const byId = id => document.getElementById(id);

/** See inside: the network with the activations of what is drawn. */
export async function start(reader) {
  showFunctions(byId("functions")).catch(error => { byId("functions").textContent = sentenceFor(error); });
  try {
    const network = await loadNetwork();
    const diagram = new Diagram(byId("diagram"), network);
    await diagram.load();
    const units = new Units(byId("units"), byId("unit"), network.layers[0]);
    const show = prediction => {
      diagram.show(prediction);
      units.show(prediction);
    };
    reader.addEventListener("answer", event => show(event.detail));
    if (reader.latest)
      show(reader.latest);
  } catch (error) {
    byId("diagram").textContent = sentenceFor(error);
  }
}
