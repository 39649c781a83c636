"""The few things a judge can ask of a namespace: call, build an optimizer, step it, read it.

What it can ask of a module is in `models`.

The worker runs them on the student's namespace; the judge runs the very same code on the reference and on
the known wrong variants, in its own process. An operation is a plain dict with an `op` key; its values are
what `autograder.sandbox.wire.values` carries.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import copy
import functools
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import CodeType
from typing import Any

from autograder.sandbox.wire.trees import replaced
from autograder.sandbox.wire.values import Handle
from autograder.sandbox.worker.calling import Fitting
from autograder.sandbox.worker.figures import close_figures, describe_all_axes, describe_axes
from autograder.sandbox.worker.gradients import pulled_back
from autograder.sandbox.worker.models import ModelDesk, state_of
from autograder.sandbox.worker.objects import ObjectDesk
from autograder.sandbox.worker.scratch import ScratchDesk
from autograder.sandbox.worker.training import TrainingDesk

__all__ = ["Environment", "MissingName", "tensors_in"]

#: The names that examples may use for the usual modules.
_USUAL = {
    "F": "torch.nn.functional",
    "math": "math",
    "nn": "torch.nn",
    "np": "numpy",
    "numpy": "numpy",
    "plt": "matplotlib.pyplot",
    "torch": "torch",
}
_BUILTINS = frozenset(vars(builtins))


class MissingName(Exception):
    """The notebook did not define a name that an exercise asks for."""


def tensors_in(value: Any, path: str = "") -> list[tuple[str, Any]]:
    """Return every tensor and numpy array inside nested lists, tuples and dicts, in order, with a readable path."""
    import numpy as np
    import torch

    if isinstance(value, (torch.Tensor, np.ndarray)):
        return [(path, value)]
    found = []
    if isinstance(value, (list, tuple)):
        for i, item in enumerate(value):
            found += tensors_in(item, f"{path}[{i}]" if path else f"argument {i + 1}")
    elif isinstance(value, dict):
        for key, item in value.items():
            found += tensors_in(item, f"{path}[{key!r}]" if path else str(key))
    return found


def _entries(value: Any) -> Any:
    """Return what lists and dicts hold: numbers and texts as they are, other objects by their identity."""
    if isinstance(value, (list, tuple)):
        return [type(value).__name__, *(_entries(v) for v in value)]
    if isinstance(value, dict):
        return {k: _entries(v) for k, v in value.items()}
    return repr(value) if type(value) in {int, float, str, bool, type(None)} else id(value)


def _changed(before: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """Return the names of the entries that changed, went away or are new."""
    names = [*before, *(name for name in now if name not in before)]
    return [n for n in names if n not in before or n not in now or not _equal(before[n], now[n])]


def _equal(a: Any, b: Any) -> bool:
    import torch

    if a.shape != b.shape or a.dtype != b.dtype or a.device != b.device:
        return False
    if a.device.type == "meta":
        return True
    return torch.equal(a.nan_to_num(), b.nan_to_num()) if a.is_floating_point() else torch.equal(a, b)


def _as_it_is(value: Any) -> Any:
    """Return a tensor without its graph, an array as it is."""
    import torch

    return torch.Tensor.detach(value) if isinstance(value, torch.Tensor) else value


def _is_tensor(value: object) -> bool:
    import torch

    return isinstance(value, torch.Tensor)


def _grad_enabled() -> bool:
    import torch

    return torch.is_grad_enabled()


def _grad_switch(autograd: object) -> contextlib.AbstractContextManager[Any]:
    """Return the context for a call: True changes nothing, "no_grad" switches grad mode off, False locks it off."""
    import torch

    if autograd is True:
        return contextlib.nullcontext()
    return torch.no_grad() if autograd == "no_grad" else torch.inference_mode()


def _followed(value: Any) -> Any:
    """Return a floating-point tensor as a leaf that requires a gradient; anything else as it is."""
    if not _is_tensor(value) or not value.is_floating_point():
        return value
    return value.detach().clone().requires_grad_()


def _pulled_back(result: Any, given: list[Any], upstream: Any) -> list[Any]:
    """Return the gradient of each floating-point tensor of `given`, None for one that plays no part.

    If there are several results, each has its own upstream gradient, or None.
    """
    followed = [t for t in given if _is_tensor(t) and t.requires_grad]
    nothing = [None] * len(followed)
    several = isinstance(result, (tuple, list)) and isinstance(upstream, (tuple, list))
    if several and len(result) != len(upstream):
        return nothing
    pairs = list(zip(result, upstream, strict=True)) if several else [(result, upstream)]
    pairs = [(r, u) for r, u in pairs if u is not None]
    if not all(_is_tensor(r) and _is_tensor(u) and r.requires_grad and r.shape == u.shape for r, u in pairs):
        return nothing
    upstreams = [u.to(r.dtype) for r, u in pairs]
    found = pulled_back([r for r, _ in pairs], followed, upstreams)
    return [None if g is None else g.detach().clone() for g in found]


@functools.lru_cache(maxsize=64)
def _read_example(source: str) -> tuple[frozenset[str], CodeType, CodeType]:
    """Return the names in an example (attributes left out), its statements, and its last expression."""
    tree = ast.parse(source)
    names = frozenset(node.id for node in ast.walk(tree) if isinstance(node, ast.Name))
    last = tree.body.pop()
    if not isinstance(last, ast.Expr):
        raise TypeError("an example must end in an expression")
    return names, compile(tree, "<example>", "exec"), compile(ast.Expression(last.value), "<example>", "eval")


def _scope_of(names: Iterable[str], namespace: Mapping[str, Any]) -> dict[str, Any]:
    """Return the meaning of an example's names: usual modules first, then built-in names, then the notebook's names."""
    scope: dict[str, Any] = {"__name__": "__main__"}
    for name in names:
        usual = sys.modules.get(_USUAL[name]) if name in _USUAL else None
        if usual is not None:
            scope[name] = usual
        elif name not in _BUILTINS and name in namespace:
            scope[name] = namespace[name]
    return scope


@dataclass(slots=True)
class Environment:
    """A namespace to work on, the objects kept for the judge, and where tensors live."""

    namespace: Mapping[str, Any]
    device: str = "cpu"
    kept: dict[int, Any] = field(default_factory=dict)
    models: ModelDesk = field(init=False)
    training: TrainingDesk = field(init=False)
    objects: ObjectDesk = field(init=False)
    scratch: ScratchDesk = field(init=False)
    fitting: Fitting = field(default_factory=Fitting)

    def __post_init__(self) -> None:
        self.models = ModelDesk(self.namespace, self.kept, self.device)
        self.training = TrainingDesk(self.kept, self._object)
        self.objects = ObjectDesk(self.kept, self._object, self._call_named, self.models.outgoing)
        self.scratch = ScratchDesk(self.kept)

    def run(self, operations: list[dict[str, Any]]) -> list[Any]:
        """Run operations in order and return one answer for each; the first exception ends them."""
        return [self._dispatch(operation) for operation in operations]

    def _dispatch(self, operation: dict[str, Any]) -> Any:
        handlers: dict[str, Callable[[dict[str, Any]], Any]] = {
            "call": self._call,
            "kept": lambda op: self.kept[op["object"]],
            "example": self._example,
            "parameter": self._parameter,
            "new": self._new,
            "step": self._step,
            "params": self._params,
            "grads": self._grads,
            "load_state": self._load_state,
            "grad_enabled": lambda _: _grad_enabled(),
            **self.models.operations(),
            **self.training.operations(),
            **self.objects.operations(),
            **self.scratch.operations(),
        }
        return handlers[operation["op"]](operation)

    def _name(self, name: str) -> Any:
        try:
            return self.namespace[name]
        except KeyError:
            raise MissingName(f"the notebook does not define {name}") from None

    def _object(self, value: Any) -> Any:
        """Replace handles by what they stand for, in nested arguments too."""
        return replaced(value, lambda v: self.kept[v.id] if isinstance(v, Handle) else v)

    def _call(self, op: dict[str, Any]) -> Any:
        """Call a function; answer its result, and what became of its arguments.

        A module in the result stays here: a handle stands for it, and `claims` describe it. `after` is every
        tensor argument as it is now, `touched` the names of what changed in every module argument, `rearranged`
        says for each argument whether a list or dict in it has other entries now, `same` is the number of the given
        tensor that came back itself, or None.

        With `keep` the result itself stays here too. Without `autograd` no operation is recorded, and the function
        cannot change that; under "no_grad" it can switch recording on again. With `drawn` the result is described as
        an Axes. With `upstream` its `gradients` come along, see `_pulled_back`; with `pull_to` those of the parameters
        of this model, by name. `of` is an object whose method is called.
        """
        sent, named = op["args"], op["kwargs"]
        if "upstream" in op and "pull_to" not in op:
            sent, named = replaced(sent, _followed), replaced(named, _followed)
        args, kwargs = self._object(sent), self._object(named)
        # What the judge knows: the tensors that it sent, and the models that it names.
        given = [t for _, t in tensors_in(sent)] + [t for _, t in tensors_in(named)]
        modules = [self.kept[identifier] for identifier in op.get("watch", ())]
        before = [state_of(m) for m in modules]
        order = [_entries(a) for a in (*args, *kwargs.values())]
        function = self._function(op)
        if op.get("drawn"):
            close_figures()
        with _grad_switch(op.get("autograd", True)):
            mode = _grad_enabled()
            returned = self.fitting.call(op["name"], function, args, kwargs, op.get("names", ()))
            grad_kept = _grad_enabled() == mode
        if "keep" in op:
            self.kept[op["keep"]] = returned
        if op.get("drawn"):
            returned = describe_all_axes(returned) if op["drawn"] == "all" else describe_axes(returned)
            close_figures()
        pulled = self._gradients(returned, given, op) if "upstream" in op else {}
        if pulled:
            returned = replaced(returned, _as_it_is)
        result, claims = self.models.outgoing(returned)
        touched = [_changed(old, state_of(m)) for old, m in zip(before, modules, strict=True)]
        return {
            "result": result,
            "after": [_as_it_is(t) for t in given],
            "touched": touched,
            "rearranged": [_entries(a) != old for a, old in zip((*args, *kwargs.values()), order, strict=True)],
            "same": next((i for i, t in enumerate(given) if t is returned), None),
            "claims": claims,
            "grad_kept": grad_kept,
            **pulled,
        }

    def _gradients(self, returned: Any, given: list[Any], op: dict[str, Any]) -> dict[str, Any]:
        """Return the gradients that the judge asks for: of the call's tensors, or of the parameters of a model."""
        if "pull_to" not in op:
            return {"gradients": _pulled_back(returned, given, op["upstream"])}
        parameters = dict(self._object(op["pull_to"]).named_parameters())
        followed = {name: p for name, p in parameters.items() if p.requires_grad}
        found = dict(zip(followed, _pulled_back(returned, list(followed.values()), op["upstream"]), strict=True))
        return {"gradients": {name: found.get(name) for name in parameters}}

    def _function(self, op: dict[str, Any]) -> Any:
        """Return what to call: a function of the notebook's, a kept object, or a kept object's method."""
        if "of" not in op:
            return self._name(op["name"])
        kept = self.kept[op["of"]]
        return getattr(kept, op["name"]) if op["name"] else kept

    def _example(self, op: dict[str, Any]) -> Any:
        """Run an example: statements, then the value of the last expression.

        Built-in names and the usual modules keep their usual meaning in it, even if the notebook uses their names.
        """
        names, statements, last = _read_example(op["source"])
        scope = _scope_of(names, self.namespace)
        try:
            exec(statements, scope)  # noqa: S102 - the assignment's own public text
            return eval(last, scope)  # noqa: S307 - same
        except NameError as error:
            if type(error) is NameError and error.name in names and error.name not in scope:
                raise MissingName(f"the notebook does not define {error.name}") from None
            raise

    def _parameter(self, op: dict[str, Any]) -> Any:
        import torch

        self.kept[op["keep"]] = torch.nn.Parameter(op["value"].clone().to(self.device))

    def _new(self, op: dict[str, Any]) -> Any:
        self.kept[op["keep"]] = self._call_named(op)

    def _call_named(self, op: dict[str, Any]) -> Any:
        """Call the notebook's function or class of that name, with the arguments of an operation."""
        args, kwargs = self._object(op["args"]), self._object(op["kwargs"])
        return self.fitting.call(op["name"], self._name(op["name"]), args, kwargs, op.get("names", ()))

    def _step(self, op: dict[str, Any]) -> Any:
        """For each step set every gradient, call `step()`, and answer all parameters afterwards."""
        optimizer = self.kept[op["optimizer"]]
        params = [self.kept[i] for i in op["params"]]
        path = []
        for grads in op["grads"]:
            for param, grad in zip(params, grads, strict=True):
                param.grad = None if grad is None else grad.clone().to(self.device)
            optimizer.step()
            path.append([p.detach().clone() for p in params])
        return path

    def _params(self, op: dict[str, Any]) -> Any:
        return [self.kept[i].detach().clone() for i in op["params"]]

    def _grads(self, op: dict[str, Any]) -> Any:
        grads = [self.kept[i].grad for i in op["params"]]
        return [None if g is None else g.detach().clone() for g in grads]

    def _load_state(self, op: dict[str, Any]) -> Any:
        """Carry one optimizer's state over to another, as a checkpoint does."""
        state = copy.deepcopy(self.kept[op["source"]].state_dict())
        self.kept[op["target"]].load_state_dict(state)
