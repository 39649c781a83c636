"""Where a notebook's code reaches a name that its assignment forbids, because students have to write that themselves.

There are three levels. A forbidden name that is written plainly is only noted: the worker does not have it, so it gave
no help. A name that is reached through a text or through torch's internals is proof of an evasion. A person looks at
code that could reach a forbidden name where reading does not tell, and at names that an exercise flags because nothing
can take them away.

An exercise's code is its definition, the definitions that this uses, and the statements that change one of these.
"""

from __future__ import annotations

import ast
import fnmatch
import functools
import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from autograder.course.assignment import Assignment
from autograder.engines.hidden.scrutiny.changes import imported_packages
from autograder.engines.hidden.scrutiny.expressions import (
    FETCH,
    IMPORT,
    LOCATE,
    dotted,
    imported,
    pattern,
    plain,
    text,
    texts,
)
from autograder.engines.hidden.scrutiny.finding import CodeFinding, Level, finding_at, in_order
from autograder.engines.hidden.scrutiny.lists import Lists
from autograder.engines.hidden.scrutiny.local_names import nodes_of
from autograder.engines.hidden.scrutiny.scope import Scope, bindings_of
from autograder.engines.hidden.scrutiny.source import (
    DEFINITIONS,
    CodeCell,
    Place,
    Program,
    read_program,
    read_statement,
)
from autograder.engines.hidden.scrutiny.vocabulary import (
    ANYWHERE,
    ATTRIBUTES,
    HOOKS,
    MEANS,
    RUN_TEXT,
    SCRIPTS,
    SHELL,
    TEXT_MEANS,
    WAYS,
)
from autograder.sentences import say

__all__ = ["MAX_MODULE", "scrutinise"]

#: How often what is looked up by a text may look up more.
MAX_LOOKED_UP = 4
#: A module of more bytes is not read; only its import shows.
MAX_MODULE = 1 << 20
#: How many findings of one exercise are used.
MAX_FOUND = 2000
#: How many findings of one place are used.
MAX_OF_A_PLACE = 200
#: The names under which IPython keeps what cells gave, and what was typed.
_REMEMBERED = re.compile(r"_{1,3}|_i{1,3}|_i?\d+|Out|In|_[ido]h")
#: Methods that look up what is written after a dot or in brackets.
_LOOKUPS = frozenset({"__getattr__", "__getattribute__", "__getitem__", "__missing__", "__class_getitem__"})
#: Functions that give all names of a module.
_NAMESPACES = frozenset({"vars", "dir", "builtins.vars", "builtins.dir", "inspect.getmembers"})
#: Expressions that make a new value; a name or a constant is none.
_COMPUTED = (ast.BinOp, ast.JoinedStr, ast.Call, ast.Subscript, ast.IfExp, ast.BoolOp, ast.Starred)
#: Attributes that hold the name of a kind of numbers, a device or a class.
_OWN_NAMES = frozenset({"dtype", "device", "type", "__name__"})
_PRINTING = frozenset({"print", "builtins.print", "format", "repr", "str", "isinstance", "ValueError"})
#: Functions that reach something by a text: where they are passed on as values, reading does not tell what.
_LEADING = FETCH | IMPORT | LOCATE | RUN_TEXT


def scrutinise(
    cells: Sequence[CodeCell], assignment: Assignment, beside: Mapping[str, bytes] | None = None
) -> dict[str, list[CodeFinding]]:
    """Return the findings by exercise; exercises without findings are left out.

    Reads only: no code of a student runs, and the work is bounded.

    Args:
        cells: the notebook's code cells.
        assignment: what is forbidden.
        beside: the files beside the notebook by their path; modules that the notebook imports are read with it.
    """
    if not assignment.forbidden and not any(e.forbidden or e.flagged for e in assignment.coded):
        return {}
    try:
        return _scrutinise(cells, assignment, _modules(beside or {}))
    except RecursionError:
        lost = CodeFinding(Level.DOUBTFUL, say("exercise.the-notebook"), 1, say("exercise.code-too-deep"), "")
        return {e.id: [lost] for e in assignment.coded}


