// A client in the document's own types: what compiles here is what the document promises.
import type { components, paths } from "./openapi.js";

declare const process: { argv: string[] };
type Schemas = components["schemas"];
type Predict = paths["/predict"]["post"];

const url = process.argv[2];
const pixels: number[] = Array.from({ length: 784 }, (_, i) => (i % 28 === 14 && i >= 112 && i < 672 ? 255 : 0)); // a one

async function post<Answer>(path: string, body: unknown): Promise<Answer> {
  const response = await fetch(url + path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  if (!response.ok) {
    const problem = (await response.json()) as Schemas["Problem"];
    throw new Error(`${problem.status} ${problem.detail}`);
  }
  return (await response.json()) as Answer;
}

function expect(isSo: boolean, what: string): void {
  if (!isSo)
    throw new Error(what);
}

const request: Schemas["PredictRequest"] = { instances: [pixels], scale: 255 };
const answer = await post<Predict["responses"]["200"]["content"]["application/json"]>("/predict", request);
expect(answer.predictions[0].digit === 1, "predict");

const infer: Schemas["InferRequest"] = {
  inputs: [{ name: "pixels", datatype: "UINT8", shape: [1, 784], data: pixels }], outputs: [{ name: "digit" }] };
const inferred = await post<Schemas["InferResponse"]>("/v2/models/mnist/infer", infer);
expect(inferred.outputs[0].data?.[0] === 1, "infer");

const serving: Schemas["ServingPredictRequest"] = { instances: [pixels] };
const served = await post<Schemas["ServingPredictResponse"]>("/v1/models/mnist:predict", serving);
expect(served.predictions?.[0].indexOf(Math.max(...served.predictions[0])) === 1, "serving");

const model = (await (await fetch(url + "/model")).json()) as Schemas["ModelResponse"];
expect(model.layers.length === 3, "model");
console.log("typescript: well");
