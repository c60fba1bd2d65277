import { Diagram } from "./diagram.js";
import { loadNetwork } from "./network.js";
import { Units } from "./units.js";

const byId = id => document.getElementById(id);

/** Inside: the network with the activations of what is drawn. */
export async function start(reader) {
  const network = await loadNetwork();
  const diagram = new Diagram(byId("diagram"), byId("readout"), network);
  await diagram.load();
  const units = new Units(byId("units"), byId("unit"), network.layers[0]);
  const show = () => {
    diagram.show(reader.digit);
    units.show(reader.digit);
  };
  reader.addEventListener("digit", show);
  show();
}