def _modules(beside: Mapping[str, bytes]) -> dict[str, str]:
    """Return the texts of Python's modules among files, by the modules' names."""
    found = {}
    for path, content in beside.items():
        if path.endswith(".py") and len(content) <= MAX_MODULE:
            name = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
            found[name] = content.decode("utf-8", "replace")
    return found


def _scrutinise(
    cells: Sequence[CodeCell], assignment: Assignment, modules: Mapping[str, str]
) -> dict[str, list[CodeFinding]]:
    program = read_program(cells, modules)
    scope = Scope()
    for place in program.places:
        if isinstance(place.node, DEFINITIONS):
            # Names that are bound inside are its own; names after `global` are the notebook's.
            scope.defined.add(place.node.name)
            scope.learn(_of_the_notebook(place.statement.nodes))
        else:
            scope.learn(place.statement.nodes)
    too_long = say("exercise.code-too-long")
    unreadable = [CodeFinding(Level.DOUBTFUL, name, 1, too_long, "") for name in program.unreadable]
    readers: dict[tuple[tuple[str, ...], tuple[str, ...]], _Reader] = {}
    found: dict[str, list[CodeFinding]] = {}
    for exercise in assignment.coded:
        forbidden = (*assignment.forbidden, *exercise.forbidden)
        if not forbidden and not exercise.flagged:
            continue
        key = forbidden, exercise.flagged
        reader = readers.setdefault(key, _Reader(scope, program, Lists.of(*key)))
        found[exercise.id] = [*reader.exercise(exercise.id), *unreadable]
    if scope.budget.lost or program.lost:
        lost = CodeFinding(Level.DOUBTFUL, say("exercise.the-notebook"), 1, say("exercise.code-too-involved"), "")
        for told in found.values():
            told.append(lost)
    return {name: in_order(told) for name, told in found.items() if told}


def _of_the_notebook(nodes: Sequence[ast.AST]) -> Iterator[ast.AST]:
    """Yield the statements of a definition that bind a name after `global`."""
    shared = {name for node in nodes if isinstance(node, ast.Global) for name in node.names}
    for node in nodes if shared else ():
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.Import | ast.ImportFrom):
            bound = {inner.id for inner in nodes_of(node) if isinstance(inner, ast.Name)}
            bound |= {name for name, _ in imported_packages(node)}
            if bound & shared:
                yield node


