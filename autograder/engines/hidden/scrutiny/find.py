"""Where a notebook's code reaches what its assignment asks students to write.

Three things are told apart. A name that is written plainly is only noted: it is gone from the worker, so it gave
nothing away. A name that is reached through a text or through torch's internals is proof of an evasion. Means that
could reach it, where reading does not tell what they do reach, are shown to a person.
"""

from __future__ import annotations

import ast
import enum
import fnmatch
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from autograder.course.assignment import Assignment
from autograder.engines.hidden.scrutiny.fold import INDIRECT, Scope, dotted, pattern, text
from autograder.engines.hidden.scrutiny.source import DEFINITIONS, Cell, Place, Program, read_program, read_statement

__all__ = ["Finding", "Level", "scrutinise"]

MAX_FINDINGS = 8
MAX_CODE = 80
_INTERNALS = ("torch.ops.", "torch._C.", "torch._VF.")
_RUN_TEXT = frozenset({"exec", "eval", "compile", "builtins.exec", "builtins.eval", "builtins.compile"})
_FETCH = frozenset({"getattr", "builtins.getattr"})
_IMPORT = frozenset({"__import__", "builtins.__import__", "importlib.import_module"})

#: What can reach anything, in code that an exercise uses.
_MEANS = frozenset(
    {
        "ctypes",
        "dill",
        "cloudpickle",
        "marshal",
        "pickle.loads",
        "pickle.load",
        "pickle.Unpickler",
        "torch.load",
        "torch.package",
        "torch.library",
        "torch.jit.CompilationUnit",
        "torch._C",
        "torch.ops",
        "torch._VF",
        "importlib.reload",
        "importlib.util",
        "importlib.machinery",
        "importlib.abc",
        "imp",
        "runpy",
        "zipimport",
        "pkgutil",
        "linecache",
        "sys.modules",
        "sys._getframe",
        "sys.settrace",
        "sys.setprofile",
        "sys.meta_path",
        "gc.get_objects",
        "gc.get_referrers",
        "gc.get_referents",
        "inspect.getsource",
        "inspect.getsourcelines",
        "inspect.getmembers",
        "inspect.currentframe",
        "inspect.stack",
        "types.CodeType",
        "types.FunctionType",
        "operator.attrgetter",
        "operator.methodcaller",
    }
)
_ATTRIBUTES = frozenset(
    {
        "__subclasses__",
        "__globals__",
        "__builtins__",
        "__code__",
        "__closure__",
        "__loader__",
        "__spec__",
        "__getattribute__",
        "f_globals",
        "f_locals",
        "f_back",
        "tb_frame",
        "gi_frame",
        "cr_frame",
    }
)
#: Attributes that lead from one thing to another.
_WAYS = frozenset({"_C", "ops", "aten", "_VF", "__dict__", "__class__", "__base__", "__bases__", "__mro__", "__self__"})
#: What changes how later cells are read, wherever it stands.
_HOOKS = frozenset(
    {"input_transformers_post", "input_transformers_cleanup", "input_transformer_manager", "ast_transformers"}
)
#: Means that matter in any top-level statement, not only where an exercise reaches it: they can change a definition.
_ANYWHERE = frozenset({"sys.settrace", "sys.setprofile", "sys.meta_path", "gc.get_objects", "ctypes", "marshal"})


class Level(enum.Enum):
    """What a finding is: see the module."""

    PLAIN = "plain"
    PROVEN = "proven"
    DOUBTFUL = "doubtful"


#: Which findings are shown first.
_ORDER = (Level.PROVEN, Level.DOUBTFUL, Level.PLAIN)


@dataclass(frozen=True, slots=True)
class Finding:
    """One place in a student's code; `target` is the forbidden name, empty where none can be named."""

    level: Level
    cell: str
    line: int
    code: str
    target: str

    @property
    def proven(self) -> bool:
        """Whether this is an evasion beyond doubt."""
        return self.level is Level.PROVEN

    @property
    def doubtful(self) -> bool:
        """Whether a person has to decide."""
        return self.level is Level.DOUBTFUL

    @property
    def sentence(self) -> str:
        """What the student and the grader read."""
        where = f"{self.cell}, line {self.line}: {self.code}"
        if self.level is Level.PLAIN:
            return f"{where}: {self.target} is what this assignment asks you to write; it is not available here."
        if self.level is Level.PROVEN:
            return (
                f"{where}: this reaches {self.target}, which the assignment asks you to write, "
                "in a roundabout way. The exercise scores 0."
            )
        return f"{where}: this can reach what the assignment asks you to write. A person will look at it."


