"""Files as numpy, PyTorch, ONNX and scikit-learn write them, with those libraries' own logits: write.py FOLDER

Each case is FOLDER/NAME.EXTENSION with NAME.expected, the logits of the pictures in "pixels" as little-endian float32, and in
cases.txt a line "NAME.EXTENSION options...".
"""
import collections
import gzip
import pickle
import sys
from pathlib import Path

import joblib
import numpy
import onnx
import onnx.helper as make
import torch
from onnx import TensorProto, numpy_helper
from sklearn.neural_network import MLPClassifier

folder = Path(sys.argv[1])
torch.manual_seed(1)
torch.set_num_threads(1)
random = numpy.random.default_rng(1)
pixels = random.random((1000, 784), dtype=numpy.float32)
(folder / "pixels").write_bytes(pixels.tobytes())
cases = open(folder / "cases.txt", "w")


def case(name, expected, *options):
    numpy.asarray(expected, "<f4").tofile(folder / (name.rsplit(".", 1)[0] + ".expected"))
    print(name, *options, file=cases)


def dense(*widths, bias=True, dtype=numpy.float32):
    layers = []
    for rows, columns in zip(widths, widths[1:]):
        layers.append(random.normal(0, 1 / numpy.sqrt(rows), (rows, columns)).astype(dtype))
        layers.append(random.normal(0, 0.1, columns).astype(dtype) if bias else numpy.zeros(columns, dtype))
    return layers


def logits(layers, activate=lambda a: numpy.maximum(a, 0), x=pixels):
    for i in range(0, len(layers), 2):
        x = x.astype(numpy.float64) @ layers[i].astype(numpy.float64) + layers[i + 1].astype(numpy.float64)
        x = activate(x) if i + 2 < len(layers) else x
    return x


def sigmoid(a):
    return 1 / (1 + numpy.exp(-a))


# numpy: the chapter's names in pickles of every protocol, Fortran order and big-endian among them
layers = dense(784, 50, 100, 10)
names = ["W1", "b1", "W2", "b2", "W3", "b3"]
chapter = dict(zip(names, layers))
chapter["W2"] = numpy.asfortranarray(chapter["W2"])
chapter["b1"] = chapter["b1"].astype(">f4")
for protocol in range(6):
    (folder / f"protocol{protocol}.pkl").write_bytes(pickle.dumps(chapter, protocol))
    case(f"protocol{protocol}.pkl", logits(layers, sigmoid))
ordered = collections.OrderedDict(chapter, accuracy=numpy.float64(0.9), losses=[1.0, 0.5], epochs=numpy.arange(3))
(folder / "ordered.pkl.gz").write_bytes(gzip.compress(pickle.dumps(ordered)))
case("ordered.pkl.gz", logits(layers, sigmoid))
numpy.savez(folder / "chapter.npz", **chapter)
case("chapter.npz", logits(layers, sigmoid))
numpy.savez_compressed(folder / "turn.npz", *layers)
case("turn.npz", logits(layers), "--activations", "relu,relu,softmax")
for kind in ("f2", "f8"):
    numpy.savez(folder / f"{kind}.npz", *[layer.astype(kind) for layer in layers])
    case(f"{kind}.npz", logits([layer.astype(kind) for layer in layers]))
no_bias = dense(784, 100, 10, bias=False)
numpy.savez(folder / "wih.npz", wih=no_bias[0].T, who=no_bias[2].T)
case("wih.npz", logits(no_bias, sigmoid), "--activations", "sigmoid,softmax")
# as Keras's get_weights() gives them: kernel, bias, gamma, beta, mean, variance
norm = [random.random(20) + 0.5 for _ in range(4)]
first, bias, last, bias2 = dense(784, 20, 10)
numpy.savez(folder / "keras.npz", first, bias, *norm, last, bias2)
hidden = (pixels @ first + bias - norm[2]) / numpy.sqrt(norm[3] + 1e-3) * norm[0] + norm[1]
case("keras.npz", numpy.maximum(hidden, 0) @ last + bias2)

# PyTorch
model = torch.nn.Sequential(
    torch.nn.Flatten(), torch.nn.Linear(784, 64), torch.nn.BatchNorm1d(64), torch.nn.ReLU(), torch.nn.Dropout(),
    torch.nn.Linear(64, 64), torch.nn.ReLU(), torch.nn.Linear(64, 10))
for _ in range(20):  # so that the normalisation has seen something
    model(torch.rand(50, 1, 28, 28))
model.eval()
x = torch.from_numpy(pixels)


def run(network, inputs=x):
    with torch.no_grad():
        return network(inputs).numpy()


