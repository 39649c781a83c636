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
)
from autograder.checks.claims import Claim
from autograder.checks.models import Generator, Model
from autograder.checks.numerics.draw import Draw
from autograder.checks.numerics.laws import Law, alike, normal, uniform
from autograder.checks.plans import (
    Layout,
    Plan,
    again,
    batchnorm1d,
    conv2d,
    drawn_state,
    dropout,
    flatten,
    initial_state,
    linear,
    maxpool2d,
    modulelist,
    raising,
    relu,
    routed,
    sequential,
    sigmoid,
    softmax,
    tanh,
    tied,
)
from autograder.checks.plots import Drawing, Violin
from autograder.checks.student import Kept, Optimizer, Student, Tools
from autograder.sandbox.faults import StudentCrashed, StudentError, StudentTimeout
from autograder.sandbox.wire.formulas import formula
from autograder.sandbox.wire.values import claims

__all__ = [
    "CheckFailure",
    "Claim",
    "Draw",
    "Drawing",
    "Generator",
    "Kept",
    "Law",
    "Layout",
    "Model",
    "Optimizer",
    "Plan",
    "Student",
    "StudentCrashed",
    "StudentError",
    "StudentTimeout",
    "Tools",
    "Violin",
    "again",
    "alike",
    "batchnorm1d",
    "claims",
    "close",
    "compare_work",
    "confirmed",
    "conv2d",
    "drawn_state",
    "dropout",
    "elsewhere",
    "expect_model",
    "fail",
    "flatten",
    "follows",
    "formula",
    "has_graph",
    "initial_state",
    "inputs_unchanged",
    "linear",
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
    "softmax",
    "tanh",
    "tied",
    "uniform",
]
