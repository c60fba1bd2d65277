/** Makes an element: its properties, then its children. */
export function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key in made)
      made[key] = value;
    else
      made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}
