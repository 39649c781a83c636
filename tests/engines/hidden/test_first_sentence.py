"""The sentence that a student reads first: what it says about forms, numbers, signatures and exceptions."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import torch

from autograder.course.assignment import Exercise
from autograder.engines.hidden.explain import Evidence, explained
from autograder.engines.hidden.ideas import NamedIdeas
from autograder.engines.hidden.layers import other_layer
from autograder.engines.hidden.places import with_case
from autograder.engines.hidden.recognisers import difference, other_form
from autograder.engines.hidden.signature import other_parameters, other_signature, unused_parameter
from autograder.sentences import Sentence
from autograder.verdict import CheckResult, Example, ExerciseResult, Outcome, StudentFault


def vector(*values: float) -> torch.Tensor:
    """Return a float64 tensor."""
    return torch.tensor(values, dtype=torch.float64)


P, M, V = vector(1.0, 2.0), vector(0.5, -1.0), vector(0.25, 4.0)
GRID = torch.arange(9, dtype=torch.float64).reshape(3, 3) + 1

FORMS: list[tuple[Any, Any, str]] = [
    (None, (P, M), "returns None where a tuple of 2 is expected: end it with `return …`"),
    ((P, V, M), (P, M, V), "in another order: what you return as value 2 belongs at place 3"),
    ((P, V, M, P / 3), (P, M, V, P / 2), "in another order: what you return as value 2 belongs at place 3"),
    (P, (P, M), "gives a tensor where a tuple of 2 is expected"),
    ((P,), (P, M), "gives 1 value instead of 2"),
    (np.array([1.0]), P, "gives a numpy array where a tensor is expected"),
    (vector(1.0)[0], 1.0, "gives a tensor where a float is expected"),
    (GRID[:2], GRID, "has the shape (2, 3) where (3, 3) is expected: one row is missing"),
    (torch.zeros(4, 3), GRID, "there is one row too many"),
    (torch.zeros(3, 2), torch.zeros(2, 3), "it is transposed"),
    (P.float(), P, "is float32 where float64 is expected"),
    ({"a": 1}, {"b": 1}, "lacks the key 'b'"),
    ({"a": 1, "b": 2}, {"b": 2}, "has the key 'a', which is not asked for"),
    ((P, M.float()), (P, M), "Value 2 of your `f` is float32 where float64 is expected"),
]


@pytest.mark.parametrize(("yours", "expected", "said"), FORMS, ids=[s[:40] for _, _, s in FORMS])
def test_another_form_is_named(yours: Any, expected: Any, said: str) -> None:
    """What came, and what is expected."""
    found = other_form(yours, expected, "f")
    assert found is not None
    assert said in found


def test_a_list_is_as_good_as_a_tuple() -> None:
    """What holds the same values is the same answer."""
    assert other_form([P, M], (P, M), "f") is None
    assert other_form((1, [2]), [1, (2,)], "f") is None


@pytest.mark.parametrize("value", [(P, M), P, 1.0, {"a": P}, [1, "x"], None, True])
def test_the_same_form_is_none(value: Any) -> None:
    """Nothing is said of a right form."""
    assert other_form(value, value, "f") is None


NUMBERS: list[tuple[Any, Any, str]] = [
    (P / 4, P, "differs in all 2 elements; [0] is 0.25 instead of 1: everywhere 0.25 times the expected value"),
    (-P, P, "the sign is wrong everywhere"),
    (GRID.T, GRID, "rows and columns are exchanged"),
    (GRID.flip(0), GRID, "the order is reversed"),
    (GRID[:1].expand(3, 3), GRID, "differs in 6 of 9 elements; [1, 0] is 1 instead of 4: all 3 rows are the same"),
    (vector(1.0, 9.0, 8.0), vector(1.0, 2.0, 3.0), "only the first one is right"),
    (vector(9.0, 8.0, 3.0), vector(1.0, 2.0, 3.0), "only the last one is right"),
    (vector(math.nan, 2.0), P, "[0] is NaN instead of 1: it is not a number"),
    ((P, -M), (P, M), "value 2 of your `f` differs in all 2 elements"),
    (0.25, 0.5, "your `f` is 0.25 instead of 0.5, 0.5 times as much"),
    (vector(0.90001)[0], vector(0.9)[0], "is 0.90001 instead of 0.9"),
    (vector(1.0, 2.0, math.nan), vector(3.0, 2.0, 1.0), "[2] is NaN instead of 1: it is not a number"),
    ([("Tanh", 1)], [("ReLU", 1)], "entry 1 of what your `f` gives is ('Tanh', 1) instead of ('ReLU', 1)"),
    ("stable", "exploding", "is 'stable' instead of 'exploding'"),
]


@pytest.mark.parametrize(("yours", "expected", "said"), NUMBERS, ids=[s[:40] for _, _, s in NUMBERS])
def test_numbers_are_told_with_their_pattern(yours: Any, expected: Any, said: str) -> None:
    """How far and where, and what all wrong elements have in common."""
    found = difference(yours, expected, "f")
    assert found is not None
    assert said in found


def test_what_agrees_to_six_digits_is_not_told() -> None:
    """What is wrong is another value, or a check says that digits are missing; “1 times as much” is never said."""
    assert difference(vector(0.900000003)[0], vector(0.9)[0], "f") is None
    assert (
        difference([0.66666669, 0.5], [2 / 3, 0.25], "f")
        == "value 2 of your `f` is 0.5 instead of 0.25, 2 times as much"
    )
    for mine, due in ((0.99996, 1.0), (vector(0.99996, 1.99992), vector(1.0, 2.0))):
        assert " 1 times" not in str(difference(mine, due, "f"))


def test_a_truth_value_keeps_no_dtype() -> None:
    """Only numbers have the dtype of their inputs."""
    assert str(other_form(vector(1.0, 0.0), vector(1.0, 0.0) > 0, "f")).endswith("where bool is expected.")
    assert "keep the dtype" in str(other_form(vector(1.0).float(), vector(1.0), "f"))


def step(param: Any, grad: Any, lr: Any, eps: Any = 1e-8) -> Any:
    """Stand for a reference."""
    return param - lr * grad / eps


SIGNATURES = {
    "def step(param, gradient, lr, eps=1e-8): pass": None,
    "def step(param, grad, lr): pass": "has to take the parameter `eps`",
    "def step(param, grad, lr, eps): pass": "`step(param, grad, lr)` has to work without eps",
    "def step(param, grad, lr, t, eps=1e-8): pass": "has to work without `t`",
    "def step(param, lr, grad, eps=1e-8): pass": None,
    "def step(gradient, param, lr, eps=1e-8): pass": "has to take the parameter `grad`",
    "def step(param, grad, lr, eps=1e-8): pass": None,
    "def step(*args, **kwargs): pass": None,
    "def step(param, grad, lr, eps=1, verbose=False): pass": None,
    "step = lambda param: param": None,
    "def step(:": None,
}


@pytest.mark.parametrize("source", SIGNATURES)
def test_another_signature_is_said_in_the_judges_words(source: str) -> None:
    """The released notebook shows the expected signature, the student's cell the actual one: no code runs for it."""
    found, said = other_signature(source, "step", step), SIGNATURES[source]
    assert found is None if said is None else found is not None and said in found


