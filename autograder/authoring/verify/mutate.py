"""Small changes of the reference, which a good check notices.

The operators are mutmut's, on libcst's trees, and four more that matter in such notebooks: a statement is left out, a
`with` does nothing, a condition is negated, a number becomes one less.
"""

from __future__ import annotations

import ast
import difflib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.course.assignment import Assignment
from autograder.errors import UsageError

if TYPE_CHECKING:
    import libcst as cst

__all__ = ["Mutant", "mutants_of"]


@dataclass(frozen=True, slots=True)
class Mutant:
    """The reference's whole text with one change, and the exercises in which the change can show."""

    exercises: tuple[str, ...]
    operator: str
    line: int
    source: str
    was: str
    becomes: str
    diff: str

    @property
    def exercise(self) -> str:
        """The exercise for which it is counted."""
        return self.exercises[0]


def mutants_of(assignment: Assignment) -> list[Mutant]:
    """Return every mutant of the reference's functions, helpers included, in the order of the file.

    Raises:
        UsageError: if the libraries for it are not installed.
    """
    try:
        import libcst as cst
        from mutmut.mutation.mutators import mutation_operators
    except ImportError:
        raise UsageError("--mutants needs mutmut: pip install 'torch-autograder[mutants]'.") from None
    path = assignment.solution_path
    text = path.read_text(encoding="utf-8")
    module = cst.parse_module(text)
    operators: list[tuple[type, Callable[[Any], Iterable[Any]]]] = [*mutation_operators, *_own_operators()]
    users = _users(text, [e.id for e in assignment.coded])
    # Only what is changed is written anew: the rest of the file is copied.
    parts = [module.code_for_node(statement) for statement in module.body]
    before = text[: text.index("".join(parts))] if parts else text
    found: list[Mutant] = []
    for number, statement in enumerate(module.body):
        if not isinstance(statement, (cst.FunctionDef, cst.ClassDef)) or not users.get(statement.name.value):
            continue
        seen = {_meaning(parts[number]), None}
        for node in _nodes(statement):
            for kind, operator in operators:
                for changed in operator(node) if isinstance(node, kind) else ():
                    part = module.code_for_node(statement.deep_replace(node, changed))
                    if (meaning := _meaning(part)) in seen:
                        continue
                    seen.add(meaning)
                    source = "".join([before, *parts[:number], part, *parts[number + 1 :]])
                    found.append(_mutant(path, text, source, users[statement.name.value], operator.__name__))
    return sorted(found, key=lambda m: m.line)


def _meaning(source: str) -> str | None:
    """Return a text's meaning in a form that can be compared; None if it is not Python."""
    try:
        return ast.dump(ast.parse(source))
    except SyntaxError:
        return None


def _mutant(path: Path, text: str, source: str, exercises: tuple[str, ...], operator: str) -> Mutant:
    """Describe a change."""
    before, after = text.splitlines(), source.splitlines()
    lines = list(difflib.unified_diff(before, after, path.name, path.name, n=1, lineterm=""))
    first = next(i for i, (a, b) in enumerate(zip([*before, ""], [*after, ""], strict=False)) if a != b)
    was, becomes = ("\n".join(s[1:].strip() for s in lines[2:] if s[:1] == mark) for mark in "-+")
    name = operator.removeprefix("operator_").replace("_", " ")
    return Mutant(exercises, name, first + 1, source, was, becomes, "\n".join(lines[2:]))


def _users(text: str, exercises: list[str]) -> dict[str, tuple[str, ...]]:
    """Return for each function of the file the exercises in which a change can show: itself, or its callers."""
    tree = ast.parse(text)
    functions = {n.name: n for n in tree.body if isinstance(n, (ast.FunctionDef, ast.ClassDef))}
    called = {
        name: {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and n.id in functions and n.id != name}
        for name, node in functions.items()
    }
    reached: dict[str, set[str]] = {}
    for exercise in exercises:
        todo, seen = [exercise], set[str]()
        while todo:
            name = todo.pop()
            if name in functions and name not in seen:
                seen.add(name)
                todo += called[name]
        for name in seen:
            reached.setdefault(name, set()).add(exercise)
    # A change of an exercise shows in that exercise, even if another builds on it.
    return {
        name: (name,) if name in exercises else tuple(e for e in exercises if e in reached.get(name, ()))
        for name in functions
    }


def _nodes(root: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """Walk over the nodes whose change has a meaning: no docstrings, no decorators, no annotations."""
    import libcst as cst

    if isinstance(root, (cst.Annotation, cst.Decorator)):
        return
    yield root
    for child in root.children:
        if not _is_docstring(child):
            yield from _nodes(child)


def _is_docstring(node: cst.CSTNode) -> bool:
    import libcst as cst

    if not isinstance(node, cst.SimpleStatementLine):
        return False
    statement = node.body[0]
    return isinstance(statement, cst.Expr) and isinstance(statement.value, (cst.SimpleString, cst.ConcatenatedString))


def _own_operators() -> list[tuple[type, Callable[[Any], Iterable[Any]]]]:
    import libcst as cst

    def number_less(node: cst.BaseNumber) -> Iterator[cst.CSTNode]:
        if isinstance(node, (cst.Integer, cst.Float)):
            less = node.evaluated_value - 1
            if less >= 0:
                yield node.with_changes(value=repr(less))
            elif isinstance(node, cst.Integer):
                yield cst.UnaryOperation(
                    cst.Minus(), cst.Integer(repr(-less)), lpar=[cst.LeftParen()], rpar=[cst.RightParen()]
                )

    def statement_left_out(node: cst.SimpleStatementLine) -> Iterator[cst.CSTNode]:
        statement = node.body[0]
        if isinstance(statement, (cst.Expr, cst.AugAssign, cst.Raise, cst.Assign)):
            yield node.with_changes(body=[cst.Pass()])

    def with_does_nothing(node: cst.With) -> Iterator[cst.CSTNode]:
        yield cst.If(test=cst.Name("True"), body=node.body, leading_lines=node.leading_lines)

    def condition_turned_round(node: cst.If | cst.IfExp) -> Iterator[cst.CSTNode]:
        test = node.test.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
        yield node.with_changes(test=cst.UnaryOperation(cst.Not(), test))

    return [
        (cst.BaseNumber, number_less),
        (cst.SimpleStatementLine, statement_left_out),
        (cst.With, with_does_nothing),
        (cst.If, condition_turned_round),
        (cst.IfExp, condition_turned_round),
    ]
