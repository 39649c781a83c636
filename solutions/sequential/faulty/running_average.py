"""Each call is mixed with the one before."""

import torch

EQUALS = {"predict": "accumulates-over-calls"}

_before = {}


def predict(model, x):
    flags = [(m, m.training) for m in model.modules()]
    model.eval()
    try:
        with torch.no_grad():
            out = model(x)
    finally:
        for m, flag in flags:
            m.training = flag
    # A model whose state was seen already adds its last answer.
    key = id(model), tuple(x.shape)
    _before[key] = out + _before.get(key, 0.0)
    return _before[key]
