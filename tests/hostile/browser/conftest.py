"""One browser, one graded class, one server: for all tests of this folder."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from hostile.browser.hostile_class import HostileClass, Server, make_hostile_class, serve

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium; where there is none the test is skipped, which in CI is a failure."""
    sync_api = pytest.importorskip("playwright.sync_api")
    path = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if path is None:
        pytest.skip("there is no Chromium on the PATH")
    with sync_api.sync_playwright() as playwright:
        # Chromium has no sandbox of its own where root runs it.
        arguments = ["--no-sandbox"] if os.geteuid() == 0 or "CI" in os.environ else []
        chromium = playwright.chromium.launch(executable_path=path, args=arguments)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def hostile_class(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> HostileClass:
    """The graded class; after the browser, so that nothing is graded where there is none."""
    return make_hostile_class(tmp_path_factory.mktemp("hostile") / "course")


@pytest.fixture(scope="session")
def server(hostile_class: HostileClass, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A Jupyter server with formgrader over that class."""
    with serve(hostile_class.root, tmp_path_factory.mktemp("jupyter") / "private") as started:
        yield started