OTHER_NAMES = {
    "def step(param, gradient, lr, eps=1e-8): pass": "The parameter `grad` of `step` is called `gradient` in yours",
    "def step(param, lr, grad, eps=1e-8): pass": "have another order than `(param, grad, lr, eps)`",
    "def step(param, grad, lr, eps=1e-8): pass": None,
    "def step(param, grad, lr): pass": None,
    "def step(param, gradient, lr, epsilon, t): pass": None,
}


@pytest.mark.parametrize("source", OTHER_NAMES)
def test_other_names_are_said_for_themselves(source: str) -> None:
    """A call is fitted to the names, so they cost nothing."""
    found, said = other_parameters(source, "step", step), OTHER_NAMES[source]
    assert found is None if said is None else found is not None and said in found


def test_a_parameter_that_nothing_looks_at_is_found() -> None:
    """A number written into the formula is right for one value only."""
    hard = "def step(param, grad, lr, eps=1e-8):\n    return param - lr * grad / 1e-8"
    assert unused_parameter(hard, "step", step) == "eps"
    assert unused_parameter(hard.replace("/ 1e-8", "/ eps"), "step", step) is None
    layer = "class step:\n    def __init__(self, param, grad, lr, eps):\n        self.a = grad * lr / eps * param[1]"
    assert unused_parameter(layer, "step", step) is None
    assert unused_parameter("def step(param, grad, lr, eps):\n    return helper(**locals())", "step", step) is None