torch.save(model.state_dict(), folder / "sequential.pt")
case("sequential.pt", run(model))
torch.save({"epoch": 3, "model_state_dict": torch.nn.DataParallel(model).state_dict(),
            "optimizer_state_dict": torch.optim.Adam(model.parameters()).state_dict()}, folder / "checkpoint.pth")
case("checkpoint.pth", run(model))
plain = torch.nn.Sequential(collections.OrderedDict(
    fc1=torch.nn.Linear(784, 32), act1=torch.nn.Sigmoid(), fc2=torch.nn.Linear(32, 784, bias=False), act2=torch.nn.Sigmoid(),
    fc3=torch.nn.Linear(784, 784), act3=torch.nn.Sigmoid(), fc4=torch.nn.Linear(784, 10)))
sigmoids = ("--activations", "sigmoid,sigmoid,sigmoid,softmax")
for name, kind in (("double", torch.float64), ("half", torch.float16), ("bfloat", torch.bfloat16)):
    rounded = {key: value.to(kind) for key, value in plain.state_dict().items()}
    torch.save(rounded, folder / f"{name}.pt")
    plain.load_state_dict({key: value.float() for key, value in rounded.items()})
    case(f"{name}.pt", run(plain), *sigmoids)
shared = torch.randn(784, 784) / 28
small = torch.nn.Sequential(torch.nn.Linear(784, 784), torch.nn.ReLU(), torch.nn.Linear(784, 10))
small[0].weight.data, small[2].weight.data = shared.t(), shared[::3, :][:10]  # non-contiguous views of one storage
torch.save(small.state_dict(), folder / "shared.pt")
case("shared.pt", run(small))
torch.save(small.state_dict(), folder / "normalised.pt")
case("normalised.pt", run(small, (x - 0.1307) / 0.3081), "--input-mean", "0.1307", "--input-std", "0.3081")

# ONNX, by PyTorch
for opset in (9, 13, 15):
    torch.onnx.export(model, torch.zeros(2, 1, 28, 28), folder / f"torch{opset}.onnx", opset_version=opset)
    case(f"torch{opset}.onnx", run(model))
torch.onnx.export(torch.nn.Sequential(plain, torch.nn.LogSoftmax(1)), torch.zeros(2, 784), folder / "unfolded.onnx",
                  do_constant_folding=False, opset_version=13, dynamic_axes={"input": {0: "batch"}}, input_names=["input"])
case("unfolded.onnx", run(plain))


