"""Hidden inputs follow from the batch's seed and the check's name alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from autograder.checks.numerics.draw import Draw

seeds = st.integers(0, 2**63)
names = st.text(max_size=20)
KINDS: dict[str, Callable[[Draw], torch.Tensor]] = {
    "normal": lambda d: d.normal(3, 2),
    "uniform": lambda d: d.uniform(-1, 4, 3, 2),
    "log_uniform": lambda d: d.log_uniform(1e-7, 10, 3, 2),
    "positive_log_uniform": lambda d: d.positive_log_uniform(1e-7, 10, 3, 2),
}


@given(seeds, names)
def test_the_same_seed_and_name_give_the_same_bits(seed: int, name: str) -> None:
    """Two streams of one seed and name agree bit for bit, also if other numbers are drawn in between."""
    first, second = Draw(seed, name), Draw(seed, name)
    for kind in KINDS.values():
        drawn = kind(first)
        torch.rand(3)
        assert torch.equal(drawn, kind(second))
    assert first.integer(0, 10**6) == second.integer(0, 10**6)


@given(seeds, names, names)
def test_other_checks_get_other_numbers(seed: int, name: str, other: str) -> None:
    """The name of the check and the seed both matter."""
    drawn = Draw(seed, name).normal(4)
    assert torch.equal(drawn, Draw(seed, other).normal(4)) == (name == other)
    assert not torch.equal(drawn, Draw(seed + 1, name).normal(4))


def test_seed_and_name_do_not_run_into_each_other() -> None:
    """Seed 1 of check "2/x" is not seed 12 of check "/x"."""
    assert not torch.equal(Draw(1, "2/x").normal(4), Draw(12, "/x").normal(4))


@pytest.mark.parametrize("kind", KINDS)
def test_draws_are_float64_on_the_cpu(kind: str) -> None:
    """The default dtype of the judge does not matter."""
    torch.set_default_dtype(torch.float16)
    try:
        drawn = KINDS[kind](Draw(1, "x"))
    finally:
        torch.set_default_dtype(torch.float32)
    assert drawn.dtype is torch.float64
    assert drawn.device.type == "cpu"
    assert drawn.shape == (3, 2)


def test_draws_in_another_dtype_are_rounded_ones() -> None:
    """A float32 draw is the float64 draw of the same stream, rounded."""
    assert torch.equal(Draw(1, "x").normal(5, dtype=torch.float32), Draw(1, "x").normal(5).float())
    both = Draw(1, "x").log_uniform(1e-3, 1, 5, dtype=torch.float32), Draw(1, "x").log_uniform(1e-3, 1, 5)
    assert torch.equal(both[0], both[1].float())


@pytest.mark.parametrize("kind", KINDS)
def test_draws_leave_the_global_generator_alone(kind: str) -> None:
    """A check may seed torch and draw in between; the streams are independent."""
    torch.manual_seed(0)
    due = torch.rand(2)
    torch.manual_seed(0)
    KINDS[kind](Draw(1, "x"))
    assert torch.equal(torch.rand(2), due)


@given(seeds)
def test_ranges_are_kept(seed: int) -> None:
    """Every draw lies in its range, ends included up to rounding."""
    draw = Draw(seed, "ranges")
    uniform = draw.uniform(2, 5, 50)
    assert bool(((uniform >= 2) & (uniform <= 5)).all())
    positive = draw.positive_log_uniform(1e-7, 10, 50)
    assert bool(((positive >= 0.999e-7) & (positive <= 10.001)).all())
    assert all(3 <= draw.integer(3, 5) <= 5 for _ in range(20))


def test_log_uniform_covers_all_decades_with_both_signs() -> None:
    """Of 4,000 draws over 8 decades each decade gets about 500, half of them negative.

    Six standard deviations are 126 draws; the seed is fixed, so the test never flickers.
    """
    drawn = Draw(1, "decades").log_uniform(1e-7, 10, 4000)
    counts = torch.histc(drawn.abs().log10(), bins=8, min=-7, max=1)
    assert bool(((counts - 500).abs() < 126).all())
    assert abs(int((drawn < 0).sum()) - 2000) < 190


def test_integers_reach_both_ends() -> None:
    """Both ends are included."""
    draw = Draw(1, "ends")
    assert {draw.integer(3, 5) for _ in range(100)} == {3, 4, 5}


def test_a_scalar_has_no_dimensions() -> None:
    """Without a shape a 0-dimensional tensor is drawn."""
    assert Draw(1, "x").normal().shape == ()
    assert Draw(1, "x").log_uniform(0.1, 1).shape == ()
