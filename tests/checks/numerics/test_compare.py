"""The comparator accepts rounding and nothing else, and never shows a hidden number."""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st

from autograder.checks.numerics.compare import FLOAT64_RTOL, Mismatch, bound, compare
from autograder.sandbox.wire.values import Opaque, claim

EPS32 = 2.0**-23
finite = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e100, max_value=1e100)
magnitudes = st.floats(min_value=1e-100, max_value=1e100)


def vector(*values: float) -> torch.Tensor:
    """Return a float64 vector."""
    return torch.tensor(values, dtype=torch.float64)


def mismatch(actual: Any, expected: Any, **options: Any) -> Mismatch:
    """Return the mismatch that must be there."""
    found = compare(actual, expected, **options)
    assert found is not None
    return found


def claimed(tensor: torch.Tensor, device: str) -> torch.Tensor:
    """Return a tensor as the wire decodes it from a worker that says where it was."""
    claim(tensor, device, requires_grad=False)
    return tensor


# -- numbers -----------------------------------------------------------------------------------------------


@given(st.lists(finite, min_size=1, max_size=6))
def test_a_tensor_agrees_with_itself(values: list[float]) -> None:
    """The expected numbers themselves are accepted, for all finite numbers."""
    assert compare(vector(*values), vector(*values)) is None


@given(magnitudes, st.sampled_from([-1.0, 1.0]))
def test_float64_bound_is_relative_to_the_largest_expected(scale: float, sign: float) -> None:
    """Half the bound passes and twice the bound does not, at any scale, so there is no absolute tolerance."""
    expected = vector(scale, -scale / 3, 0.0)
    shift = torch.zeros(3, dtype=torch.float64)
    shift[2] = sign * FLOAT64_RTOL * scale
    assert compare(expected + 0.5 * shift, expected) is None
    assert compare(expected + 2 * shift, expected) is not None


def test_vanished_gradients_are_not_equal_to_zero() -> None:
    """Zeros are wrong if numbers of size 1e-300 are expected."""
    expected = torch.full((3,), 1e-300, dtype=torch.float64)
    assert compare(torch.zeros_like(expected), expected) is not None


def test_expected_zeros_must_be_met_exactly() -> None:
    """Without a scale no rounding is allowed; the sign of zero does not matter."""
    assert compare(vector(0.0, -0.0), vector(0.0, 0.0)) is None
    assert compare(vector(0.0, 1e-300), vector(0.0, 0.0)) is not None


@given(st.lists(st.floats(0.5, 100), min_size=1, max_size=5), st.integers(1, 64))
def test_float32_bound_counts_operations(values: list[float], ops: int) -> None:
    """float32 answers may be off by `ops` roundings of the largest value, but not by twice as many and one more."""
    expected = vector(*values)
    scale = float(expected.max())
    near = (expected + 0.4 * ops * EPS32 * scale).float()
    far = (expected + (2 * ops + 1) * EPS32 * scale).float()
    assert compare(near, expected, dtype=torch.float32, ops=ops) is None
    assert compare(far, expected, dtype=torch.float32, ops=ops) is not None


@given(st.integers(0, 5), st.sampled_from([math.nan, math.inf, -math.inf]))
def test_nan_and_infinity_are_located(position: int, bad: float) -> None:
    """A NaN or an infinity among finite numbers is named, with its place."""
    expected = torch.arange(1.0, 7.0, dtype=torch.float64).reshape(2, 3)
    actual = expected.clone()
    actual.view(-1)[position] = bad
    found = mismatch(actual, expected, what="the path")
    assert ("NaN" if math.isnan(bad) else "nfinite") in found.message
    assert f"[{position // 3}, {position % 3}]" in found.message
    assert found.diagnosis is None


@pytest.mark.parametrize("special", [math.inf, -math.inf, math.nan])
def test_expected_special_values_are_met_only_by_themselves(special: float) -> None:
    """If the reference overflows, the same special value is expected, and a number is wrong."""
    expected = vector(special, 1.0)
    assert compare(vector(special, 1.0), expected) is None
    found = mismatch(vector(2.0, 1.0), expected)
    assert found.diagnosis is None


def test_opposite_infinity_is_wrong() -> None:
    """Minus infinity is not infinity, and that is not a question of precision."""
    assert mismatch(vector(-math.inf, 1.0), vector(math.inf, 1.0)).diagnosis is None


def test_differences_that_overflow_are_differences() -> None:
    """The largest numbers of opposite sign differ, although their difference is infinite."""
    assert compare(vector(-1.7e308), vector(1.7e308)) is not None


# -- dtype lost --------------------------------------------------------------------------------------------