class Viewing(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.last = torch.nn.Linear(784, 30), torch.nn.Linear(30, 10)

    def forward(self, picture):
        picture = (picture / 255 - 0.5) / 0.5
        return self.last(torch.sigmoid(self.first(picture.view(picture.size(0), -1))))


viewing = Viewing()
torch.onnx.export(viewing, torch.zeros(2, 1, 28, 28), folder / "viewing.onnx", opset_version=13, input_names=["picture"],
                  dynamic_axes={"picture": {0: "batch"}})
case("viewing.onnx", run(viewing, torch.from_numpy(pixels * 255).reshape(-1, 1, 28, 28)))


# ONNX, graphs as tf2onnx and skl2onnx lay them out, written by the onnx library
def save(name, nodes, tensors, shape=("batch", 784), opset=13, outputs=("y",), kind=TensorProto.FLOAT):
    graph = make.make_graph(
        nodes, "g", [make.make_tensor_value_info("x", kind, list(shape))],
        [make.make_tensor_value_info(output, TensorProto.FLOAT, None) for output in outputs],
        [numpy_helper.from_array(value, key) if isinstance(value, numpy.ndarray) else value for key, value in tensors.items()])
    domains = [make.make_opsetid("", opset), make.make_opsetid("ai.onnx.ml", 1)]
    onnx.save(make.make_model(graph, opset_imports=domains), folder / name)


w1, b1, w2, b2 = dense(784, 40, 10)
node = make.make_node
save("tf2onnx.onnx", [
    node("Cast", ["x"], ["c"], to=TensorProto.FLOAT), node("Mul", ["c", "scale"], ["s"]), node("Reshape", ["s", "shape"], ["r"]),
    node("MatMul", ["r", "w1"], ["m1"]), node("Add", ["m1", "b1"], ["a1"]), node("Relu", ["a1"], ["z1"]),
    node("MatMul", ["z1", "w2"], ["m2"]), node("Add", ["m2", "b2"], ["a2"]), node("Softmax", ["a2"], ["y"])],
    {"scale": numpy.array(1 / 255, numpy.float32), "shape": numpy.array([-1, 784], numpy.int64), "w1": w1, "b1": b1, "w2": w2, "b2": b2},
    shape=("batch", 28, 28), kind=TensorProto.UINT8)
case("tf2onnx.onnx", logits([w1, b1, w2, b2]))
scikit = MLPClassifier((40,), activation="logistic", max_iter=2).fit(random.random((200, 784)), numpy.arange(200) % 10)
coefs = [array.astype(numpy.float32) for pair in zip(scikit.coefs_, scikit.intercepts_) for array in pair]
save("skl2onnx.onnx", [
    node("Cast", ["x"], ["c"], to=TensorProto.FLOAT), node("MatMul", ["c", "w1"], ["m1"]), node("Add", ["m1", "b1"], ["a1"]),
    node("Sigmoid", ["a1"], ["z1"]), node("MatMul", ["z1", "w2"], ["m2"]), node("Add", ["m2", "b2"], ["a2"]),
    node("Softmax", ["a2"], ["p"], axis=1), node("ArgMax", ["p"], ["i"], axis=1),
    node("ArrayFeatureExtractor", ["classes", "i"], ["e"], domain="ai.onnx.ml"),
    node("Reshape", ["e", "flat"], ["label"]), node("ZipMap", ["p"], ["y"], domain="ai.onnx.ml", classlabels_int64s=list(range(10)))],
    {"w1": coefs[0], "b1": coefs[1].reshape(1, -1), "w2": coefs[2], "b2": coefs[3].reshape(1, -1),
     "classes": numpy.arange(10), "flat": numpy.array([-1])}, outputs=("label", "y"))
case("skl2onnx.onnx", logits(coefs, sigmoid))
numpy.savez(folder / "scikit.npz", *sum(zip(scikit.coefs_, scikit.intercepts_), ()))
case("scikit.npz", logits(coefs, sigmoid), "--activations", "sigmoid,softmax")
typed = [make.make_tensor("w1", TensorProto.FLOAT, [784, 40], w1.flatten()),
         make.make_tensor("b1", TensorProto.DOUBLE, [40], b1.astype(float)),
         make.make_tensor("w2", TensorProto.FLOAT16, [40, 10], w2.astype(numpy.float16).flatten()), numpy_helper.from_array(b2, "b2")]
save("typed.onnx", [
    node("Gemm", ["x", "w1", "b1"], ["a1"], alpha=0.5, beta=2.0), node("Relu", ["a1"], ["z1"]),
    node("Transpose", ["z1"], ["t"], perm=[1, 0]), node("Gemm", ["t", "w2", "b2"], ["a2"], transA=1), node("Identity", ["a2"], ["y"])],
    {tensor.name: tensor for tensor in typed}, opset=7)
case("typed.onnx", logits([0.5 * w1, 2 * b1, w2.astype(numpy.float16), b2]))
affine = {"mean": random.random((1, 28, 28), dtype=numpy.float32), "factor": random.random((28, 28), dtype=numpy.float32) + 0.5}
save("affine.onnx", [
    node("Sub", ["x", "mean"], ["s"]), node("Div", ["s", "factor"], ["d"]), node("Flatten", ["d"], ["f"]), node("Add", ["f", "one"], ["p"]),
    node("Gemm", ["p", "w1", "b1"], ["a1"], transB=1), node("Relu", ["a1"], ["z1"]), node("Gemm", ["z1", "w2", "b2"], ["y"])],
    {"w1": w1.T.copy(), "b1": b1, "w2": w2, "b2": b2, "one": numpy.ones(1, numpy.float32), **affine}, shape=("batch", 28, 28))
shifted = (pixels - affine["mean"].reshape(-1)) / affine["factor"].reshape(-1) + 1
case("affine.onnx", logits([w1, b1, w2, b2], x=shifted))
cases.close()

# what is refused, each in words of its own
torch.save(model, folder / "whole.pt")
torch.jit.script(plain).save(str(folder / "script.pt"))
torch.save(model.state_dict(), folder / "old.pt", _use_new_zipfile_serialization=False)
torch.save(torch.nn.Sequential(torch.nn.Conv2d(1, 4, 3), torch.nn.Linear(784, 10)).state_dict(), folder / "convolution.pt")
torch.save(torch.nn.Sequential(torch.nn.LSTM(28, 10)).state_dict(), folder / "lstm.pt")
torch.onnx.export(torch.nn.Conv2d(1, 4, 3), torch.zeros(1, 1, 28, 28), folder / "convolution.onnx")
joblib.dump(scikit, folder / "scikit.joblib")
joblib.dump(scikit, folder / "packed.joblib", compress=3)
(folder / "scikit.pkl").write_bytes(pickle.dumps(scikit))
(folder / "changed.pkl").write_bytes(pickle.dumps(chapter, 2).replace(b"\n", b"\r\n"))
