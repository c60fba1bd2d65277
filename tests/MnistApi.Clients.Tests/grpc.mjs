// The Open Inference Protocol over gRPC, as a client of another language with another protobuf implementation sees it.
// node grpc.mjs HOST:PORT PROTO PNG
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import grpc from "@grpc/grpc-js";
import loader from "@grpc/proto-loader";

const [address, proto, pngFile] = process.argv.slice(2);
const definition = await loader.load(proto, { keepCase: true, longs: Number, defaults: true, oneofs: true });
const { GRPCInferenceService } = grpc.loadPackageDefinition(definition).inference;
const client = new GRPCInferenceService(address, grpc.credentials.createInsecure());
const call = method => promisify(client[method].bind(client));

const png = await readFile(pngFile);
const pixels = Array.from({ length: 784 }, (_, i) => (i % 28 === 14 && i >= 112 && i < 672 ? 255 : 0)); // a one

assert.equal((await call("ServerLive")({})).live, true);
assert.equal((await call("ServerReady")({})).ready, true);
assert.equal((await call("ModelReady")({ name: "mnist", version: "1" })).ready, true);
assert.equal((await call("ServerMetadata")({})).name, "MnistApi");
const metadata = await call("ModelMetadata")({ name: "mnist" });
assert.deepEqual(metadata.inputs.map(tensor => tensor.name), ["pixels", "image"]);
assert.deepEqual(metadata.outputs.map(tensor => [tensor.name, tensor.datatype, ...tensor.shape]),
  [["probabilities", "FP32", -1, 10], ["logits", "FP32", -1, 10], ["digit", "INT64", -1]]);

const request = (input, more = {}) =>
  ({ model_name: "mnist", id: "node", inputs: [{ name: "pixels", datatype: "UINT8", shape: [1, 784], ...input }], ...more });
const digitOf = response =>
  Number(response.raw_output_contents[response.outputs.findIndex(output => output.name === "digit")].readBigInt64LE());

const raw = await call("ModelInfer")(request({}, { raw_input_contents: [Buffer.from(pixels)] }));
assert.equal(raw.id, "node");
assert.equal(digitOf(raw), 1);
const probabilities = Array.from({ length: 10 }, (_, k) => raw.raw_output_contents[0].readFloatLE(4 * k));
assert.ok(Math.abs(probabilities.reduce((sum, p) => sum + p) - 1) < 1e-5);
assert.equal(probabilities.indexOf(Math.max(...probabilities)), 1);

const contents = await call("ModelInfer")(request({ contents: { uint_contents: pixels } }));
assert.deepEqual(contents.raw_output_contents, raw.raw_output_contents);
const floats = await call("ModelInfer")(request({ datatype: "FP32", contents: { fp32_contents: pixels.map(pixel => pixel / 255) } }));
assert.equal(floats.parameters.scale.int64_param, 1);
assert.equal(digitOf(floats), 1);
const image = await call("ModelInfer")(request({ name: "image", datatype: "BYTES", shape: [1], contents: { bytes_contents: [png] } }));
assert.equal(digitOf(image), 7);
const best = await call("ModelInfer")(request({}, {
  raw_input_contents: [Buffer.from(pixels)],
  outputs: [{ name: "probabilities", parameters: { classification: { int64_param: 2 } } }],
}));
assert.match(best.raw_output_contents[0].subarray(4, 4 + best.raw_output_contents[0].readUInt32LE()).toString(), /^0\.\d+:1:1$/);

await assert.rejects(call("ModelInfer")(request({ shape: [1, 783] }, { raw_input_contents: [Buffer.alloc(783)] })),
  { code: grpc.status.INVALID_ARGUMENT, details: "input 'pixels': expected [-1,784], [-1,28,28] or [-1,1,28,28], got [1,783]" });
await assert.rejects(call("ModelReady")({ name: "other" }),
  { code: grpc.status.NOT_FOUND, details: "there is no model 'other', expected 'mnist'" });
await assert.rejects(call("ModelInfer")(request({}, { raw_input_contents: [Buffer.alloc(17 << 20)] })),
  { code: grpc.status.RESOURCE_EXHAUSTED });

// The standard health service, by its wire format: a request without a name is no bytes, SERVING is field 1 with value 1.
const health = promisify(client.makeUnaryRequest.bind(client));
assert.deepEqual(await health("/grpc.health.v1.Health/Check", bytes => bytes, bytes => bytes, Buffer.alloc(0)), Buffer.from([8, 1]));
client.close();
console.log("grpc: well");