def scrutinise(cells: Sequence[Cell], assignment: Assignment) -> dict[str, list[Finding]]:
    """Return what was found, by exercise; exercises with nothing to say are left out.

    Reads only: nothing of a student's is executed, and the work is bounded.
    """
    if not assignment.forbidden:
        return {}
    try:
        return _scrutinise(cells, assignment)
    except RecursionError:
        lost = Finding(Level.DOUBTFUL, "the notebook", 1, "code nested too deeply to be read", "")
        return {e.id: [lost] for e in assignment.coded}


def _scrutinise(cells: Sequence[Cell], assignment: Assignment) -> dict[str, list[Finding]]:
    program = read_program(cells)
    scope = Scope()
    for place in program.places:
        if isinstance(place.node, DEFINITIONS):
            # What is bound inside is its own.
            scope.defined.add(place.node.name)
        else:
            scope.learn(place.statement.nodes)
    reader = _Reader(scope, program, assignment.forbidden)
    everywhere = [Finding(Level.DOUBTFUL, name, 1, "code too long to be read", "") for name in program.unreadable]
    everywhere += [f for place in program.statements for f in reader.hooks(place)]
    found = {}
    for exercise in assignment.coded:
        places = program.reached(exercise.id)
        places += [p for p in program.statements if p.cell == exercise.id and p not in places]
        own = [f for place in places for f in reader.read(place)]
        kept = sorted(dict.fromkeys([*own, *everywhere]), key=lambda f: _ORDER.index(f.level))
        if kept:
            found[exercise.id] = kept[:MAX_FINDINGS]
    if scope.steps <= 0:
        lost = Finding(Level.DOUBTFUL, "the notebook", 1, "code too involved to be read", "")
        return {e.id: [*found.get(e.id, []), lost] for e in assignment.coded}
    return found


