"""Functions that are sent as steps: the same numbers and gradients elsewhere, or a clear refusal."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import torch

from autograder.engines.hidden.replay import packed_script, same_request
from autograder.sandbox.wire.formulas import compute, formula
from autograder.sandbox.wire.frames import FrameError
from autograder.sandbox.wire.values import Codec

_A = torch.tensor([[2.0, 0.5], [0.5, 1.0]], dtype=torch.float64)
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "a power": lambda x: (x**4).sum(),
    "constants on both sides": lambda x: 0.5 * x @ _A @ x + _A[0] @ x,
    "parts of a vector": lambda x: torch.log(torch.cosh(x)).sum() + 0.1 * (x[0] * x[1] - 1) ** 2,
    "functions of torch.nn": lambda x: torch.nn.functional.softplus(x, beta=2.0).mean(dim=0),
    "two arguments": lambda x, y=_A[0]: (x * y).sum(),
}


def kept(arguments: int, steps: Any) -> Any:
    """Return the value that a codec read."""
    return arguments, steps


def sent(given: Any) -> Callable[..., Any]:
    """Return the function that a worker makes of it."""
    node, buffers = Codec(on_callable=lambda _: 1).encode(given)
    made = Codec(make_formula=kept).decode(json.loads(json.dumps(node)), buffers)
    return lambda *args: compute(made[1], args)


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS.keys())
def test_value_and_derivatives_are_the_same_elsewhere(function: Callable[..., Any]) -> None:
    """Bit for bit, also second derivatives, as Newton's method needs them."""
    x = torch.tensor([0.3, -1.2], dtype=torch.float64, requires_grad=True)
    args = (x, torch.tensor([1.5, 0.25], dtype=torch.float64))[: function.__code__.co_argcount]
    here, there = formula(function)(*args), sent(formula(function))(*args)
    assert torch.equal(here, there)
    (one,), (other,) = (torch.autograd.grad(v, x, create_graph=True) for v in (here, there))
    assert torch.equal(one, other)
    if one.requires_grad:
        assert torch.equal(torch.autograd.grad(one.sum(), x)[0], torch.autograd.grad(other.sum(), x)[0])


def _decides(x: torch.Tensor) -> torch.Tensor:
    return x if x.sum() > 0 else -x


REFUSED: dict[str, Callable[..., Any]] = {
    "a decision on a value": _decides,
    "a slice": lambda x: x[1:].sum(),
    "no step": lambda x: x,
    "a constant": lambda x: _A,  # noqa: ARG005 - that is the point
    "a function without a signature": torch.func.grad(torch.sum),
    "any number of arguments": lambda *x: x[0] * 2,
    "an attribute": lambda x: x.T @ x,
}


@pytest.mark.parametrize("function", REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_sent_is_refused_where_it_is_written(function: Callable[..., Any]) -> None:
    """The author learns of it when the check first runs, not a student."""
    with pytest.raises(ValueError, match="formula"):
        formula(function)


def test_randomness_is_found_at_the_first_call() -> None:
    """It is a constant among the steps, and another number at each call of the function."""
    noisy = formula(lambda x: (x + torch.rand(3)).sum())
    with pytest.raises(ValueError, match="random"):
        noisy(torch.zeros(3))


def test_a_formula_can_be_asked_ahead_and_another_function_cannot() -> None:
    """Only the judge can call a function that is not wrapped."""
    ask = [{"op": "call", "args": [formula(lambda x: x * 2)]}]
    assert packed_script([ask]) is not None
    assert packed_script([[{"op": "call", "args": [lambda x: x * 2]}]]) is None
    assert same_request(ask, [{"op": "call", "args": [formula(lambda y: y * 2)]}])
    assert not same_request(ask, [{"op": "call", "args": [formula(lambda x: x * 3)]}])


def test_the_judge_takes_no_formula() -> None:
    """It computes nothing that a worker describes."""
    node, buffers = Codec().encode(formula(lambda x: x * 2))
    with pytest.raises(FrameError):
        Codec(on_callable=lambda _: 1, record_claims=True).decode(node, buffers)


@pytest.mark.parametrize("plain", [None, [1], [1, [["torch:sin"]]], [1, [["torch:sin", [True, [{"x": 1}]], {}]]]])
def test_a_malformed_formula_is_a_malformed_value(plain: Any) -> None:
    """Neither side fails on it."""
    node, buffers = Codec().encode(plain)
    with pytest.raises(FrameError):
        Codec(make_formula=kept).decode(["g", node], buffers)
