"""A check's own function of tensors as a list of steps, which a worker computes without asking the judge.

`torch.fx` records the steps once, with a stand-in for each argument. So a function must take the same steps for every
input: arithmetic, torch's functions and methods of tensors, but no decision that depends on a value.
"""

from __future__ import annotations

import inspect
import itertools
import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from autograder.sandbox.wire.frames import FrameError
from autograder.sandbox.wire.trees import replaced

__all__ = ["Formula", "compute", "formula", "from_plain", "to_plain"]

#: (name, positional arguments, keyword arguments); an argument `_Ref(i)` is result i: first come the formula's own
#: arguments, then the results of the steps.
Step = tuple[str, tuple[Any, ...], dict[str, Any]]
_MAX_STEPS = 1000
#: Characters of a text that a step is given, such as the name of a reduction or the equation of an einsum.
_MAX_CONSTANT = 200


class Formula:
    """A function of tensors that can be sent; in the judge it is called like the function itself."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function
        self.arguments = _arguments(function)
        self.steps = _steps(function)
        self._proven = False

    def __call__(self, *args: Any) -> Any:
        """Return the function's value.

        Raises:
            ValueError: if the recorded steps give another value, bit for bit.
        """
        value = self.function(*args)
        if not self._proven:
            self._prove(args, value)
        return value

    def _prove(self, args: Sequence[Any], value: Any) -> None:
        import torch

        with torch.no_grad():
            again = compute(self.steps, args)
        if not torch.equal(again, value.detach()):
            raise ValueError("a formula has to do the same for every input, with nothing random in it")
        self._proven = True


def formula(function: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap a pure function of tensors that students' code calls, so that it is computed in their process.

    Any function may be passed to a student's; one that is not wrapped stays in the judge, and each call asks the judge.

    Args:
        function: arithmetic, torch's functions and methods of tensors on its arguments; constants are kept.

    Raises:
        ValueError: if it makes a decision that depends on an argument's values, or a step that cannot be sent.

    Example:
        >>> square = formula(lambda x: (x**2).sum())
        >>> square(torch.tensor([3.0, 4.0]))
        tensor(25.)
    """
    return Formula(function)


def compute(steps: Sequence[Step], args: Sequence[Any]) -> Any:
    """Take the steps.

    Args:
        steps: as recorded.
        args: tensors.
    """
    results = list(args)

    def result(argument: Any) -> Any:
        return results[argument.step] if isinstance(argument, _Ref) else argument

    for name, given, named in steps:
        kind, _, short = name.partition(":")
        positional, keywords = list(replaced(given, result)), replaced(named, result)
        call = getattr(positional.pop(0), short) if kind == "method" else _function(kind, short)
        results.append(call(*positional, **keywords))
    return results[-1]


def _places() -> dict[str, Any]:
    """Return the modules in which functions are looked up, by the first part of a step's name."""
    import torch

    return {"operator": operator, "torch": torch, "functional": torch.nn.functional}


def _function(kind: str, name: str) -> Any:
    return getattr(_places()[kind], name)


class _Ref:
    """The result of a step."""

    __slots__ = ("step",)

    def __init__(self, step: int) -> None:
        self.step = step

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Ref) and other.step == self.step

    __hash__ = None  # type: ignore[assignment]


def _arguments(function: Callable[..., Any]) -> int:
    named = _parameters(function).values()
    if any(p.kind in {p.VAR_POSITIONAL, p.VAR_KEYWORD} for p in named):
        raise ValueError("a formula has arguments of a known number")
    return sum(not _is_setting(p) for p in named)


def _is_setting(parameter: inspect.Parameter) -> bool:
    """Whether a parameter keeps its default: a number, a text or None, but no tensor."""
    default = parameter.default
    return default is None or isinstance(default, (bool, int, float, str))


def _parameters(function: Callable[..., Any]) -> Mapping[str, inspect.Parameter]:
    try:
        return inspect.signature(function).parameters
    except (TypeError, ValueError) as error:
        raise ValueError(f"this function cannot be a formula: {error}") from None


