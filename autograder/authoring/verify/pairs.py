"""Every two wrong ideas at once, as a student's work: each pair is told from all other work, and none misleads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from autograder.authoring.verify.findings import Finding, PairReport
from autograder.authoring.verify.progress import VerifyProgress
from autograder.authoring.verify.rehearsal import Collected, Rehearsal
from autograder.authoring.verify.sources import relative
from autograder.authoring.verify.strangers import strangers
from autograder.course.notebook.variants import reference_of
from autograder.engines.hidden.diagnosis import same_answers
from autograder.engines.hidden.ideas import NamedIdeas, Pair

__all__ = ["try_pairs"]

#: Pairs that are alike with one seed's inputs may differ with another's; more seeds rarely find others.
SEEDS = 3
#: What a pair can be, worst first: where seeds differ, the worst counts.
_KINDS = ("misleading", "right", "twin", "third", "own", "unique")


def try_pairs(
    collected: Collected, seeds: Sequence[int], broken: set[str], progress: VerifyProgress
) -> tuple[PairReport, list[Finding]]:
    """Compose every two ideas of an exercise, and diagnose each composition as a student's answer would be.

    Args:
        collected: the assignment's checks.
        seeds: the seeds of the inputs; only the first few are tried.
        broken: the exercises whose checks the reference itself does not pass.
        progress: is told how far this is.
    """
    kinds: dict[tuple[str, tuple[str, str]], str] = {}
    findings: list[Finding] = []
    strange = 0
    exercises = [e.id for e in collected.exercises if e.id not in broken]
    progress.part(collected.assignment.slug, "pairs of ideas", len(seeds[:SEEDS]) * len(exercises))
    for seed in seeds[:SEEDS]:
        rehearsal = collected.rehearsal(seed)
        for exercise in exercises:
            rehearsal.remember(exercise)
            for pair, kind, named in _tried(rehearsal, exercise):
                key = (exercise, pair.ids)
                kinds[key] = min(kinds.get(key, kind), kind, key=_KINDS.index)
                if kind == "misleading":
                    findings.append(_finding(collected, exercise, pair, named, seed))
            if seed == seeds[0]:
                tried, false = _strangers(collected, rehearsal, exercise, seed)
                strange += tried
                findings += false
            progress.step()
    counts = Counter(kinds.values())
    report = PairReport(
        composed=len(kinds),
        unique=counts["unique"],
        own=counts["own"],
        third=counts["third"],
        twins=counts["twin"],
        right=counts["right"],
        strangers=strange,
    )
    return report, findings


def _strangers(collected: Collected, rehearsal: Rehearsal, exercise: str, seed: int) -> tuple[int, list[Finding]]:
    """Diagnose code that shows no two ideas; return how many there were, and those that are taken for a pair."""
    ideas = rehearsal.grader.ideas(exercise)
    definition = reference_of(collected.assignment.solution_path).definitions.get(exercise)
    if definition is None or not ideas.pairs():
        return 0, []
    findings, count = [], 0
    for what, names in strangers(exercise, definition, rehearsal.grader.reference):
        named = rehearsal.named(exercise, names)
        count += named is not None
        if named is not None and named.how in {"pair", "partly"}:
            findings.append(
                Finding(
                    relative(collected.assignment.solution_path, collected.assignment),
                    f"{what} is taken for {' and '.join(named.ids)}",
                    "let a check tell them apart: inputs on which these answers differ",
                    exercise,
                    seeds=(seed,),
                )
            )
    return count, findings


def _tried(rehearsal: Rehearsal, exercise: str) -> Iterator[tuple[Pair, str, NamedIdeas]]:
    ideas = rehearsal.grader.ideas(exercise)
    for pair in ideas.pairs():
        for names in ideas.namespaces(pair):
            named = rehearsal.named(exercise, names)
            kind = _kind(pair, named)
            if kind == "misleading" and named is not None and _answers_like(rehearsal, exercise, names, named.ids):
                kind = "third"
            yield pair, kind, named or NamedIdeas()


def _answers_like(rehearsal: Rehearsal, exercise: str, names: Mapping[str, Any], ids: Sequence[str]) -> bool:
    """Whether another pair, these ideas, has a form with the same answers to all checks: then its name is true too."""
    mine = rehearsal.answers(exercise, names)
    ideas = rehearsal.grader.ideas(exercise)
    return any(
        all(t.passed == u.passed and same_answers(t.answers, u.answers) for t, u in zip(mine, theirs, strict=True))
        for pair in ideas.pairs()
        if set(pair.ids) == set(ids)
        for theirs in (rehearsal.answers(exercise, other) for other in ideas.namespaces(pair))
    )


def _kind(pair: Pair, named: NamedIdeas | None) -> str:
    """Return what a composition is taken for: itself, one of its ideas, a third one, nothing, or right work."""
    if named is None:
        return "right"
    found = set(named.ids)
    if found == set(pair.ids):
        return "unique"
    if not found:
        return "twin"
    if found < set(pair.ids):
        return "own"
    # The very same answers are the same mistake under another name; anything else would be a false name.
    return "third" if named.how in {"one", "apart"} else "misleading"


def _finding(collected: Collected, exercise: str, pair: Pair, named: NamedIdeas, seed: int) -> Finding:
    first = collected.assignment.secret_dir / "misconceptions" / f"{pair.ids[0].replace('-', '_')}.py"
    return Finding(
        relative(first, collected.assignment),
        f"together with {pair.ids[1]} it is taken for {' and '.join(named.ids)}",
        "let a check tell them apart: inputs on which these answers differ",
        exercise,
        seeds=(seed,),
    )
