"""One graded class, one server: for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from hostile.browser.hostile_class import HostileClass, Server, make_hostile_class, serve

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def hostile_class(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> HostileClass:
    """The graded class; after the browser, so that nothing is graded where there is none."""
    return make_hostile_class(tmp_path_factory.mktemp("hostile") / "course")


@pytest.fixture(scope="session")
def server(hostile_class: HostileClass, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A Jupyter server with formgrader over that class."""
    with serve(hostile_class.root, tmp_path_factory.mktemp("jupyter") / "private") as started:
        yield started