@dataclass
class _Reader:
    """Reads with the lists of one exercise, or of several exercises with the same lists."""

    scope: Scope
    program: Program
    lists: Lists
    known: dict[int, list[CodeFinding]] = field(default_factory=dict)

    def exercise(self, name: str) -> list[CodeFinding]:
        """Return the findings in the code of an exercise."""
        reached = self._reached(name)
        seen = {id(place) for place in reached}
        beside = [p for p in self.program.statements if p.cell == name and id(p) not in seen]
        own = list(itertools.islice((f for place in reached for f in self.read(place)), MAX_FOUND))
        # Outside definitions a cell may use flagged names, for a comparison: only definitions are judged by them.
        own += [f for place in beside for f in self.read(place) if f.target not in self.lists.flagged]
        own += self._unread(reached)
        return own + self.everywhere

    def _unread(self, reached: Sequence[Place]) -> Iterator[CodeFinding]:
        """Yield the imports from modules that nobody can read: a cell writes them, or they were not handed in."""
        used = {name for place in reached for name in place.statement.free}
        for name, (node, cell) in self.program.unread.items():
            if name in used or name == "*":
                yield replace(finding_at(Level.DOUBTFUL, node, cell), unread=True)

    def _reached(self, name: str) -> list[Place]:
        """Return the code that an exercise uses, also what it looks up in the notebook's namespace by a text."""
        reached = self.program.reached(name)
        named: set[str] = set()
        for _ in range(MAX_LOOKED_UP):
            places = [place for place in reached if self._looks_up(place)]
            patterns = {p for place in places for p in self._inside(place).looked_up(place)} - {"*"}
            if not self.scope.budget.spend(len(patterns) * len(self.program.definitions)):
                break
            more = {d for d in self.program.definitions if any(fnmatch.fnmatchcase(d, p) for p in patterns)} - named
            if not more:
                break
            named |= more
            reached = self.program.reached_from([name, *sorted(named)])
        return reached

    def _looks_up(self, place: Place) -> bool:
        """Whether code may look names up in the notebook's namespace: most does not, and need not be read for that."""
        nodes = [node for node in place.statement.nodes if isinstance(node, ast.Call | ast.Attribute)]
        return any(
            _is_namespace(node) or (isinstance(node, ast.Attribute) and self.program.imports_itself) for node in nodes
        )

    def looked_up(self, place: Place) -> Iterator[str]:
        """Yield patterns of the names that code looks up in the notebook's namespace."""
        for node in place.statement.nodes:
            if isinstance(node, ast.Subscript) and _is_namespace(node.value):
                yield pattern(node.slice, self.scope)
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
                if _is_namespace(node.func.value):
                    yield pattern(node.args[0], self.scope)
            elif isinstance(node, ast.Attribute):
                for found in plain(dotted(node, self.scope)):
                    if found.startswith("__main__."):
                        yield found.split(".")[1]

    @functools.cached_property
    def everywhere(self) -> list[CodeFinding]:
        """The findings in code that can change any other code: they count for every exercise."""
        found = [f for place in self.program.statements for f in self.hooks(place)]
        called = {
            node.func.id
            for place in self.program.statements
            for node in place.statement.nodes
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        }
        for place in self.program.reached_from(sorted(called & self.program.own)):
            if isinstance(place.node, DEFINITIONS):
                found += self._inside(place).hooks(place)
        # All of them in one traversal: thousands of statements may lead to the same thousands of definitions.
        shared = self.program.everywhere
        free = {name for place in shared for name in self.program.used(place)}
        places = {id(place): place for place in (*shared, *self.program.reached_from(sorted(free)))}
        for place in places.values():
            found += self.read(place)
            if len(found) > MAX_FOUND:
                self.scope.budget.lost = True
                break
        return found

    def read(self, place: Place) -> list[CodeFinding]:
        """Read a statement once, however many exercises use it."""
        if id(place) not in self.known:
            findings = self._inside(place).findings(place)
            self.known[id(place)] = list(itertools.islice(findings, MAX_OF_A_PLACE))
            if next(findings, None) is not None:
                self.scope.budget.lost = True
        return self.known[id(place)]

    def _inside(self, place: Place) -> _Reader:
        """Return the reader of a definition's own names."""
        if not isinstance(place.node, DEFINITIONS):
            return self
        own = self.scope.inner()
        own.learn(place.statement.nodes[1:])
        own.inside = (own.defined | own.values.keys()) - own.imports.keys() - place.statement.local
        return _Reader(own, self.program, self.lists)

    def findings(self, place: Place, depth: int = 0) -> Iterator[CodeFinding]:
        """Read code that an exercise uses."""
        called = _called(place.statement.nodes)
        entries = {id(node.value) for node in place.statement.nodes if isinstance(node, ast.Subscript)}
        for node in place.statement.nodes:
            yield from self._names(node, place, called)
            if id(node) not in entries and self._is_whole_module(node):
                yield finding_at(Level.DOUBTFUL, node, place.cell)
            if isinstance(node, ast.Call):
                yield from self._call(node, place, depth)
                if self._asks_by_computed_name(node):
                    yield finding_at(Level.DOUBTFUL, node, place.cell)
            elif isinstance(node, ast.Subscript):
                yield from self._subscript(node, place)
            elif isinstance(node, ast.Match):
                for name, fetched in bindings_of(node):
                    if not name:
                        yield from self._names(fetched, place, called)

    def _names(self, node: ast.AST, place: Place, called: set[int]) -> Iterator[CodeFinding]:
        if isinstance(node, ast.Import | ast.ImportFrom):
            module = getattr(node, "module", None)
            names = set().union(*(imported(f"{module}.{a.name}" if module else a.name) for a in node.names))
        elif isinstance(node, ast.Name | ast.Attribute | ast.Call | ast.Subscript):
            names = dotted(node, self.scope)
        elif isinstance(node, ast.keyword | ast.Constant):
            names = set()
        else:
            return
        flagged = list(self.lists.flags(node, names, self.program.own))
        yield from (finding_at(Level.DOUBTFUL, node, place.cell, flag) for flag in flagged[:1])
        known = bool(flagged)
        for name in sorted(names):
            target = self.lists.target(name)
            if target is not None:
                known = True
                yield finding_at(Level.PROVEN if target[1] else Level.PLAIN, node, place.cell, target[0])
        if not known and (_runs_a_text(place.node, plain(names)) or self._doubtful(node, names, called)):
            yield finding_at(Level.DOUBTFUL, node, place.cell)

    def _doubtful(self, node: ast.AST, names: set[str], called: set[int]) -> bool:
        """Whether a node may lead to a forbidden name, although reading does not tell that it does."""
        if plain(names) & MEANS:
            return True
        # An attribute is below a name, which is read by itself; what was imported is not below any.
        apart = isinstance(node, ast.Name | ast.Import | ast.ImportFrom)
        if apart and any(_lies_below(name, MEANS) for name in plain(names)):
            return True
        # Where nothing is forbidden, a text such as in `getattr(torch, activation)` leads to nothing forbidden.
        handed_on = bool(self.lists.forbidden) and id(node) not in called
        if isinstance(node, ast.Name | ast.Attribute) and plain(names) & _LEADING and handed_on:
            return True
        if isinstance(node, ast.Attribute):
            return node.attr in ATTRIBUTES or self._looks_forbidden(node, names)
        if not isinstance(node, ast.Name):
            return False
        # What a cell's last line gave is under these names, and not where reading finds it.
        remembered = _REMEMBERED.fullmatch(node.id) is not None and plain(names) == {node.id}
        return node.id in ATTRIBUTES or (remembered and node.id not in self.scope.defined)

    def _is_whole_module(self, node: ast.AST) -> bool:
        """Whether all names of a module with a listed one are taken: `vars(nn)`, `dir(nn)`, `nn.__dict__`."""
        if isinstance(node, ast.Attribute) and node.attr == "__dict__":
            return self._holds_listed(node.value)
        if isinstance(node, ast.Call) and len(node.args) == 1:
            return bool(plain(dotted(node.func, self.scope)) & _NAMESPACES) and self._holds_listed(node.args[0])
        return False

    def _asks_by_computed_name(self, node: ast.Call) -> bool:
        """Whether a function of the notebook gets a module and a computed text, as in `pick(nn, word + "ial")`."""
        if not (isinstance(node.func, ast.Name) and node.func.id in self.program.own):
            return False
        given = [*node.args, *(keyword.value for keyword in node.keywords)]
        computed = [a for a in given if isinstance(a, _COMPUTED) and text(a, self.scope) is None]
        return bool(computed) and any(self._holds_listed(argument) for argument in given)

    def _holds_listed(self, node: ast.expr) -> bool:
        """Whether an expression is a module in which a forbidden or flagged name is found."""
        return isinstance(node, ast.Name | ast.Attribute) and bool(plain(dotted(node, self.scope)) & self.lists.owners)

    def _looks_forbidden(self, node: ast.Attribute, names: set[str]) -> bool:
        """Whether an attribute of an unknown object has a forbidden name that the student did not define."""
        return (
            not names
            and node.attr not in self.program.own
            and node.attr not in self.program.definitions
            and self.lists.last(node.attr) is not None
        )

    def _call(self, node: ast.Call, place: Place, depth: int) -> Iterator[CodeFinding]:
        functions = plain(dotted(node.func, self.scope))
        first = node.args[0] if node.args else None
        for flag in self.lists.flags_call(node, functions):
            yield finding_at(Level.DOUBTFUL, node, place.cell, flag)
        yield from self._flagged_texts(node, functions, place)
        if functions & RUN_TEXT:
            source = text(first, self.scope)
            if source is None or depth > 2:  # noqa: PLR2004 - text that runs text that runs text
                yield finding_at(Level.DOUBTFUL, node, place.cell)
            else:
                yield from self._run_text(source, node, place, depth)
        elif functions & FETCH and len(node.args) > 1:
            own = isinstance(first, ast.Name) and first.id == "self"
            name = node.args[1]
            # Where nothing is forbidden, `getattr(torch, activation)` leads to nothing forbidden, and what is flagged
            # would have to be written where the function is called.
            given = not self.lists.forbidden and self._is_given(name) and not _by_syntax(name, place)
            if text(name, self.scope) is None and not own and not given and self._may_reach(name):
                yield finding_at(Level.DOUBTFUL, node, place.cell)
        elif functions & (IMPORT | LOCATE) and text(first, self.scope) is None:
            yield finding_at(Level.DOUBTFUL, node, place.cell)
        elif functions & SCRIPTS:
            yield from self._script(text(first, self.scope), node, place)

    def _flagged_texts(self, node: ast.Call, functions: set[str], place: Place) -> Iterator[CodeFinding]:
        """Look for flagged names among the texts that a call is given; what is printed leads nowhere."""
        if not self.lists.flagged or functions & _PRINTING:
            return
        for argument in (*node.args, *(k.value for k in node.keywords)):
            name = text(argument, self.scope)
            flag = None if name is None else self.lists.flag_of_text(name)
            if flag is not None:
                yield finding_at(Level.DOUBTFUL, node, place.cell, flag)

    def _is_given(self, name: ast.expr, depth: int = 0) -> bool:
        """Whether a name is an argument, one of texts that can all be read, or made of one by a method of texts."""
        if depth > MAX_LOOKED_UP:
            return False
        match name:
            case ast.Call(func=ast.Name(id="str"), args=[inner], keywords=[]):
                return self._is_given(inner, depth + 1)
            case ast.Call(func=ast.Attribute(value=inner), keywords=[]):
                return self._is_given(inner, depth + 1)
            case ast.Attribute(attr=attribute):
                return attribute in _OWN_NAMES
            case ast.Name(id=known):
                holder = self.scope.holder(known)
                if known in holder.looped:
                    return all(texts(among, self.scope) is not None for among in holder.looped[known])
                values = holder.values.get(known, ())
                if known in holder.arguments:
                    return not values
                return bool(values) and all(self._is_given(value, depth + 1) for value in values)
            case ast.Subscript(value=among):
                return self._is_one_of_texts(among)
        return False

    def _is_one_of_texts(self, among: ast.expr) -> bool:
        """Whether all that a dictionary, list or tuple holds are texts that can be read."""
        if isinstance(among, ast.Name):
            values = self.scope.holder(among.id).values.get(among.id, [])
            among = values[0] if len(values) == 1 else among
        if isinstance(among, ast.Dict):
            return all(text(value, self.scope) is not None for value in among.values)
        return texts(among, self.scope) is not None

    def _may_reach(self, name: ast.expr) -> bool:
        """Whether a name that can be read only in part may be a part of the way to a forbidden name."""
        parts = self.lists.parts() | ATTRIBUTES | WAYS
        shape = pattern(name, self.scope)
        return self.scope.budget.spend(len(parts)) and any(fnmatch.fnmatchcase(part, shape) for part in parts)

    def _run_text(self, source: str, node: ast.Call, place: Place, depth: int) -> Iterator[CodeFinding]:
        """Read a text that is executed, as code. A forbidden name in it is proof of an evasion."""
        if not self.scope.budget.spend(len(source)):
            return
        try:
            tree = ast.parse(source)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return
        statements = [read_statement(node) for node in tree.body]
        self.scope.learn(node for statement in statements for node in statement.nodes)
        for statement in statements:
            for found in self.findings(Place(place.cell, statement), depth + 1):
                level = Level.DOUBTFUL if found.level is Level.DOUBTFUL else Level.PROVEN
                yield finding_at(level, node, place.cell, found.target)

    def _call_of_text(self, node: ast.Call, place: Place) -> Iterator[CodeFinding]:
        """Read a text that a top-level statement executes: it can define anything."""
        by_the_shell = isinstance(node.func, ast.Attribute) and node.func.attr in SHELL
        if by_the_shell or plain(dotted(node.func, self.scope)) & RUN_TEXT:
            source = text(node.args[0] if node.args else None, self.scope)
            if source is None:
                yield finding_at(Level.DOUBTFUL, node, place.cell)
            else:
                yield from self._run_text(source, node, place, 0)

    def _script(self, source: str | None, node: ast.Call, place: Place) -> Iterator[CodeFinding]:
        """Read a program in torch's own language, in which every method of a tensor is an operator."""
        kept = "".join(c if c.isalnum() or c == "_" else " " for c in source or "")
        words = set(kept.split())
        for word in sorted(words):
            if (target := self.lists.last(word)) is not None:
                yield finding_at(Level.PROVEN, node, place.cell, target)

    def _subscript(self, node: ast.Subscript, place: Place) -> Iterator[CodeFinding]:
        container = node.value
        of_module = isinstance(container, ast.Attribute) and container.attr == "__dict__"
        if isinstance(container, ast.Call):
            of_module = bool(dotted(container.func, self.scope) & {"vars", "globals"})
        unread = of_module and text(node.slice, self.scope) is None
        # What is found in the notebook's namespace is read, if a part of its name is known.
        partly = _is_namespace(container) and pattern(node.slice, self.scope) != "*"
        if unread and (self.lists.forbidden or (self._may_reach(node.slice) and not partly)):
            yield finding_at(Level.DOUBTFUL, node, place.cell)

    def hooks(self, place: Place) -> Iterator[CodeFinding]:
        """Read a statement for means to change code in other places."""
        for node in place.statement.nodes:
            if isinstance(node, ast.Attribute) and node.attr in HOOKS:
                yield finding_at(Level.DOUBTFUL, node, place.cell)
            elif isinstance(node, ast.Name | ast.Attribute):
                if _means_anywhere(plain(dotted(node, self.scope))):
                    yield finding_at(Level.DOUBTFUL, node, place.cell)
            elif isinstance(node, ast.Import | ast.ImportFrom):
                module = getattr(node, "module", None)
                if _means_anywhere({module or alias.name for alias in node.names}):
                    yield finding_at(Level.DOUBTFUL, node, place.cell)
            elif isinstance(node, ast.Call):
                yield from self._call_of_text(node, place)
            elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
                owner = node.value
                if isinstance(owner, ast.Call) and dotted(owner.func, self.scope) & {"globals", "vars"}:
                    yield finding_at(Level.DOUBTFUL, node, place.cell)


