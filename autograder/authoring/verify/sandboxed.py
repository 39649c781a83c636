"""Grades whole notebooks in a real, confined worker: the released one, the reference's, and each variant's."""

from __future__ import annotations

import contextlib
import inspect
import tempfile
from collections.abc import Iterator
from pathlib import Path

import nbformat

from autograder.authoring.release import release
from autograder.authoring.verify.findings import Finding
from autograder.authoring.verify.lending import decoys
from autograder.authoring.verify.progress import VerifyProgress
from autograder.authoring.verify.refused import refused_names
from autograder.authoring.verify.rehearsal import Collected, defined_by
from autograder.authoring.verify.sources import relative, variants
from autograder.course.assignment import MAX_CONVENTION_SHARE, Assignment, Exercise
from autograder.course.layout import Course
from autograder.course.notebook.compose import compose_submission, without_shows
from autograder.course.notebook.read import Submission, load_template, parse_submission
from autograder.engines.hidden.diagnosis import Misconception, load_module
from autograder.engines.hidden.scoring import Graded, Grader
from autograder.errors import AssignmentError, SubmissionRejected
from autograder.sandbox.host import ZygoteProcess
from autograder.sandbox.probe import choose_tier
from autograder.sandbox.spec import Tier
from autograder.verdict import NOT_IMPLEMENTED, ExerciseResult, Outcome

__all__ = ["grade_notebooks"]


def grade_notebooks(collected: Collected, seed: int, progress: VerifyProgress) -> tuple[list[Finding], int, str]:
    """Grade one notebook for the template, the reference and each variant, as a batch would.

    Returns:
        The findings, the number of notebooks, and the tier of isolation.

    Raises:
        GraderFault: if the sandbox or nbgrader fails.
    """
    assignment = collected.assignment
    tier = choose_tier(Tier.C).tier
    wanted = {e.id for e in collected.exercises}
    honest, wrong, ways = (
        [path for path in variants(assignment, folder) if wanted & set(defined_by(path, assignment))]
        for folder in ("honest", "misconceptions", "ways")
    )
    progress.part(assignment.slug, "notebooks through the sandbox", 2 + len(honest) + len(wrong) + len(ways))
    root = assignment.secret_dir.parent.parent
    with ZygoteProcess(
        tier, hidden=[root], forbidden=assignment.forbidden, forbidden_lists=assignment.forbidden_lists
    ) as zygote:
        grader = collected.grader(seed)
        for exercise in collected.exercises:
            # A batch does it too, and allows as large answers as the reference gives. What the reference does not pass
            # is told where it is tried in this process.
            with contextlib.suppress(AssignmentError):
                grader.examiner.rehearse(exercise.id)
        class_ = _Class(collected, grader, zygote)
        found = list(class_.released())
        progress.step()
        found += class_.right(assignment.solution_path, "the reference")
        progress.step()
        for path in honest:
            found += class_.right(path, "right work")
            progress.step()
        found += refused_names(assignment, zygote)
        for path in ways:
            found += class_.way(path)
            progress.step()
        count = 2 + len(honest) + len(wrong) + len(ways)
        for exercise in collected.exercises:
            for more in class_.lent(exercise):
                found += more
                count += 1
        for path in wrong:
            found += class_.wrong(class_.known(path))
            progress.step()
    return found, count, tier.value