@given(st.lists(st.floats(0.1, 10), min_size=3, max_size=6))
def test_a_float32_detour_is_recognised(values: list[float]) -> None:
    """Numbers that were float32 at some point are diagnosed, not only refused."""
    expected = vector(*values)
    actual = expected.float().double()
    assume(bool(((actual - expected).abs() > FLOAT64_RTOL * expected.max()).any()))
    assert mismatch(actual, expected).diagnosis == "dtype-lost"


def test_a_float32_result_is_recognised() -> None:
    """The right numbers in float32 are diagnosed; wrong numbers in float32 are just wrong."""
    expected = vector(1.1, 2.2)
    assert mismatch(expected.float(), expected).diagnosis == "dtype-lost"
    assert mismatch(expected.float() + 1, expected).diagnosis is None


def test_a_gross_difference_is_no_matter_of_precision() -> None:
    """An answer that is off by a thousandth is wrong."""
    assert mismatch(vector(1.001), vector(1.0)).diagnosis is None


# -- structure ---------------------------------------------------------------------------------------------


def test_a_list_and_a_tuple_hold_the_same_answer() -> None:
    """A list and a tuple are the same answer; their entries are compared."""
    one, two = torch.ones(1).double(), torch.zeros(1).double()
    assert compare([one, [two]], (one, (two,)), what="the answer") is None
    assert compare((one, two), [one, two], what="the answer") is None
    assert compare([two, one], (one, two), what="the answer") is not None


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        pytest.param(vector(1.0), torch.ones(3, dtype=torch.float64), id="broadcast vector"),
        pytest.param(torch.tensor(1.0, dtype=torch.float64), vector(1.0), id="scalar for a vector"),
        pytest.param(vector(1.0), torch.tensor(1.0, dtype=torch.float64), id="vector for a scalar"),
        pytest.param(torch.empty(0, dtype=torch.float64), vector(1.0), id="empty"),
        pytest.param(torch.ones(2, 3).double(), torch.ones(3, 2).double(), id="transposed"),
        pytest.param(torch.ones(2, dtype=torch.complex128), torch.ones(2).double(), id="complex"),
        pytest.param(torch.ones(2, dtype=torch.int64), torch.ones(2).double(), id="integer"),
        pytest.param(torch.ones(2, dtype=torch.bool), torch.ones(2).double(), id="bool"),
        pytest.param(torch.ones(2, dtype=torch.float16), torch.ones(2).double() * 3, id="half"),
        pytest.param(torch.ones(2).double(), torch.ones(2, dtype=torch.bool), id="float for bool"),
        pytest.param(torch.ones(2).double(), torch.ones(2, dtype=torch.int64), id="float for integer"),
        pytest.param(torch.ones(2).double(), torch.ones(2, dtype=torch.complex128), id="float for complex"),
        pytest.param(torch.tensor([1, 2]), torch.tensor([1, 3]), id="other integers"),
        pytest.param(np.ones(2), torch.ones(2).double(), id="numpy array"),
        pytest.param([1.0, 1.0], torch.ones(2).double(), id="list for a tensor"),
        pytest.param(1.0, torch.tensor(1.0, dtype=torch.float64), id="float for a tensor"),
        pytest.param(torch.tensor(1.0, dtype=torch.float64), 1.0, id="tensor for a float"),
        pytest.param(Opaque("AlwaysEqual"), torch.ones(2).double(), id="opaque"),
        pytest.param(Opaque("AlwaysEqual"), 1.0, id="opaque for a number"),
        pytest.param(Opaque("AlwaysEqual"), None, id="opaque for None"),
        pytest.param(None, vector(1.0), id="None"),
        pytest.param((vector(1.0),), (vector(1.0), vector(1.0)), id="too few"),
        pytest.param((vector(1.0),) * 3, (vector(1.0),) * 2, id="too many"),
        pytest.param({"a": 1.0}, {"a": 1.0, "b": 1.0}, id="missing key"),
        pytest.param({"a": 1.0, "b": 1.0}, {"a": 1.0}, id="extra key"),
        pytest.param([("a", 1.0)], {"a": 1.0}, id="list for a dict"),
        pytest.param(True, 1.0, id="bool for a number"),
        pytest.param(1, True, id="number for a bool"),
        pytest.param(1.0, 1, id="float for an int"),
        pytest.param("1.0", 1.0, id="text for a number"),
        pytest.param("up", "down", id="other text"),
        pytest.param(10**400, 1.0, id="huge int for a float"),
        pytest.param(10**400, 1, id="huge int"),
        pytest.param(10**12 + 1, 10**12, id="int off by one"),
        pytest.param(math.nan, 1.0, id="NaN"),
        pytest.param(torch.float32, torch.float64, id="other dtype object"),
    ],
)
def test_another_structure_is_refused(actual: object, expected: object) -> None:
    """Nothing is broadcast or cast, and an object's own `__eq__` does not count; no wrong idea is named."""
    found = mismatch(actual, expected, what="the answer")
    assert "the answer" in found.message
    assert found.diagnosis is None


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        (np.float64(2.0), 2.0),
        (2, 2.0),
        (np.int64(3), 3),
        pytest.param(10**400, 10**400, id="huge int"),
        (None, None),
        (True, True),
        ("up", "up"),
        (torch.float64, torch.float64),
        ((), ()),
        ({}, {}),
        (torch.empty(0, 3, dtype=torch.float64), torch.empty(0, 3, dtype=torch.float64)),
        (torch.tensor([1, 2]), torch.tensor([1, 2])),
        ({"a": [(1.0, "x")]}, {"a": [(1.0, "x")]}),
    ],
)
def test_equal_values_of_other_types_are_accepted(actual: object, expected: object) -> None:
    """Python and numpy numbers count alike; nested values are compared entry by entry."""
    assert compare(actual, expected) is None


