"""All that a hidden check imports: assertions, plans of models, laws of random numbers, plots, faults, types.

A check names its fixtures in its signature, and may give them these types:

    def test_doubles(student: Student, reference: Student, draw: Draw, device: str) -> None:

The examples in the docstrings are run by the tests. There `student` and `reference` are this notebook, `draw` is a
`Draw`, and `torch` is imported:

    import matplotlib.pyplot as plt
    import torch
    from torch import nn

    def double(x):
        return 2 * x

    def scale_(x, factor):
        return x.mul_(factor)

    def positive_root(x):
        if x < 0:
            raise ValueError("x is negative")
        return x ** 0.5

    def noise(n, generator=None):
        return torch.rand(n, generator=generator)

    def build(n):
        return nn.Sequential(nn.Linear(n, 1))

    def apply(model, x):
        return model(x)

    def count_words(path):
        with open(path) as file:
            return len(file.read().split())

    def violins(samples):
        _, axes = plt.subplots()
        axes.violinplot([sample.numpy() for sample in samples])
        axes.set_xticks(range(1, len(samples) + 1))
        axes.set_title("noise")
        return axes

    class Descent(torch.optim.Optimizer):
        def __init__(self, params, lr):
            super().__init__(params, {"lr": lr})

        @torch.no_grad()
        def step(self, closure=None):
            for group in self.param_groups:
                for p in group["params"]:
                    if p.grad is not None:
                        p -= group["lr"] * p.grad
"""

from __future__ import annotations

from autograder.checks.assertions import (
    CheckFailure,
    close,
    compare_work,
    confirmed,
    elsewhere,
    expect_model,
    fail,
    follows,
    has_graph,
    inputs_unchanged,
    raises,
    repeatable,
    same_numbers,
    uses_its_model,
)
from autograder.checks.claims import Claim
from autograder.checks.marks import Image, Series
from autograder.checks.models import Generator, Model
from autograder.checks.numerics.draw import Draw
from autograder.checks.numerics.laws import Law, alike, normal, two_point, uniform
from autograder.checks.plans import (
    Layout,
    Plan,
    again,
    avgpool2d,
    batchnorm1d,
    batchnorm2d,
    conv2d,
    drawn_state,
    dropout,
    elu,
    flatten,
    gelu,
    identity,
    initial_state,
    layernorm,
    leakyrelu,
    linear,
    logsoftmax,
    maxpool2d,
    modulelist,
    raising,
    relu,
    routed,
    sequential,
    sigmoid,
    silu,
    softmax,
    tanh,
    tied,
)
from autograder.checks.plots import Drawing, Violin
from autograder.checks.stand_ins import Closure, Kept, RemoteObject, Scratch, TorchOptimizer, Updater
from autograder.checks.student import Optimizer, Student, Tools
from autograder.sandbox.faults import StudentCrashed, StudentError, StudentTimeout
from autograder.sandbox.wire.formulas import formula
from autograder.sandbox.wire.values import claims

__all__ = [
    "CheckFailure",
    "Claim",
    "Closure",
    "Draw",
    "Drawing",
    "Generator",
    "Image",
    "Kept",
    "Law",
    "Layout",
    "Model",
    "Optimizer",
    "Plan",
    "RemoteObject",
    "Scratch",
    "Series",
    "Student",
    "StudentCrashed",
    "StudentError",
    "StudentTimeout",
    "Tools",
    "TorchOptimizer",
    "Updater",
    "Violin",
    "again",
    "alike",
    "avgpool2d",
    "batchnorm1d",
    "batchnorm2d",
    "claims",
    "close",
    "compare_work",
    "confirmed",
    "conv2d",
    "drawn_state",
    "dropout",
    "elsewhere",
    "elu",
    "expect_model",
    "fail",
    "flatten",
    "follows",
    "formula",
    "gelu",
    "has_graph",
    "identity",
    "initial_state",
    "inputs_unchanged",
    "layernorm",
    "leakyrelu",
    "linear",
    "logsoftmax",
    "maxpool2d",
    "modulelist",
    "normal",
    "raises",
    "raising",
    "relu",
    "repeatable",
    "routed",
    "same_numbers",
    "sequential",
    "sigmoid",
    "silu",
    "softmax",
    "tanh",
    "tied",
    "two_point",
    "uniform",
    "uses_its_model",
]
