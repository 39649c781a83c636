"""One graded class and one server for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hostile.browser.hostile_class import HostileClass, Server, make_hostile_class, serve


@pytest.fixture(scope="session")
def hostile_class(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> HostileClass:
    """The graded class; without a browser nothing is graded."""
    return make_hostile_class(tmp_path_factory.mktemp("hostile") / "course")


@pytest.fixture(scope="session")
def server(hostile_class: HostileClass, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A Jupyter server with formgrader over that class."""
    with serve(hostile_class.root, tmp_path_factory.mktemp("jupyter") / "private") as started:
        yield started
