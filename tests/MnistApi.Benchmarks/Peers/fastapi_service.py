"""What one writes in Python: FastAPI with a pydantic model of the body, numpy, Pillow.
uvicorn --app-dir DIR fastapi_service:app, WEIGHTS names the safetensors file."""
import io
import json
import os
import struct
from typing import List

import numpy as np
from fastapi import FastAPI, Request
from PIL import Image
from pydantic import BaseModel


def load(path):
    with open(path, "rb") as file:
        length = struct.unpack("<Q", file.read(8))[0]
        header = json.loads(file.read(length))
        data = file.read()
    tensors = {}
    for name, info in header.items():
        if name != "__metadata__":
            begin, end = info["data_offsets"]
            tensors[name] = np.frombuffer(data[begin:end], dtype="<f4").reshape(info["shape"])
    return tensors


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def softmax(a):
    e = np.exp(a - a.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


class Instances(BaseModel):
    instances: List[List[float]]


network = load(os.environ["WEIGHTS"])
app = FastAPI()


@app.post("/predict")
async def predict(request: Request):
    kind = request.headers.get("content-type", "")
    body = await request.body()
    if kind == "image/png":
        x = np.asarray(Image.open(io.BytesIO(body)).convert("L")).reshape(1, 784)
    elif kind == "application/octet-stream":
        x = np.frombuffer(body, dtype=np.uint8).reshape(-1, 784)
    else:
        x = np.array(Instances(**json.loads(body)).instances, dtype=np.float32)
    x = x.astype(np.float32) / 255
    z1 = sigmoid(x @ network["W1"] + network["b1"])
    z2 = sigmoid(z1 @ network["W2"] + network["b2"])
    y = softmax(z2 @ network["W3"] + network["b3"])
    return {"predictions": [{"digit": int(p.argmax()), "probability": float(p.max()), "probabilities": p.tolist()} for p in y]}