def _steps(function: Callable[..., Any]) -> list[Step]:
    import torch.fx

    tracer = torch.fx.Tracer()
    # Parameters with a default keep it: a loss of torch takes two arguments, and has six settings.
    settings = {name: p.default for name, p in _parameters(function).items() if _is_setting(p)}
    try:
        graph = tracer.trace(_with_settings(function, settings))
    except Exception as error:  # noqa: BLE001 - the function may do anything to a stand-in
        raise ValueError(f"this function cannot be a formula: {error}") from None
    known: dict[Any, Any] = {}
    steps: list[Step] = []
    numbers = itertools.count()
    for node in graph.nodes:
        if node.op == "get_attr":
            known[node] = getattr(tracer.root, str(node.target)).detach().clone()
        elif node.op == "output":
            if known.get(node.args[0]) != _Ref(next(numbers) - 1):
                raise ValueError("a formula returns what it computed last")
        else:
            known[node] = _Ref(next(numbers))
            if node.op != "placeholder":
                named = {key: _sendable(a, known) for key, a in node.kwargs.items()}
                steps.append((_name(node), tuple(_sendable(a, known) for a in node.args), named))
    if not 0 < len(steps) <= _MAX_STEPS:
        raise ValueError("a formula has at least one step, and not too many")
    return steps


def _with_settings(function: Callable[..., Any], settings: Mapping[str, Any]) -> Callable[..., Any]:
    """Return a function of the arguments without a default, because a tracer makes a stand-in for every argument."""
    if not settings:
        return function
    kinds = {name: p.kind for name, p in _parameters(function).items() if name not in settings}
    given = [f"{n}={n}" if kind is inspect.Parameter.KEYWORD_ONLY else n for n, kind in kinds.items()]
    scope = {"function": function}
    source = f"lambda {', '.join(kinds)}: function({', '.join(given)})"
    return eval(source, scope)  # type: ignore[no-any-return]  # noqa: S307 - names of our own function's arguments


def _sendable(argument: Any, known: Mapping[Any, Any]) -> Any:
    import torch.fx

    if isinstance(argument, torch.fx.Node):
        return known[argument]
    if isinstance(argument, (tuple, list)):
        return type(argument)(_sendable(a, known) for a in argument)
    if argument is None or isinstance(argument, (bool, int, float, torch.dtype)):
        return argument
    if isinstance(argument, str) and len(argument) <= _MAX_CONSTANT:
        return argument
    raise ValueError(f"a formula cannot have {argument!r} in it")


def _name(node: Any) -> str:
    if node.op == "call_method":
        return f"method:{node.target}"
    name = node.target.__name__
    for kind, place in _places().items():
        if getattr(place, name, None) is node.target:
            return f"{kind}:{name}"
    raise ValueError(f"a formula cannot have {name!r} in it")


def to_plain(given: Formula) -> list[Any]:
    """Return a formula as lists, texts, numbers and tensors."""
    return [given.arguments, [[name, _plain(args), _plain(named)] for name, args, named in given.steps]]


def _plain(value: Any) -> Any:
    if isinstance(value, _Ref):
        return {"step": value.step}
    if isinstance(value, (tuple, list)):
        return [isinstance(value, tuple), [_plain(v) for v in value]]
    if isinstance(value, dict):
        return {"named": {key: _plain(v) for key, v in value.items()}}
    return value


def from_plain(plain: Any) -> tuple[int, list[Step]]:
    """Return how many arguments a formula has, and its steps.

    Raises:
        FrameError: if it is none.
    """
    try:
        arguments, steps = plain
        return arguments, [(name, _value(args), _value(named)) for name, args, named in steps]
    except (TypeError, ValueError, KeyError):
        raise FrameError("not a formula") from None


def _value(plain: Any) -> Any:
    if isinstance(plain, list):
        paired, values = plain
        return (tuple if paired else list)(map(_value, values))
    if isinstance(plain, dict):
        return _Ref(plain["step"]) if "step" in plain else {key: _value(v) for key, v in plain["named"].items()}
    return plain
