import { getFloats, getJson } from "./api.js";

/** The loaded network with its weights: layers of { inputs, outputs, activation, weights, bias }. */
export async function loadNetwork() {
  const model = await getJson("model");
  const floats = await Promise.all(model.layers.map((_, i) => getFloats(`model/layers/${i + 1}/weights`)));
  const layers = model.layers.map((layer, i) => ({
    ...layer,
    weights: floats[i].subarray(0, layer.inputs * layer.outputs),
    bias: floats[i].subarray(layer.inputs * layer.outputs),
  }));
  return { ...model, layers };
}

/** The outputs of every layer for a prediction, the picture first and the probabilities last. */
export function outputsOf(prediction, layers) {
  const hidden = layers.slice(0, -1).map((_, i) => prediction.activations[`z${i + 1}`]);
  return [prediction.input.pixels.map(level => level / 255), ...hidden, prediction.probabilities];
}

/** A unit's sum before its activation: a = x·w + b. */
export function sumOf(layer, unit, x) {
  return x.reduce((sum, value, i) => sum + value * layer.weights[i * layer.outputs + unit], layer.bias[unit]);
}

/** One unit's weights, in the order of its inputs. */
export function weightsInto(layer, unit) {
  return Array.from({ length: layer.inputs }, (_, i) => layer.weights[i * layer.outputs + unit]);
}

/**
 * The connections that mattered most for the answer, from the output backwards: those into the answered class, then those into the units
 * that these came from. A connection's part is its input times its weight.
 */
export function strongest(layers, outputs, digit, counts = [10, 3, 3]) {
  const found = [];
  let targets = [digit];
  for (let number = layers.length; number >= 1; number--) {
    const layer = layers[number - 1];
    const count = counts[layers.length - number] ?? 2;
    const parts = targets.flatMap(to => weightsInto(layer, to)
      .map((weight, from) => ({ layer: number, from, to, part: weight * outputs[number - 1][from] }))
      .sort((a, b) => Math.abs(b.part) - Math.abs(a.part))
      .slice(0, count)
      .filter(({ part }) => part !== 0));
    found.push(...parts);
    targets = [...new Set(parts.filter(({ part }) => number > 1 || part > 0).map(({ from }) => from))].slice(0, 10);
  }
  return found;
}
