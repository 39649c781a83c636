"""A notebook's cells as syntax trees, and which of their definitions an exercise reaches."""

from __future__ import annotations

import ast
import functools
import importlib.util
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from autograder.engines.hidden.parsing import MAX_PIECES, pieces_of
from autograder.engines.hidden.scrutiny.changes import LAMBDA, changes_in, given_names, handed_in, imported_packages
from autograder.engines.hidden.scrutiny.links import links_in, outside, reached
from autograder.engines.hidden.scrutiny.local_names import by_function, free_names, nodes_of

__all__ = ["DEFINITIONS", "Place", "Program", "Statement", "path_of", "read_program", "read_statement"]

DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_SIMPLE = (ast.Expr, ast.Assign, ast.AnnAssign, ast.AugAssign)

#: Packages whose settings notebooks change all the time.
_OF_NO_MATTER = frozenset({"matplotlib", "seaborn", "pylab", "warnings", "random", "os", "logging", "time", "pandas"})
#: Packages that are given functions all the time, and keep nothing that others could ask for.
_PASSING_ON = frozenset(
    {
        *("torch", "nn", "F", "functools", "itertools", "operator", "contextlib", "dataclasses", "typing", "copy"),
        *("inspect", "timeit", "unittest", "pytest", "time", "tqdm", "abc", "enum", "concurrent", "multiprocessing"),
    }
)

MAX_CELL = 200_000
#: The most pieces of IPython's own syntax times characters in a cell, about a second of processor time: IPython goes
#: through the whole cell for each piece.
MAX_ESCAPED = 1_000_000
MAX_NODES = 100_000
MAX_REMEMBERED = 10_000
#: The most pairs of a name and a place that may have defined it.
MAX_DEFINITIONS = 200_000


class CodeCell(Protocol):
    """A code cell."""

    @property
    def name(self) -> str:
        """How a student knows it."""

    @property
    def source(self) -> str:
        """Its text."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement and what it alone tells; it is read once for all notebooks that have it."""

    node: ast.stmt
    #: All its nodes level by level, itself first.
    nodes: tuple[ast.AST, ...]
    #: The names that it binds at its own level.
    bound: frozenset[str]
    #: The names of the objects that it puts something into, and the ones that may be modules.
    changed: frozenset[str]
    changed_modules: frozenset[str]
    #: Whether it changes a namespace that it does not name, such as the notebook's.
    far: bool
    #: Whether it is a function that changes what it is given.
    changes_arguments: bool
    #: The names of the objects outside a function into which it puts what it is given.
    kept_arguments: frozenset[str]
    #: What it gives to methods and functions from outside, see `handed_in`.
    handed: frozenset[tuple[str, bool, str]]
    #: Pairs of names outside a function: the first one gets a value that may be, or hold, the second one's.
    links: frozenset[tuple[str, str]]
    #: The names that it gives to functions and methods, with `LAMBDA`.
    arguments: frozenset[str]
    #: The names that it takes from outside.
    free: frozenset[str]
    #: The names that are local in the function itself, not only in functions and comprehensions inside.
    local: frozenset[str]
    #: The names of all functions and classes in it.
    own: frozenset[str]


@dataclass(frozen=True, slots=True)
class Place:
    """A statement of some cell."""

    cell: str
    statement: Statement
    #: The module beside the notebook that it stands in, empty for a cell.
    module: str = ""

    @property
    def node(self) -> ast.stmt:
        """The statement's own node."""
        return self.statement.node


