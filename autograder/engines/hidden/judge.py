"""The judge of hidden checks: pytest with the checks collected once, one zygote, one submission after another."""

from __future__ import annotations

import gc
from dataclasses import replace

import pytest
from nbformat import NotebookNode

from autograder.course.assignment import Assignment, load_assignment
from autograder.course.notebook.read import Submission, load_template, parse_submission
from autograder.engines.base import Finished, JudgeSetup, Work, empty_grade
from autograder.engines.hidden.collecting import collect_checks
from autograder.engines.hidden.fixtures import stage_of
from autograder.engines.hidden.reuse import joined
from autograder.engines.hidden.scoring import Examination, Graded, Grader
from autograder.engines.hidden.side_files import SideFiles
from autograder.engines.hidden.texts import Texts
from autograder.engines.judge import Serve, after_a_wait, announce, tried_twice, worked
from autograder.errors import AssignmentError, GraderFault, SubmissionRejected, SubmissionTooLarge
from autograder.sandbox.host import ZygoteProcess
from autograder.sandbox.session import session_limits
from autograder.sandbox.spec import Tier
from autograder.sentences import Sentence, say, together
from autograder.verdict import Status

__all__ = ["HiddenJudge", "run"]


class HiddenJudge:
    """Holds what stays the same from one submission to the next, and starts a new zygote when one is lost."""

    def __init__(
        self, setup: JudgeSetup, assignment: Assignment, session: pytest.Session, zygote: ZygoteProcess
    ) -> None:
        import torch

        # There are as many judges as there is work for: threads of one would wait for those of another.
        torch.set_num_threads(1)
        self._setup = setup
        self._assignment = assignment
        self._template = load_template(assignment)
        self._texts = Texts(assignment)
        stage = stage_of(session.config)
        examination = Examination.from_items(session.items, assignment)
        self._grader = Grader(assignment, examination, stage, seed=setup.seed, device=setup.device)
        announce("trying the checks on the reference solution")
        self._grader.prove_reference()
        self._side_files = SideFiles(assignment)
        self._zygote: ZygoteProcess | None = zygote
        # What is in memory now stays: the garbage collector need not look at it again.
        gc.collect()
        gc.freeze()
        announce("waiting for the process that students' code will run in")
        zygote.wait_until_ready()
        if setup.device == "cuda":
            # Before the first submission: a GPU that does not start now is our fault and no student's.
            self._side_files.fill(zygote, {})
            zygote.prove_device(session_limits(assignment.limits).worker)

    def close(self) -> None:
        """End the zygote."""
        if self._zygote is not None:
            self._zygote.close()
            self._zygote = None

    def work(self, work: Work) -> Finished:
        """Grade one submission; a failure of our own leaves it ungraded."""
        return worked(work, self._grade, self._rejected, self._ungraded)

    def _grade(self, work: Work) -> Finished:
        submission = _read(work, self._assignment, self._template)
        beside = {name: content for name, content in work.files.items() if not name.endswith(".ipynb")}

        def attempt() -> Graded:
            if self._zygote is None:
                self._zygote = _start_zygote(self._setup, self._assignment)
            self._side_files.fill(self._zygote, beside)
            return self._grader.grade(work.student, submission, self._zygote, beside=beside, only=work.exercises)

        graded = tried_twice(attempt, lambda g: g.killed, self.close)
        grade = joined(graded.grade, work.kept, self._assignment)
        if graded.starved and work.alone:
            grade = after_a_wait(grade)
        finished = self._texts.of_graded(replace(graded, grade=grade), submission)
        return replace(finished, alone=graded.starved)

    def _rejected(self, work: Work, reason: Sentence) -> Finished:
        return self._texts.of_rejected(empty_grade(self._assignment, self._setup, work, Status.REJECTED, reason))

    def _ungraded(self, work: Work, reason: Sentence) -> Finished:
        return Finished(empty_grade(self._assignment, self._setup, work, Status.UNGRADED, reason))


def run(setup: JudgeSetup, serve: Serve) -> None:
    """Collect the checks with pytest, whose loop then serves the coordinator.

    Raises:
        AssignmentError: if the assignment's own files are wrong.
        GraderFault: if pytest or the sandbox fails.
        DeviceFault: if the GPU does not start in a worker.
    """
    assignment = load_assignment(setup.course_root, setup.slug)
    announce("loading torch and the hidden checks")
    # The zygote warms up while this process imports torch and collects the checks.
    with _start_zygote(setup, assignment) as zygote:

        def judge(session: pytest.Session) -> None:
            judge = HiddenJudge(setup, assignment, session, zygote)
            try:
                serve(judge)
            finally:
                judge.close()

        collected = collect_checks(assignment.checks_dir, judge)
    if collected.problems:
        where, report = collected.problems[0]
        raise AssignmentError(f"the hidden checks cannot be collected: {f'{where}: {report}'[-1500:]}")
    if collected.code not in {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED}:
        raise GraderFault(f"pytest ended with {pytest.ExitCode(collected.code)!r}")


def _read(work: Work, assignment: Assignment, template: NotebookNode) -> Submission:
    """Read the notebook; add what the coordinator found out about its file.

    Raises:
        SubmissionRejected: if it cannot be graded; says what else was handed in.
        SubmissionTooLarge: if a limit is the reason.
    """
    content = work.files.get(f"{assignment.slug}.ipynb")
    if content is None:
        kind = SubmissionTooLarge if work.too_large else SubmissionRejected
        raise kind(work.problem or say("exercise.no-notebook"))
    try:
        submission = parse_submission(content, assignment, template)
    except SubmissionTooLarge:
        raise
    except SubmissionRejected as error:
        raise SubmissionRejected(together(*work.notes, error.reason, work.folder)) from None
    # The digest is of the file as it was handed in: parts that were dropped while it was read do not change it.
    return replace(submission, sha256=work.sha256, notes=(*work.notes, *submission.notes), review=work.review)


def _start_zygote(setup: JudgeSetup, assignment: Assignment) -> ZygoteProcess:
    return ZygoteProcess(
        Tier(setup.tier),
        device=setup.device,
        share=setup.share,
        hidden=[setup.course_root],
        forbidden=assignment.forbidden,
        forbidden_lists=assignment.forbidden_lists,
        beside=True,
    )
