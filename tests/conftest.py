"""Fixtures and rules for all tests.

If `CI` is set, a test that needs the real sandbox or a real browser must not be skipped: there, a skip is a failure.
Hypothesis then always tries the same examples.
"""

from __future__ import annotations

import functools
import os
import shutil
import sys
from typing import TYPE_CHECKING

import hypothesis
import pytest

from autograder.course import fast_imports as lean  # noqa: F401 - before nbformat, or each process takes a second more

# isort: split
from gradebook_courses import course, on_postgres, on_server, postgres, released, sqlite_course
from tiny_course import TinyCourse, make_tiny_course

from autograder.sandbox.forkserver import ForkServer, use
from autograder.sandbox.trees import remove_tree

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

#: Fixtures of several folders: imported once, here, because each import makes fixtures of its own.
__all__ = ["course", "on_postgres", "on_server", "postgres", "released", "sqlite_course"]

IN_CI = os.environ.get("CI", "").lower() not in {"", "0", "false"}
#: Tests with these marks must not be skipped there; there may be no GPU.
MUST_RUN = ("browser", "sandbox", "postgres")
LONGEST = (
    "test_corpus.py",
    "test_real.py",
    "test_parity.py",
    "test_files_and_kernels.py",
    "test_commands.py",
    "test_faults.py",
    "test_demo_class.py",
    "test_layers.py",
    "test_both_engines.py",
    "test_gradients.py",
    "test_grade_batch.py",
    "test_sequential.py",
    "test_doctor.py",
    "test_xavier.py",
    "test_formgrader_pages.py",
    "test_feedback_pages.py",
    "test_package.py",
    "test_whole_life.py",
    "test_cluster.py",
    "test_incremental.py",
    "test_late_batch.py",
    "test_fuzz_atheris.py",
)
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

# A machine with few cores stalls now and then: pytest-timeout limits the time.
hypothesis.settings.register_profile("here", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
hypothesis.settings.load_profile("ci" if IN_CI else "here")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out tests that run only when asked for, and begin with the files that take longest.

    The last tests run in one process alone.
    """
    if os.environ.get("AUTOGRADER_CORPUS", "") != "full":
        asked_for = [item for item in items if item.get_closest_marker("full")]
        config.hook.pytest_deselected(items=asked_for)
        items[:] = [item for item in items if item not in set(asked_for)]
    items.sort(key=lambda item: LONGEST.index(item.path.name) if item.path.name in LONGEST else len(LONGEST))


@pytest.fixture(scope="session", autouse=True)
def _one_load_of_torch() -> Iterator[None]:
    """Let one process load what all zygotes need, and make them, as it does for the judges of one batch."""
    if sys.platform != "linux":
        yield
        return
    with ForkServer() as server:
        use(server)
        yield
        use(None)


@pytest.fixture(scope="session", autouse=True)
def _one_look_at_nbgraders_migrations() -> Iterator[None]:
    """Ask alembic for the newest only once: nbgrader asks for every new gradebook, a second of processor time each."""
    import nbgrader.api

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(nbgrader.api, "get_alembic_version", functools.cache(nbgrader.api.get_alembic_version))
        yield


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail if a skip would hide that something was never tried."""
    report = yield
    marked = [name for name in MUST_RUN if item.get_closest_marker(name)]
    if IN_CI and marked and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"{' and '.join(marked)} tests must not be skipped in CI. {reason}"
    return report


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return Chromium's path; if there is none, skip the test, which is a failure in CI."""
    pytest.importorskip("playwright.sync_api")
    path = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if path is None:
        pytest.skip("there is no Chromium on the PATH")
    return path


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """A headless Chromium.

    For one module at a time: playwright keeps an event loop in this thread, so no code with asyncio may run then.
    """
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def deep_path(tmp_path: Path) -> Iterator[Path]:
    """Return a folder for trees deeper than Python's recursion limit, and remove it, also when the test fails.

    pytest removes old folders with a recursive function: one left here would stop the end of a later session.
    """
    folder = tmp_path / "deep"
    folder.mkdir()
    yield folder
    remove_tree(str(folder))


@pytest.fixture
def tiny(tmp_path: Path) -> TinyCourse:
    """Make a new tiny course."""
    return make_tiny_course(tmp_path / "course")