@dataclass
class Program:
    """All cells that are Python: top-level definitions by name, other top-level statements, and unreadable cells.

    A cell that is not valid Python is left out, because it does not run either.
    """

    definitions: dict[str, list[Place]] = field(default_factory=dict)
    statements: list[Place] = field(default_factory=list)
    #: All top-level statements including definitions, once each.
    places: list[Place] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)
    #: The names of all functions and classes, also of those inside others.
    own: set[str] = field(default_factory=set)
    #: By name, those that it may be, or hold: what is put into it may be found by them.
    links: dict[str, set[str]] = field(default_factory=dict)
    #: The packages that a name may be imported from.
    imported: dict[str, set[str]] = field(default_factory=dict)
    #: The same for names that are assigned: `t = torch`.
    renamed: dict[str, set[str]] = field(default_factory=dict)
    #: What stands in modules beside the notebook has names such as `helpers.slope`; here are these modules.
    modules: set[str] = field(default_factory=set)
    #: By name, the modules beside the notebook, or what stands in them, that it may be imported from.
    brought: dict[str, set[str]] = field(default_factory=dict)
    #: By name, an import from a module that is neither installed nor there to be read, and its cell.
    unread: dict[str, tuple[ast.AST, str]] = field(default_factory=dict)
    #: How many more definitions are kept.
    room: int = MAX_DEFINITIONS

    def define(self, place: Place, names: Iterable[str]) -> None:
        """Let a place count as a definition of these names, as long as there is room."""
        for name in names:
            self.room -= 1
            if self.room <= 0:
                return
            self.definitions.setdefault(name, []).append(place)

    def same_as(self, names: Iterable[str]) -> set[str]:
        """Return these names and those that may stand for the same objects or for parts of them, without imports."""
        found = {n for name in names for n in reached(name, self.links, lambda n: n not in self.imported)}
        return found - self.imported.keys()

    @property
    def lost(self) -> bool:
        """Whether there are more definitions than are kept."""
        return self.room <= 0

    @functools.cached_property
    def imports_itself(self) -> bool:
        """Whether the notebook's own module is imported, whose attributes are the notebook's names."""
        return any("__main__" in packages for packages in self.imported.values())

    @functools.cached_property
    def everywhere(self) -> list[Place]:
        """The places that change what every exercise uses: a module, builtins, the notebook's namespace."""
        known = [*self.imported.items(), *self.renamed.items()]
        shared = {"__builtins__", *(name for name, packages in known if packages - _OF_NO_MATTER)}
        # A function that is put onto any module can be called from there.
        held = {name for name, _ in known} - shared
        return [
            p
            for p in self.places
            if p.statement.far
            or p.statement.changed_modules & shared
            or (p.statement.changed_modules & held and self._hands_code_on(p))
        ]

    def _hands_code_on(self, place: Place) -> bool:
        """Whether a statement names a function of the notebook, or makes one."""
        return any(
            isinstance(node, ast.Lambda) or (isinstance(node, ast.Name) and node.id in self.own)
            for node in place.statement.nodes
        )

    def reached(self, name: str) -> list[Place]:
        """Return the definitions of `name`, and those that they use directly or through others."""
        return self.reached_from([name])

    def reached_from(self, names: Iterable[str]) -> list[Place]:
        """Return the definitions of these names, and those that they use, once each."""
        found: dict[int, Place] = {}
        waiting = list(names)
        seen = set(waiting)
        while waiting:
            for place in self.definitions.get(waiting.pop(), ()):
                if id(place) in found:
                    continue
                found[id(place)] = place
                new = [n for n in self.used(place) if n in self.definitions and n not in seen]
                seen.update(new)
                waiting += new
        return list(found.values())

    def used(self, place: Place) -> Iterator[str]:
        """Yield the names that a place takes from outside, with those of modules beside the notebook."""
        within = f"{place.module}." if place.module else ""
        # In one order in every process: what is found first is shown.
        for name in sorted(place.statement.free):
            yield f"{within}{name}"
            yield from sorted(self.brought.get(name, ()))
        if self.modules:
            for node in place.statement.nodes:
                if isinstance(node, ast.Attribute):
                    first, *rest = path_of(node) or ("",)
                    for module in self.brought.get(first, ()):
                        yield ".".join([module, *rest])


