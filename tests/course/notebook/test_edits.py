"""Edits of the reference: which patterns fit, what is written, and how the message tells a mistake in one."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from every_assignment import SLUGS

from autograder.course.notebook.edits import Definition, Edit, Editor, Misfit, apply_form, read_edits
from autograder.course.notebook.variants import forms_in, reference_of, variant_text
from autograder.errors import AssignmentError

FUNCTION = '''
def step(p, g, m, t, lr=0.1):
    """Say it."""
    m = 0.9 * m + (1 - 0.9) * g  # the average
    m_hat = m / (1 - 0.9 ** t)
    if g is None:
        return p, m
    return p - lr * m_hat, m
'''
CLASS = """
class Walk(Base):
    def __init__(self, lr):
        super().__init__(lr, name='walk')

    def step(self):
        for p in self.params:
            p.add_(1)
"""


def edited(source: str, *pairs: tuple[str, str]) -> str:
    """Apply a form that is written as in a file."""
    (form,) = read_edits(ast.parse(f"EDITS = {{'x': {list(pairs)!r}}}"))["x"]
    (definition,) = ast.parse(source).body
    assert isinstance(definition, (ast.FunctionDef, ast.ClassDef))
    before = ast.unparse(definition)
    found = ast.unparse(apply_form(definition, form))
    assert ast.unparse(definition) == before
    return found


@pytest.mark.parametrize(
    ("pattern", "text", "line"),
    [
        ("m_hat = A_ / X_", "m_hat = A_", "    m_hat = m"),
        ("A_ - lr * B_", "A_ + lr * B_", "    return (p + lr * m_hat, m)"),
        ("return A_, m", "return A_, m_hat", None),
        ("m = A_ + (1 - C_) * X_", "m = A_ + X_", "    m = 0.9 * m + g"),
        ("AFTER m_hat = A_", "m = m_hat", "    m = m_hat"),
        ("BEFORE if g is None:\n    *A_", "t = t + 1", "    t = t + 1"),
        ("if g is None:\n    *A_", "*A_", "    return (p, m)"),
        ("FIRST", "t = 1", "    t = 1"),
        ("0.1", "0.5", "def step(p, g, m, t, lr=0.5):"),
    ],
)
def test_a_pattern_is_replaced_where_it_fits(pattern: str, text: str, line: str | None) -> None:
    """Wildcards stand for expressions and runs; layout and comments do not matter."""
    if line is None:
        with pytest.raises(Misfit, match="2 places"):
            edited(FUNCTION, (pattern, text))
        return
    assert line in edited(FUNCTION, (pattern, text)).splitlines()


def test_a_repeated_wildcard_stands_for_the_same() -> None:
    """`A_ + A_` fits only a sum of two equal terms."""
    source = "def f(a, b):\n    return a + b, b + b\n"
    assert edited(source, ("A_ + A_", "2 * A_")) == "def f(a, b):\n    return (a + b, 2 * b)"


def test_runs_stand_for_arguments_entries_and_statements() -> None:
    """Keyword arguments are part of a run, and keep their names."""
    assert "super().__init__(lr, name='walk', far=True)" in edited(
        CLASS, ("super().__init__(*A_)", "super().__init__(*A_, far=True)")
    )
    source = "def f(a):\n    return [1, a, 2, 3]\n"
    assert "[1, 2, 3]" in edited(source, ("[*A_, a, *B_]", "[*A_, *B_]"))
    loop = edited(CLASS, ("for p in self.params:\n    *A_", "with quiet():\n    for p in self.params:\n        *A_"))
    assert "with quiet():\n            for p in self.params:\n                p.add_(1)" in loop


def test_nothing_in_the_place_of_a_statement_removes_it() -> None:
    """A body that would be empty gets a pass."""
    assert "for p in self.params:\n            pass" in edited(CLASS, ("p.add_(A_)", ""))


def test_the_beginning_of_a_method_is_named() -> None:
    """In a class, FIRST names the method."""
    assert "def step(self):\n        x = 1" in edited(CLASS, ("FIRST step", "x = 1"))
    with pytest.raises(Misfit, match="FIRST METHOD"):
        edited(CLASS, ("FIRST", "x = 1"))
    with pytest.raises(Misfit, match="FIRST alone"):
        edited(FUNCTION, ("FIRST step", "x = 1"))


def test_edits_of_one_form_see_those_before_them() -> None:
    """The second edit fits what the first one wrote."""
    assert "return (p - lr * g, m)" in edited(FUNCTION, ("m_hat = A_", "m_hat = g"), ("lr * m_hat", "lr * g"))


BROKEN = {
    "fits no place": [("v = A_", "v = 1")],
    "2 places": [("p", "q")],
    "is no Python": [("m = = 1", "m = 1")],
    "B_ in the text": [("m_hat = A_", "m_hat = B_")],
    "the pattern is empty": [("", "m = 1")],
    "is an expression": [("lr * m_hat", "x = 1\ny = 2")],
}


@pytest.mark.parametrize("problem", BROKEN)
def test_a_mistake_is_told_with_file_and_line(problem: str, tmp_path: Path) -> None:
    """The author reads where the edit is and what is wrong with it."""
    folder = tmp_path / "misconceptions"
    folder.mkdir()
    (tmp_path / "solution.py").write_text(FUNCTION, encoding="utf-8")
    path = folder / "wrong.py"
    path.write_text(f'"""You err."""\n\nHINT = "Think."\nEDITS = {{"step": {BROKEN[problem]!r}}}\n', encoding="utf-8")
    with pytest.raises(AssignmentError, match=rf"wrong\.py, line 4: .*{problem}") as caught:
        variant_text(path)
    assert str(path) in str(caught.value)


def test_edits_are_written_out(tmp_path: Path) -> None:
    """They are read, never executed."""
    path = tmp_path / "wrong.py"
    path.write_text("EDITS = dict(step=[('a', 'b')])\n", encoding="utf-8")
    with pytest.raises(AssignmentError, match="line 1: EDITS has to be a dict"):
        forms_in(path)


def test_a_variant_holds_what_its_edits_make(tmp_path: Path) -> None:
    """Its text has the edited definition of the first form, with the reference's imports around it."""
    folder = tmp_path / "misconceptions"
    folder.mkdir()
    (tmp_path / "solution.py").write_text(f"import math\n{FUNCTION}", encoding="utf-8")
    path = folder / "wrong.py"
    path.write_text('EDITS = {"step": [[("FIRST", "t = 1")], [("FIRST", "t = 2")]]}\n', encoding="utf-8")
    text = variant_text(path)
    assert "import math" in text
    assert "    t = 1" in text.splitlines()
    assert len(forms_in(path)["step"]) == 2


