"""Arguments checked, results annotated."""

from __future__ import annotations

import torch
from torch import Tensor


def _check(*tensors: Tensor) -> None:
    shapes = {tuple(t.shape) for t in tensors}
    if not all(isinstance(t, torch.Tensor) for t in tensors):
        raise TypeError("tensors are due")
    if len(shapes) != 1:
        raise ValueError(f"shapes differ: {shapes}")


def sgd_step(param: Tensor, grad: Tensor, lr: float) -> Tensor:
    _check(param, grad)
    assert lr > 0
    return param.sub(grad.mul(lr))


def adagrad_step(
    param: Tensor, grad: Tensor, square_sum: Tensor, lr: float, eps: float
) -> tuple[Tensor, Tensor]:
    _check(param, grad, square_sum)
    total = square_sum.add(grad.pow(2))
    return param.sub(grad.mul(lr).div(total.sqrt().add(eps))), total


def adam_step(param, grad, m, v, t, lr, beta1, beta2, eps) -> tuple[Tensor, Tensor, Tensor]:
    _check(param, grad, m, v)
    assert isinstance(t, int) and t >= 1, "t counts from 1"
    m = m.mul(beta1).add(grad.mul(1 - beta1))
    v = v.mul(beta2).add(grad.pow(2).mul(1 - beta2))
    return param.sub(m.div(1 - beta1**t).mul(lr).div(v.div(1 - beta2**t).sqrt().add(eps))), m, v
