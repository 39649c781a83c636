"""One function decides which characters of a foreign text are shown; three kinds of text go through it."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.course.characters import printable, uncoloured
from autograder.course.notebook.harmless import plain
from autograder.course.notebook.prose import visible
from autograder.feedback.text import clean

TOWER = "z" + "\u0300" * 6


@given(st.text())
def test_nothing_is_left_that_a_page_or_a_terminal_acts_on(text: str) -> None:
    """Visible characters, tabs and line ends stay; each other character is replaced by a sign, none disappears."""
    shown = printable(text)
    assert len(shown) == len(text)
    assert all(c.isprintable() or c in "\n\t" or unicodedata.category(c) == "Zs" for c in shown)
    assert all(new in {old, "\ufffd"} for old, new in zip(text, printable(text, joiners=True), strict=True))


@pytest.mark.parametrize("text", ["می\u200cخواهم", "👩\u200d🔬", "soft\u00adhyphen"])
def test_joiners_stay_where_they_are_asked_for(text: str) -> None:
    """A language and an emoji that need them stay intact in prose; in an entry of a list they are replaced."""
    assert printable(text, joiners=True) == text
    assert printable(text).count("\ufffd") == 1


@pytest.mark.parametrize("text", ["abc\u202ecba", "\u2066x", "\ufeffx", "a\u2028b", "\x9b1mx", "a\x00"])
def test_what_reverses_text_goes_all_the_same(text: str) -> None:
    """No reversal and no invisible separator stays in prose."""
    assert printable(text, joiners=True).count("\ufffd") == 1


@pytest.mark.parametrize("shown", [clean, plain, visible], ids=["pages", "outputs", "prose"])
def test_towers_of_marks_are_cut_everywhere(shown: object) -> None:
    """The output of a cell cannot cover the lines above it either."""
    assert callable(shown)
    assert shown(TOWER) == "z" + "\u0300" * 4 + "\ufffd" * 2


def test_colours_are_taken_out() -> None:
    """Also sequences with a colon or a question mark, which some programs write."""
    assert uncoloured("\x1b[1;31mred\x1b[0m \x1b[?25lhidden\x1b[38:5:1mx") == "red hiddenx"
