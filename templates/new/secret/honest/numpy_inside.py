"""With numpy inside."""

import numpy as np
import torch


def standardise(x, eps=1e-5):
    a = x.detach().cpu().numpy()
    a = (a - a.mean(-1, keepdims=True)) / np.sqrt(a.var(-1, keepdims=True) + a.dtype.type(eps))
    return torch.from_numpy(a).to(x)
