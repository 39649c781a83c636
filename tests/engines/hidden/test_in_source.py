"""What the text of a cell shows, and what an answer shows beside its inputs."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from autograder.engines.hidden.examples import example_inputs
from autograder.engines.hidden.in_source import late_name, other_default
from autograder.engines.hidden.other_kind import due_kind, other_kind
from autograder.engines.hidden.recognisers import unchanged


def step(param: Any, lr: float = 0.1, betas: Any = (0.9, 0.999)) -> Any:
    """Stand for a reference."""
    return param - lr, betas


class Made:
    """Stand for a reference's class."""

    def __init__(self, params: Any) -> None:
        self.first = len(params)


DEFAULTS = {
    "def step(param, lr=0.1, betas=(0.9, 0.999)): pass": None,
    "def step(param, lr=1e-1, betas=[0.9, 0.999]): pass": None,
    "def step(param, lr, betas): pass": None,
    "def step(param, lr=RATE): pass": None,
    "def step(param, rate=3): pass": None,
    "def step(param, lr=0): pass": "The default of `lr` is 0 in your `step`; the exercise has 0.1.",
    "def step(param, *, lr=0.1, betas=(0.9, 0.99)): pass": "`betas` is (0.9, 0.99) in your `step`",
    "class step:\n    def __init__(self, param, lr=1): pass": "The default of `lr` is 1",
}


@pytest.mark.parametrize("source", DEFAULTS)
def test_another_default_is_found(source: str) -> None:
    """Defaults are compared by value, not as text; one that must be computed is not compared."""
    found, said = other_default(source, "step", step), DEFAULTS[source]
    assert found is None if said is None else found is not None and said in found


LOOPS = {
    "for name, child in x:\n    child.register_forward_hook(lambda m, i, o: out.append((name, o)))": "name",
    "for name, c in x:\n    def hook(m, i, o):\n        out.append(name)\n    c.register_forward_hook(hook)": "name",
    "for i in x:\n    fs.append(lambda y: y * i)": "i",
    "for i in x:\n    fs[i] = lambda y: y * i": "i",
    "for i in x:\n    fs.append(lambda y, i=i: y * i)": None,
    "for i in x:\n    fs.append(make(i))": None,
    "for i in x:\n    out.append(sorted(x, key=lambda y: y * i))": None,
    "for i in x:\n    out.append([(lambda i: i)(y) for y in x])": None,
    "for i in x:\n    child.register_forward_hook(lambda m, i, o: out.append(i))": None,
    "for i in": None,
}


@pytest.mark.parametrize("source", LOOPS)
def test_a_name_that_is_looked_up_too_late_is_found(source: str) -> None:
    """Only functions that are kept for later count; one that is called at once sees the right name."""
    assert late_name(source) == LOOPS[source]


def test_an_input_that_came_back_as_it_was_is_named() -> None:
    """The parameter's name is told; nothing is said if the input is the right answer, or all is zero."""
    p, v = torch.tensor([1.0, 2.0]), torch.zeros(2)
    inputs = [("param", p), ("velocity", v)]
    assert unchanged((p, p / 2), (p - 1, p / 2), "step", inputs) == (
        "value 1 of your `step` is `param` as it was given: nothing was changed"
    )
    assert unchanged((p,), (p,), "step", inputs) is None
    assert unchanged((v,), (p,), "step", inputs) is None
    assert unchanged(p * 3, p, "step", inputs) is None


def test_the_inputs_of_an_example_are_taken_from_its_calls() -> None:
    """The inputs of a function, and the parameters that a class is made with."""
    names = {"step": step}
    (found,) = example_inputs("step(torch.tensor([3.0, 4.0]))[0]", "step", names)
    assert found[0] == "param"
    assert torch.equal(found[1], torch.tensor([3.0, 4.0]))
    made = "p = torch.nn.Parameter(torch.ones(2))\nMade([p]).first"
    given = example_inputs(made, "Made", {"Made": Made})
    assert [name for name, _ in given] == ["params"]
    assert example_inputs("step()", "step", names) == []
    # What a second call is given is the answer of the first.
    (only,) = example_inputs("p, _ = step(torch.ones(1), 0.25)\nstep(p)", "step", names)
    assert torch.equal(only[1], torch.ones(1))


def test_the_kind_of_an_answer_is_said_where_one_is_due() -> None:
    """A list and a tuple are the same kind; nothing is said if a check calls several functions."""
    call = ("call", "step", (torch.ones(1), torch.ones(1)), (), None)
    due = due_kind([call, call])
    assert due == ("step", "a tuple")
    assert other_kind([("call", "step", None, (), None)], due) == (
        "`step` returned None where a tuple is expected: end it with `return …`."
    )
    assert other_kind([call, ("call", "step", torch.ones(2), (), None)], due) == (
        "`step` returned a tensor where a tuple is expected."
    )
    assert other_kind([("call", "step", [1, 2], (), None)], due) is None
    assert other_kind([("error", "ValueError")], due) is None
    assert due_kind([call, ("call", "other", 1, (), None)]) is None
