"""Weighted means and quotients that torch has for lists of tensors."""

import torch


def rmsprop_step(param, grad, s, lr, alpha=0.99, eps=1e-8):
    s = torch._foreach_lerp([s], [grad * grad], 1 - alpha)[0]
    return torch._foreach_addcdiv([param], [grad], [s.sqrt() + eps], -lr)[0], s
