"""A call reaches a notebook's function with any names and any order of its parameters."""

from __future__ import annotations

from typing import Any

import pytest

from autograder.checks.student import LocalTransport, Student
from autograder.sandbox.faults import StudentError
from autograder.sandbox.worker.calling import Fitting, other_names

DUE = ("param", "grad", "lr")
FUNCTIONS = {
    "as asked": lambda param, grad, lr=0.5: (param, grad, lr),
    "other names": lambda w, g, rate=0.5: (w, g, rate),
    "another order": lambda lr, grad, param: (param, grad, lr),
    "one name": lambda param, gradient, lr=0.5: (param, gradient, lr),
    "by name only": lambda *, param, grad, lr=0.5: (param, grad, lr),
    "more of its own": lambda param, g, lr=0.5, verbose=False: (param, g, lr, verbose)[:3],
    "anything": lambda *args, **kwargs: (*args, *kwargs.values()),
}


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("by_name", [0, 1, 2, 3])
def test_every_way_of_calling_reaches_every_function(name: str, by_name: int) -> None:
    """Positional, by keyword, or mixed: the numbers arrive at the right parameters."""
    args = (1, 2, 3)[: 3 - by_name]
    kwargs = dict(zip(DUE[3 - by_name :], (1, 2, 3)[3 - by_name :], strict=True))
    assert Fitting().call("step", FUNCTIONS[name], args, kwargs, DUE) == (1, 2, 3)


def test_a_default_of_the_functions_own_stays() -> None:
    """An argument that is left out stays out, also under the other name."""
    assert Fitting().call("step", FUNCTIONS["other names"], (1,), {"grad": 2}, DUE) == (1, 2, 0.5)


@pytest.mark.parametrize(
    ("own", "found"),
    [
        (["a", "b"], {"x": "a", "y": "b"}),
        (["y", "x"], {"x": "x", "y": "y"}),
        (["x", "z", "t"], {"x": "x", "y": "z"}),
        (["x"], None),
        (["y", "a"], None),
    ],
)
def test_a_name_is_taken_for_the_one_at_its_place(own: list[str], found: dict[str, str] | None) -> None:
    """If another expected parameter stands at that place, nothing is guessed."""
    assert other_names(own, ["x", "y"]) == found


def test_a_new_definition_is_looked_at_anew() -> None:
    """The same name may mean another function later."""
    fitting = Fitting()
    assert fitting.call("f", lambda a, b: a - b, (), {"x": 3, "y": 1}, ("x", "y")) == 2
    assert fitting.call("f", lambda y, x: x - y, (3, 1), {}, ("x", "y")) == 2


def test_a_missing_parameter_is_the_students_error() -> None:
    """A call that cannot be fitted raises what Python raises."""
    student = Student(LocalTransport({"f": lambda x: x}), {"f": ("x", "y")})
    with pytest.raises(StudentError):
        student.f(1, y=2)


def test_checks_fit_their_calls_to_functions_and_classes() -> None:
    """A check need not do anything for this."""

    class Counter:
        def __init__(self, begin: int, by: int = 1) -> None:
            self.value: Any = begin + by

    names = {"shift": ("x", "by"), "Counter": ("start", "step")}
    student = Student(LocalTransport({"shift": lambda amount, x: x - amount, "Counter": Counter}), names)
    with pytest.raises(StudentError):
        student.shift(x=3, by=1)
    assert student.tools.object("Counter", start=3, step=2).get("value") == 5
