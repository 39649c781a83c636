"""One judge process: pytest with the hidden checks collected once, one zygote, one submission after another.

Started as `python -m autograder.engines.hidden.judge FD`; it takes its setup and its tasks from the coordinator on that
connection and ends when it closes.
"""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import sys
import traceback
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NoReturn

import pytest
from nbformat import NotebookNode

from autograder.course.assignment import Assignment, load_assignment
from autograder.course.notebook.read import Submission, load_template, parse_submission
from autograder.engines.base import Finished, JudgeSetup, Ready, Work
from autograder.engines.hidden.fixtures import NEEDLESS, stage_of
from autograder.engines.hidden.reuse import joined
from autograder.engines.hidden.scoring import Examination, Graded, Grader
from autograder.engines.hidden.standalone import REPLAY
from autograder.engines.hidden.texts import Outputs, empty_grade
from autograder.errors import AssignmentError, AutograderError, SandboxError, SubmissionRejected, SubmissionTooLarge
from autograder.files import explain
from autograder.sandbox import system
from autograder.sandbox.host import ZygoteProcess
from autograder.sandbox.spec import Tier
from autograder.verdict import Grade, Status

__all__ = ["Judge", "collect_and_serve"]


class Judge:
    """Holds what stays from one submission to the next, and starts a new zygote when one is lost."""

    def __init__(
        self, setup: JudgeSetup, assignment: Assignment, session: pytest.Session, zygote: ZygoteProcess
    ) -> None:
        import torch

        # There are as many judges as there is work for: threads of one would wait for those of another.
        torch.set_num_threads(1)
        self._setup = setup
        self._assignment = assignment
        self._template = load_template(assignment)
        self._outputs = Outputs(assignment)
        stage = stage_of(session.config)
        examination = Examination.from_items(session.items, assignment)
        self._grader = Grader(assignment, examination, stage, seed=setup.seed, device=setup.device)
        self._grader.prove_reference()
        self._zygote: ZygoteProcess | None = zygote
        # What is here now stays: collecting garbage need not look at it again.
        gc.collect()
        gc.freeze()
        zygote.wait_until_ready()

    def close(self) -> None:
        """End the zygote."""
        if self._zygote is not None:
            self._zygote.close()
            self._zygote = None

    def work(self, work: Work) -> Finished:
        """Grade one submission; whatever goes wrong on our side leaves it ungraded."""
        try:
            return self._grade(work)
        except SubmissionTooLarge as error:
            # Nothing of it ran, so it is no zero: a person raises the limit, or the student hands in less.
            return Finished(self._empty(work, Status.UNGRADED, str(error)))
        except SubmissionRejected as error:
            return self._outputs.of_rejected(self._empty(work, Status.REJECTED, str(error)))
        except Exception as error:  # noqa: BLE001 - our own fault must not cost the rest of the class
            traceback.print_exc()
            reason = f"the grader failed on this submission ({type(error).__name__}: {error}); grade again"
            return Finished(self._empty(work, Status.UNGRADED, reason))

    def _grade(self, work: Work) -> Finished:
        if work.content is None:
            kind = SubmissionTooLarge if work.too_large else SubmissionRejected
            raise kind(work.problem or "there is no notebook.")
        submission = _read(work, work.content, self._assignment, self._template)
        graded: Graded | None = None
        for last in (False, True):
            try:
                if self._zygote is None:
                    self._zygote = _start_zygote(self._setup, self._assignment)
                graded = self._grader.grade(work.student, submission, self._zygote, only=work.exercises)
                if not graded.killed:
                    break
                # By somebody outside, or by the system that had no memory left: what it was at may be innocent.
            except SandboxError:
                # Once more with a new zygote: this one may have died for reasons of its own.
                self.close()
                if last:
                    raise
        assert graded is not None
        graded = replace(graded, grade=joined(graded.grade, work.kept, self._assignment))
        return self._outputs.of_graded(graded, submission)

    def _empty(self, work: Work, status: Status, reason: str) -> Grade:
        return empty_grade(self._assignment, self._setup, work.student, work.sha256, status, reason)


