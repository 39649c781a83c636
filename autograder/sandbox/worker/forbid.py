"""Takes forbidden callables away: their names, what the objects can do, and the operators behind them.

Nothing here depends on who calls: a student's code can look like any caller. What a whole assignment forbids is taken
away before any notebook runs. What one exercise forbids is taken away in the copy of the notebook's process in which
the exercise is examined; `get_ready` looks up what that needs before any student's code has run.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import importlib.util
import os
import sys
import types
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.sandbox.forbidden import forbids_optimizers, is_kept, operator_names, refusal
from autograder.sandbox.worker.holders import exchange_in_holders
from autograder.sandbox.worker.operators import Kernel, fused_optimizers, is_operator, refusing_kernels, replace_kernels
from autograder.sandbox.worker.permits import guarded, layers_using, let_layers_use
from autograder.sandbox.worker.starts import give_layers_their_own_start

__all__ = ["FORBIDDEN_CLASSES", "get_ready", "source_files", "take_away"]

#: The ids of the classes that were taken away.
FORBIDDEN_CLASSES: set[int] = set()

#: How deep decorators wrap each other in torch.
_WRAPPERS = 8
#: What has code of its own while it waits, and where.
_GENERATORS: dict[type, str] = {
    types.GeneratorType: "gi_code",
    types.CoroutineType: "cr_code",
    types.AsyncGeneratorType: "ag_code",
}
_Targets = dict[int, tuple[object, str]]


@dataclass(frozen=True, slots=True)
class _Removal:
    """Everything that has to be done to take a list of names away.

    `targets` are the objects by their identity, each with its forbidden name; `stand_ins` are their replacements;
    `places` are the modules and names that refer to them.
    """

    targets: _Targets
    stand_ins: dict[int, Any]
    places: list[tuple[types.ModuleType, str]]
    emptied: list[tuple[object, str]]
    kernels: list[Kernel]
    layers: dict[type, set[str]]
    initialisers: list[str]
    classes: set[int]


#: What was looked up beforehand, by list of names.
_READY: dict[tuple[str, ...], _Removal] = {}


def get_ready(forbidden: Sequence[str]) -> None:
    """Look up all that `take_away` needs for this list, before a notebook can disturb it; it saves time later, too."""
    if forbidden:
        _READY[tuple(forbidden)] = _removal(forbidden)


def take_away(forbidden: Sequence[str], *, notebook: dict[str, Any] | None = None) -> None:
    """Make every use of these names raise, in this process and its forks; this cannot be undone.

    A class can be found again through its base (`__subclasses__`) and a function in the garbage collector's lists, so
    both lose what they could do. The dispatcher refuses an operator. Layers of torch that are not listed still work,
    see `permits`. A listed module that is installed but not loaded yet is loaded here, because it could not be taken
    away later.

    Args:
        forbidden: dotted names, or operators (`aten::softplus`).
        notebook: the names of a notebook that has run in this process and may hold some of the objects. A function
            without Python code of its own (one of numpy's in C) is replaced in the objects that hold it.
    """
    if not forbidden:
        return
    removal = _READY.get(tuple(forbidden)) or _removal(forbidden)
    # A notebook must not find there what other lists would take away.
    _READY.clear()
    if removal.initialisers:
        give_layers_their_own_start(removal.initialisers)
    for module, attribute in removal.places:
        value = vars(module).get(attribute)
        if id(value) in removal.targets:
            setattr(module, attribute, removal.stand_ins[id(value)])
    if notebook is not None:
        # Leave the list itself alone, and what stands in for a function that layers may use.
        guards = [cell for s in removal.stand_ins.values() for cell in getattr(s, "__closure__", None) or ()]
        ours = [*removal.targets.values(), *removal.emptied, *guards]
        exchange_in_holders([value for value, _ in removal.targets.values()], removal.stand_ins, notebook, ours)
    FORBIDDEN_CLASSES.update(removal.classes)
    codes: set[types.CodeType] = set()
    for value, name in removal.emptied:
        _empty(value, name, codes)
    _end_generators(codes)
    replace_kernels(removal.kernels)
    let_layers_use(removal.layers)


def _removal(forbidden: Sequence[str]) -> _Removal:
    targets: _Targets = {}
    for dotted in forbidden:
        _load(dotted)
    for dotted in forbidden:
        for value, name in _named(dotted):
            targets.setdefault(id(value), (value, name))
    operators = _operators(forbidden)
    for value, name in _written_in_python(operators):
        targets.setdefault(id(value), (value, name))
    gone = {id(value) for value, _ in targets.values() if isinstance(value, type)}
    names = {name for _, name in targets.values()} | set(operators.values())
    using = layers_using(names, lambda layer: id(layer) in gone)
    kept = {name for used in using.values() for name in used}
    stand_ins = {}
    for key, (value, name) in targets.items():
        refuse = _raiser(name)
        stand_ins[key] = guarded(value, name, refuse) if name in kept else refuse  # type: ignore[arg-type]
    packages = {name.partition(".")[0] for name in forbidden} | {"torch"}
    return _Removal(
        targets=targets,
        stand_ins=stand_ins,
        places=list(_places(targets, packages)),
        emptied=[(value, name) for value, name in targets.values() if name not in kept],
        kernels=refusing_kernels(operators, kept),
        layers=using,
        initialisers=[n.rpartition(".")[2] for _, n in targets.values() if n.startswith("torch.nn.init.")],
        classes=gone,
    )


def source_files(forbidden: Sequence[str]) -> list[str]:
    """Return the source and bytecode files of the forbidden modules, because they can be read and loaded again."""
    for dotted in forbidden:
        _load(dotted)
    modules = [sys.modules[dotted] for dotted in forbidden if dotted in sys.modules]
    paths = {getattr(module, name, None) for module in modules for name in ("__file__", "__cached__")}
    return sorted(os.path.realpath(path) for path in paths if path and os.path.isfile(path))


# -- what a name stands for --------------------------------------------------------------------------------


def _load(dotted: str) -> None:
    """Import the module that a name is in, if it is installed."""
    path = dotted
    while path and path not in sys.modules:
        with contextlib.suppress(Exception):
            if importlib.util.find_spec(path) is not None:
                importlib.import_module(path)
                return
        path = path.rpartition(".")[0]


def _named(dotted: str) -> Iterator[tuple[object, str]]:
    """Yield what a forbidden name stands for: one object, or all that a module defines."""
    path, _, name = dotted.rpartition(".")
    # torch.optim deletes its submodules from its own namespace; sys.modules still has them.
    target = getattr(_find(path), name, None) or sys.modules.get(dotted)
    if isinstance(target, types.ModuleType):
        yield from _all_of(target, dotted)
    elif target is not None:
        yield target, dotted


def _all_of(module: types.ModuleType, dotted: str) -> Iterator[tuple[object, str]]:
    """Yield all functions, classes and operators that a module and those below it define."""
    below = [m for name, m in list(sys.modules.items()) if name.startswith(f"{dotted}.")]
    for part in (module, *(m for m in below if isinstance(m, types.ModuleType))):
        place = dotted if part is module else part.__name__
        for name, value in list(vars(part).items()):
            if is_kept(f"{place}.{name}"):
                continue
            # What the module imported from elsewhere stays, torch.optim.Optimizer above all.
            own = isinstance(value, types.FunctionType | type) and value.__module__ == part.__name__
            native = isinstance(value, types.BuiltinFunctionType) and is_operator(f"{place}.{name}")
            if own or native or _is_of_numpy(value, {dotted, part.__name__}):
                yield value, f"{place}.{name}"


def _is_of_numpy(value: object, modules: set[str]) -> bool:
    """Whether a value is a ufunc or a function with a dispatcher of numpy's, and belongs to one of these modules."""
    kind = type(value)
    if kind.__module__.partition(".")[0] != "numpy" or not callable(value):
        return False
    if kind.__name__ == "ufunc":
        # scipy.special imports `floor` from numpy, and everybody else needs that.
        theirs = getattr(sys.modules["numpy"], getattr(value, "__name__", ""), None) is value
        return not theirs or any(name.partition(".")[0] == "numpy" for name in modules)
    return kind.__name__ == "_ArrayFunctionDispatcher" and getattr(value, "__module__", None) in modules


def _find(dotted: str) -> Any:
    """Return the module or attribute with this dotted name; None if there is none."""
    if dotted in sys.modules:
        return sys.modules[dotted]
    first, *rest = dotted.split(".")
    owner: Any = sys.modules.get(first)
    for part in rest:
        owner = getattr(owner, part, None)
    return owner


def _operators(forbidden: Sequence[str]) -> dict[str, str]:
    """Return the forbidden name of each operator; a list with an optimizer also forbids the fused optimizer steps."""
    found: dict[str, str] = {}
    for dotted in forbidden:
        module = sys.modules.get(dotted)
        within = (
            [name for value, name in _all_of(module, dotted) if not isinstance(value, type)] if module else [dotted]
        )
        for name in within:
            for operator in operator_names(name):
                found.setdefault(operator, name)
    if forbids_optimizers(forbidden):
        for operator in fused_optimizers():
            found.setdefault(operator, f"torch.{operator.partition('::')[2]}")
    return found


def _written_in_python(operators: dict[str, str]) -> Iterator[tuple[object, str]]:
    """Yield torch's Python functions for operators: decompositions and references."""
    from torch._decomp import global_decomposition_table

    registered = {id(function) for table in global_decomposition_table.values() for function in table.values()}
    for table in global_decomposition_table.values():
        for operator, function in table.items():
            # Not every operator has an overload's schema.
            schema = getattr(operator, "_schema", None)
            name = getattr(schema, "name", "")
            if name in operators and isinstance(function, types.FunctionType):
                yield function, operators[name]
                for helper in _helpers(function, name.partition("::")[2]):
                    if id(helper) not in registered:
                        yield helper, operators[name]


def _helpers(function: types.FunctionType, operator: str) -> Iterator[types.FunctionType]:
    """Yield the functions that have an operator's name in theirs, in the module of its decomposition.

    `native_batch_norm_helper` does all of the work, and is in no table.
    """
    module = sys.modules.get(function.__module__, types)
    for name, value in vars(module).items():
        own = isinstance(value, types.FunctionType) and value.__module__ == function.__module__
        if own and name.lstrip("_").startswith(f"{operator.lstrip('_')}_"):
            yield value


# -- taking it away ----------------------------------------------------------------------------------------


def _places(targets: _Targets, packages: set[str]) -> Iterator[tuple[types.ModuleType, str]]:
    """Yield the places of targets, in one pass over all these packages: torch has tens of thousands of names."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] not in packages or not isinstance(module, types.ModuleType):
            continue
        for attribute, value in list(vars(module).items()):
            if id(value) in targets:
                yield module, attribute


def _end_generators(codes: set[types.CodeType]) -> None:
    """End generators that run one of these codes, or are about to: each has the code from when it was made."""
    for found in gc.get_objects() if codes else ():
        # A notebook's object can do anything when it is asked for its class, so its type is looked at.
        attribute = _GENERATORS.get(type(found))
        if attribute is None or getattr(found, attribute) not in codes:
            continue
        with contextlib.suppress(Exception):
            if isinstance(found, types.AsyncGeneratorType):
                # The first step of its own end closes it.
                found.aclose().send(None)
            else:
                found.close()


def _empty(value: object, dotted: str, codes: set[types.CodeType], depth: int = 0) -> None:
    """Make a function, or every method of a class, raise, even where somebody still holds it.

    `codes` takes the code that they had.
    """
    if isinstance(value, type):
        for name, member in list(vars(value).items()):
            if isinstance(member, types.FunctionType) and _package(member) == _package(value):
                _empty(member, dotted, codes, depth + 1)
                with contextlib.suppress(TypeError):
                    setattr(value, name, _raiser(dotted))
        return
    # What numpy's dispatcher calls.
    value = getattr(value, "_implementation", value) if not isinstance(value, types.FunctionType) else value
    if not isinstance(value, types.FunctionType) or depth > _WRAPPERS:
        return
    for cell in value.__closure__ or ():
        # What a decorator wrapped.
        try:
            inner = cell.cell_contents
        except ValueError:
            continue
        # A helper that other functions share has another name.
        if isinstance(inner, types.FunctionType) and inner.__name__ == value.__name__:
            _empty(inner, dotted, codes, depth + 1)
            cell.cell_contents = _raiser(dotted)
    if not value.__closure__:
        codes.add(value.__code__)
        value.__code__ = _plain_raiser(dotted).__code__


def _package(value: types.FunctionType | type) -> str:
    return (value.__module__ or "").partition(".")[0]


def _plain_raiser(dotted: str) -> types.FunctionType:
    """Make a raising function without a closure: only such code can stand in for another function's."""
    source = f"def forbidden(*_, **__):\n    raise NameError({refusal(dotted)!r})\n"
    namespace: dict[str, Any] = {}
    exec(source, namespace)  # noqa: S102 - the assignment's own list of names, quoted
    function: types.FunctionType = namespace["forbidden"]
    return function


def _raiser(dotted: str) -> Callable[..., Any]:
    def forbidden(*_: object, **__: object) -> Any:
        raise NameError(refusal(dotted))

    forbidden.__module__, _, forbidden.__name__ = dotted.rpartition(".")
    forbidden.__qualname__ = forbidden.__name__
    return forbidden
