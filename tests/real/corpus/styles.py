"""How people write a definition: decorators, wrappers, blocks around it, a first try above it (items 2 and 3)."""

from __future__ import annotations

import re
from typing import Any

from real.corpus.cells import solutions
from real.habit import Habit, by_turns
from real.handin import FULL_ONLY, PLACES, SMALLEST, Change, HandIn, position

from autograder.course.notebook.cells import grade_id

__all__ = ["HABITS"]

_TIMED = """import functools, time

def timed(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        start = time.perf_counter()
        result = function(*args, **kwargs)
        print(f"{function.__name__}: {time.perf_counter() - start:.6f} s")
        return result
    return wrapper"""
_LOGGING = """import logging
logging.basicConfig(level=logging.DEBUG, format="%(asctime)s %(message)s", force=True)
log = logging.getLogger(__name__)"""


def _is_class(cell: Any) -> bool:
    return bool(re.search(r"(?m)^class ", cell.source))


def _indented(source: str) -> str:
    return "\n".join(f"    {line}" if line else line for line in source.split("\n"))


def _decorated(line: str, helper: str = "") -> Change:
    """Write a decorator above every function."""

    def change(handin: HandIn) -> None:
        if helper:
            PLACES["after-imports"](handin, helper)
        for cell in solutions(handin):
            cell.source = re.sub(r"(?m)^def ", f"{line}\ndef ", cell.source)

    return change


def _ended(text: str, *, classes: bool = True) -> Change:
    """Write a text under every definition; NAME is the exercise's."""

    def change(handin: HandIn) -> None:
        for cell in solutions(handin):
            if classes or not _is_class(cell):
                cell.source += "\n\n" + text.replace("NAME", str(grade_id(cell)))

    return change


def _within(before: str, after: str = "") -> Change:
    """Write a block around every exercise's cell."""

    def change(handin: HandIn) -> None:
        for cell in solutions(handin):
            cell.source = f"{before}\n{_indented(cell.source)}\n{after}".rstrip()

    return change


def _raise_kept(handin: HandIn) -> None:
    """The stub's last line still stands below the solution, where nothing comes."""
    for cell in solutions(handin):
        indent = "        " if _is_class(cell) else "    "
        cell.source = f"{cell.source.rstrip()}\n{indent}raise NotImplementedError"


def _static_methods(handin: HandIn) -> None:
    """Every function is a static method of a class, and its name is given at the end."""
    for cell in solutions(handin):
        name = grade_id(cell)
        if not _is_class(cell):
            cell.source = (
                f"class Solution{name}:\n    @staticmethod\n{_indented(cell.source)}\n\n{name} = Solution{name}.{name}"
            )


def _renamed(handin: HandIn) -> None:
    """Every definition has a name of the student's, and the asked one is given at the end."""
    for cell in solutions(handin):
        name = str(grade_id(cell))
        cell.source = re.sub(rf"(?m)^(def|class) {name}\b", rf"\1 my_{name}", cell.source) + f"\n\n{name} = my_{name}"


def _first_try_above(handin: HandIn) -> None:
    """The same cell defines the name twice, first by something unfinished."""
    for cell in solutions(handin):
        name = grade_id(cell)
        first = (
            f"class {name}(nn.Module):\n    pass"
            if _is_class(cell)
            else f"def {name}(*args, **kwargs):\n    return None"
        )
        cell.source = f"{first}\n\n\n{cell.source}"


def _one_more_setting(handin: HandIn) -> None:
    """Every function has one more setting, by keyword only."""
    for cell in solutions(handin):
        cell.source = re.sub(r"(?m)^def (\w+)\(([^)]*)\):", r"def \1(\2, *, verbose=False):", cell.source)


def _formulas_in_docstrings(handin: HandIn) -> None:
    """Docstrings hold LaTeX and are no raw strings."""
    for cell in solutions(handin):
        cell.source = cell.source.replace('"""', '"""$\\sigma \\in \\mathbb{R}$ ', 1) + "\n# fertig 🎉 — schön"


def _logged(handin: HandIn) -> None:
    PLACES["after-imports"](handin, _LOGGING)
    for cell in solutions(handin):
        name = grade_id(cell)
        cell.source = f"log.info('defining {name}')\n{cell.source}\nlog.debug('%s', {name})"


def _compiled_later(handin: HandIn) -> None:
    """Cells below look at functions through torch's compilers."""
    for cell in solutions(handin):
        where = position(handin, str(grade_id(cell)))
        source = f"faster = torch.compile({grade_id(cell)})\ntry:\n    torch.jit.script({grade_id(cell)})\nexcept Exception as error:\n    print(type(error))"
        PLACES["last"](handin, source)
        handin.notebook.cells.insert(where + 1, handin.notebook.cells.pop())


def _test_case(handin: HandIn) -> None:
    name = SMALLEST[handin.slug]
    PLACES["middle"](
        handin,
        f"import unittest\n\n\nclass TestIt(unittest.TestCase):\n    def test_it_is_there(self):\n"
        f"        self.assertTrue(callable({name}))\n\n\nunittest.main(argv=[''], verbosity=2, exit=False)",
    )


_EVERYWHERE: dict[str, Change] = {
    "compiled": _decorated("@torch.compile"),
    "compiled-with-settings": _decorated("@torch.compile(mode='max-autotune', dynamic=True)"),
    "compiled-later": _compiled_later,
}
#: In `gradients` a person is asked about torch.compile, because it could make a derivative.
_COMPILED_IN = ("optimizers", "sequential", *FULL_ONLY)
_CHANGES: dict[str, Change] = {
    "timed-by-a-decorator": _decorated("@timed", _TIMED),
    "partial": _ended("import functools\nNAME = functools.partial(NAME)", classes=False),
    "under-main": _ended(
        "if __name__ == '__main__':\n    import doctest\n    doctest.run_docstring_examples(NAME, globals())\n    help(NAME)"
    ),
    "inside-if": _within("DONE = True\nif DONE:", "else:\n    print('left out')"),
    "inside-try": _within("try:", "except Exception as error:\n    print('oops', error)"),
    "inside-with": _within("with torch.enable_grad():"),
    "raise-of-the-stub-kept": _raise_kept,
    "static-methods": _static_methods,
    "names-of-ones-own": _renamed,
    "first-try-in-the-same-cell": _first_try_above,
    "one-more-setting": _one_more_setting,
    "formulas-in-docstrings": _formulas_in_docstrings,
    "logged": _logged,
    "test-case": _test_case,
}

HABITS: list[Habit] = [
    *(Habit(f"style-{name}", 2, change, _COMPILED_IN, everywhere=True) for name, change in _EVERYWHERE.items()),
    *by_turns([Habit(f"style-{name}", 2, change) for name, change in _CHANGES.items()]),
]
