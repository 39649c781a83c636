"""What a class got wrong most often, and where the assignment itself may be wrong."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from autograder.feedback.text import one_line
from autograder.verdict import NOT_IMPLEMENTED, ExerciseResult, Grade, Outcome

__all__ = ["Count", "Tally"]

#: When more than this part of a class makes one mistake, the text or the check may mislead.
ALERT_SHARE = 0.2
#: In a class of four, one student is no pattern.
ALERT_MIN = 3

_LONGEST = 160

_Key = tuple[str, str, str]
#: What answers have in common: a word for the kind, then the values.
_Common = tuple[str, ...]


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
        self._alike: dict[str, dict[_Common, dict[str, ExerciseResult]]] = defaultdict(lambda: defaultdict(dict))
        for grade in graded:
            for e in grade.exercises:
                if e.diagnosis:
                    self._diagnoses[e.diagnosis, e.id, one_line(e.diagnosis_title or "")].add(grade.student)
                if e.diagnosis == NOT_IMPLEMENTED:
                    continue  # An empty stub says nothing about a check.
                if not e.diagnosis:
                    for common in _commons(e):
                        self._alike[e.id][common][grade.student] = e
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
        """Name what more than a fifth of the class shares: a diagnosis, or answers that agree and have none.

        Many who fail one check in different ways show that it is hard; many who answer alike read the text alike.
        """
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
        for exercise, groups in self._alike.items():
            common, alike = max(groups.items(), key=lambda item: (len(item[1]), item[0]))
            if self._many(len(alike)):
                found.append(_unknown(exercise, common, list(alike.values()), self._students))
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


# -- answers that agree ------------------------------------------------------------------------------------


def _commons(result: ExerciseResult) -> list[_Common]:
    """Return what an answer may have in common with others: its numbers, those of the example, or its exception."""
    if all(c.outcome in {Outcome.PASSED, Outcome.SKIPPED} for c in result.checks):
        return []
    found: list[_Common] = []
    example, fault = result.example, result.fault
    if fault is not None and (fault.message or fault.type != "AssertionError"):
        found.append(("raised", fault.type, fault.message))
    elif example is not None and not example.agrees:
        found.append(("example", example.actual, example.expected))
    if result.alike and fault is None:
        found.append(("answers", result.alike))
    return found


def _unknown(exercise: str, common: _Common, results: Sequence[ExerciseResult], of: int) -> str:
    """Say what the answers of some students have in common, and where to look."""
    kind, *told = common
    if kind == "raised":
        what = f"their code raises {one_line(': '.join(filter(None, told)), _LONGEST)}"
    elif kind == "example":
        mine, due = (one_line(text, _LONGEST) for text in told)
        what = f"in the public example they all have {mine}, where {due} is expected"
    else:
        said = Counter(r.headline for r in results if r.headline).most_common(1)
        what = f"their numbers are the same; the first thing they read is “{one_line(said[0][0], 300)}”" if said else ""
        what = what or "their numbers are the same"
    lost = [{c.name: c.title or c.name for c in r.checks if c.outcome is not Outcome.PASSED} for r in results]
    every = [title for name, title in lost[0].items() if all(name in other for other in lost)]
    checks = ""
    if every:
        more = f" and {len(every) - 1} more" if len(every) > 1 else ""
        checks = f" All of them fail “{one_line(every[0], _LONGEST)}”{more}."
    return (
        f"{len(results)} of {of} answer {exercise} alike, and no known idea explains it: {what}.{checks} "
        f"Look whether the text of {exercise} can be read so. If it can, correct the text or the check; "
        "if not, write the idea into misconceptions/."
    )
