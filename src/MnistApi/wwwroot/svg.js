const NAMESPACE = "http://www.w3.org/2000/svg";

/** Makes an SVG element: its attributes, then its children. */
export function svg(name, attributes = {}, ...children) {
  const made = document.createElementNS(NAMESPACE, name);
  for (const [key, value] of Object.entries(attributes))
    made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** Layers of units from left to right: their places, { x, y } of each unit of each layer. */
export function placesOf(sizes, width, height) {
  return sizes.map((size, layer) => Array.from({ length: size }, (_, unit) => ({
    x: width * (layer + 0.5) / sizes.length,
    y: height * (unit + 0.5) / size,
  })));
}
