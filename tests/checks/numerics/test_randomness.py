"""The statistics of random numbers: measured false alarms, measured power against each wrong idea.

False alarms cannot be measured at a rate of 1e-9. The bounds hold for any rate, so they are measured at a rate of 0.2:
fewer than a fifth of right samples may be rejected, and some should be, or the bounds would be too wide to find
anything.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import pytest
import torch

from autograder.checks.numerics.laws import (
    Law,
    alike,
    bernstein,
    correlated,
    deviation,
    kolmogorov,
    normal,
    recognised,
    uniform,
)

MATRIX, KERNEL = (64, 256), (24, 40, 5, 5)
UNIFORM, NORMAL = uniform(-1, 1), normal(0, 1)
LAWS = {"uniform": UNIFORM, "normal": NORMAL}

Draws = Callable[..., torch.Tensor]


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    """Many small tensors: threads that wait for each other cost more than they save."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def generator() -> torch.Generator:
    """Draw the same numbers in every run."""
    return torch.Generator().manual_seed(20)


def drawn(
    law: Law, shape: tuple[int, ...], generator: torch.Generator, dtype: torch.dtype = torch.float64
) -> torch.Tensor:
    """Draw from a law."""
    if law.kind == "uniform":
        unit = torch.rand(shape, generator=generator, dtype=dtype) * 2 - 1
        return unit * law.bound + law.mean
    return torch.randn(shape, generator=generator, dtype=dtype) * law.sd + law.mean


# -- the laws and the bounds -------------------------------------------------------------------------------


@pytest.mark.parametrize("law", [uniform(-2, 3), normal(0.5, 2)], ids=["uniform", "normal"])
def test_a_law_is_torchs_own(law: Law) -> None:
    """Mean, deviation and distribution function are those of torch.distributions."""
    if law.kind == "uniform":
        due: torch.distributions.Distribution = torch.distributions.Uniform(-2.0, 3.0, validate_args=False)
    else:
        due = torch.distributions.Normal(0.5, 2.0)
    points = torch.linspace(-1.9, 2.9, 41, dtype=torch.float64)
    assert law.mean == pytest.approx(float(due.mean))
    assert law.sd == pytest.approx(float(due.stddev))
    assert torch.allclose(law.cdf(points), due.cdf(points))


