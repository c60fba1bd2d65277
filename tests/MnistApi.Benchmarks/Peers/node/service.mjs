// What one writes in Node: fastify, onnxruntime-node, pngjs. node service.mjs MODEL.onnx PORT
import Fastify from 'fastify';
import ort from 'onnxruntime-node';
import { PNG } from 'pngjs';

const [model, port] = process.argv.slice(2);
const session = await ort.InferenceSession.create(model, { intraOpNumThreads: 1, interOpNumThreads: 1 });
const app = Fastify({ bodyLimit: 16 << 20 });
const raw = (request, body, done) => done(null, body);
app.addContentTypeParser(['image/png', 'application/octet-stream'], { parseAs: 'buffer' }, raw);

function read(kind, body) {
  if (kind === 'image/png') {
    const rgba = PNG.sync.read(body).data;
    return Float32Array.from({ length: 784 }, (_, i) => rgba[4 * i] / 255);
  }
  if (kind === 'application/octet-stream') return Float32Array.from(body, (value) => value / 255);
  const x = new Float32Array(body.instances.length * 784);
  body.instances.forEach((image, i) => x.set(image, i * 784));
  return x.map((value) => value / 255);
}

app.post('/predict', async (request) => {
  const x = read(request.headers['content-type'], request.body);
  const { y } = await session.run({ x: new ort.Tensor('float32', x, [x.length / 784, 784]) });
  const predictions = [];
  for (let i = 0; i < y.data.length; i += 10) {
    const probabilities = Array.from(y.data.subarray(i, i + 10));
    const probability = Math.max(...probabilities);
    predictions.push({ digit: probabilities.indexOf(probability), probability, probabilities });
  }
  return { predictions };
});
await app.listen({ port: Number(port), host: '127.0.0.1' });
