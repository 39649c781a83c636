"""Whether random numbers follow a law: bounds that hold for every sample size, without a normal approximation.

Each statistic gets an eighth of the false-alarm probability `ALARM`, so that all of them together reject a right sample
with a probability below `ALARM`. Write L = ln(2/α) for one statistic's share α:

==============  ===========================================  ==================================================
statistic       uniform on [−1, 1] (after scaling)           standard normal (after scaling)
==============  ===========================================  ==================================================
mean            Bernstein, V = 1/3, M = 1                    Gaussian tail, √(2L/n)
second moment   Bernstein, V = 4/45, M = 2/3                 χ² tails, 2√(L/n) + 2L/n and 2√(L/n)
largest         never above 1; (1 − δ)ⁿ ≤ α                  union bound, √(2 ln(2n/α)); (1 − p)ⁿ ≤ α
shape           Dvoretzky-Kiefer-Wolfowitz, √(L/(2n)), for both
neighbours      Bernstein for products of the ranks of disjoint pairs, V = 1/9, M = 1, for both
==============  ===========================================  ==================================================

A two-point law, such as that of a dropout mask, has three statistics: whether all values are one of the two points; how
often the upper point occurs (Bernstein with V = p(1 − p), M = max(p, 1 − p)); and the neighbours, by the centred
indicator of the upper point (V = (p(1 − p))², M = max(p, 1 − p)²). A mask with one value for a whole row is dependent
along the row.

For 64×256 weights the second moment may be off by 5 % (uniform) or 8 % (normal), and the distribution function by
0.027. The nearest wrong ideas are off by 25 % in variance (He's, at fans 256 and 64), or by 0.057 in the distribution
function (a normal law of the right variance instead of a uniform one). Both errors are measured in
`tests/checks/numerics/test_randomness.py`.

Sources: Bernstein's inequality and the Chernoff bounds in Boucheron, Lugosi, Massart, Concentration Inequalities
(2013), sections 2.2 and 2.8; χ²: Laurent, Massart, Annals of Statistics 28 (2000), lemma 1; the constant of the
Dvoretzky-Kiefer-Wolfowitz inequality: Massart, Annals of Probability 18 (1990).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

__all__ = [
    "ALARM",
    "Deviation",
    "Law",
    "alike",
    "bernstein",
    "correlated",
    "deviation",
    "kolmogorov",
    "normal",
    "recognised",
    "two_point",
    "uniform",
]

#: The largest probability with which a right sample is called wrong.
ALARM = 1e-9
#: Mean, second moment, largest, shape, and up to four directions in which neighbours are compared.
_STATISTICS = 8
_DIRECTIONS = 4
#: Fewer values than this are too few to judge.
_ENOUGH = 256
#: Of a larger sample only the first values are judged: it takes forty times its size in memory.
_MOST = 1 << 20
#: At least this fraction of the values must be distinct. Of n values with 24 random bits, n²/2²⁵ are expected to
#: repeat: 50 of 40,000.
_DISTINCT = 0.9
#: A value on a bound may differ from the bound by so many roundings.
_ROUNDINGS = 8


@dataclass(frozen=True, slots=True)
class Law:
    """A uniform, a normal or a two-point distribution, by its mean and its standard deviation.

    `points` are the lower and the upper point of a two-point law, `share` is the probability of the upper one.

    Example:
        >>> law = uniform(-1, 1)
        >>> law.kind, law.mean, round(law.sd, 3), round(law.bound, 3)
        ('uniform', 0.0, 0.577, 1.0)
    """

    kind: str
    mean: float
    sd: float
    points: tuple[float, float] = (0.0, 0.0)
    share: float = 0.0

    @property
    def bound(self) -> float:
        """Half the width of a uniform law: √3 standard deviations."""
        return math.sqrt(3.0) * self.sd

    def cdf(self, values: torch.Tensor) -> torch.Tensor:
        """Return the probability of a number at most as large, for each of `values` (any shape, float64)."""
        import torch

        centred = values - self.mean
        if self.kind == "uniform":
            return (centred / (2 * self.bound) + 0.5).clamp(0, 1)
        tail: torch.Tensor = torch.special.erfc(-centred / (self.sd * math.sqrt(2.0)))
        return tail / 2


def uniform(low: float, high: float) -> Law:
    """Return U(low, high).

    Example:
        >>> follows(draw.uniform(0, 2, 1000), uniform(0, 2), "the numbers")
    """
    return Law("uniform", (low + high) / 2, (high - low) / math.sqrt(12.0))


def normal(mean: float, sd: float) -> Law:
    """Return N(mean, sd²).

    Example:
        >>> follows(draw.normal(1000), normal(mean=0.0, sd=1.0), "the numbers")
    """
    return Law("normal", mean, sd)


def two_point(low: float, high: float, share: float) -> Law:
    """Return the law of numbers that are `high` with probability `share`, else `low`.

    Dropout with probability p turns ones into numbers of `two_point(0, 1 / (1 - p), 1 - p)`.

    Raises:
        ValueError: if `low` is not below `high`, or the share is not strictly between 0 and 1.

    Example:
        >>> law = two_point(0, 2, 0.5)
        >>> law.mean, law.sd, law.points
        (1.0, 1.0, (0, 2))
    """
    if not low < high or not 0 < share < 1:
        raise ValueError("a two-point law has low < high and a share strictly between 0 and 1")
    spread = (high - low) * math.sqrt(share * (1 - share))
    return Law("two-point", low + share * (high - low), spread, (low, high), share)


@dataclass(frozen=True, slots=True)
class Deviation:
    """The statistic in which a sample does not follow a law.

    `ratio` is the sample's value over the law's: of the variance, of the largest distance from the mean, or of the
    frequency of the upper point. For the mean it is the distance from the law's mean, in the sample's own standard
    deviations.
    """

    statistic: str
    ratio: float


# -- bounds ------------------------------------------------------------------------------------------------


def bernstein(n: int, variance: float, largest: float, alpha: float) -> float:
    """Return t with P(|mean of n terms| > t) ≤ alpha for independent centred terms.

    Bernstein: P(|S| > s) ≤ 2·exp(−s²/(2(nV + Ms/3))), solved for s = n·t at equality with alpha.

    Args:
        n: how many terms.
        variance: V of each.
        largest: M, no term is larger in magnitude.
        alpha: the probability.
    """
    log = math.log(2 / alpha)
    half = log * largest / 3
    return (half + math.sqrt(half**2 + 2 * log * n * variance)) / n


def kolmogorov(n: int, alpha: float) -> float:
    """Return ε with P(sup |Fₙ − F| > ε) ≤ alpha: 2·exp(−2nε²) = alpha, for any law and any n."""
    return math.sqrt(math.log(2 / alpha) / (2 * n))


def _largest_bounds(law: Law, n: int, alpha: float) -> tuple[float, float]:
    """Return the range of the largest distance from the mean, in units of the bound or of the standard deviation."""
    # Too small a maximum: all n are below it, (1 − p)ⁿ ≤ exp(−pn) = alpha/2.
    p = math.log(2 / alpha) / n
    if law.kind == "uniform":
        return 1 - p, 1.0
    # P(|z| > t) ≥ √(2/π)·t/(1 + t²)·exp(−t²/2) (Gordon); the t where that is p, found by bisection.
    low, high = 1.0, 12.0
    for _ in range(60):
        t = (low + high) / 2
        tail = math.sqrt(2 / math.pi) * t / (1 + t**2) * math.exp(-(t**2) / 2)
        low, high = (t, high) if tail > p else (low, t)
    return low, math.sqrt(2 * math.log(4 * n / alpha))


# -- one sample --------------------------------------------------------------------------------------------


def deviation(sample: torch.Tensor, law: Law, alarm: float = ALARM) -> Deviation | None:
    """Return how a sample differs from independent draws of a law, or None.

    Args:
        sample: at least 256 numbers; neighbours are compared along each of the first dimensions.
        law: what they should follow.
        alarm: the largest probability with which a sample of this law is called different.

    Raises:
        ValueError: for fewer numbers.
    """
    import torch

    n = sample.numel()
    if n < _ENOUGH:
        raise ValueError(f"{n} numbers are too few to judge; {_ENOUGH} are needed")
    eps = float(torch.finfo(sample.dtype).eps) if sample.is_floating_point() else 0.0
    values = (sample if n <= _MOST else sample.flatten()[:_MOST]).detach().to("cpu", torch.float64)
    if not bool(torch.isfinite(values).all()):
        return Deviation("finite", math.nan)
    alpha = alarm / _STATISTICS
    if law.kind == "two-point":
        return _two_points(values, law, alpha, eps)
    found = _moments(values, law, alpha) or _largest(values, law, alpha, eps) or _shape(values, law, alpha)
    return found or _dependence(values, law, alpha)


def _two_points(values: torch.Tensor, law: Law, alpha: float, eps: float) -> Deviation | None:
    """Judge a sample of a two-point law: its values, how often the upper one occurs, and neighbours."""
    import torch

    low, high = law.points
    slack = _ROUNDINGS * eps * max(abs(low), abs(high))
    upper = (values - high).abs() <= slack
    if not bool((upper | ((values - low).abs() <= slack)).all()):
        return Deviation("points", math.nan)
    share = law.share
    found = float(upper.double().mean())
    if abs(found - share) > bernstein(values.numel(), share * (1 - share), max(share, 1 - share), alpha):
        return Deviation("share", found / share)
    centred = torch.where(upper, 1 - share, -share).double()
    variance, largest = (share * (1 - share)) ** 2, max(share, 1 - share) ** 2
    for first, second in _pairs(centred):
        if first.numel():
            product = float((first * second).mean())
            if abs(product) > bernstein(first.numel(), variance, largest, alpha):
                return Deviation("independence", product / (share * (1 - share)))
    return None


def _moments(values: torch.Tensor, law: Law, alpha: float) -> Deviation | None:
    n = values.numel()
    log = math.log(2 / alpha)
    mean = float(values.mean())
    spread = float(values.var(correction=0)) / law.sd**2
    z = (mean - law.mean) / law.sd
    second = spread + z**2
    if law.kind == "uniform":
        # In units of the bound; a second moment of 1/3 there is 1 here.
        off_mean = bernstein(n, 1 / 3, 1, alpha) * math.sqrt(3.0)
        low = high = bernstein(n, 4 / 45, 2 / 3, alpha) * 3
    else:
        off_mean = math.sqrt(2 * log / n)
        low = 2 * math.sqrt(log / n)
        high = low + 2 * log / n
    within = abs(z) <= off_mean
    if within and 1 - low <= second <= 1 + high:
        return None
    # The variance about the sample's own mean comes first: a wrong width can move the mean, but not the reverse.
    if within or not 1 - low <= spread <= 1 + high:
        return Deviation("variance", spread)
    return Deviation("mean", (mean - law.mean) / (law.sd * math.sqrt(spread) or 1.0))


def _largest(values: torch.Tensor, law: Law, alpha: float, eps: float) -> Deviation | None:
    unit = law.bound if law.kind == "uniform" else law.sd
    reach = float((values - law.mean).abs().max()) / unit
    low, high = _largest_bounds(law, values.numel(), alpha)
    # The bound is computed in the sample's own dtype, and the mean may be far from zero.
    slack = _ROUNDINGS * eps * (1 + abs(law.mean) / unit)
    return None if low - slack <= reach <= high + slack else Deviation("range", reach)


def _shape(values: torch.Tensor, law: Law, alpha: float) -> Deviation | None:
    import torch

    n = values.numel()
    ranks = law.cdf(values.flatten()).sort().values
    steps = torch.arange(n + 1, dtype=torch.float64) / n
    distance = float(torch.maximum((steps[1:] - ranks).max(), (ranks - steps[:-1]).max()))
    return None if distance <= kolmogorov(n, alpha) else Deviation("shape", distance)


def _dependence(values: torch.Tensor, law: Law, alpha: float) -> Deviation | None:
    import torch

    distinct = torch.unique(values).numel() / values.numel()
    if distinct < _DISTINCT:
        return Deviation("repeats", distinct)
    # 2F(x) − 1 is uniform on [−1, 1] under either law, so one bound serves both.
    ranks = 2 * law.cdf(values) - 1
    for first, second in _pairs(ranks):
        found = correlated(first, second, alpha)
        if found is not None:
            return found
    return None


def _pairs(ranks: torch.Tensor) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    """Yield disjoint pairs: the two halves of the flat tensor, and neighbours along the first dimensions."""
    flat = ranks.flatten()
    half = flat.numel() // 2
    yield flat[:half], flat[half : 2 * half]
    for axis in range(min(ranks.dim(), _DIRECTIONS - 1)):
        even = ranks.shape[axis] // 2 * 2
        lined = ranks.movedim(axis, 0)[:even]
        yield lined[0::2], lined[1::2]


def correlated(first: torch.Tensor, second: torch.Tensor, alpha: float = ALARM) -> Deviation | None:
    """Return how two tensors depend on each other, or None; their numbers must be uniform on [−1, 1].

    Args:
        first: of any shape; every entry is independent of all the others.
        second: of the same shape.
        alpha: the largest probability with which independent tensors are called dependent.
    """
    if first.numel() == 0:
        return None
    product = float((first * second).mean())
    return None if abs(product) <= bernstein(first.numel(), 1 / 9, 1, alpha) else Deviation("independence", 3 * product)


# -- several laws, two samples -----------------------------------------------------------------------------


def recognised(sample: torch.Tensor, ideas: Mapping[str, Law | tuple[Law, ...]]) -> str | None:
    """Return the idea whose law (or one of its laws) the sample follows, None unless there is exactly one."""
    matching = [
        name
        for name, laws in ideas.items()
        if any(deviation(sample, law) is None for law in (laws if isinstance(laws, tuple) else (laws,)))
    ]
    return matching[0] if len(matching) == 1 else None


def alike(first: torch.Tensor, second: torch.Tensor, alarm: float = ALARM) -> bool:
    """Whether two samples of independent numbers can come from the same law, which need not be known.

    Each empirical distribution function is within its Kolmogorov bound of the law's function, so the two are within the
    sum of both bounds of each other; each bound takes half of `alarm`.

    Args:
        first: of any shape.
        second: of any shape and size.
        alarm: the largest probability with which two samples of one law are called different.

    Example:
        >>> alike(draw.normal(1000), draw.normal(2000))
        True
        >>> alike(draw.normal(1000), 3 * draw.normal(2000))
        False
    """
    import torch

    a, b = (t.detach().flatten()[:_MOST].to("cpu", torch.float64).sort().values for t in (first, second))
    points = torch.cat([a, b])
    fractions = [torch.searchsorted(t, points, right=True).double() / t.numel() for t in (a, b)]
    distance = float((fractions[0] - fractions[1]).abs().max())
    return distance <= kolmogorov(a.numel(), alarm / 2) + kolmogorov(b.numel(), alarm / 2)
