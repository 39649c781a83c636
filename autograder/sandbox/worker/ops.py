"""The few things a judge can ask of a namespace: call, build an optimizer, step it, read it.

What it can ask of a module is in `models`.

The worker runs them on the student's namespace; the judge runs the very same code on the reference and on
the known wrong variants, in its own process. An operation is a plain dict with an `op` key; its values are
what `autograder.sandbox.wire.values` carries.
"""

from __future__ import annotations

import ast
import contextlib
import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from autograder.sandbox.wire.trees import leaves, replaced
from autograder.sandbox.wire.values import Handle
from autograder.sandbox.worker.figures import close_figures, describe_axes
from autograder.sandbox.worker.models import ModelDesk, is_module, state_of

__all__ = ["Environment", "MissingName", "tensors_in"]


class MissingName(Exception):
    """The notebook did not define a name that an exercise asks for."""


def tensors_in(value: Any, path: str = "") -> list[tuple[str, Any]]:
    """Return every tensor inside nested lists, tuples and dicts, in order, with a readable path."""
    import torch

    if isinstance(value, torch.Tensor):
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
    """Return the names of the entries that differ, that went or that came."""
    names = [*before, *(name for name in now if name not in before)]
    return [n for n in names if n not in before or n not in now or not _equal(before[n], now[n])]


def _equal(a: Any, b: Any) -> bool:
    import torch

    if a.shape != b.shape or a.dtype != b.dtype:
        return False
    return torch.equal(a.nan_to_num(), b.nan_to_num()) if a.is_floating_point() else torch.equal(a, b)


@dataclass(slots=True)
class Environment:
    """A namespace to work on, the objects kept for the judge, and where tensors live."""

    namespace: Mapping[str, Any]
    device: str = "cpu"
    kept: dict[int, Any] = field(default_factory=dict)
    models: ModelDesk = field(init=False)

    def __post_init__(self) -> None:
        self.models = ModelDesk(self.namespace, self.kept, self.device)

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
            **self.models.operations(),
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
        says of each argument whether a list or dict in it has other entries now, `same` is the number of the tensor
        among all those given that came back itself, or None.

        With `keep` the result itself stays here too. Without `autograd` no operation is recorded, and no way leads
        back from there. With `drawn` the result is described as an Axes.
        """
        import torch

        args, kwargs = self._object(op["args"]), self._object(op["kwargs"])
        given = [t for _, t in tensors_in(args)] + [t for _, t in tensors_in(kwargs)]
        modules = [v for v in leaves([*args, *kwargs.values()]) if is_module(v)]
        before = [state_of(m) for m in modules]
        order = [_entries(a) for a in (*args, *kwargs.values())]
        function = self._name(op["name"])
        if op.get("drawn"):
            close_figures()
        with contextlib.nullcontext() if op.get("autograd", True) else torch.inference_mode():
            returned = function(*args, **kwargs)
        if "keep" in op:
            self.kept[op["keep"]] = returned
        if op.get("drawn"):
            returned = describe_axes(returned)
            close_figures()
        result, claims = self.models.outgoing(returned)
        touched = [_changed(old, state_of(m)) for old, m in zip(before, modules, strict=True)]
        return {
            "result": result,
            "after": [t.detach() for t in given],
            "touched": touched,
            "rearranged": [_entries(a) != old for a, old in zip((*args, *kwargs.values()), order, strict=True)],
            "same": next((i for i, t in enumerate(given) if t is returned), None),
            "claims": claims,
        }

    def _example(self, op: dict[str, Any]) -> Any:
        """Run a public example: statements, then the value of the last expression."""
        tree = ast.parse(op["source"])
        scope = dict(self.namespace)
        last = tree.body.pop()
        if not isinstance(last, ast.Expr):
            raise TypeError("an example ends in an expression")
        exec(compile(tree, "<example>", "exec"), scope)  # noqa: S102 - the assignment's own public text
        return eval(compile(ast.Expression(last.value), "<example>", "eval"), scope)  # noqa: S307 - same

    def _parameter(self, op: dict[str, Any]) -> Any:
        import torch

        self.kept[op["keep"]] = torch.nn.Parameter(op["value"].clone().to(self.device))

    def _new(self, op: dict[str, Any]) -> Any:
        self.kept[op["keep"]] = self._name(op["name"])(*self._object(op["args"]), **self._object(op["kwargs"]))

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