@pytest.mark.parametrize("n", [256, 20_000])
def test_bernstein_holds_and_is_not_idle(n: int, generator: torch.Generator) -> None:
    """The mean of uniform numbers leaves the bound for 0.2 in less than a fifth of 2,000 samples, but in some."""
    means = torch.cat([(torch.rand(250, n, generator=generator) * 2 - 1).mean(1) for _ in range(2000 * 256 // n // 4)])
    rate = float((means.abs() > bernstein(n, 1 / 3, 1, 0.2)).double().mean())
    assert 0.001 < rate < 0.2


def test_kolmogorov_holds_and_is_not_idle(generator: torch.Generator) -> None:
    """Massart's constant: at 0.2 the distribution function of 400 numbers leaves its band in up to a fifth."""
    ranks = torch.rand(3000, 400, generator=generator, dtype=torch.float64).sort(1).values
    steps = torch.arange(401, dtype=torch.float64) / 400
    distance = torch.maximum((steps[1:] - ranks).amax(1), (ranks - steps[:-1]).amax(1))
    rate = float((distance > kolmogorov(400, 0.2)).double().mean())
    assert 0.1 < rate < 0.2


# -- false alarms ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", LAWS)
def test_right_samples_are_rejected_less_often_than_promised(kind: str, generator: torch.Generator) -> None:
    """At an alarm rate of 0.2 fewer than a fifth of 400 samples are rejected; at the real one none."""
    samples = [drawn(LAWS[kind], (32, 64), generator) for _ in range(400)]
    assert sum(deviation(s, LAWS[kind], alarm=0.2) is not None for s in samples) < 80
    assert [d for s in samples if (d := deviation(s, LAWS[kind])) is not None] == []


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
@pytest.mark.parametrize("shape", [MATRIX, KERNEL, (256,), (2, 128)])
@pytest.mark.parametrize("kind", LAWS)
def test_no_right_sample_is_rejected(
    kind: str, shape: tuple[int, ...], dtype: torch.dtype, generator: torch.Generator
) -> None:
    """Twenty samples of each shape and dtype, of laws with any mean and scale."""
    for i in range(20):
        law = LAWS[kind]
        if i % 2:
            law = Law(kind, 3.0, 0.02)
        assert deviation(drawn(law, shape, generator, dtype), law) is None


def test_a_uniform_sample_may_reach_its_bound(generator: torch.Generator) -> None:
    """A number on the bound itself, rounded in float32, is not beyond it."""
    bound = math.sqrt(6 / 320)
    sample = drawn(uniform(-bound, bound), MATRIX, generator, torch.float32)
    sample[0, 0], sample[1, 1] = bound, -bound
    assert deviation(sample, uniform(-bound, bound)) is None


# -- power -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ratio", [1 / 4, 1 / 3, 1 / 2, 0.625, 0.85, 1.15, 1.25, 2.5, 3, 4])
@pytest.mark.parametrize("kind", LAWS)
def test_a_wrong_variance_is_always_found(kind: str, ratio: float, generator: torch.Generator) -> None:
    """Every ratio that a wrong idea gives at fans (256, 64), and 15 % to either side, in fifty samples each."""
    for _ in range(50):
        found = deviation(drawn(LAWS[kind], MATRIX, generator) * math.sqrt(ratio), LAWS[kind])
        assert found is not None
        assert found.statistic == "variance"
        assert found.ratio == pytest.approx(ratio, rel=0.06)


@pytest.mark.parametrize("kind", LAWS)
def test_another_law_of_the_same_variance_is_always_found(kind: str, generator: torch.Generator) -> None:
    """Uniform for normal, normal for uniform, and a normal law cut at two deviations, in thirty samples each."""
    other = uniform(-math.sqrt(3), math.sqrt(3)) if kind == "normal" else normal(0, 1 / math.sqrt(3))
    for _ in range(30):
        found = deviation(drawn(other, MATRIX, generator), LAWS[kind])
        assert found is not None
        assert found.statistic == "range"
    cut = drawn(NORMAL, MATRIX, generator)
    while bool((far := cut.abs() > 2).any()):
        cut = torch.where(far, drawn(NORMAL, MATRIX, generator), cut)
    found = deviation(cut / cut.std(), NORMAL)
    assert found is not None
    assert found.statistic == "range"


def test_two_heaps_with_the_right_moments_have_the_wrong_shape(generator: torch.Generator) -> None:
    """Mean, variance and range are right, but the law is not uniform: U(−1, 1) with a gap and a heap."""
    base = drawn(UNIFORM, MATRIX, generator)
    heaps = torch.where(base.abs() < 0.5, base.sign() * (1 / 12) ** 0.5 * (1 + 0.01 * base), base)
    found = deviation(heaps, UNIFORM)
    assert found is not None
    assert found.statistic == "shape"


@pytest.mark.parametrize(
    ("law", "statistic"),
    [(uniform(0, 2), "mean"), (uniform(0, 1), "variance"), (uniform(-0.9, 1.1), "mean")],
    ids=["0 to 2a", "0 to a", "shifted"],
)
def test_one_sided_numbers_are_always_found(law: Law, statistic: str, generator: torch.Generator) -> None:
    """A mean that is off by a tenth of the bound, or more, is found."""
    for _ in range(30):
        found = deviation(drawn(law, MATRIX, generator), UNIFORM)
        assert found is not None
        assert found.statistic == statistic


DEPENDENT: dict[str, Callable[[torch.Tensor], torch.Tensor]] = {
    "one row for all": lambda x: x[:1].expand_as(x),
    "one column for all": lambda x: x[:, :1].expand_as(x),
    "rows in pairs": lambda x: x[: len(x) // 2].repeat_interleave(2, 0),
    "columns in pairs, negated": lambda x: torch.stack([x[:, ::2], -x[:, ::2]], 2).flatten(1),
    "two equal halves": lambda x: torch.cat([x[: len(x) // 2]] * 2),
    "mirrored halves": lambda x: torch.cat([x[: len(x) // 2], -x[: len(x) // 2]]),
    "sorted": lambda x: x.flatten().sort().values.reshape(x.shape),
    "three digits": lambda x: (x * 100).round() / 100,
}


@pytest.mark.parametrize("kind", LAWS)
@pytest.mark.parametrize("form", DEPENDENT)
def test_numbers_that_are_not_drawn_one_by_one_are_found(form: str, kind: str, generator: torch.Generator) -> None:
    """Repeated, mirrored, sorted and rounded numbers are no independent draws."""
    for _ in range(10):
        assert deviation(DEPENDENT[form](drawn(LAWS[kind], MATRIX, generator)), LAWS[kind]) is not None


def test_correlated_takes_any_pair_of_uniform_tensors(generator: torch.Generator) -> None:
    """Independent numbers pass, and so do none; tensors that share a third of their numbers do not."""
    a, b = (drawn(UNIFORM, MATRIX, generator) for _ in range(2))
    assert correlated(a, b) is None
    assert correlated(a, torch.where(torch.arange(256) % 3 == 0, a, b)) is not None
    assert correlated(a[:0], b[:0]) is None


# -- several laws, two samples -----------------------------------------------------------------------------


def test_the_only_law_that_fits_is_recognised(generator: torch.Generator) -> None:
    """Among laws a fifth apart in variance each is recognised by its own samples; an unknown law is not."""
    ratios = (0.25, 1 / 3, 0.5, 0.625, 0.8, 1.25, 1.6, 2.5, 3.0, 4.0)
    for kind in LAWS:
        ideas = {str(r): Law(kind, 0.0, math.sqrt(r)) for r in ratios}
        for name, law in ideas.items():
            assert all(recognised(drawn(law, MATRIX, generator), ideas) == name for _ in range(3))
        assert recognised(drawn(Law(kind, 0.0, 1.0), MATRIX, generator), ideas) is None


def test_an_idea_may_have_two_laws_and_two_ideas_none(generator: torch.Generator) -> None:
    """One of several laws is enough; if two ideas fit, none is named."""
    sample = drawn(uniform(0, 1), MATRIX, generator)
    assert recognised(sample, {"one-sided": (uniform(0, 2), uniform(0, 1)), "other": UNIFORM}) == "one-sided"
    assert recognised(sample, {"a": uniform(0, 1), "b": uniform(0, 1)}) is None


def test_two_samples_of_one_law_are_alike(generator: torch.Generator) -> None:
    """Samples of one law are never told apart; a scale of √½ or a shift by half a bound is always found."""
    for _ in range(20):
        a, b = drawn(UNIFORM, MATRIX, generator), drawn(UNIFORM, KERNEL, generator)
        assert alike(a, b)
        assert not alike(a, b * math.sqrt(0.5))
        assert not alike(a, b + 0.5)
    samples = [drawn(NORMAL, (32, 32), generator) for _ in range(600)]
    told = sum(not alike(a, b, alarm=0.2) for a, b in zip(samples[::2], samples[1::2], strict=True))
    assert told < 60


# -- edges -------------------------------------------------------------------------------------------------


def test_of_a_large_sample_a_part_is_judged(monkeypatch: pytest.MonkeyPatch, generator: torch.Generator) -> None:
    """A student's tensor may have 32 million elements; all of them at once would take a gigabyte in the judge."""
    sizes = []
    cdf = Law.cdf

    def watched(law: Law, values: torch.Tensor) -> torch.Tensor:
        sizes.append(values.numel())
        return cdf(law, values)

    monkeypatch.setattr(Law, "cdf", watched)
    sample = torch.rand(1 << 22, generator=generator, dtype=torch.float64)
    assert deviation(sample, uniform(0, 1)) is None
    assert not alike(sample, 1 + sample)
    assert 0 < max(sizes) <= 1 << 20


def test_too_few_numbers_are_not_judged() -> None:
    """255 numbers raise, 256 do not."""
    with pytest.raises(ValueError, match="255 numbers are too few"):
        deviation(torch.zeros(255), UNIFORM)
    assert deviation(torch.zeros(256), UNIFORM) is not None


@pytest.mark.parametrize("odd", [math.nan, math.inf])
def test_what_is_no_number_is_found(odd: float, generator: torch.Generator) -> None:
    """A single NaN or infinity is reported as such."""
    sample = drawn(UNIFORM, MATRIX, generator)
    sample[3, 5] = odd
    found = deviation(sample, UNIFORM)
    assert found is not None
    assert found.statistic == "finite"
