"""Plain `pytest solutions/SLUG`: the hooks that grade one notebook with pytest's own report.

`pytest solutions/optimizers` grades the reference, `--submission NOTEBOOK` any notebook, through a real worker.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from autograder.engines.hidden import fixtures
from autograder.engines.hidden.fixtures import check_info

if TYPE_CHECKING:
    from autograder.engines.hidden.standalone import PytestWorker

#: The worker of the notebook that is graded, None if there is none.
_SCENE: pytest.StashKey[PytestWorker | None] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options for grading one notebook with plain pytest."""
    group = parser.getgroup("autograder", "grading a notebook with an assignment's hidden checks")
    group.addoption("--submission", type=Path, metavar="NOTEBOOK", help="the notebook to grade; default: the reference")
    group.addoption("--device", default="cpu", choices=("cpu", "cuda", "auto"), help="where its code runs; default cpu")
    group.addoption("--seed", type=int, default=0, help="the seed of the inputs; default 0")


def pytest_configure(config: pytest.Config) -> None:
    """Register the fixtures and markers too."""
    if not config.pluginmanager.is_registered(fixtures):
        config.pluginmanager.register(fixtures, "autograder-fixtures")


@pytest.hookimpl(wrapper=True)
def pytest_runtestloop(session: pytest.Session) -> Iterator[None]:
    """Start a worker if any checks were collected."""
    from autograder.engines.hidden import standalone

    with standalone.graded_by_pytest(session) as scene:
        session.config.stash[_SCENE] = scene
        try:
            return (yield)
        finally:
            session.config.stash[_SCENE] = None


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Give each check the copy of the notebook's state that was made for its exercise."""
    info = check_info(item)
    scene = item.config.stash.get(_SCENE, None)
    if info is not None and scene is not None:
        scene.before(item, info)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Report a failure as a sentence instead of a traceback through the grader."""
    report = yield
    scene = item.config.stash.get(_SCENE, None)
    info = check_info(item)
    if scene is not None and info is not None and call.when == "call":
        scene.after(item, info, call, report)
    return report
