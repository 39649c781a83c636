"""The assignment whose pages are rendered."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.course.assignment import Assignment, load_assignment

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def assignment() -> Assignment:
    """The built-in assignment."""
    return load_assignment(ROOT, "optimizers")