def told(
    outcome: Outcome = Outcome.FAILED, fault: StudentFault | None = None, **more: Any
) -> Callable[[Any, Any], Any]:
    """Return what is read first of an exercise `step` with one check that did not pass."""
    title = more.get("title", Sentence("It walks the right path."))
    check = CheckResult("walks", outcome, 1, Fraction(0), title, Sentence("Wrong numbers: the path."))
    result = ExerciseResult("step", Fraction(0), Fraction(1), (check,))
    exercise = Exercise(id="step", title="A step", points=Fraction(1), example="step(p)")

    def first(yours: Any, expected: Any) -> Any:
        agrees = yours is expected
        evidence = Evidence(
            exercise,
            more.get("named", NamedIdeas()),
            {},
            step,
            more.get("source", "def step(param, grad, lr, eps=1e-8):\n    return param, grad, lr, eps"),
            (Example("step(p)", "", "", agrees), yours, expected),
            answered=more.get("answered", True),
            fault=fault,
            exercises=["step", "helper"],
        )
        return explained(result, evidence).headline

    return first


def test_an_exception_comes_first_with_its_line() -> None:
    """Kind, text, line, and the line itself."""
    fault = StudentFault("NameError", "name 'S' is not defined", "step", 3, "    return S")
    found = told(Outcome.ERROR, fault, answered=False)(None, P)
    assert found == "Your `step` raised NameError: name 'S' is not defined in line 3 of the cell step (`return S`)."


def test_an_exception_of_an_earlier_exercise_is_put_down_to_it() -> None:
    """The student reads which function has to be corrected."""
    fault = StudentFault("NameError", "name 'S' is not defined", "helper", 3, "    return S")
    assert (told(Outcome.ERROR, fault, answered=False)(None, P) or "").startswith(
        "Because of your `helper`, which `step` calls: it raised NameError"
    )


def test_a_call_that_does_not_fit_is_said_by_the_signature() -> None:
    """Not by the text of Python's TypeError."""
    fault = StudentFault("TypeError", "step() got an unexpected keyword argument 'eps'")
    source = "def step(param, grad, lr): pass"
    assert told(Outcome.ERROR, fault, source=source, answered=False)(None, P) == (
        "`step` has to take the parameter `eps`; yours does not."
    )


def test_checks_of_a_dtype_or_a_convention_say_nothing_where_all_numbers_are_wrong() -> None:
    """They are told only if they alone fail; the first sentence never mentions them otherwise."""

    def check(name: str, outcome: Outcome, **more: Any) -> CheckResult:
        return CheckResult(
            name, outcome, 1, Fraction(0), Sentence(f"{name} holds."), Sentence("Other numbers."), **more
        )

    def outcomes(*checks: CheckResult) -> list[str]:
        result = ExerciseResult("step", Fraction(0), Fraction(1), checks)
        exercise = Exercise(id="step", title="A step", points=Fraction(1))
        found = explained(result, Evidence(exercise, NamedIdeas(), {}, aside=frozenset({"single"})))
        assert "single" not in str(found.headline) or len(checks) == 1
        return [str(c.outcome) for c in found.checks]

    single, main = check("single", Outcome.FAILED), check("main", Outcome.FAILED)
    pinned = check("pinned", Outcome.FAILED, convention=True)
    assert outcomes(single, pinned, main) == ["skipped", "skipped", "failed"]
    assert outcomes(check("single", Outcome.ERROR), check("main", Outcome.ERROR)) == ["skipped", "error"]
    assert outcomes(single) == ["failed"]
    assert outcomes(pinned) == ["failed"]
    assert outcomes(check("main", Outcome.PASSED), pinned) == ["passed", "failed"]


def test_form_comes_before_numbers_and_numbers_before_the_check() -> None:
    """Each is told only if the one before it has nothing to say."""
    first = told()
    assert (
        first(None, P)
        == "Your `step` returns None where a tensor is expected: end it with `return …`; print only shows."
    )
    assert first(P / 2, P) == (
        "In the public example your `step` differs in all 2 elements; [0] is 0.5 instead of 1: everywhere 0.5 times "
        "the expected value."
    )
    assert first(P, P) == (
        "The public example is right, but this is not yet: It walks the right path. Wrong numbers: the path."
    )


def test_a_case_belongs_to_its_sentence() -> None:
    """It is named before the title, which stays a whole sentence with its place."""
    title = with_case(Sentence("It walks.", "course.descent/checks/test_step.py::test_walks"), "scalar")
    assert title == "It walks. (scalar)"
    found = told(title=title)(P, P)
    assert found == "The public example is right, but this is not yet (scalar): It walks. Wrong numbers: the path."
    lead, _ = found.values["parts"]
    assert (lead.id, lead.values) == ("exercise.example-right-case", {"title": "It walks.", "case": "scalar"})
    assert lead.values["title"].id == "course.descent/checks/test_step.py::test_walks"


