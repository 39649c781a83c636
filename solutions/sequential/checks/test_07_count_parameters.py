"""Hidden checks of `count_parameters`; every number is known in closed form."""

import pytest
import torch

from autograder.checks import (
    again,
    batchnorm1d,
    close,
    conv2d,
    flatten,
    initial_state,
    linear,
    relu,
    repeatable,
    sequential,
    tied,
)

pytestmark = pytest.mark.exercise("count_parameters")


@pytest.mark.weight(2)
def test_counts_elements(student, draw):
    """Every element of every weight and bias counts, also in nested models."""
    a, b, c = (draw.integer(3, 20) for _ in range(3))
    model = student.tools.model(sequential(linear(a, b), sequential(relu(), linear(b, c, bias=False)), relu()))
    close(student.count_parameters(model), a * b + b + b * c, "the number of parameters")


def test_counts_kernels(student, draw):
    """A convolution has out · in · kernel² weights and out biases."""
    c = draw.integer(2, 9)
    plan = sequential(conv2d(3, c, 5), flatten())
    model = student.tools.model(plan, initial_state(plan, dtype=torch.float32))
    close(student.count_parameters(model), 75 * c + c, "the number of parameters")


def test_statistics_are_no_parameters(student, draw):
    """Running mean and variance of a batch normalisation are buffers, which nobody trains."""
    n = draw.integer(3, 20)
    model = student.tools.model(sequential(linear(2, n), batchnorm1d(n)))
    close(student.count_parameters(model), 5 * n, "the number of parameters")


@pytest.mark.weight(2)
def test_shared_parameters_count_once(student, draw):
    """A module that stands in two places, and a weight that two modules share, count once."""
    n = draw.integer(3, 20)
    twice = student.tools.model(sequential(linear(n, n), relu(), again("0")))
    close(student.count_parameters(twice), n * n + n, "the number of parameters of a module that runs twice")
    model = student.tools.model(sequential(linear(n, n), relu(), tied(n, n, "0")))
    close(student.count_parameters(model), n * n + 2 * n, "the number of parameters with a shared weight")
    close(student.count_parameters(model, trainable_only=True), n * n + 2 * n, "the number with a shared weight")


@pytest.mark.weight(2)
def test_trainable_ones_only_if_asked(student, draw):
    """A frozen parameter counts, unless trainable_only is true."""
    a, b = draw.integer(3, 20), draw.integer(3, 20)
    model = student.tools.model(sequential(linear(a, b), relu(), linear(b, 2)))
    model.set_requires_grad({"0.weight": False, "2.bias": False})
    close(student.count_parameters(model), a * b + 3 * b + 2, "the number of all parameters")
    close(student.count_parameters(model, False), a * b + 3 * b + 2, "the number of all parameters")
    close(student.count_parameters(model, trainable_only=True), 3 * b, "the number of trainable parameters")
    close(student.count_parameters(model, True), 3 * b, "the number of trainable parameters")


def test_does_not_remember_earlier_calls(student, draw):
    """A second call with the same model gives the same number, and the model is as before."""
    plan = sequential(linear(3, 4), relu(), linear(4, 2))
    model = student.tools.model(plan, initial_state(plan, draw.integer(0, 99)))
    model.set_requires_grad({"2.bias": False})
    close(repeatable(student, "count_parameters", model), 26, "the number of parameters")
    close(model.requires_grad()["2.bias"], False, "whether a frozen parameter is still frozen")
