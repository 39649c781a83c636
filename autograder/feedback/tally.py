"""What a class got wrong most often, and where the assignment itself may be what is wrong."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from autograder.feedback.text import one_line
from autograder.verdict import NOT_IMPLEMENTED, Grade, Outcome

__all__ = ["Count", "Tally"]

#: When more than this part of a class makes one mistake, the text or the check may mislead.
ALERT_SHARE = 0.2
#: In a class of four, one student is no pattern.
ALERT_MIN = 3

_Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Count:
    """How many students something happened to, in one exercise."""

    name: str
    exercise: str
    title: str
    count: int


class Tally:
    """Counts over graded submissions; a student counts once in each row."""

    def __init__(self, graded: Sequence[Grade]) -> None:
        self._students = len(graded)
        self._diagnoses: dict[_Key, set[str]] = defaultdict(set)
        self._checks: dict[_Key, set[str]] = defaultdict(set)
        for grade in graded:
            for e in grade.exercises:
                if e.diagnosis:
                    self._diagnoses[e.diagnosis, e.id, one_line(e.diagnosis_title or "")].add(grade.student)
                if e.diagnosis == NOT_IMPLEMENTED:
                    continue  # An empty stub says nothing about a check.
                for c in e.checks:
                    if c.outcome not in {Outcome.PASSED, Outcome.SKIPPED}:
                        self._checks[c.name, e.id, one_line(c.title or c.name)].add(grade.student)

    def diagnoses(self) -> tuple[Count, ...]:
        """Return the diagnoses per exercise, the most frequent first."""
        return _ranked(self._diagnoses)

    def failed_checks(self) -> tuple[Count, ...]:
        """Return the checks that were run and not passed, the most frequent first."""
        return _ranked(self._checks)

    def alerts(self) -> tuple[str, ...]:
        """Name each diagnosis, and each exercise with a check, that more than a fifth of the class shares."""
        found = []
        shared: dict[str, set[str]] = defaultdict(set)
        for (name, _, _), students in self._diagnoses.items():
            if name != NOT_IMPLEMENTED:
                shared[name] |= students
        for name, students in sorted(shared.items(), key=lambda item: (-len(item[1]), item[0])):
            if self._many(len(students)):
                where = sorted({exercise for (n, exercise, _) in self._diagnoses if n == name})
                found.append(
                    f"{len(students)} of {self._students} share the diagnosis {name} "
                    f"({', '.join(where)}): look whether the text misleads."
                )
        by_exercise: dict[str, list[Count]] = defaultdict(list)
        for c in self.failed_checks():
            if self._many(c.count):
                by_exercise[c.exercise].append(c)
        for exercise, counts in by_exercise.items():
            more = f", and {len(counts) - 1} more of its checks fail as widely" if len(counts) > 1 else ""
            found.append(
                f"{counts[0].count} of {self._students} do not pass “{counts[0].title}” "
                f"in {exercise}{more}: look at the check and the text."
            )
        found += [
            f"{c.count} of {self._students} left {c.exercise} untouched."
            for c in self.diagnoses()
            if c.name == NOT_IMPLEMENTED and self._many(c.count)
        ]
        return tuple(found)

    def _many(self, count: int) -> bool:
        return count >= ALERT_MIN and count > ALERT_SHARE * self._students


def _ranked(found: dict[_Key, set[str]]) -> tuple[Count, ...]:
    counts = [Count(*key, len(students)) for key, students in found.items()]
    return tuple(sorted(counts, key=lambda c: (-c.count, c.exercise, c.name)))
