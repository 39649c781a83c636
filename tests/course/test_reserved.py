"""The list of names that an exercise cannot have is as long as what it guards against, and no longer."""

from __future__ import annotations

import re
from pathlib import Path

import autograder
from autograder.authoring.verify import sources
from autograder.checks import Student
from autograder.course import reserved
from autograder.sandbox.worker import ops


def test_the_graders_own_attributes_are_those_of_a_student() -> None:
    """Any other attribute of `Student` would take a name away from exercises."""
    assert {name for name in dir(Student) if not name.startswith("_")} == reserved.STUDENT


def test_the_usual_modules_are_those_of_examples() -> None:
    """The worker, which imports nothing of ours, has the same list."""
    assert reserved.USUAL_MODULES == ops._USUAL


def test_what_variants_may_say_is_read_somewhere() -> None:
    """The code that reads variants uses each of these names."""
    package = Path(autograder.__file__).parent
    texts = [p.read_text(encoding="utf-8") for p in package.rglob("*.py") if p.name != "reserved.py"]
    asked = set(re.findall(r'getattr\([\w.]*module, "(\w+)"|"(EXTRA_CELLS)"', "\n".join(texts)))
    assert {a or b for a, b in asked} == reserved.VARIANT
    assert sources._KNOWN <= reserved.VARIANT