def _read(work: Work, content: bytes, assignment: Assignment, template: NotebookNode) -> Submission:
    """Read the notebook, with what the coordinator found out about its file.

    Raises:
        SubmissionRejected: if it cannot be graded; says what else was handed in.
    """
    try:
        submission = parse_submission(content, assignment, template)
    except SubmissionTooLarge:
        raise
    except SubmissionRejected as error:
        raise SubmissionRejected(" ".join(filter(None, [*work.notes, str(error), work.folder]))) from None
    # The digest is that of the file: what was dropped while it was read makes no other submission of it.
    return replace(submission, sha256=work.sha256, notes=(*work.notes, *submission.notes), review=work.review)


def _start_zygote(setup: JudgeSetup, assignment: Assignment) -> ZygoteProcess:
    return ZygoteProcess(
        Tier(setup.tier), device=setup.device, hidden=[setup.course_root], forbidden=assignment.forbidden
    )


class _Replay:
    """The pytest plugin that takes the test loop over."""

    def __init__(
        self, connection: Connection, setup: JudgeSetup, assignment: Assignment, zygote: ZygoteProcess
    ) -> None:
        self._connection = connection
        self._setup = setup
        self._assignment = assignment
        self._zygote = zygote
        self._problems: list[str] = []

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Remember what could not be collected."""
        if report.failed:
            self._problems.append(f"{report.nodeid}: {report.longrepr}")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Serve the coordinator until it hangs up."""
        if self._problems:
            raise AssignmentError(f"the hidden checks cannot be collected: {self._problems[0][-1500:]}")
        judge = Judge(self._setup, self._assignment, session, self._zygote)
        try:
            self._connection.send(Ready())
            while True:
                try:
                    work = self._connection.recv()
                except EOFError:
                    return True
                self._connection.send(judge.work(work))
        finally:
            judge.close()


def collect_and_serve(connection: Connection) -> None:
    """Take the setup, collect the checks with pytest, and serve; tell the coordinator what prevents it."""
    setup: JudgeSetup = connection.recv()
    problem: tuple[str, bool] | None = None
    try:
        assignment = load_assignment(setup.course_root, setup.slug)
        # It warms up while this process imports torch and collects the checks.
        with _start_zygote(setup, assignment) as zygote:
            code = _run_pytest(assignment.checks_dir, _Replay(connection, setup, assignment, zygote))
        if code not in {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED}:
            problem = (f"pytest ended with {code!r}", False)
    except AssignmentError as error:
        problem = (str(error), True)
    except AutograderError as error:
        problem = (str(error), False)
    except (EOFError, BrokenPipeError):
        return
    except OSError as error:
        problem = (explain(error), False)
    if problem is not None:
        with contextlib.suppress(OSError):  # the coordinator may have heard it from another judge
            connection.send(Ready(problem[0], final=problem[1]))


def _run_pytest(checks: Path, replay: _Replay) -> int:
    arguments = [
        str(checks),
        f"--rootdir={checks.parent}",
        f"--confcutdir={checks.parent}",
        "-c",
        os.devnull,
        "--import-mode=importlib",
        "--assert=plain",
        "--capture=no",
        "-p",
        "autograder.engines.hidden.fixtures",
    ]
    for name in NEEDLESS:
        arguments += ["-p", f"no:{name}"]
    sys.dont_write_bytecode = True
    caught: list[BaseException] = []

    class Guard:
        """Keeps the exception that pytest would turn into an exit code."""

        @pytest.hookimpl(wrapper=True, tryfirst=True)
        def pytest_runtestloop(self, session: pytest.Session):  # type: ignore[no-untyped-def]  # noqa: ANN202
            session.config.stash[REPLAY] = True
            try:
                return (yield)
            except BaseException as error:
                caught.append(error)
                raise

    code = int(pytest.main(arguments, plugins=[Guard(), replay]))
    if caught:
        raise caught[0]
    return code


def _end(*_: object) -> NoReturn:
    """Leave in good order, so that the zygote and its workers are gone before this process is."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise SystemExit(0)


def main() -> None:
    """Serve on the connection whose descriptor is the first argument."""
    # Whatever ends the coordinator ends this process, and the end of this one ends its zygote and workers.
    system.die_with_parent()
    if os.getppid() != int(sys.argv[2]):
        return
    signal.signal(signal.SIGTERM, _end)
    collect_and_serve(Connection(int(sys.argv[1])))


if __name__ == "__main__":
    main()