def test_a_time_out_says_so() -> None:
    """There is no answer to look at."""
    assert told(Outcome.TIMEOUT, answered=False)(None, P) == "Wrong numbers: the path."


# -- layer by layer ----------------------------------------------------------------------------------------

LENET = [
    ("Conv2d", [(6, 1, 5, 5), (6,)]),
    ("ReLU", []),
    ("Flatten", []),
    ("Linear", [(120, 400), (120,)]),
    ("ReLU", []),
    ("Linear", [(7, 120), (7,)]),
]
REGULAR = [("Linear", None), ("ReLU", None), ("BatchNorm1d", None), ("Dropout", 0.25), ("Linear", None)]


def with_layer(number: int, *layer: Any) -> list[Any]:
    """Return the model with one layer replaced, or without it."""
    return [*LENET[: number - 1], *([layer] if layer else []), *LENET[number:]]


ODD: list[Any] = [None, [], "Linear", [("Linear",)], [("Linear", "x")], [(1, [])], [("A", [(1, "x")])]]
LAYERS: list[tuple[Any, Any, str | None]] = [
    (with_layer(4, "Linear", [(120, 256), (120,)]), LENET, "Layer 4: your Linear takes 256 features, 400 arrive."),
    (
        with_layer(6, "Linear", [(10, 120), (10,)]),
        LENET,
        "For num_classes=7 your last layer has 10 outputs, 7 are expected.",
    ),
    (with_layer(4, "Linear", [(84, 400), (84,)]), LENET, "Your layer 4, a Linear, has 84 outputs, 120 are expected."),
    (with_layer(1, "Conv2d", [(6, 1, 3, 3), (6,)]), LENET, "your Conv2d has a kernel of 3 × 3, 5 × 5 is expected"),
    (with_layer(1, "Conv2d", [(6, 3, 5, 5), (6,)]), LENET, "your Conv2d takes 3 channels, 1 arrive"),
    (with_layer(1, "Conv2d", [(6, 1, 5, 5)]), LENET, "a Conv2d, has 1 parameters where 2 are expected"),
    (with_layer(2, "Tanh", []), LENET, "Layer 2 of your `build_lenet` is a Tanh where a ReLU is expected."),
    (with_layer(3), LENET, "Layer 3 of your `build_lenet` is missing: a Flatten is expected there"),
    (LENET[:-1], LENET, "Layer 6 of your `build_lenet` is missing"),
    ([*LENET, ("Softmax", [])], LENET, "has too many layers: layer 7 is a Softmax"),
    ([*REGULAR[:3], ("Dropout", 0.75), REGULAR[4]], REGULAR, "a Dropout, is set to 0.75 where 0.25 is expected"),
    (LENET, LENET, None),
    *((odd, LENET, None) for odd in ODD),
    ([("loss", 1.0)], [("loss", 2.0)], None),
]


@pytest.mark.parametrize("case", range(len(LAYERS)))
def test_a_model_is_compared_layer_by_layer(case: int) -> None:
    """The first layer that is not the expected one is named, with its numbers; other values are left alone."""
    yours, expected, said = LAYERS[case]
    found = other_layer(yours, expected, "build_lenet", "build_lenet(num_classes=7)")
    assert found is None if said is None else found is not None and said in found


class Stepping:
    """The reference's class, with its parameters."""

    def __init__(self, lr: float = 0.1) -> None:
        """Take a rate."""

    def step(self, closure: Any = None) -> None:
        """Step."""

    def add(self, group: Any) -> None:
        """Add."""


@pytest.mark.parametrize(
    ("methods", "said"),
    [
        ("def step(self): pass", "`Stepping.step` has to take the parameter `closure`; yours does not."),
        ("def step(self, c): pass", "`Stepping.step` has to work without `c`: give it its default value."),
        ("def step(self, closure=1): pass", None),
        ("def step(self, closure=None, *rest): pass", None),
        ("def add(self, group, more): pass", "`Stepping.add` has to work without `more`"),
        ("def add(self, g): pass", None),
        ("@wrapped\n    def step(self): pass", None),
    ],
)
def test_a_method_lacks_an_argument(methods: str, said: str | None) -> None:
    """The sentence says how many arguments a method takes; their names are the student's choice."""
    source = f"class Stepping:\n    def __init__(self, lr=0.1): pass\n    {methods}"
    found = other_signature(source, "Stepping", Stepping)
    assert found is None if said is None else found is not None and said in found
