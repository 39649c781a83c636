"""The helpers of hidden checks: public messages, ids, and no false alarms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from autograder.checks.assertions import (
    CheckFailure,
    close,
    current_device,
    fail,
    follows,
    inputs_unchanged,
    repeatable,
    uses_its_model,
)
from autograder.checks.numerics.laws import Law, normal, uniform
from autograder.checks.plans import initial_state, linear
from autograder.checks.student import LocalTransport, Student, StudentError
from autograder.engines.hidden.diagnosis import same_answers
from autograder.sandbox.wire.values import claim


def student_of(**functions: Callable[..., Any]) -> Student:
    """Return a stand-in for a notebook with these functions."""
    parameters = {name: f.__code__.co_varnames[: f.__code__.co_argcount] for name, f in functions.items()}
    return Student(LocalTransport(functions), parameters)


def counting(*answers: object) -> Callable[[torch.Tensor], object]:
    """Return a function of a tensor that gives these answers, one after the other."""
    left = iter(answers)

    def answer(x: torch.Tensor) -> object:
        return next(left)

    return answer


def test_fail_raises_its_sentence_and_id() -> None:
    """The message is what the student reads; the id is what the report explains."""
    with pytest.raises(CheckFailure, match="A step changed") as caught:
        fail("A step changed the .grad of a parameter.", "edits-grad")
    assert caught.value.message == "A step changed the .grad of a parameter."
    assert caught.value.diagnosis == "edits-grad"
    assert isinstance(caught.value, AssertionError)


def test_close_passes_on_what_the_comparator_says() -> None:
    """Equal answers pass; others fail with the comparator's message and id."""
    due = torch.tensor([1.1, 2.2], dtype=torch.float64)
    close(due.clone(), due, "the velocity")
    with pytest.raises(CheckFailure, match="the velocity") as caught:
        close(due.float(), due, "the velocity")
    assert caught.value.diagnosis == "dtype-lost"


def test_close_takes_the_dtype_that_is_due() -> None:
    """With dtype=torch.float32 a float32 answer passes, and a float64 one does not."""
    due = torch.tensor([1.1, 2.2], dtype=torch.float64)
    close(due.float(), due, dtype=torch.float32)
    with pytest.raises(CheckFailure):
        close(due, due, dtype=torch.float32)


def test_close_wants_the_device_of_the_run() -> None:
    """In a run on CUDA an answer that was on the CPU fails as device-lost."""
    due = torch.ones(2, dtype=torch.float64)
    answer = due.clone()
    claim(answer, "cpu", requires_grad=False)
    token = current_device.set("cuda")
    try:
        with pytest.raises(CheckFailure) as caught:
            close(answer, due)
    finally:
        current_device.reset(token)
    assert caught.value.diagnosis == "device-lost"
    close(answer, due)


def test_a_changed_input_is_named() -> None:
    """The message names the parameter that was changed in place, and no other."""

    def sgd_step(param: torch.Tensor, grad: torch.Tensor) -> torch.Tensor:
        return param.sub_(grad)

    student = student_of(sgd_step=sgd_step)
    student.sgd_step(torch.ones(2), torch.ones(2))
    with pytest.raises(CheckFailure, match="param") as caught:
        inputs_unchanged(student)
    assert caught.value.diagnosis == "in-place"
    assert "grad" not in caught.value.message


def test_the_judges_own_inputs_stay_as_they_are() -> None:
    """A function that writes into its input gets copies, so the check's own tensors do not change."""
    x = torch.ones(2)
    student_of(f=lambda x: x.zero_()).f(x)
    assert torch.equal(x, torch.ones(2))


def test_pure_functions_change_nothing() -> None:
    """A pure function passes, also one that returns its input or a view of it."""
    student = student_of(f=lambda x: x * 2, same=lambda x: x, view=lambda x: x[:1])
    for name in ("f", "same", "view"):
        getattr(student, name)(torch.ones(2))
        inputs_unchanged(student)


