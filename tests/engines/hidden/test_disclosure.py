"""What a student may read about an exception: nothing that could hold a hidden input."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.engines.hidden.disclosure import MISSING_NAME, confirmed_fault, known_type
from autograder.verdict import StudentFault


@dataclass(frozen=True)
class Cell:
    """A code cell."""

    index: int
    name: str
    source: str


CELLS = [Cell(0, "scale", "def scale(x):\n    raise ValueError(x)")]
PUBLIC = StudentFault("ValueError", "tensor([1., 2.])", "scale", 2, "claimed")


def test_a_message_is_shown_only_where_the_public_example_gives_it() -> None:
    """If the public example raises the same exception in the same line, its message is told."""
    hidden = StudentFault("ValueError", "1234.5", "scale", 2, "1234.5")
    told = confirmed_fault(hidden, "scale", CELLS, None)
    assert told == StudentFault("ValueError", "", "scale", 2, "    raise ValueError(x)")
    told = confirmed_fault(hidden, "scale", CELLS, PUBLIC)
    assert told.message == "tensor([1., 2.])"
    assert confirmed_fault(hidden, "scale", CELLS, StudentFault("KeyError", "x", "scale", 2)).message == ""


def test_a_line_that_is_not_there_is_not_told() -> None:
    """Cell, line and source are the worker's claims; only what stands in the notebook is told."""
    for cell, line in (("scale", 3), ("other 1234.5", 1), (None, None)):
        told = confirmed_fault(StudentFault("ValueError", "x", cell, line, "1234.5"), "scale", CELLS, None)
        assert told == StudentFault("ValueError", "")


def test_only_pythons_own_exceptions_are_named() -> None:
    """The name of a class can be any text."""
    assert known_type("ZeroDivisionError") == "ZeroDivisionError"
    assert known_type("E_1234_5") is None
    assert known_type("print") is None
    assert confirmed_fault(StudentFault("E_1234_5", "x"), "scale", CELLS, None).type == "Exception"


def test_a_missing_name_is_the_exercises_own() -> None:
    """The name that a worker calls missing is not told."""
    told = confirmed_fault(StudentFault(MISSING_NAME, "1234.5"), "scale", CELLS, None)
    assert told == StudentFault(MISSING_NAME, "the notebook does not define scale")
