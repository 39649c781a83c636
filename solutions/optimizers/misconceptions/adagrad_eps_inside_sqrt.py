"""You add eps under the root, as √(s + ε)."""

from __future__ import annotations

import torch

HINT = "Here ε is added to the root: √s + ε."
CONVENTION = True
USUAL_IN = "the first versions of TensorFlow and many lecture notes"


def adagrad_step(param, grad, square_sum, lr, eps):
    square_sum = square_sum + grad**2
    scaled = torch.where(square_sum + eps > 0, grad / (square_sum + eps).sqrt(), torch.zeros_like(grad))
    return param - lr * scaled, square_sum
