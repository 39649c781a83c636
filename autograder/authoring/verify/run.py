"""The whole proof of one assignment."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from autograder.authoring.verify.findings import AssignmentReport, Finding, merged
from autograder.authoring.verify.progress import VerifyProgress
from autograder.course.assignment import Assignment, load_assignment
from autograder.course.nearest import or_rather
from autograder.errors import AssignmentError, UsageError

__all__ = ["VerifyOptions", "known_slugs", "verify_assignment"]


@dataclass(frozen=True, slots=True)
class VerifyOptions:
    """How thorough the proof is; without `sandbox` only the repeated part is done."""

    seeds: int = 20
    mutants: bool = False
    sandbox: bool = True
    #: Ids of the exercises to look at; empty for all.
    exercises: tuple[str, ...] = ()
    #: Whether the files are only read, and no code runs.
    static: bool = False


def known_slugs(root: Path) -> tuple[str, ...]:
    """Return the assignments of a course that have hidden checks.

    Raises:
        UsageError: if there is none.
    """
    found = sorted(p.parent.name for p in (root / "assignments").glob("*/assignment.toml"))
    own = tuple(slug for slug in found if (root / "solutions" / slug).is_dir())
    if not own:
        raise UsageError(
            f"{root} has no assignment with a folder under solutions/; `autograder new my-first` makes one."
        )
    return own


def verify_assignment(root: Path, slug: str, options: VerifyOptions, progress: VerifyProgress) -> AssignmentReport:
    """Prove one assignment of the course in `root`.

    Raises:
        AssignmentError: if there is no such assignment.
        GraderFault: if the sandbox or nbgrader fails.
    """
    started = time.perf_counter()
    if not (root / "assignments" / slug).is_dir() or not slug:
        load_assignment(root, slug)  # raises, and lists the assignments
    report = AssignmentReport(slug)
    try:
        assignment = load_assignment(root, slug)
        report = _examined(assignment, options, progress)
    except AssignmentError as error:
        finding = Finding(
            f"assignments/{slug} or solutions/{slug}",
            str(error).replace(f"{root}/", ""),
            "correct that first; nothing after it was tried",
        )
        report = replace(report, findings=(*report.findings, finding))
    return replace(report, seconds=time.perf_counter() - started)


def _examined(assignment: Assignment, options: VerifyOptions, progress: VerifyProgress) -> AssignmentReport:
    # These modules import torch, pytest and nbgrader; nothing else here needs them.
    from autograder.authoring.verify.mutants import try_mutants
    from autograder.authoring.verify.pairs import try_pairs
    from autograder.authoring.verify.rehearsal import Collected, collect
    from autograder.authoring.verify.repeated import broken_examples, kept_points, repeat
    from autograder.authoring.verify.sandboxed import grade_notebooks
    from autograder.authoring.verify.sources import examine_sources, variants
    from autograder.authoring.verify.static import examine_statically
    from autograder.feedback.text import points

    only = _wanted(assignment, options.exercises)
    findings = examine_sources(assignment)
    if options.static:
        return AssignmentReport(assignment.slug, findings=merged([*findings, *examine_statically(assignment)]))
    seeds = range(1, options.seeds + 1)
    parts: dict[str, Any] = {}
    # If the reference itself fails, later parts would only say so again.
    spoilt: list[Any] = []

    def use(collected: Collected) -> None:
        found, counts = repeat(collected, seeds, progress)
        findings.extend(found)
        parts.update(
            checks=sum(map(len, collected.examination.checks.values())),
            wrong=counts.wrong,
            faulty=counts.faulty,
            honest=counts.honest,
            runs=counts.runs,
            honest_runs=counts.honest_runs,
            false_alarms=counts.false_alarms,
        )
        parts["pairs"], found = try_pairs(collected, seeds, counts.broken, progress)
        findings.extend(found)
        broken = broken_examples(collected)
        findings.extend(broken)
        spoilt.extend([*broken, *counts.broken])
        if options.sandbox and not spoilt:
            found, parts["notebooks"], parts["tier"] = grade_notebooks(collected, seeds[0], progress)
            findings.extend(found)
        parts["variants"] = kept_points(collected, counts)

    collect(assignment, use, only)
    mutants = None
    if options.mutants and not spoilt:
        mutants, found = try_mutants(assignment, progress, only)
        findings.extend(found)
    written = sum((e.points for e in assignment.exercises if e.written), Fraction(0))
    return AssignmentReport(
        slug=assignment.slug,
        points=points(assignment.max_score),
        written_points=points(written),
        exercises=len(assignment.coded if only is None else only),
        misconceptions=len(variants(assignment, "misconceptions")),
        seeds=len(seeds),
        findings=merged(findings),
        mutants=mutants,
        **parts,
    )


def _wanted(assignment: Assignment, exercises: tuple[str, ...]) -> frozenset[str] | None:
    """Return the ids of the exercises to look at, None for all.

    Raises:
        UsageError: if there is no such exercise.
    """
    known = [e.id for e in assignment.coded]
    for name in exercises:
        if name not in known:
            raise UsageError(f"{assignment.slug} has no exercise {name!r}{or_rather(name, known)}")
    return frozenset(exercises) or None
