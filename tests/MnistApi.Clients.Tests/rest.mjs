// The serving protocols over REST with nothing but fetch; every body is checked against its JSON Schema.
// node rest.mjs URL PNG
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { deflateSync, gzipSync } from "node:zlib";
import Ajv from "ajv/dist/2020.js";

const [url, pngFile] = process.argv.slice(2);
const png = await readFile(pngFile);
const pixels = Array.from({ length: 784 }, (_, i) => (i % 28 === 14 && i >= 112 && i < 672 ? 255 : 0)); // a one
const ajv = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true, strictRequired: false });
ajv.addSchema(JSON.parse(await readFile(new URL("schemas.json", import.meta.url), "utf8")), "schemas");

function fits(name, body) {
  const validate = ajv.getSchema(`schemas#/$defs/${name}`);
  assert.ok(validate(body), `${name}: ${ajv.errorsText(validate.errors)}: ${JSON.stringify(body)}`);
  return body;
}

async function get(path, schema) {
  const response = await fetch(url + path);
  assert.equal(response.status, 200, path);
  return fits(schema, await response.json());
}

async function post(path, body, headers = {}) {
  const response = await fetch(url + path, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body: body instanceof Uint8Array ? body : JSON.stringify(body),
  });
  const bytes = Buffer.from(await response.arrayBuffer());
  const length = response.headers.get("Inference-Header-Content-Length");
  const end = length ?? bytes.length;
  return { status: response.status, json: JSON.parse(bytes.subarray(0, end)), binary: bytes.subarray(end) };
}

for (const path of ["/v2", "/v2/"])
  await get(path, "server_metadata");
await get("/v2/health/live", "live");
await get("/v2/health/ready", "ready");
await get("/v2/models", "model_list");
for (const model of ["/v2/models/mnist", "/v2/models/mnist/versions/1"]) {
  await get(model, "model_metadata");
  await get(`${model}/ready`, "model_ready");

  const input = { name: "pixels", shape: [1, 784], datatype: "UINT8", data: pixels };
  const plain = await post(`${model}/infer`, fits("infer_request", { id: "node", inputs: [input] }));
  assert.equal(plain.status, 200);
  fits("infer_response", plain.json);
  assert.equal(plain.json.id, "node");
  assert.deepEqual(plain.json.outputs[2].data, [1]);

  const rows = Array.from({ length: 28 }, (_, y) => pixels.slice(28 * y, 28 * y + 28));
  const nested = await post(`${model}/infer`, { inputs: [{ ...input, shape: [1, 28, 28], data: [rows] }] });
  assert.deepEqual(nested.json.outputs, plain.json.outputs);
  const image = await post(`${model}/infer`, fits("infer_request",
    { inputs: [{ name: "image", shape: [1], datatype: "BYTES", data: [png.toString("base64")] }] }));
  assert.deepEqual(fits("infer_response", image.json).outputs[2].data, [7]);

  const head = Buffer.from(JSON.stringify(fits("infer_request", {
    inputs: [{ name: "pixels", shape: [1, 784], datatype: "FP32", parameters: { binary_data_size: 3136 } }],
    parameters: { binary_data_output: true },
    outputs: [{ name: "probabilities" }, { name: "logits", parameters: { classification: 1 } }],
  })));
  const body = Buffer.concat([head, Buffer.from(new Float32Array(pixels).buffer)]);
  const encodings = [["identity", body], ["gzip", gzipSync(body)], ["deflate", deflateSync(body)]];
  for (const [encoding, encoded] of encodings) {
    const binary = await post(`${model}/infer`, encoded,
      { "Inference-Header-Content-Length": `${head.length}`, "Content-Encoding": encoding });
    assert.equal(binary.status, 200, encoding);
    fits("infer_response", binary.json);
    assert.deepEqual(Array.from({ length: 10 }, (_, k) => binary.binary.readFloatLE(4 * k)), plain.json.outputs[0].data.map(Math.fround));
    assert.match(binary.binary.subarray(44).toString(), /:1:1$/);
  }

  const wrong = await post(`${model}/infer`, { inputs: [{ ...input, shape: [1, 783] }] });
  assert.equal(wrong.status, 400);
  assert.equal(fits("error", wrong.json).error, "input 'pixels': expected [-1,784], [-1,28,28] or [-1,1,28,28], got [1,783]");
}

await get("/v1/models", "model_list");
for (const model of ["/v1/models/mnist", "/v1/models/mnist/versions/1"]) {
  await get(model, "serving_status");
  await get(`${model}/metadata`, "serving_metadata");
  const rows = await post(`${model}:predict`, { signature_name: "serving_default", instances: [pixels, { b64: png.toString("base64") }] });
  fits("serving_predictions", rows.json);
  assert.deepEqual(rows.json.predictions.map(row => row.indexOf(Math.max(...row))), [1, 7]);
  const columns = await post(`${model}:predict`, { inputs: { pixels: [pixels] } });
  fits("serving_outputs", columns.json);
}
for (const [path, status] of [["/v2/models/other/infer", 404], ["/v2/models/mnist/versions/9/infer", 404],
  ["/v1/models/other:predict", 404], ["/v2", 405]]) {
  const refused = await post(path, {});
  assert.equal(refused.status, status);
  fits("error", refused.json);
}
console.log("rest: well");
