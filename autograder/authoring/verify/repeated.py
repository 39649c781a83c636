"""Runs reference, stubs, honest and wrong variants through the checks of their exercises, with many seeds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from autograder.authoring.verify.findings import Finding, VariantRow
from autograder.authoring.verify.progress import VerifyProgress
from autograder.authoring.verify.rehearsal import Collected, Rehearsal, Verdict, defined_by
from autograder.authoring.verify.sources import relative, variants
from autograder.engines.hidden.diagnosis import Misconception
from autograder.sandbox.faults import StudentError

__all__ = ["Counts", "broken_examples", "kept_points", "repeat"]


@dataclass
class Counts:
    """How many runs of each kind there were, and, by exercise, which checks some wrong variant failed.

    `broken` are exercises whose checks the reference itself does not pass: they say nothing about a variant.
    """

    wrong: int = 0
    faulty: int = 0
    honest: int = 0
    runs: int = 0
    honest_runs: int = 0
    false_alarms: int = 0
    caught: dict[str, set[str]] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    #: For each exercise and variant's file, the checks that it failed with each seed.
    failed: dict[tuple[str, Path], list[tuple[str, ...]]] = field(default_factory=dict)


def repeat(collected: Collected, seeds: Sequence[int], progress: VerifyProgress) -> tuple[list[Finding], Counts]:
    """Try everything with every seed; a finding names the seeds that show it."""
    assignment = collected.assignment
    wanted = {e.id for e in collected.exercises}
    counts = Counts(caught={e: set() for e in wanted})
    pairs = {
        folder: [
            (path, e) for path in variants(assignment, folder) for e in defined_by(path, assignment) if e in wanted
        ]
        for folder in ("misconceptions", "faulty", "honest")
    }
    counts.wrong, counts.faulty, counts.honest = (len(pairs[f]) for f in ("misconceptions", "faulty", "honest"))
    progress.part(assignment.slug, "variants in this process", len(seeds) * sum(map(len, pairs.values())))
    found: list[Finding] = []
    for seed in seeds:
        trial = _Trial(collected.rehearsal(seed), seed, counts)
        found += trial.reference()
        found += trial.stubs()
        for folder, tried in (
            ("honest", trial.honest),
            ("misconceptions", trial.misconception),
            ("faulty", trial.faulty),
        ):
            for path, exercise in pairs[folder]:
                if exercise not in counts.broken:
                    found += tried(path, exercise)
                progress.step()
    found += _never_failed(collected, counts)
    return found, counts


@dataclass(frozen=True)
class _Trial:
    """Everything with one seed."""

    rehearsal: Rehearsal
    seed: int
    counts: Counts

    def reference(self) -> Iterator[Finding]:
        """Find checks that the reference does not pass; if there are none, remember its answers."""
        assignment = self.rehearsal.assignment
        for exercise in self.rehearsal.exercises:
            verdict = self.rehearsal.verdict(exercise.id, self.rehearsal.grader.reference)
            self._count(verdict)
            if verdict.failed:
                self.counts.broken.add(exercise.id)
            else:
                self.rehearsal.remember(exercise.id)
            remedy = "correct the check or the solution; nothing else of this exercise was tried, nor the sandbox"
            yield from self._lost(assignment.solution_path, exercise.id, verdict, "the reference", remedy)

    def stubs(self) -> Iterator[Finding]:
        """Find checks that pass although nothing was written."""
        names = self.rehearsal.stubs()
        for exercise in self.rehearsal.exercises:
            verdict = self.rehearsal.verdict(exercise.id, names)
            self.counts.runs += 1
            for info in self.rehearsal.checks(exercise.id):
                if info.name not in verdict.failed:
                    yield Finding(
                        relative(info.path, self.rehearsal.assignment),
                        "passes for the untouched template",
                        "let it demand a value as well, which only an implementation gives",
                        exercise.id,
                        info.name,
                        (self.seed,),
                    )

    def honest(self, path: Path, exercise: str) -> Iterator[Finding]:
        """Find checks that right work does not pass."""
        verdict = self.rehearsal.verdict(exercise, self.rehearsal.own(path))
        self._count(verdict)
        self._note(exercise, path, verdict)
        remedy = "correct the check if this code is right, else the variant; if few seeds show it, widen a bound"
        yield from self._lost(path, exercise, verdict, "right work", remedy)

    def misconception(self, path: Path, exercise: str) -> Iterator[Finding]:
        """Find a wrong idea that passes every check, or that is not recognised as itself."""
        known = self._known(path)
        verdict = self.rehearsal.verdict(exercise, self.rehearsal.own(path))
        self._note(exercise, path, verdict)
        self.counts.runs += 1
        self.counts.caught[exercise].update(verdict.failed)
        where = relative(path, self.rehearsal.assignment)
        due = known.equals.get(exercise, known.id)
        if not verdict.failed:
            yield Finding(
                where,
                "passes every check",
                "add a check, or inputs, on which this idea gives another answer than the reference",
                exercise,
                seeds=(self.seed,),
            )
            return
        if verdict.diagnosis != due:
            named = f"named {verdict.diagnosis}" if verdict.diagnosis else "not recognised"
            yield Finding(
                where,
                f"should be named {due} and is {named}",
                self._remedy(verdict.diagnosis, exercise, due),
                exercise,
                seeds=(self.seed,),
            )
        beyond = set(verdict.failed) - verdict.conventions
        if known.convention and beyond:
            yield Finding(
                where,
                "is a convention, but fails a check that is not marked with it",
                "let that check use inputs on which the conventions agree, or mark it with @pytest.mark.convention",
                exercise,
                ", ".join(sorted(beyond)),
                (self.seed,),
            )

    def faulty(self, path: Path, exercise: str) -> Iterator[Finding]:
        """Find a plain mistake that passes every check, or that is taken for a wrong idea."""
        names = self.rehearsal.own(path)
        verdict = self.rehearsal.verdict(exercise, names)
        self._note(exercise, path, verdict)
        self.counts.runs += 1
        self.counts.caught[exercise].update(verdict.failed)
        where = relative(path, self.rehearsal.assignment)
        due = names.get("EQUALS", {}).get(exercise)
        if not verdict.failed:
            remedy = "add a check, or inputs, on which this mistake shows"
            yield Finding(where, "passes every check", remedy, exercise, seeds=(self.seed,))
        elif verdict.diagnosis != due:
            yield Finding(
                where,
                f"is taken for {verdict.diagnosis}" if verdict.diagnosis else f"is not recognised as {due}",
                f"let a check tell the two apart, or say EQUALS = {{{exercise!r}: ID}} if that idea is the mistake",
                exercise,
                seeds=(self.seed,),
            )

    def _remedy(self, named: str | None, exercise: str, due: str) -> str:
        if not any(m.id == due and exercise in m.exercises for m in self.rehearsal.grader.misconceptions):
            return f"EQUALS names {due!r}, which has no form of this exercise; correct it"
        if named is None:
            return (
                "another variant may give the very same answers: let a check tell them apart, or say in EQUALS which "
                "of the two is named; or the answers differ between two runs of the same code"
            )
        return f"let a check tell the two apart, or say EQUALS = {{{exercise!r}: {named!r}}} if they are one idea"

    def _known(self, path: Path) -> Misconception:
        return next(m for m in self.rehearsal.grader.misconceptions if m.path == path)

    def _note(self, exercise: str, path: Path, verdict: Verdict) -> None:
        self.counts.failed.setdefault((exercise, path), []).append(verdict.failed)

    def _count(self, verdict: Verdict) -> None:
        self.counts.runs += 1
        self.counts.honest_runs += 1
        self.counts.false_alarms += bool(verdict.failed)

    def _lost(self, path: Path, exercise: str, verdict: Verdict, who: str, remedy: str) -> Iterator[Finding]:
        for check, message, fault in zip(verdict.failed, verdict.messages, verdict.faults, strict=True):
            yield Finding(
                relative(path, self.rehearsal.assignment),
                f"{who} does not pass ({fault or message})",
                remedy,
                exercise,
                check,
                (self.seed,),
            )


def kept_points(collected: Collected, counts: Counts) -> tuple[VariantRow, ...]:
    """Return for each variant and exercise the checks that it fails, and the points that it keeps."""
    rows = []
    for exercise in collected.exercises:
        infos = [info for _, info in collected.examination.checks[exercise.id]]
        whole = sum(info.weight for info in infos)
        for (identifier, path), seeds in counts.failed.items():
            if identifier != exercise.id:
                continue
            kept = []
            for failed in seeds:
                passed = sum(info.weight for info in infos if info.name not in failed)
                void = exercise.all_or_nothing and bool(failed)
                kept.append(Fraction(0) if void or not whole else exercise.points * passed / whole)
            ever = {name for failed in seeds for name in failed}
            rows.append(
                VariantRow(
                    exercise.id,
                    relative(path, collected.assignment),
                    {info.name: info.name in ever for info in infos},
                    min(kept),
                    max(kept),
                    exercise.points,
                )
            )
    return tuple(rows)


def broken_examples(collected: Collected) -> list[Finding]:
    """Find public examples that fail with the reference: nobody could be graded."""
    from autograder.engines.hidden.pictures import drawable

    reference = collected.grader(1).examiner.new_reference()
    where = relative(collected.assignment.public_dir / "assignment.toml", collected.assignment)
    found = []
    for exercise in collected.exercises:
        for what, source in (("the public example", exercise.example), ("the picture's code", exercise.drawn)):
            if source is None or (what != "the public example" and source == exercise.example):
                continue
            try:
                reference.tools.example(source)
            except StudentError as error:
                raised = f"{what} raises with the reference ({error.fault.type}: {error.fault.message})"
                remedy = "correct it, or import what it uses in solution.py; the sandbox was not tried"
                found.append(Finding(where, raised, remedy, exercise.id))
        spec = exercise.picture
        if spec is None or found:
            continue
        if exercise.drawn is None or not drawable(spec, reference.tools.example(exercise.drawn)):
            asked = {
                "path": "a tensor of points, shape (n, 2)",
                "curve": "a tensor or a list of numbers, or a dict of such",
                "histogram": "a tensor of at least 64 numbers",
            }
            remedy = f"let its code, or the example, give {asked[spec.kind]}"
            found.append(Finding(where, f"there is nothing to draw as a {spec.kind}", remedy, exercise.id))
    return found


def _never_failed(collected: Collected, counts: Counts) -> Iterator[Finding]:
    """Find checks that no wrong variant fails: perhaps they cannot fail."""
    for exercise, items in collected.examination.checks.items():
        for _, info in items if exercise in counts.caught and exercise not in counts.broken else ():
            if info.name not in counts.caught[exercise]:
                yield Finding(
                    relative(info.path, collected.assignment),
                    "is failed by no variant",
                    "write the mistake that it is there for into misconceptions/ or faulty/, or remove the check",
                    exercise,
                    info.name,
                )