def read_statement(node: ast.stmt) -> Statement:
    """Read a statement by itself."""
    nodes = nodes_of(node)
    own = frozenset(inner.name for inner in nodes if isinstance(inner, DEFINITIONS))
    arguments: set[str] = set()
    local: set[str] = set()
    bound = _bound(node, nodes)
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        arguments = {inner.arg for inner in nodes if isinstance(inner, ast.arg)}
        stored = {inner.id for inner in nodes if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store)}
        shared = {name for inner in nodes if isinstance(inner, ast.Global) for name in inner.names}
        local = (arguments | stored) - shared
        bound |= shared & stored
    parts = list(by_function(node))
    far = False
    roots: set[str] = set()
    changed: set[str] = set()
    modules: set[str] = set()
    handed: set[tuple[str, bool, str]] = set()
    links: set[tuple[str, str]] = set()
    for inner, here in parts:
        direct = links_in(inner, here)
        apart = changes_in(inner)
        far = far or apart.far
        roots |= apart.roots
        changed.update(name for root in apart.roots for name in outside(root, direct, here))
        same = links_in(inner, here, calls=False) if apart.modules else {}
        modules.update(name for root in apart.modules for name in outside(root, same, here))
        for owner, by_method, name in handed_in(inner):
            handed.update((found, by_method, name) for found in outside(owner, direct, here))
        for target in direct:
            if not here.has(target):
                links.update((target, found) for held in direct[target] for found in outside(held, direct, here))
    return Statement(
        node=node,
        nodes=tuple(nodes),
        bound=frozenset(bound),
        changed=frozenset(changed),
        changed_modules=frozenset(modules),
        far=far,
        changes_arguments=bool(roots & arguments),
        kept_arguments=_kept(nodes, arguments) - local if arguments else frozenset(),
        handed=frozenset(handed),
        links=frozenset(links),
        arguments=frozenset(given_names(nodes)),
        free=frozenset(free_names(parts)),
        # The first part is around the function, the second one is its own.
        local=parts[1][1].own if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) else frozenset(),
        own=own,
    )


def _kept(nodes: Sequence[ast.AST], arguments: set[str]) -> frozenset[str]:
    """Return the names of the objects into which a function puts one of its arguments: `d[k] = f`, `d.append(f)`."""
    kept = {owner for owner, by_method, name in handed_in(nodes) if by_method and name in arguments}
    for node in nodes:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Name) and node.value.id in arguments:
            kept |= changes_in(node.targets).roots
            kept |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return frozenset(kept)


def path_of(node: ast.expr | None) -> tuple[str, ...]:
    """Return the parts of a dotted name, none if the expression is something else."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return (node.id, *reversed(parts)) if isinstance(node, ast.Name) else ()


def read_program(cells: Sequence[CodeCell], modules: Mapping[str, str] | None = None) -> Program:
    """Parse cells as IPython would, and those modules beside the notebook that it imports.

    Args:
        cells: the notebook's code cells.
        modules: the texts of modules by their names, `helpers` or `package.helpers`.
    """
    program = Program()
    nodes = 0
    for cell in cells:
        # What is not read is not parsed either: that takes more memory than anything else here.
        statements = _statements(cell.source) if nodes <= MAX_NODES else None
        nodes += MAX_NODES if statements is None else sum(len(s.nodes) for s in statements)
        if statements is None or nodes > MAX_NODES:
            program.unreadable.append(cell.name)
            continue
        for statement in statements:
            program.places.append(Place(cell.name, statement))
    beside = {**(modules or {}), **_written_modules(cells)}
    nodes = _read_modules(program, beside, nodes)
    packages = {name.partition(".")[0] for name in beside}
    _add_imports(program, packages)
    for place in program.places:
        # `torch.add(x, y)` puts nothing into torch.
        within = f"{place.module}." if place.module else ""
        program.define(
            place, (f"{within}{n}" for n in place.statement.bound | program.same_as(place.statement.changed))
        )
        if not isinstance(place.node, DEFINITIONS):
            program.statements.append(place)
    _add_what_helpers_change(program)
    _add_what_is_handed_in(program)
    return program


def _add_imports(program: Program, packages: set[str]) -> None:
    """Record what is imported; `packages` are there to be read."""
    for place in program.places:
        program.own.update(place.statement.own)
        for target, held in place.statement.links:
            program.links.setdefault(target, set()).add(held)
        for node in place.statement.nodes:
            for name, package in imported_packages(node):
                program.imported.setdefault(name, set()).add(package)
                if package not in packages and not _is_installed(package):
                    program.unread.setdefault(name, (node, place.cell))
            if isinstance(node, ast.Assign):
                known = program.imported.get("".join(path_of(node.value)[:1]), set())
                for new in node.targets if known else ():
                    if isinstance(new, ast.Name):
                        program.renamed.setdefault(new.id, set()).update(known)


@functools.lru_cache(maxsize=4096)
def _is_installed(package: str) -> bool:
    """Whether a package is Python's or installed, so that it holds no code of a student; looks without loading it."""
    if not package or package in sys.stdlib_module_names or package == "__main__":
        return True
    try:
        return importlib.util.find_spec(package) is not None
    except (ImportError, ValueError):
        return False


