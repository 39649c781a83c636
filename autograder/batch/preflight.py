"""Before the class: the instructor's own notebooks, run once in judges and zygotes of their own, which then end."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from autograder.batch.executors.choose import Site
from autograder.batch.options import Progress
from autograder.batch.task import Task
from autograder.course.gradebook.directories import Handin
from autograder.engines.base import Engine, Finished, JudgeSetup, Preflight, Work
from autograder.files import write_atomically
from autograder.sentences import Sentence
from autograder.verdict import Status

__all__ = ["refusal", "run_preflight"]

#: Hidden, so that no student's id can be the same.
_NAME = ".preflight.json"


@dataclass(frozen=True, slots=True)
class _Instructor(Task):
    """The instructor's notebooks in the place of a submission."""

    def load(self) -> Work:
        """Return them."""
        work = self.engine.instructors_work()
        assert work is not None
        return work


def run_preflight(
    engine: Engine, setup: JudgeSetup, site: Site, folder: Path, temporary: Path, progress: Progress
) -> Preflight:
    """Return what a run of the instructor's notebooks finds; a run that found nothing missing is not repeated.

    Args:
        engine: of the assignment.
        setup: how the class will be graded.
        site: where.
        folder: where to keep what was found.
        temporary: for the judge's files.
        progress: it is told what happens.

    Raises:
        GraderFault: if nothing can be graded at all.
        AssignmentError: if the assignment's own files are wrong.
    """
    work = engine.instructors_work()
    if work is None:
        return Preflight()
    key = _key(engine, setup, work)
    known = _read(folder / _NAME, key)
    if known is not None:
        return known
    progress.say("The instructor's own notebook first …")
    task = _Instructor(engine, Handin("", folder, None), folder, folder)

    def lost(work: Work, reason: Sentence, *, broken: bool = False) -> Finished:
        return engine.broken(setup, work) if broken else engine.ungraded(setup, work, reason)

    executor = site.executor(setup, folder / ".grader.log", temporary, lost)
    with contextlib.closing(executor.run([task])) as events:
        finished = next(e for e in events if isinstance(e, Finished))
        # So that the judge and its zygotes end.
        for _ in events:
            pass
    found = engine.preflight(finished)
    for text in (*found.missing, *found.warnings):
        progress.say(f"note: {text}")
    if not found.missing and finished.grade.status is not Status.UNGRADED:
        _write(folder / _NAME, key, found)
    return found


def refusal(found: Preflight) -> str:
    """Return the message that says what is missing and what to do."""
    lines = "\n".join(f"  - {text}" for text in found.missing)
    return (
        f"The instructor's own notebook lacks something here, so nothing was graded:\n{lines}\n"
        "Put it right and run the command again, or grade all the same with --go-on."
    )


def _key(engine: Engine, setup: JudgeSetup, work: Work) -> str:
    """Return a digest of the notebooks, of what they are graded under, and of the packages that are installed."""
    empty = engine.ungraded(setup, work, Sentence()).grade
    digest = hashlib.sha256(f"{work.sha256} {engine.stamp(empty).fingerprint} {setup.tier} {setup.device}".encode())
    for folder in sorted({p for p in sys.path if p and os.path.isdir(p)}):
        for name in sorted(os.listdir(folder)):
            if name.endswith((".dist-info", ".egg-info", ".pth", ".egg-link")):
                digest.update(f"{folder}/{name}\0".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def _read(path: Path, key: str) -> Preflight | None:
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        data = json.loads(path.read_text(encoding="utf-8"))
        if data["key"] == key:
            return Preflight(warnings=tuple(map(str, data["warnings"])))
    return None


def _write(path: Path, key: str, found: Preflight) -> None:
    write_atomically(path, json.dumps({"key": key, "warnings": found.warnings}) + "\n")
