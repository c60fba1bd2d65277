/** A number as numpy prints it: eight digits after the point at most, an exponent where it is tiny or huge. */
export function show(value) {
  if (typeof value === "string" || !Number.isFinite(value)) // JSON has no infinity and no NaN: they come as strings
    return { Infinity: "\u221e", "-Infinity": "\u2212\u221e", NaN: "NaN" }[value] ?? String(value);
  if (value !== 0 && (Math.abs(value) < 1e-4 || Math.abs(value) >= 1e12))
    return value.toExponential(8).replace(/\.?0+e/, "e").replace(/e([+-])(\d)$/, "e$10$2").replace("-", "\u2212");
  return String(Number(value.toFixed(8))).replace("-", "\u2212");
}

/** An array as numpy prints it. */
export const showAll = values => `[${Array.from(values, show).join(" ")}]`;

export const sigmoid = a => 1 / (1 + Math.exp(-a));

export function softmax(a) {
  const exponentials = a.map(each => Math.exp(each - Math.max(...a)));
  const sum = exponentials.reduce((total, each) => total + each, 0);
  return exponentials.map(each => each / sum);
}

/** Left times right: rows of arrays. */
export function product(left, right) {
  return left.map(row => right[0].map((_, j) => row.reduce((sum, value, k) => sum + value * right[k][j], 0)));
}

/** Numbers that a person typed, with commas or spaces between; null where one is none. */
export function parse(text) {
  const numbers = text.trim().replaceAll("\u2212", "-").split(/[\s,;]+/).map(word => word === "" ? NaN : Number(word));
  return numbers.every(Number.isFinite) ? numbers : null;
}

/** Makes a function that asks for values whenever it is called, but one request at a time and the last one for certain. */
export function latest(ask) {
  let [isBusy, isStale] = [false, false];
  return async () => {
    isStale = true;
    if (isBusy)
      return;
    isBusy = true;
    while (isStale) {
      isStale = false;
      await ask();
    }
    isBusy = false;
  };
}
