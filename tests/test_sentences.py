"""Sentences as data: the catalogue, and what the code says from it."""

from __future__ import annotations

import ast
import copy
import pickle
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.feedback.language import Language
from autograder.sentences import Catalogue, Sentence, Value, english, from_said, names_in, said, say, together, written

_PACKAGE = Path(__file__).parents[1] / "autograder"
_FIELD = re.compile(r"\{\{|\}\}|\{(\w+)\}")


def _trees() -> Iterator[tuple[Path, ast.Module]]:
    for file in sorted(_PACKAGE.rglob("*.py")):
        yield file, ast.parse(file.read_text(encoding="utf-8"))


def _fields(identifier: str) -> set[str]:
    return set.union(*names_in(english()[identifier]))


def _calls() -> Iterator[tuple[str, ast.Call]]:
    for file, tree in _trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say" and node.args:
                yield f"{file.relative_to(_PACKAGE)}:{node.lineno}", node


def test_each_sentence_that_the_code_says_is_in_the_catalogue_with_the_same_values() -> None:
    """A `say` with an id that is written out gives exactly the values that the template shows."""
    wrong = []
    for place, call in _calls():
        first = call.args[0]
        if not isinstance(first, ast.Constant) or not isinstance(first.value, str):
            continue
        given = {k.arg for k in call.keywords}
        if first.value not in english():
            wrong.append(f"{place}: no template {first.value}")
        elif None not in given and given != _fields(first.value):
            wrong.append(f"{place}: {first.value} has {_fields(first.value)}, not {given}")
    assert not wrong


def test_the_catalogue_holds_nothing_that_is_never_said() -> None:
    """Each id stands somewhere in the code, or in a template of a page."""
    texts = {n.value for _, t in _trees() for n in ast.walk(t) if isinstance(n, ast.Constant)}
    pages = "".join(p.read_text(encoding="utf-8") for p in (_PACKAGE.parent / "templates").rglob("*.j2"))
    assert not [name for name in english() if name not in texts and f'"{name}"' not in pages]


def test_a_template_names_no_format_and_no_other_braces() -> None:
    """A number is rounded before it is a value: what is stored is what is shown."""
    texts = [t for e in english().values() for t in (e.values() if not isinstance(e, str) else [e])]
    assert not [text for text in texts if "{" in _FIELD.sub("", text) or "}" in _FIELD.sub("", text)]


def test_a_sentence_is_a_text_that_travels_with_its_values() -> None:
    """Copies, pickles and files keep the id and the values."""
    inner = Sentence("the new velocity", "course.x", {})
    made = Sentence("3 of them: a and b", "x.y", {"n": 3, "inner": inner, "names": ("a", inner)})
    for other in (copy.deepcopy(made), pickle.loads(pickle.dumps(made)), from_said(str(made), said(made))):
        assert (other, other.id, other.values) == (made, made.id, made.values)
        assert isinstance(other.values["inner"], Sentence)
        assert other.values["inner"].id == "course.x"


@pytest.mark.parametrize("stored", [None, 3, {"message_id": 3}, {"message_id": "a", "values": {"x": None}}])
def test_a_damaged_file_leaves_the_text(stored: object) -> None:
    """The text alone is read where what stands beside it is of another form."""
    found = from_said("Text.", stored)
    assert (found, found.id, found.values) == ("Text.", "", {})


def test_a_value_is_never_more_than_what_is_shown() -> None:
    """A float would be stored with all its digits."""
    with pytest.raises(TypeError, match="make it a text first"):
        say("common.and", x=0.1)  # type: ignore[arg-type]


def test_several_sentences_are_one_and_empty_ones_are_left_out() -> None:
    """The parts keep their ids."""
    one, two = Sentence("One.", "a.one"), Sentence("Two.", "a.two")
    both = together(one, Sentence(), two)
    assert both == "One. Two."
    assert both.values == {"parts": (one, two)}
    assert together(Sentence(), one) is one


def test_another_catalogue_writes_the_same_sentence_in_its_language() -> None:
    """Values, phrases, lists and forms by number are put into the other template."""
    catalogue: Catalogue = {
        "x.off": {"by": "n", "one": "{what} ist in einem Element falsch", "other": "{what} ist in {n} falsch: {names}"},
        "common.and": " und ",
        "phrases.the velocity": "die Geschwindigkeit",
    }
    german = Language(catalogue)
    values: dict[str, Value] = {"n": 2, "what": "the velocity", "names": ("a", "b", "c")}
    assert german.of(Sentence("…", "x.off", values)) == "die Geschwindigkeit ist in 2 falsch: a, b und c"
    assert german.of(Sentence("…", "x.off", {**values, "n": 1})) == "die Geschwindigkeit ist in einem Element falsch"
    assert german.of(Sentence("English.", "x.other")) == "English."
    assert german.of(Sentence("English.", "x.off", {"n": 2})) == "English."
    together_ = together(Sentence("…", "x.off", {**values, "n": 1}), Sentence("English."))
    assert german.of(together_) == "die Geschwindigkeit ist in einem Element falsch English."
    assert Language().of(Sentence("English.", "x.off", values)) == "English."


def test_a_brace_that_is_meant_is_written_twice() -> None:
    """`{{` is one brace."""
    assert written("a", {"b": "c"}, {"a": "{{b}} {b}"}) == "{b} c"