@given(st.floats(), st.integers(), st.text(max_size=5))
def test_the_same_answer_twice_is_repeatable(number: float, count: int, text: str) -> None:
    """In every form of answer, with NaN and infinity: the same answer twice passes, and is returned."""
    answer = {
        "tensor": torch.tensor([number, 1.0], dtype=torch.float64),
        "flags": torch.tensor([True, False]),
        "counts": (torch.tensor([1, 2]), count, text, None, True),
        "array": np.array([number, 2.0]),
        "number": [number, np.float32(1.5)],
    }
    student = student_of(f=counting(answer, dict(answer)))
    assert same_answers(repeatable(student, "f", torch.ones(1)), answer)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(torch.ones(2), torch.ones(2) * 1.5, id="tensor"),
        pytest.param(torch.ones(2), torch.ones(3), id="shape"),
        pytest.param(torch.ones(2), torch.ones(2).double(), id="dtype"),
        pytest.param(torch.tensor([float("nan")]), torch.tensor([0.0]), id="NaN then zero"),
        pytest.param((torch.ones(2), torch.ones(2)), (torch.ones(2), torch.zeros(2)), id="tuple"),
        pytest.param([1.0], [1.0, 1.0], id="length"),
        pytest.param({"a": 1.0}, {"b": 1.0}, id="keys"),
        pytest.param(np.ones(2), np.zeros(2), id="array"),
        pytest.param(1, 2, id="int"),
        pytest.param(1, 1.0, id="type"),
        pytest.param(None, 1.0, id="None"),
    ],
)
def test_another_answer_the_second_time_is_found(first: object, second: object) -> None:
    """In every form of answer, a different second one fails with its id."""
    student = student_of(f=counting(first, second))
    with pytest.raises(CheckFailure) as caught:
        repeatable(student, "f", torch.ones(1))
    assert caught.value.diagnosis == "accumulates-over-calls"


def test_random_numbers_follow_a_law() -> None:
    """Right numbers pass in silence; wrong ones fail with the statistic, and the only idea whose law fits."""
    sample = torch.rand(64, 64, generator=torch.Generator().manual_seed(1))
    ideas: dict[str, Law | tuple[Law, ...]] = {
        "half": uniform(0, 0.5),
        "bell": normal(0.5, 0.5),
        "one-sided": (uniform(0, 2), uniform(0, 1)),
    }
    follows(sample, uniform(0, 1), "the weights", ideas)
    for law, statistic, named in (
        (uniform(-1, 1), "The variance of the weights is 0.2", "one-sided"),
        (uniform(-0.5, 0.5), "The mean of the weights is off by 1.7 of their own standard deviations", "one-sided"),
        (uniform(-0.5, 1.5), "The variance of the weights is 0.2", "one-sided"),
        (normal(0.5, 12**-0.5), "The largest of the weights is 1.73 times the standard deviation", "one-sided"),
    ):
        with pytest.raises(CheckFailure, match=statistic) as caught:
            follows(sample, law, "the weights", ideas)
        assert caught.value.diagnosis == named
    with pytest.raises(CheckFailure, match="only 50% of the weights are distinct") as caught:
        follows(torch.cat([sample, sample]), uniform(0, 1), "the weights", ideas)
    assert caught.value.diagnosis is None
    with pytest.raises(CheckFailure, match="Expected a tensor"):
        follows([0.5] * 4096, uniform(0, 1), "the weights")


def test_rounding_is_not_another_answer() -> None:
    """Sums in another order, as on a GPU, differ in the last bit: that shows no state between calls."""
    first = torch.tensor([1.0, 1e-3], dtype=torch.float64)
    student = student_of(f=counting(first, first * (1 + 2**-52)))
    repeatable(student, "f", torch.ones(1))


def test_state_kept_between_calls_is_found() -> None:
    """A function that keeps a velocity in a default argument answers differently the second time."""

    def momentum(g: torch.Tensor, kept: list[torch.Tensor] = []) -> torch.Tensor:  # noqa: B006 - the wrong idea
        kept.append(g)
        return torch.stack(kept).sum(0)

    with pytest.raises(CheckFailure, match="second") as caught:
        repeatable(student_of(momentum=momentum), "momentum", torch.ones(2))
    assert caught.value.diagnosis == "accumulates-over-calls"


def test_a_function_has_to_use_its_model() -> None:
    """What is made up is the same for every model; code that catches what its model raises is not made up."""

    def catching(*given: Any) -> Any:
        try:
            return given[0](given[1])
        except ValueError:
            return None

    used = student_of(predict=lambda *given: given[0](given[1]), catching=catching, idle=lambda *given: given[1])
    plan, x = linear(2, 1), torch.ones(1, 2, dtype=torch.float64)
    models = [used.tools.model(plan, initial_state(plan, seed)) for seed in (1, 2)]
    before = len(used.tools.transcript)
    uses_its_model(used, "predict", models, x)
    uses_its_model(used, "catching", models, x)
    with pytest.raises(CheckFailure, match="same answer"):
        uses_its_model(used, "idle", models, x)
    assert len(used.tools.transcript) == before
    with pytest.raises(StudentError):
        uses_its_model(used, "missing", models, x)
