"""Collect an assignment's hidden checks with pytest, once, and run the grader in place of pytest's test loop."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from autograder.engines.hidden.fixtures import NEEDLESS

__all__ = ["Collection", "collect_checks"]


@dataclass(frozen=True, slots=True)
class Collection:
    """How collecting ended: the files that cannot be collected, each with pytest's report, and pytest's exit code."""

    problems: tuple[tuple[str, str], ...]
    code: int


def collect_checks(checks: Path, use: Callable[[pytest.Session], None]) -> Collection:
    """Collect the checks in a folder; if all can be collected, call `use` with pytest's session.

    Raises:
        BaseException: what `use` raises; pytest alone would turn it into an exit code.
    """
    loop = _Loop(use)
    arguments = [
        str(checks),
        f"--rootdir={checks.parent}",
        f"--confcutdir={checks.parent}",
        *("-c", os.devnull),
        "--import-mode=importlib",
        "--assert=plain",
        "--capture=no",
        *("-p", "autograder.engines.hidden.fixtures"),
        # The hooks of this plugin would grade the reference.
        *("-p", "no:autograder"),
        *(word for name in NEEDLESS for word in ("-p", f"no:{name}")),
    ]
    sys.dont_write_bytecode = True
    code = int(pytest.main(arguments, plugins=[loop]))
    if loop.caught is not None:
        raise loop.caught
    return Collection(tuple(loop.problems), code)


class _Loop:
    """The pytest plugin that replaces the test loop."""

    def __init__(self, use: Callable[[pytest.Session], None]) -> None:
        self._use = use
        self.problems: list[tuple[str, str]] = []
        self.caught: BaseException | None = None

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Remember the files that could not be collected."""
        if report.failed:
            self.problems.append((report.nodeid, str(report.longrepr)))

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Call `use` instead of running the tests."""
        if not self.problems:
            try:
                self._use(session)
            except BaseException as error:  # noqa: BLE001 - pytest would turn it into an exit code
                self.caught = error
        return True
