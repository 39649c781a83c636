"""Which cells of a notebook an exercise needs: its own, its test, and those whose names they use."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence

from autograder.course.notebook.read import RunCell
from autograder.engines.hidden.scrutiny.source import read_program

__all__ = ["needed_cells"]

#: Calls that change settings for all code after them, and take no time.
_SETTING = re.compile(r"set_|manual_seed|seed$|use$|use_|filterwarnings|simplefilter|append$|insert$|chdir")


def needed_cells(cells: Sequence[RunCell], exercise: str, tests: Mapping[str, int]) -> tuple[RunCell, ...]:
    """Return the cells that run for one exercise, in notebook order.

    Args:
        cells: the notebook's.
        exercise: its id.
        tests: the position of the test by exercise; other exercises' tests are never needed.
    """
    test = tests[exercise]
    others = {position for name, position in tests.items() if name != exercise}
    before = [cell for cell in cells if cell.index <= test and cell.index not in others]
    read = {cell.index: _Names(cell) for cell in before}
    needed = {cell.index for cell in before if cell.name == exercise or cell.index == test}
    needed |= {index for index, names in read.items() if names.sets or exercise in names.bound}
    while True:
        wanted = set().union(*(read[index].free for index in needed))
        more = {index for index, names in read.items() if names.bound & wanted} - needed
        if not more:
            return tuple(cell for cell in before if cell.index in needed)
        needed |= more


class _Names:
    """The names that a cell binds, those that it takes from elsewhere, and whether it changes settings."""

    def __init__(self, cell: RunCell) -> None:
        places = read_program([cell]).places
        self.bound: set[str] = set()
        self.sets = False
        free: set[str] = set()
        for place in places:
            self.bound |= place.statement.bound
            free |= place.statement.free
            for node in place.statement.nodes:
                if isinstance(node, ast.Import | ast.ImportFrom):
                    names = {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
                    self.bound |= names
                    # Any name may come from it.
                    self.sets = self.sets or "*" in names
            self.sets = self.sets or _is_setting(place.node)
        self.free = free - self.bound


def _is_setting(node: ast.stmt) -> bool:
    if not isinstance(node, ast.Expr) or not isinstance(node.value, ast.Call):
        return False
    function = node.value.func
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    return _SETTING.match(name) is not None