def _runs_a_text(statement: ast.stmt, names: set[str]) -> bool:
    """Whether a definition or an assignment names what runs a text; `files = !ls` asks the shell for something else."""
    if "get_ipython" in names:
        return isinstance(statement, DEFINITIONS)
    return isinstance(statement, (*DEFINITIONS, ast.Assign, ast.AnnAssign)) and any(
        name in TEXT_MEANS or _lies_below(name, TEXT_MEANS) for name in names
    )


def _is_namespace(node: ast.expr) -> bool:
    """Whether an expression is the namespace of the notebook: `globals()`, `get_ipython().user_ns`."""
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id in {"globals", "locals", "vars"} and not node.args
    return isinstance(node, ast.Attribute) and node.attr in {"user_ns", "user_global_ns", "__globals__"}


def _by_syntax(name: ast.expr, place: Place) -> bool:
    """Whether a name is what Python gives to `__getattr__` and its like, for any attribute or entry that is written."""
    methods = (n for n in place.statement.nodes if isinstance(n, ast.FunctionDef) and n.name in _LOOKUPS)
    arguments = {argument.arg for method in methods for argument in method.args.args}
    return any(isinstance(part, ast.Name) and part.id in arguments for part in nodes_of(name))


def _means_anywhere(names: set[str]) -> bool:
    """Whether one of these names, or its package, can change any code."""
    return bool(names & ANYWHERE) or any(name.startswith("autograder.") for name in names)


def _lies_below(name: str, modules: frozenset[str]) -> bool:
    """Whether a name lies in one of these modules: `torch._decomp.decompositions` in `torch._decomp`."""
    parts = name.split(".")
    return any(".".join(parts[:i]) in modules for i in range(1, len(parts)))


def _called(nodes: Sequence[ast.AST]) -> set[int]:
    """Return the nodes that are called directly or assigned to a name."""
    found = {id(node.func) for node in nodes if isinstance(node, ast.Call)}
    found |= {id(node.value) for node in nodes if isinstance(node, ast.Assign | ast.AnnAssign | ast.NamedExpr)}
    for node in nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute) and node.args:
            name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            if name == "reduce":
                found.add(id(node.args[0]))
    return found