class Everywhere(Editor):
    """Looks for a pattern at every node."""

    def _due(self, edit: Edit) -> frozenset[str]:
        return frozenset()


@pytest.mark.parametrize("slug", SLUGS)
def test_looking_only_where_the_words_are_finds_the_same(slug: str) -> None:
    """Every edit of the course fits the reference, and the reference after another edit, where it would fit anyway."""
    secret = Path(__file__).parents[3] / "solutions" / slug
    definitions = reference_of(secret / "solution.py").definitions
    quick, slow = Editor(), Everywhere()
    paths = [p for name in ("misconceptions", "honest", "ways") for p in sorted((secret / name).glob("*.py"))]
    tried = 0
    for exercise, due in definitions.items():
        forms = [form for path in paths for form in forms_in(path).get(exercise, ())]
        for number, form in enumerate(forms):
            for start in (due, _applied(slow, due, forms[number - 1])):
                tried += 1
                found, expected = (_applied(editor, start, form) for editor in (quick, slow))
                assert ast.unparse(found) == ast.unparse(expected)
    assert tried > 50


def _applied(editor: Editor, definition: Definition, form: tuple[Edit, ...]) -> Definition:
    try:
        return editor.apply(definition, form)
    except Misfit:
        return definition


def test_the_number_of_a_tree_tells_it_from_others() -> None:
    """Layout does not matter; 1, 1.0 and True are other constants."""
    editor = Editor()
    first, again, *others = (
        ast.parse(text) for text in ("f(1)", "f( 1 )  # one", "f(1.0)", "f(True)", "f('1')", "g(1)")
    )
    assert editor.number(first) == editor.number(again)
    assert len({editor.number(tree) for tree in (first, *others)}) == 5
