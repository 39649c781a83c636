"""Which forbidden functions torch's own layers may still use.

Forbidding a function must not break torch's layers: `nn.Linear` works where `torch.nn.functional.linear` is refused,
for students and for the models of a check. So a layer that is not listed may use, while its forward pass runs, the
forbidden names in its own code, and no others. This gives students nothing that the layer does not give: code of
theirs can run inside such a pass, in a hook, a subclass of Tensor or an object that looks like an input, and finds the
same names. An author who lists a function to keep an exercise closed also lists the layer that is made of it. Then no
layer keeps the function: neither the base class of the listed one, nor its lazy form, nor a larger layer that has it
inside.
"""

from __future__ import annotations

import contextlib
import dis
import functools
import sys
import types
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from autograder.sandbox.forbidden import operator_names

__all__ = [
    "guarded",
    "is_open",
    "layers_using",
    "let_layers_use",
    "names_behind",
    "opened",
    "short_name",
]

#: What operators call through the dispatcher, and so by name; the rest is inside one kernel.
_INSIDE: Mapping[str, tuple[str, ...]] = {
    "linear": ("addmm", "matmul", "mm"),
    "conv1d": ("convolution", "_convolution"),
    "conv2d": ("convolution", "_convolution"),
    "conv3d": ("convolution", "_convolution"),
    "batch_norm": ("native_batch_norm", "_native_batch_norm_legit", "_batch_norm_impl_index"),
    "layer_norm": ("native_layer_norm",),
    "softmax": ("_softmax",),
    "log_softmax": ("_log_softmax",),
    "dropout": ("native_dropout", "bernoulli"),
    "cross_entropy_loss": ("log_softmax", "nll_loss_nd", "nll_loss"),
    "binary_cross_entropy_with_logits": ("logsigmoid", "log_sigmoid"),
    "scaled_dot_product_attention": ("softmax", "dropout", "matmul"),
    **dict.fromkeys(("lstm", "gru"), ("linear", "sigmoid", "tanh", "dropout")),
    **dict.fromkeys(("lstm_cell", "gru_cell"), ("linear", "sigmoid", "tanh")),
    "rnn_tanh": ("linear", "tanh", "dropout"),
    "rnn_tanh_cell": ("linear", "tanh"),
    "rnn_relu": ("linear", "relu", "dropout"),
    "rnn_relu_cell": ("linear", "relu"),
    "_transformer_encoder_layer_fwd": ("linear", "softmax", "layer_norm", "relu", "gelu"),
    "_native_multi_head_attention": ("linear", "softmax"),
}
#: Names of Python's own that are names of torch's too.
_BUILTINS = frozenset({"abs", "all", "any", "complex", "hash", "max", "min", "pow", "range", "round", "sum"})
#: Methods of layers that belong to no forward pass.
_NOT_FORWARD = frozenset({"__init__", "reset_parameters", "_reset_parameters", "extra_repr", "__repr__"})

#: How torch's own code calls the modules of its functions.
_MODULES = frozenset({"F", "torch", "_VF", "VF", "_C", "functional"})

#: For each forbidden name, how many running layers, or functions of the judge, have it open.
_OPEN: dict[str, int] = {}
#: The forbidden names that some layer may use, by their short names in code.
_USABLE: dict[str, set[str]] = {}


def short_name(dotted: str) -> str:
    """Return how code calls a forbidden name: `softplus` for `torch.nn.functional.softplus`."""
    name = dotted.rpartition("::")[2].rpartition(".")[2]
    return name if name.endswith("__") else name.removesuffix("_")


def is_open(dotted: str) -> bool:
    """Whether a layer of torch that may use this name is running."""
    return _OPEN.get(dotted, 0) > 0


@contextlib.contextmanager
def opened(names: Iterable[str]) -> Iterator[None]:
    """Let code use forbidden names that layers may use.

    Args:
        names: their short names in code, or the forbidden names themselves.
    """
    dotted = {d for name in names for d in _USABLE.get(short_name(name), ())}
    for name in dotted:
        _OPEN[name] = _OPEN.get(name, 0) + 1
    try:
        yield
    finally:
        for name in dotted:
            _OPEN[name] -= 1


def guarded(original: Callable[..., Any], dotted: str, refuse: Callable[..., Any]) -> Callable[..., Any]:
    """Return the stand-in of a forbidden function that a layer may use."""

    @functools.wraps(refuse)
    def guard(*args: Any, **kwargs: Any) -> Any:
        return original(*args, **kwargs) if is_open(dotted) else refuse(*args, **kwargs)

    return guard


# -- which layers use what ---------------------------------------------------------------------------------


def layers_using(forbidden: Iterable[str], gone: Callable[[type], bool]) -> dict[type, set[str]]:
    """Return for each layer of torch the forbidden names that its forward pass uses.

    Left out is what a forbidden layer calls: an author who lists `nn.Dropout` and its function wants neither, and
    `nn.LSTM` would give the function back.

    Args:
        forbidden: dotted names of functions and operators.
        gone: whether a class is forbidden itself.
    """
    by_short: dict[str, set[str]] = {}
    for dotted in forbidden:
        if not (dotted.startswith("torch.nn.functional.") or operator_names(dotted)):
            continue
        by_short.setdefault(short_name(dotted), set()).add(dotted)
    if not by_short:
        return {}
    layers = _layers()
    closed = _closed([layer for layer in layers if gone(layer)], [layer for layer in layers if not gone(layer)])
    found: dict[type, set[str]] = {}
    for layer in layers:
        if not gone(layer):
            used = {dotted for name in _names_of(layer) - closed for dotted in by_short.get(name, ())}
            if used:
                found[layer] = used
    return found


