"""Fixtures for all tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tiny_course import TinyCourse, make_tiny_course

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def tiny(tmp_path: Path) -> TinyCourse:
    """Make a new tiny course."""
    return make_tiny_course(tmp_path / "course")
