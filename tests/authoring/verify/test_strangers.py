"""Code that must not be taken for two ideas at once."""

from __future__ import annotations

import ast
from typing import Any

from autograder.authoring.verify.strangers import strangers

SOURCE = "def f(x, y):\n    return 2 * x - y**2"
KLASS = (
    "class Counter:\n    def __init__(self):\n        self.n = 0\n    def up(self, by):\n        self.n = self.n + by"
)


def tried(name: str, source: str) -> list[tuple[str, dict[str, Any]]]:
    """Return the strangers of a definition."""
    names: dict[str, Any] = {}
    exec(source, names)
    (definition,) = ast.parse(source).body
    assert isinstance(definition, (ast.FunctionDef, ast.ClassDef))
    return list(strangers(name, definition, names))


def test_a_function_is_idle_or_changed_in_one_place() -> None:
    """Operators are exchanged and numbers changed; the rest stays."""
    every = tried("f", SOURCE)
    found = dict(every)
    assert found["a function that returns None"]["f"](3, 4) is None
    assert found["a function that returns its first argument"]["f"](3, y=4) == 3
    values = {names["f"](3, 4) for what, names in every if what.startswith("line")}
    assert {6 + 16, 2 / 3 - 16, 6 - 8, 9 - 16, 6 - 64} <= values
    assert 6 - 16 not in values


def test_a_class_keeps_its_constructor() -> None:
    """Its methods do nothing."""
    idle = dict(tried("Counter", KLASS))["methods that do nothing"]["Counter"]()
    assert idle.up(3) is None
    assert idle.n == 0


def test_what_may_not_end_is_left_alone() -> None:
    """A changed loop that waits for a condition could run for ever."""
    assert len(tried("f", "def f(x):\n    while x < 9:\n        x = 2 * x\n    return x")) == 3