def _closed(listed: list[type], others: list[type]) -> set[str]:
    """Return what listed layers call themselves, by short names, and what is behind it if no other layer calls that."""
    if not listed:
        return set()
    own = {name for layer in listed for name in _calls_of(layer)}
    elsewhere = {name for layer in others for name in _calls_of(layer)}
    return own | (names_behind(own) - elsewhere)


def let_layers_use(using: Mapping[type, set[str]]) -> None:
    """Open the names that each of these layers uses while its forward pass runs."""
    for names in using.values():
        for dotted in names:
            _USABLE.setdefault(short_name(dotted), set()).add(dotted)
    for layer, names in using.items():
        forward = vars(layer).get("forward")
        if isinstance(forward, types.FunctionType):
            layer.forward = _opening(forward, frozenset(names))  # type: ignore[attr-defined]


def _opening(forward: Callable[..., Any], names: frozenset[str]) -> Callable[..., Any]:
    @functools.wraps(forward)
    def open_forward(*args: Any, **kwargs: Any) -> Any:
        with opened(names):
            return forward(*args, **kwargs)

    return open_forward


def _layers() -> list[Any]:
    from torch import nn

    found: list[Any] = []
    waiting: list[Any] = [nn.Module]
    while waiting:
        for layer in waiting.pop().__subclasses__():
            if layer not in found and layer.__module__.startswith(("torch.nn.modules.", "torch.nn.quantized.")):
                found.append(layer)
                waiting.append(layer)
    return found


@functools.cache
def _names_of(layer: type) -> set[str]:
    """Return the names in the code of a layer's methods, in torch's functions there, and what operators call."""
    return _names_reached([(member, vars(sys.modules[base.__module__])) for base, member in _methods(layer)])


@functools.cache
def _calls_of(layer: type) -> set[str]:
    """Return the short names of the functions of torch that a layer's methods call themselves."""
    return {short_name(name) for _, member in _methods(layer) for code in _codes(member) for name in _called(code)}


def _methods(layer: type) -> Iterator[tuple[type, Any]]:
    """Yield the members of a layer that can belong to its forward pass, each with the class that has it."""
    from torch import nn

    for base in layer.__mro__:
        if issubclass(base, nn.Module) and base is not nn.Module:
            yield from ((base, member) for name, member in vars(base).items() if name not in _NOT_FORWARD)


def _called(code: types.CodeType) -> Iterator[str]:
    """Yield the last names of `torch.f`, `F.f`, `_VF.f` and the like in a code."""
    of_module = False
    for step in dis.get_instructions(code):
        if step.opname.startswith("LOAD_GLOBAL"):
            of_module = step.argval in _MODULES
        elif step.opname.startswith(("LOAD_ATTR", "LOAD_METHOD")) and of_module:
            yield step.argval
        elif step.opname != "EXTENDED_ARG":
            of_module = False


def names_behind(names: Iterable[str]) -> set[str]:
    """Return these names of torch's functions, and the names that their code uses."""
    from torch import nn

    known = set(names)
    functions = [vars(nn.functional).get(name) for name in known]
    found = _names_reached([(f, vars(nn.functional)) for f in functions if isinstance(f, types.FunctionType)])
    return known | found | {inner for name in known for inner in _all_inside(name)}


def _names_reached(waiting: list[tuple[Any, Mapping[str, Any]]]) -> set[str]:
    """Return the names in the code of functions, each with its globals, and of torch's functions that they use."""
    from torch import nn

    names: set[str] = set()
    functional = vars(nn.functional)
    while waiting:
        function, scope = waiting.pop()
        for name in _names_in(function):
            if name in names:
                continue
            names.add(name)
            names.update(_all_inside(name))
            named = functional.get(name, scope.get(name))
            if isinstance(named, types.FunctionType):
                waiting.append((named, vars(sys.modules.get(named.__module__, nn.functional))))
    return names | {short_name(name) for name in names}


def _all_inside(name: str) -> set[str]:
    found: set[str] = set()
    waiting = [name]
    while waiting:
        for inner in _INSIDE.get(waiting.pop(), ()):
            if inner not in found:
                found.add(inner)
                waiting.append(inner)
    return found


def _names_in(function: Any) -> Iterator[str]:
    """Yield the names that a function's code uses, and those of the functions that it wraps or contains."""
    for code in _codes(function):
        # The name of a wrapped function is in the list as well.
        yield code.co_name
        yield from (name for name in code.co_names if name not in _BUILTINS or _is_attribute(name, code))
        yield from code.co_freevars


@functools.cache
def _is_attribute(name: str, code: types.CodeType) -> bool:
    """Whether a code uses a name after a dot: `range` alone is Python's, `torch.range` is not."""
    return any(
        s.argval == name and s.opname.startswith(("LOAD_ATTR", "LOAD_METHOD")) for s in dis.get_instructions(code)
    )


def _codes(function: Any) -> Iterator[types.CodeType]:
    if isinstance(function, (staticmethod, classmethod)):
        function = function.__func__
    if not isinstance(function, types.FunctionType):
        return
    waiting = [function.__code__]
    for cell in function.__closure__ or ():
        with contextlib.suppress(ValueError):
            if isinstance(cell.cell_contents, types.FunctionType):
                waiting.append(cell.cell_contents.__code__)
    while waiting:
        code = waiting.pop()
        yield code
        waiting += [constant for constant in code.co_consts if isinstance(constant, types.CodeType)]
