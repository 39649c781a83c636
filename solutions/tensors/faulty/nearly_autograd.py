"""A small ε everywhere, gradients left behind, a factor that belongs to the class, and nothing ever recorded."""

EQUALS = {"standardize": "standardize-adds-epsilon"}

import torch
from torch import nn


def standardize(train, test):
    mean, deviation = train.mean(0), train.std(0, correction=0) + 1e-8
    return (train - mean) / deviation, (test - mean) / deviation


def tracked(f, x, enabled):
    # Never recorded.
    with torch.no_grad():
        return f(x).double()


def intermediate_gradient(f, g, x):
    x = x.detach().clone().requires_grad_()
    y = f(x)
    y.retain_grad()
    g(y).backward()
    return y.grad


def second_derivative(f, x):
    # A difference quotient.
    step = 1e-2
    return (f(x + step) - 2 * f(x) + f(x - step)).detach() / step**2


class GradientScale(nn.Module):
    def __init__(self, factor):
        super().__init__()
        GradientScale.factor = factor

    def forward(self, x):
        out = x.view_as(x)
        if out.requires_grad:
            out.register_hook(lambda gradient: gradient * GradientScale.factor)
        return out