@dataclass(slots=True)
class _Reader:
    scope: Scope
    program: Program
    forbidden: tuple[str, ...]
    known: dict[int, list[Finding]] = field(default_factory=dict)

    def read(self, place: Place) -> list[Finding]:
        """Read a definition once, however many exercises use it."""
        if id(place) not in self.known:
            reader = self
            if isinstance(place.node, DEFINITIONS):
                own = Scope(parent=self.scope)
                own.learn(place.statement.nodes[1:])
                reader = _Reader(own, self.program, self.forbidden)
            self.known[id(place)] = list(reader._findings(place))
        return self.known[id(place)]

    def _target(self, name: str) -> tuple[str, bool] | None:
        """Return the forbidden name that a dotted name is, and whether it was reached in a roundabout way."""
        indirect = name.startswith(INDIRECT)
        name = name.removeprefix(INDIRECT)
        for forbidden in self.forbidden:
            if name == forbidden or name.startswith(f"{forbidden}."):
                return forbidden, indirect
        if name.startswith(_INTERNALS):
            parts = set(name.split("."))
            for forbidden in self.forbidden:
                if forbidden.rpartition(".")[2] in parts:
                    return forbidden, True
        return None

    def _findings(self, place: Place, depth: int = 0) -> Iterator[Finding]:
        """Read code that an exercise uses."""
        for node in place.statement.nodes:
            yield from self._names(node, place)
            if isinstance(node, ast.Call):
                yield from self._call(node, place, depth)
            elif isinstance(node, ast.Subscript):
                yield from self._subscript(node, place)

    def _names(self, node: ast.AST, place: Place) -> Iterator[Finding]:
        if isinstance(node, ast.Import | ast.ImportFrom):
            module = getattr(node, "module", None)
            names = {f"{module}.{a.name}" if module else a.name for a in node.names}
        elif isinstance(node, ast.Name | ast.Attribute | ast.Call | ast.Subscript):
            names = dotted(node, self.scope)
        else:
            return
        known = False
        for name in sorted(names):
            target = self._target(name)
            if target is not None:
                known = True
                yield self._finding(Level.PROVEN if target[1] else Level.PLAIN, node, place, target[0])
        if known:
            return
        if any(name.removeprefix(INDIRECT) in _MEANS for name in names):
            yield self._finding(Level.DOUBTFUL, node, place)
        if isinstance(node, ast.Attribute) and (node.attr in _ATTRIBUTES or self._looks_forbidden(node, names)):
            yield self._finding(Level.DOUBTFUL, node, place)
        if isinstance(node, ast.Name) and node.id in _ATTRIBUTES:
            yield self._finding(Level.DOUBTFUL, node, place)

    def _looks_forbidden(self, node: ast.Attribute, names: set[str]) -> bool:
        """Whether an attribute of something unknown has a forbidden name that the student did not define."""
        return (
            not names
            and node.attr not in self.program.own
            and node.attr not in self.program.definitions
            and any(f.rpartition(".")[2] == node.attr and f.count(".") > 0 for f in self.forbidden)
        )

    def _call(self, node: ast.Call, place: Place, depth: int) -> Iterator[Finding]:
        functions = {f.removeprefix(INDIRECT) for f in dotted(node.func, self.scope)}
        first = node.args[0] if node.args else None
        if functions & _RUN_TEXT:
            source = text(first, self.scope)
            if source is None or depth > 2:  # noqa: PLR2004 - text that runs text that runs text
                yield self._finding(Level.DOUBTFUL, node, place)
            else:
                yield from self._run_text(source, node, place, depth)
        elif functions & _FETCH and len(node.args) > 1:
            own = isinstance(first, ast.Name) and first.id == "self"
            if text(node.args[1], self.scope) is None and not own and self._may_reach(node.args[1]):
                yield self._finding(Level.DOUBTFUL, node, place)
        elif functions & _IMPORT and text(first, self.scope) is None:
            yield self._finding(Level.DOUBTFUL, node, place)

    def _may_reach(self, name: ast.expr) -> bool:
        """Whether a name of which only a part can be read may be one on the way to something forbidden."""
        parts = {part for forbidden in self.forbidden for part in forbidden.split(".")}
        shape = pattern(name, self.scope)
        return any(fnmatch.fnmatchcase(part, shape) for part in parts | _ATTRIBUTES | _WAYS)

    def _run_text(self, source: str, node: ast.Call, place: Place, depth: int) -> Iterator[Finding]:
        """Read a text that is executed as what it is: code, but nobody writes plain code that way."""
        try:
            tree = ast.parse(source)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return
        statements = [read_statement(node) for node in tree.body]
        self.scope.learn(node for statement in statements for node in statement.nodes)
        for statement in statements:
            for found in self._findings(Place(place.cell, statement), depth + 1):
                level = Level.DOUBTFUL if found.level is Level.DOUBTFUL else Level.PROVEN
                yield self._finding(level, node, place, found.target)

    def _subscript(self, node: ast.Subscript, place: Place) -> Iterator[Finding]:
        container = node.value
        of_module = isinstance(container, ast.Attribute) and container.attr == "__dict__"
        if isinstance(container, ast.Call):
            of_module = bool(dotted(container.func, self.scope) & {"vars", "globals"})
        if of_module and text(node.slice, self.scope) is None:
            yield self._finding(Level.DOUBTFUL, node, place)

    def hooks(self, place: Place) -> Iterator[Finding]:
        """Read a top-level statement for what changes code that stands elsewhere."""
        for node in place.statement.nodes:
            if isinstance(node, ast.Attribute) and node.attr in _HOOKS:
                yield self._finding(Level.DOUBTFUL, node, place)
            elif isinstance(node, ast.Name | ast.Attribute):
                if any(n.removeprefix(INDIRECT) in _ANYWHERE for n in dotted(node, self.scope)):
                    yield self._finding(Level.DOUBTFUL, node, place)
            elif isinstance(node, ast.Call):
                functions = {f.removeprefix(INDIRECT) for f in dotted(node.func, self.scope)}
                if functions & _RUN_TEXT and text(node.args[0] if node.args else None, self.scope) is None:
                    yield self._finding(Level.DOUBTFUL, node, place)
            elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
                owner = node.value
                if isinstance(owner, ast.Call) and dotted(owner.func, self.scope) & {"globals", "vars"}:
                    yield self._finding(Level.DOUBTFUL, node, place)

    @staticmethod
    def _finding(level: Level, node: ast.AST, place: Place, target: str = "") -> Finding:
        try:
            code = ast.unparse(node)
        except (RecursionError, ValueError, AttributeError):
            code = type(node).__name__
        code = " ".join(code.split())
        short = code if len(code) <= MAX_CODE else f"{code[: MAX_CODE - 3]}..."
        return Finding(level, place.cell, getattr(node, "lineno", 1), short, target)
