"""Plain `pytest solutions/SLUG`: one notebook through a real worker, with pytest's own report."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.checks.assertions import current_device
from autograder.checks.student import RemoteTransport, Student, StudentCrashed
from autograder.course.assignment import Assignment, load_assignment
from autograder.engines.hidden.fixtures import CheckInfo, check_info, check_place, stage_of
from autograder.engines.hidden.run_check import ending_of
from autograder.engines.hidden.scoring import Examination, Grader
from autograder.engines.hidden.side_files import SideFiles
from autograder.errors import AutograderError
from autograder.sandbox.channel import Channel
from autograder.sandbox.device import resolve_device
from autograder.sandbox.host import ZygoteProcess
from autograder.sandbox.probe import choose_tier
from autograder.sandbox.session import Session, session_limits
from autograder.sandbox.spec import Tier

__all__ = ["PytestWorker", "graded_by_pytest"]


class PytestWorker:
    """The worker that the fixtures use while pytest runs the checks."""

    def __init__(self, grader: Grader, session: Session, check_s: float) -> None:
        self._grader = grader
        self._session = session
        self._check_s = check_s
        self._exercise: str | None = None
        self._channel: Channel | None = None
        self._broken = False
        self._student: Student | None = None
        self._transport: RemoteTransport | None = None
        self._passed: set[tuple[str, str]] = set()

    def before(self, item: pytest.Item, info: CheckInfo) -> None:
        """Set the stage for one check; skip the check if one that it needs did not pass."""
        missing = [n for n in info.needs if (info.exercise, n) not in self._passed]
        if missing:
            pytest.skip(f"needs {', '.join(missing)}")
        if info.exercise != self._exercise or self._broken:
            self.leave()
            self._exercise = info.exercise
            self._session.forbidden = self._grader.assignment.exercise(info.exercise).forbidden
            try:
                self._channel = self._session.fork()
            except StudentCrashed as crash:
                pytest.fail(str(crash), pytrace=False)
            self._transport = RemoteTransport(self._channel, self._check_s, listed=True)
            self._student = self._grader.examiner.new_student(self._transport)
        if self._transport is not None:
            self._transport.restart_clock(min(self._check_s, self._session.remaining_s))
        current_device.set(self._grader.device)
        stage = stage_of(item.config)
        stage.student = self._student
        stage.reference = self._grader.examiner.new_reference()

    def after(self, item: pytest.Item, info: CheckInfo, call: pytest.CallInfo[None], report: Any) -> None:
        """Turn what a check raised into the sentence that a student would read."""
        if call.excinfo is None:
            self._passed.add((info.exercise, info.name))
            return
        ending = ending_of(call.excinfo.value, call.duration, place=check_place(item))
        self._broken = ending.broken
        lines = [f"{info.exercise}: {info.title}", f"{ending.outcome}: {ending.message}"]
        if ending.fault is not None:
            where = f" ({ending.fault.cell}, line {ending.fault.line})" if ending.fault.cell else ""
            lines.append(f"{ending.fault.type}: {ending.fault.message}{where}")
        report.longrepr = "\n".join(lines)

    def leave(self) -> None:
        """End the copy of the state that was made for the current exercise."""
        if self._channel is not None:
            self._session.end_fork(self._channel, broken=self._broken)
        self._channel = None
        self._broken = False


@contextlib.contextmanager
def graded_by_pytest(session: pytest.Session) -> Iterator[PytestWorker | None]:
    """Grade `--submission`, or the reference, while pytest's test loop runs; yields None if there are no checks."""
    if not any(check_info(item) for item in session.items):
        yield None
        return
    try:
        with contextlib.ExitStack() as stack:
            scene = _open_scene(stack, session.items, session.config)
            yield scene
            scene.leave()
    except AutograderError as error:
        raise pytest.UsageError(str(error)) from None


def _open_scene(stack: contextlib.ExitStack, items: list[pytest.Item], config: pytest.Config) -> PytestWorker:
    from autograder.course.notebook.compose import compose_submission
    from autograder.course.notebook.read import load_template, read_submission

    assignment = _assignment_of(items)
    device = resolve_device(config.getoption("--device"))
    template = load_template(assignment)
    path: Path | None = config.getoption("--submission")
    if path is None:
        import nbformat

        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        path = folder / f"{assignment.slug}.ipynb"
        notebook = compose_submission(assignment, template, [assignment.solution_path])
        path.write_text(nbformat.writes(notebook), encoding="utf-8")
    submission = read_submission(path, assignment, template)
    stage = stage_of(config)
    examination = Examination.from_items(_complete(items, assignment), assignment)
    grader = Grader(assignment, examination, stage, seed=config.getoption("--seed"), device=device)
    tier = choose_tier(Tier.B).tier
    course = assignment.secret_dir.parent.parent
    zygote = stack.enter_context(
        ZygoteProcess(
            tier,
            device=device,
            hidden=[course],
            forbidden=assignment.forbidden,
            forbidden_lists=assignment.forbidden_lists,
            beside=True,
        )
    )
    SideFiles(assignment).fill(zygote, {})
    limits = session_limits(assignment.limits)

    exercises = [e.id for e in assignment.coded]
    run = Session(zygote, limits, submission.cells, exercises=exercises)
    stack.callback(run.close)
    run.run()
    return PytestWorker(grader, run, limits.check_s)


def _assignment_of(items: list[pytest.Item]) -> Assignment:
    folders = {item.path.parent.parent for item in items if check_info(item) is not None}
    if len(folders) != 1:
        one = min(folders).name if folders else "optimizers"
        raise pytest.UsageError(f"name the checks of one assignment at a time, such as: pytest solutions/{one}")
    folder = folders.pop()
    return load_assignment(folder.parent.parent, folder.name)


def _complete(items: list[pytest.Item], assignment: Assignment) -> list[pytest.Item]:
    """Return the collected items if every exercise has some, else none: after a selection (-k) some are missing."""
    present = {info.exercise for item in items if (info := check_info(item)) is not None}
    if present >= {e.id for e in assignment.coded}:
        return items
    return []