def _written_modules(cells: Sequence[CodeCell]) -> dict[str, str]:
    """Return the modules that cells write by `%%writefile helpers.py`; what is added to a file is added here."""
    found: dict[str, str] = {}
    for cell in cells:
        first, _, rest = cell.source.lstrip().partition("\n")
        words = first.split()
        if len(words) > 1 and words[0] in {"%%writefile", "%%file"} and words[-1].strip("\"'").endswith(".py"):
            name = words[-1].strip("\"'").removeprefix("./").removesuffix(".py").replace("/", ".")
            found[name] = f"{found.get(name, '')}\n{rest}"
    return found


def _read_modules(program: Program, modules: Mapping[str, str], nodes: int) -> int:
    """Add the modules that are imported, also by each other; return the number of nodes that were read."""
    waiting = list(program.places)
    while waiting:
        for name, target in _brought(waiting.pop(), modules):
            if target in modules and target not in program.modules:
                program.modules.add(target)
                statements = _read(modules[target]) if nodes <= MAX_NODES else None
                nodes += MAX_NODES if statements is None else sum(len(s.nodes) for s in statements)
                if statements is None or nodes > MAX_NODES:
                    program.unreadable.append(f"{target.replace('.', '/')}.py")
                    continue
                places = [Place(f"{target.replace('.', '/')}.py", s, target) for s in statements]
                program.places += places
                waiting += places
            program.brought.setdefault(name, set()).add(target)
    for name in [n for n in program.brought if n.startswith("*")]:
        # `from helpers import *`
        for place in [p for p in program.places if p.module == name[1:]]:
            for bound in place.statement.bound:
                program.brought.setdefault(bound, set()).add(f"{place.module}.{bound}")
    return nodes