def test_a_result_that_carries_a_graph_is_compared_by_value() -> None:
    """Whether a tensor requires a gradient makes no difference to its numbers, on either side."""
    leaf = vector(1.0, 2.0).requires_grad_()
    assert compare(leaf * 2, vector(2.0, 4.0)) is None
    assert compare(vector(2.0, 4.0), leaf * 2) is None


# -- devices -----------------------------------------------------------------------------------------------


def test_a_result_on_the_cpu_is_lost_in_a_run_on_cuda() -> None:
    """A result must be on the device of its inputs, as the worker claims it."""
    found = mismatch(claimed(vector(1.0), "cpu"), vector(1.0), device="cuda")
    assert found.diagnosis == "device-lost"
    assert compare(claimed(vector(1.0), "cuda"), vector(1.0), device="cuda") is None


def test_an_answer_may_be_anywhere_where_nothing_went_in() -> None:
    """A result of numbers alone may be on any device; its numbers and its dtype count."""
    assert compare(claimed(vector(1.0), "cpu"), vector(1.0), device=None) is None
    assert compare(claimed(vector(1.0), "cpu"), vector(1.0), device="cuda") is not None
    assert compare(claimed(vector(2.0), "cpu"), vector(1.0), device=None) is not None


# -- messages ----------------------------------------------------------------------------------------------


def test_the_first_diverging_entry_is_named_by_its_level() -> None:
    """For a path of steps, the message names the first wrong step and parameter, counted from 1."""
    expected = [[vector(1.0), vector(2.0, 3.0)] for _ in range(4)]
    actual = [[t.clone() for t in row] for row in expected]
    actual[2][1][1] += 1
    actual[3][0][0] += 1
    message = mismatch(actual, expected, what="the path", levels=("step", "parameter")).message
    assert "step 3" in message
    assert "parameter 2" in message
    assert "[1]" in message
    assert "step 4" not in message


@given(
    st.lists(st.floats(100.5, 1e6), min_size=2, max_size=5),
    st.lists(st.floats(-1e6, -100.5), min_size=2, max_size=5),
    st.sampled_from(["tensor", "list", "dict", "number"]),
)
def test_messages_show_no_number_of_either_side(due: list[float], got: list[float], form: str) -> None:
    """A message holds no value of the reference or of the answer, only places and shapes."""
    size = min(len(due), len(got))
    expected, actual = vector(*due[:size]), vector(*got[:size])
    pairs: dict[str, tuple[Any, Any]] = {
        "tensor": (actual, expected),
        "list": ([actual], [expected]),
        "dict": ({"adam": actual}, {"adam": expected}),
        "number": (got[0], due[0]),
    }
    message = mismatch(*pairs[form], what="the losses").message
    assert all(abs(float(n)) < 100 for n in re.findall(r"\d+\.?\d*(?:e[+-]?\d+)?", message))


def test_the_bound_ignores_what_is_not_finite() -> None:
    """One overflowing element does not make every other answer right."""
    assert bound(vector(math.inf, 2.0), torch.float64, 1) == FLOAT64_RTOL * 2
    assert compare(vector(math.inf, 3.0), vector(math.inf, 2.0)) is not None


def test_a_python_number_has_no_dtype_to_speak_of() -> None:
    """A check of a float to six digits does not speak of a dtype; one of a float32 tensor does."""
    assert "dtype" not in mismatch(0.5, 0.25, what="the accuracy", dtype=torch.float32).message
    tensor = mismatch(vector(0.5).float(), vector(0.25), what="the accuracy", dtype=torch.float32)
    assert "with the right dtype" in tensor.message
