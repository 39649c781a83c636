"""What a proof found, ready to be shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from fractions import Fraction
from typing import Any

__all__ = ["AssignmentReport", "Finding", "MutantReport", "PairReport", "Survivor", "VariantRow", "merged"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with an assignment: where, what, and what to do about it.

    `exercise` and `check` are empty if the finding belongs to none; `seeds` are those that showed it, empty if the
    inputs do not matter.
    """

    file: str
    problem: str
    remedy: str
    exercise: str = ""
    check: str = ""
    seeds: tuple[int, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "file": self.file,
            "exercise": self.exercise or None,
            "check": self.check or None,
            "problem": self.problem,
            "remedy": self.remedy,
            "seeds": list(self.seeds),
        }


def merged(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings in order; merge those that differ only in their seeds."""
    by_text: dict[Finding, list[int]] = {}
    for finding in found:
        by_text.setdefault(replace(finding, seeds=()), []).extend(finding.seeds)
    return tuple(replace(f, seeds=tuple(dict.fromkeys(seeds))) for f, seeds in by_text.items())


@dataclass(frozen=True, slots=True)
class VariantRow:
    """The checks that one variant of an exercise fails, over all seeds, and the least and most points that it keeps."""

    exercise: str
    file: str
    #: For each check, whether the variant failed it with some seed.
    failed: Mapping[str, bool]
    least: Fraction
    most: Fraction
    points: Fraction

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "exercise": self.exercise,
            "file": self.file,
            "failed": [name for name, failed in self.failed.items() if failed],
            "kept": [float(self.least), float(self.most)],
            "points": float(self.points),
        }


@dataclass(frozen=True, slots=True)
class Survivor:
    """A change of the reference that no check noticed."""

    exercise: str
    operator: str
    line: int
    diff: str


@dataclass(frozen=True, slots=True)
class MutantReport:
    """How many changed references there were, and which of them passed every check.

    `equivalent` counts those that the assignment lists as no change in meaning. `killed` and `total` are by exercise,
    without those.
    """

    total: dict[str, int]
    killed: dict[str, int]
    equivalent: int
    survivors: tuple[Survivor, ...]
    seconds: float

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "mutants": sum(self.total.values()),
            "killed": sum(self.killed.values()),
            "equivalent": self.equivalent,
            "by_exercise": {e: {"mutants": n, "killed": self.killed.get(e, 0)} for e, n in self.total.items()},
            "survivors": [
                {"exercise": s.exercise, "operator": s.operator, "line": s.line, "diff": s.diff} for s in self.survivors
            ],
            "seconds": round(self.seconds, 3),
        }


@dataclass(frozen=True, slots=True)
class PairReport:
    """How many pairs of ideas can be composed, and whether they are told apart.

    `unique` are named as themselves; `own` give the answers of one of their two ideas, `third` those of another idea,
    or of another pair, which is named; `twins` give those of another pair, so nothing is named; `right` pass every
    check. `strangers` do nothing, or differ from the reference in one place: none of them may be taken for a pair.
    """

    composed: int = 0
    unique: int = 0
    own: int = 0
    third: int = 0
    twins: int = 0
    right: int = 0
    strangers: int = 0


@dataclass(frozen=True, slots=True)
class AssignmentReport:
    """One assignment's proof: what was tried, and what was found.

    `wrong`, `faulty` and `honest` count pairs of a variant and an exercise. `runs` counts how often such a pair went
    through the checks, over all seeds, and `false_alarms` how often right work (honest or the reference) lost points.
    """

    slug: str
    points: str = "0"
    written_points: str = "0"
    exercises: int = 0
    checks: int = 0
    misconceptions: int = 0
    wrong: int = 0
    faulty: int = 0
    honest: int = 0
    seeds: int = 0
    runs: int = 0
    honest_runs: int = 0
    false_alarms: int = 0
    notebooks: int = 0
    tier: str | None = None
    seconds: float = 0.0
    findings: tuple[Finding, ...] = field(default=())
    mutants: MutantReport | None = None
    variants: tuple[VariantRow, ...] = ()
    pairs: PairReport = field(default=PairReport())

    @property
    def sound(self) -> bool:
        """Whether nothing was found."""
        return not self.findings

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        names = (
            *("slug", "points", "written_points", "exercises", "checks", "misconceptions", "wrong", "faulty"),
            *("honest", "seeds", "runs", "honest_runs", "false_alarms", "notebooks", "tier"),
        )
        return {
            **{name: getattr(self, name) for name in names},
            "pairs": asdict(self.pairs),
            "sound": self.sound,
            "seconds": round(self.seconds, 3),
            "findings": [f.as_json() for f in self.findings],
            "mutants": None if self.mutants is None else self.mutants.as_json(),
            "variants": [row.as_json() for row in self.variants],
        }
