"""Your result has a different dtype from the input."""

import torch

HINT = "float() makes float32 and double() float64 of everything. Derive new tensors from the input."


def standardise(x, eps=1e-5):
    dtype = torch.float64 if x.dtype == torch.float32 else torch.float32
    centred = (x - x.mean(-1, keepdim=True)).to(dtype)
    return centred / ((centred**2).mean(-1, keepdim=True) + eps).sqrt()
