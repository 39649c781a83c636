"""Foreign text is made safe before it reaches a page, a terminal or a table."""

from __future__ import annotations

import unicodedata
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.feedback.text import and_more, clean, listed, one_line, points


@given(st.text())
def test_no_control_or_format_character_is_left(text: str) -> None:
    """For any text, only visible characters, tabs and line ends come out."""
    harmful = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    assert all(c in "\n\t" or unicodedata.category(c) not in harmful for c in clean(text))


@given(st.text(st.characters(max_codepoint=0x2FF, exclude_categories=("Cc", "Cf", "Cn"))))
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    """Letters, accents and symbols are not touched."""
    assert clean(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "\ufffdred\ufffd"),
        ("abc\u202ecba", "abc\ufffdcba"),
        ("\u2066x\u2069", "\ufffdx\ufffd"),
        ("a\x00b", "a\ufffdb"),
        ("one\r\ntwo", "one\ntwo"),
        ("one\rtwo", "one\ufffdtwo"),
        ("z" + "\u0300" * 6, "z" + "\u0300" * 4 + "\ufffd" * 2),
        ("Ünïcödé √v̂ + ε", "Ünïcödé √v̂ + ε"),
    ],
)
def test_tricks_become_visible(text: str, shown: str) -> None:
    """Terminal sequences, changes of writing direction and towers of marks are replaced in their place."""
    assert clean(text) == shown


def test_long_text_is_cut() -> None:
    """A megabyte does not reach the page, and the cut is visible."""
    assert clean("x" * 10**6, 100) == "x" * 100 + " …"


@given(st.text())
def test_one_line_is_one_line(text: str) -> None:
    """An entry of a list cannot look like two entries."""
    assert len(one_line(text).splitlines()) <= 1


def test_long_lists_are_cut_and_say_so() -> None:
    """The first ones are named, the others counted; a list that fits has only its names."""
    assert listed(["ada", "bob", "eve"], 2) == "ada, bob and 1 more"
    assert listed(range(3), 3) == "0, 1, 2"
    assert listed((str(i) for i in range(20)), 1) == "0 and 19 more"
    assert listed([]) == and_more(3, 3) == ""


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(63, 2), "31.5"),
        (Fraction(39), "39"),
        (Fraction(100), "100"),
        (Fraction(0), "0"),
        (Fraction(10, 3), "3.33"),
    ],
)
def test_points_have_no_trailing_zeros(value: Fraction, text: str) -> None:
    """Points read as a person writes them."""
    assert points(value) == text