class _Class:
    """One notebook after another in one sandbox."""

    def __init__(self, collected: Collected, grader: Grader, zygote: ZygoteProcess) -> None:
        self._assignment: Assignment = collected.assignment
        self._only = collected.only
        self._grader = grader
        self._zygote = zygote
        self._template = load_template(collected.assignment)

    def known(self, path: Path) -> Misconception:
        """Return the misconception of that file."""
        return next(m for m in self._grader.misconceptions if m.path == path)

    def released(self) -> Iterator[Finding]:
        """Release the assignment, run what students get, and grade it: every cell must run, and nothing may score."""
        template = self._assignment.template_path
        with tempfile.TemporaryDirectory() as folder:
            content = release(Course(Path(folder)), self._assignment).read_bytes()
        graded, submission = self._grade(content)
        yield from self._cells(graded, submission, template, "in the released notebook")
        for result in graded.grade.exercises:
            for check in result.checks:
                if check.outcome is Outcome.PASSED:
                    yield self._finding(
                        template,
                        "the untouched template passes a check",
                        "let the check demand a value that only an implementation gives",
                        result.id,
                        check.name,
                    )
            if result.diagnosis not in {None, NOT_IMPLEMENTED}:
                yield self._finding(
                    template,
                    f"the untouched stub is diagnosed as {result.diagnosis}",
                    "let the stub end in `raise NotImplementedError`",
                    result.id,
                )

    def right(self, path: Path, who: str) -> Iterator[Finding]:
        """Find what right work loses, what it is suspected of, and cells of the template that raise with it."""
        try:
            graded, submission = self._grade(self._composed(path))
        except SubmissionRejected as error:
            yield self._finding(path, f"its notebook is rejected: {error}", "correct the variant")
            return
        yield from self._cells(graded, submission, path, f"with {who}")
        for result in graded.grade.exercises:
            for check in result.checks:
                if check.outcome is not Outcome.PASSED:
                    yield self._finding(
                        path,
                        f"{who} does not pass in the sandbox ({check.outcome}: {check.message})",
                        "correct the check if this code is right; if it passes outside, look at the limits in "
                        "assignment.toml and at what is forbidden there",
                        result.id,
                        check.name,
                    )
            if result.score < result.max_score and all(c.outcome is Outcome.PASSED for c in result.checks):
                yield self._finding(
                    path,
                    f"{who} passes and scores {float(result.score):g} of {float(result.max_score):g}: "
                    f"{' '.join(result.notes)}",
                    "use nothing that assignment.toml forbids, or allow it",
                    result.id,
                )
            if result.review:
                yield self._finding(
                    path,
                    f"{who} is sent to a person for review: {' '.join(result.notes)}",
                    "narrow what assignment.toml forbids, or change the variant",
                    result.id,
                )

    def wrong(self, known: Misconception) -> Iterator[Finding]:
        """Find points that a misconception loses in an exercise that it leaves right, or keeps in another."""
        try:
            # The template's pictures tell nothing about a wrong idea, and take most of the time.
            graded, _ = self._grade(self._composed(known.path, shows=False))
        except SubmissionRejected as error:
            yield self._finding(known.path, f"its notebook is rejected: {error}", "correct the variant")
            return
        spared = known.exercises | set(getattr(known.module, "ALSO_COSTS", ()))
        for result in graded.grade.exercises:
            if result.id in known.exercises:
                yield from self._own(known, result)
            elif result.id not in spared and result.score < result.max_score:
                lost = [c.name for c in result.checks if c.outcome is not Outcome.PASSED]
                yield self._finding(
                    known.path,
                    "loses points in an exercise that it leaves right",
                    "let that check not depend on the student's other functions, or, if the exercise is about using "
                    f"them, say ALSO_COSTS = [{result.id!r}] in the variant",
                    result.id,
                    ", ".join(lost),
                )

    def way(self, path: Path) -> Iterator[Finding]:
        """Find full marks for a way around what an exercise asks for, if no person is asked to look at it."""
        module = load_module(path, self._grader.reference)
        graded, _ = self._grade(self._composed(path, shows=False))
        for result in graded.grade.exercises:
            if result.id not in vars(module) or getattr(module, "OPEN", False):
                continue
            if result.score == result.max_score and not result.review:
                yield self._finding(
                    path,
                    "has full marks, and no person is asked to look",
                    "forbid or flag what it uses in assignment.toml; if that would hurt honest work, set OPEN = True "
                    "in this file",
                    result.id,
                )

    def lent(self, exercise: Exercise) -> Iterator[list[Finding]]:
        """Find points for work that only calls a lent function; yield one list for each such function."""
        toml = self._assignment.public_dir / "assignment.toml"
        for name in exercise.lends:
            if not inspect.isfunction(self._grader.reference.get(name)):
                yield [
                    self._finding(
                        toml,
                        f"lends {name}, which is no function in solution.py",
                        "lend pure functions of values alone: an object would have to live beside the student's code",
                        exercise.id,
                    )
                ]
                return
        with tempfile.TemporaryDirectory() as folder:
            for name, path in decoys(self._assignment, exercise, self._grader.reference, Path(folder)):
                graded, _ = self._grade(self._composed(path))
                result = next(e for e in graded.grade.exercises if e.id == exercise.id)
                gained = result.score > exercise.points * MAX_CONVENTION_SHARE
                yield [
                    self._finding(
                        toml,
                        f"lending {name} gives it away: a call of {name} alone earns {float(result.score):g} of "
                        f"{float(exercise.points):g} points",
                        f"take {name} out of its lends, or let its checks ask for more",
                        exercise.id,
                    )
                ] * gained

    def _own(self, known: Misconception, result: ExerciseResult) -> Iterator[Finding]:
        due = known.equals.get(result.id, known.id)
        if result.score >= result.max_score:
            yield self._finding(
                known.path, "loses nothing in the sandbox", "add a check that this idea fails", result.id
            )
        elif result.diagnosis != due:
            named = f"named {result.diagnosis}" if result.diagnosis else "not recognised"
            yield self._finding(
                known.path,
                f"should be named {due} and is {named} in the sandbox",
                "look for what differs between two runs of it: a clock, the order of a set, a seed of its own",
                result.id,
            )

    def _composed(self, path: Path, *, shows: bool = True) -> bytes:
        notebook = compose_submission(self._assignment, self._template, [path, self._assignment.solution_path])
        if not shows:
            notebook = without_shows(notebook, self._assignment)
        return str(nbformat.writes(notebook)).encode()

    def _grade(self, content: bytes) -> tuple[Graded, Submission]:
        submission = parse_submission(content, self._assignment, self._template)
        return self._grader.grade("verify", submission, self._zygote, only=self._only), submission

    def _cells(self, graded: Graded, submission: Submission, path: Path, when: str) -> Iterator[Finding]:
        """Find cells of the template that fail; a variant's extra cells may fail."""
        due = {c.source for c in self._template.cells} | {e.id for e in self._assignment.coded}
        for cell in submission.cells:
            outcome = graded.outcomes.get(cell.index)
            if outcome is None or not {cell.source, cell.name} & due:
                continue
            if outcome.fault is not None or outcome.timeout or outcome.crashed:
                fault = outcome.fault
                said = f"{fault.type}: {fault.message}" if fault is not None else "it ran out of time"
                yield self._finding(
                    path,
                    f"{cell.name} ends in {said} {when}",
                    "let the template's cell handle NotImplementedError, and let its examples agree with the solution",
                )

    def _finding(self, path: Path, problem: str, remedy: str, exercise: str = "", check: str = "") -> Finding:
        return Finding(relative(path, self._assignment), problem, remedy, exercise, check)