def _brought(place: Place, modules: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the names that imports bind to modules beside the notebook, or to what stands in them; `*m` for a star."""
    for node in place.statement.nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name in modules:
                    first = alias.name.partition(".")[0]
                    yield alias.asname or first, alias.name
                    # `import a.b` binds `a`, and `a.b.f` is found there.
                    yield alias.asname or first, alias.name if alias.asname else first
        elif isinstance(node, ast.ImportFrom):
            # `from . import b` in a module of a package.
            around = place.module.rpartition(".")[0] if node.level else ""
            yield from _from(".".join(part for part in (around, node.module or "") if part), node, modules)


def _from(module: str, node: ast.ImportFrom, modules: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for alias in node.names:
        bound = alias.asname or alias.name
        whole = f"{module}.{alias.name}" if module else alias.name
        if module in modules:
            yield (f"*{module}" if alias.name == "*" else bound), module
        if whole in modules or (module in modules and alias.name != "*"):
            yield bound, whole


def _add_what_helpers_change(program: Program) -> None:
    """Let `fill(store)` count as a definition of `store` where `fill` changes its argument."""
    helpers = {n for p in program.places if p.statement.changes_arguments for n in p.statement.bound}
    for place in program.statements:
        for node in place.statement.nodes:
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in helpers:
                for argument in (*node.args, *(k.value for k in node.keywords)):
                    if isinstance(argument, ast.Name):
                        program.definitions.setdefault(argument.id, []).append(place)


def _add_what_is_handed_in(program: Program) -> None:
    """Let `store.set(helper)`, and `register(helper)` where that keeps what it is given, count as definitions too.

    A library can keep a function as well (`numpy.seterrcall`), and code that uses the library can ask for it.
    """
    code = {LAMBDA, *program.own}
    for place in program.statements:
        if isinstance(place.node, ast.Assign) and isinstance(place.node.value, ast.Lambda):
            code |= place.statement.bound
    keeping = _keeping(program)
    for place in program.places:
        stores: set[str] = set()
        given = set(place.statement.handed)
        if isinstance(place.node, DEFINITIONS):
            # `@register` and `@store.append` above a function.
            given |= {(*_owner(d), place.node.name) for d in place.node.decorator_list}
        elif isinstance(place.node, _SIMPLE) and not code.isdisjoint(place.statement.arguments):
            stores |= _around(place, program)
        for owner, by_method, name in given:
            if name in code:
                stores |= {owner} if by_method else keeping.get(owner, frozenset())
        stores |= program.same_as(stores)
        program.define(place, (s for s in stores - _PASSING_ON if not program.imported.get(s, set()) & _PASSING_ON))


def _around(place: Place, program: Program) -> set[str]:
    """Return what a statement uses, or what a function that it calls uses: a function may be put into any of it."""
    found = set(place.statement.free)
    if program.lost:
        return found
    for name in (place.statement.free & program.own) - place.statement.arguments:
        for known in program.definitions.get(name, ()):
            program.room -= len(known.statement.free)
            found |= known.statement.free
    return (found & program.definitions.keys()) - program.own - program.imported.keys()


def _keeping(program: Program) -> dict[str, frozenset[str]]:
    """Return, by the name of a function or method, the objects into which it puts what it is given."""
    keeping: dict[str, frozenset[str]] = {}
    for place in program.places:
        if isinstance(place.node, DEFINITIONS):
            keeping[place.node.name] = place.statement.kept_arguments
        elif isinstance(place.node, ast.Assign) and isinstance(place.node.value, ast.Attribute):
            # `put = store.append`
            keeping |= dict.fromkeys(place.statement.bound, frozenset(path_of(place.node.value)[:1]))
    return keeping


def _owner(decorator: ast.expr) -> tuple[str, bool]:
    """Return the name of a decorator's object or function, and whether it is a method."""
    method = isinstance(decorator, ast.Attribute)
    owner = decorator.value if isinstance(decorator, ast.Attribute) else decorator
    return (owner.id if isinstance(owner, ast.Name) else ""), method


def _statements(source: str) -> tuple[Statement, ...] | None:
    """Return the statements of a cell, none if it is not Python; None if it is too long to be read."""
    # The released cells are in every notebook; long cells are rare, and would fill the memory.
    return _remembered(source) if len(source) <= MAX_REMEMBERED else _read(source)


def _read(source: str) -> tuple[Statement, ...] | None:
    tree = None if len(source) > MAX_CELL else _parsed(source)
    return None if tree is None else tuple(read_statement(statement) for statement in tree.body)


_remembered = functools.lru_cache(maxsize=256)(_read)


#: The places of IPython's own syntax: the start of a line, after `=`, and a question mark at the end.
_ESCAPES = re.compile(r"^[ \t]*([;,/!%?]+)|=[ \t]*([!%])|(\?)[ \t]*$", re.MULTILINE)


def _parsed(source: str) -> ast.Module | None:
    """Return a cell's tree, an empty one if it is not Python; None if it is too long to be read."""
    if pieces_of(source) > MAX_PIECES:
        return None
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        pass
    pieces = sum(len("".join(found)) for found in _ESCAPES.findall(source))
    if pieces * len(source) > MAX_ESCAPED:
        return None
    # Only a cell with magics needs IPython, which takes long to import.
    from IPython.core.inputtransformer2 import TransformerManager

    try:
        plain: str = TransformerManager().transform_cell(_without_cell_magic(source))
        return ast.parse(plain)
    # After 500 pieces IPython raises a RuntimeError, and does not run the cell.
    except (SyntaxError, ValueError, RuntimeError, MemoryError):
        return ast.Module([], [])


def _without_cell_magic(source: str) -> str:
    """Blank the line of a cell magic: the lines after `%%time` or `%%capture` are Python that runs."""
    lines = source.split("\n")
    for i, line in enumerate(lines):
        if line.strip():
            if line.startswith("%%"):
                lines[i] = ""
            break
    return "\n".join(lines)


def _bound(statement: ast.stmt, nodes: Sequence[ast.AST]) -> set[str]:
    """Return the names that a top-level statement defines: functions, classes, assigned names, names of patterns."""
    if isinstance(statement, DEFINITIONS):
        return {statement.name}
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return set()
    names: set[str] = set()
    for inner in nodes:
        if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
            names.add(inner.id)
        elif isinstance(inner, (*DEFINITIONS, ast.MatchAs, ast.MatchStar)):
            names.update([inner.name] if inner.name else [])
    return names
