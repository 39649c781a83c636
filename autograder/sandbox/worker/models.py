"""What a judge can ask of a module that lives beside the student's code: build, read, set, run, index it.

Runs in the worker, and in the judge for the reference; `Environment` gives the objects it has kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from autograder.sandbox.wire.trees import replaced
from autograder.sandbox.wire.values import Handle
from autograder.sandbox.worker.gradients import pulled_back

__all__ = ["ModelDesk", "is_module", "state_of"]

MAX_RESULTS = 256


def is_module(value: object) -> bool:
    """Whether a value is an nn.Module by its real type, even if its `__class__` says something else."""
    import torch

    return issubclass(type(value), torch.nn.Module)


def state_of(module: Any) -> dict[str, Any]:
    """Return a copy of every parameter and buffer, shared ones once, by qualified name."""
    named = [*module.named_parameters(), *module.named_buffers()]
    return {name: value.detach().clone() for name, value in named}


def _hooks(module: Any) -> int:
    """Count the hooks of all kinds on a module, its children and its parameters, and replaced forwards."""
    from torch.nn.modules import module as everywhere

    count = sum(
        len(vars(everywhere).get(name, ()))
        for name in ("_global_forward_hooks", "_global_forward_pre_hooks", "_global_backward_hooks")
    )
    for part in module.modules():
        own = vars(part)
        for name in ("_forward_hooks", "_forward_pre_hooks", "_backward_hooks", "_backward_pre_hooks"):
            count += len(own.get(name, ()))
        count += "forward" in own
    for parameter in module.parameters():
        count += len(parameter._backward_hooks or ())  # noqa: SLF001 - torch has no other way to ask
        count += len(getattr(parameter, "_post_accumulate_grad_hooks", None) or ())
    return count


class ModelDesk:
    """The operations on modules; `kept` and `namespace` are the environment's own."""

    def __init__(self, namespace: Mapping[str, Any], kept: dict[int, Any], device: str) -> None:
        self._namespace = namespace
        self._kept = kept
        self._device = device
        self._last = 0
        self._marks: dict[int, dict[str, Any]] = {}

    def operations(self) -> dict[str, Callable[[dict[str, Any]], Any]]:
        """Return the operations by name."""
        return {
            "model": self._model,
            "model_claim": lambda op: _described(self._module(op)),
            "model_state": lambda op: {k: v.detach().clone() for k, v in self._module(op).state_dict().items()},
            "model_layout": self._layout,
            "model_load": self._load,
            "model_grads": self._grads,
            "model_set_grads": self._set_grads,
            "model_add_grads": self._add_grads,
            "model_flags": lambda op: {name: m.training for name, m in self._module(op).named_modules()},
            "model_set_flags": self._set_flags,
            "model_requires_grad": lambda op: {n: p.requires_grad for n, p in self._module(op).named_parameters()},
            "model_set_requires_grad": self._set_requires_grad,
            "model_devices": self._devices,
            "model_hooks": lambda op: _hooks(self._module(op)),
            "model_add_hook": self._add_hook,
            "model_identities": self._identities,
            "model_train": self._train,
            "model_to": self._to,
            "model_forward": self._forward,
            "model_backward": self._backward,
            "model_length": lambda op: len(self._module(op)),
            "model_item": self._item,
            "model_items": lambda op: self.outgoing(list(self._module(op))),
            "model_append": self._append,
            "model_is": self._is,
            "generator": self._generator,
            "generator_state": lambda op: _digest(self._kept[op["model"]].get_state()),
            "seed": self._seed,
            "rng": self._rng,
        }

    # -- keeping -------------------------------------------------------------------------------------------

    def outgoing(self, value: Any) -> tuple[Any, dict[int, Any]]:
        """Return a result with a handle in place of every module, and the module of each handle."""
        claims: dict[int, Any] = {}

        def handled(leaf: Any) -> Any:
            if not is_module(leaf) or len(claims) >= MAX_RESULTS:
                return leaf
            identifier = self._keep(leaf)
            claims[identifier] = _described(leaf)
            return Handle(identifier)

        sent = replaced(value, handled)
        return sent if claims else value, claims

    def _keep(self, module: Any) -> int:
        """Keep a module under the number it has already, or under a new one below zero."""
        for identifier, known in self._kept.items():
            if known is module:
                if identifier not in self._marks:
                    self._mark(identifier)
                return identifier
        self._last -= 1
        self._kept[self._last] = module
        self._mark(self._last)
        return self._last

    def _mark(self, identifier: int) -> None:
        self._marks[identifier] = dict(self._kept[identifier].named_parameters())

    def _module(self, op: dict[str, Any]) -> Any:
        module = self._kept[op["model"]]
        if not is_module(module):
            raise TypeError("this is no module")
        return module

    # -- building and reading ------------------------------------------------------------------------------

    def _model(self, op: dict[str, Any]) -> None:
        """Build a plan with the judge's values, in their dtype."""
        import torch

        from autograder.sandbox.worker.plans import build

        # A check that seeds before it builds wants the student's call to start from that seed.
        with torch.random.fork_rng(devices=[]):
            module = build(op["plan"], op.get("layers", ""))
        self._kept[op["keep"]] = module
        self._fill(module, op["state"])
        self._mark(op["keep"])

    def _fill(self, module: Any, state: dict[str, Any]) -> None:
        """Move a module to the dtype of these values and to this device, and load the values."""
        dtypes = {v.dtype for v in state.values() if v.is_floating_point()}
        module.to(device=self._device, dtype=dtypes.pop() if len(dtypes) == 1 else None)
        module.load_state_dict(state)

    def _load(self, op: dict[str, Any]) -> None:
        self._fill(self._module(op), op["state"])

    def _layout(self, op: dict[str, Any]) -> Any:
        """Name, shape and dtype of every entry of the state dict."""
        return {name: (tuple(v.shape), v.dtype) for name, v in self._module(op).state_dict().items()}

    def _devices(self, op: dict[str, Any]) -> Any:
        """The kind of device of each parameter and buffer."""
        module = self._module(op)
        return {name: v.device.type for name, v in (*module.named_parameters(), *module.named_buffers())}

    def _grads(self, op: dict[str, Any]) -> Any:
        named = self._module(op).named_parameters()
        return {name: None if p.grad is None else p.grad.detach().clone() for name, p in named}

    def _set_grads(self, op: dict[str, Any]) -> None:
        named = dict(self._module(op).named_parameters())
        for name, grad in op["grads"].items():
            named[name].grad = None if grad is None else grad.clone().to(self._device)

    def _add_grads(self, op: dict[str, Any]) -> None:
        """Add to every `.grad` in place, as a second backward pass does."""
        named = dict(self._module(op).named_parameters())
        for name, grad in op["grads"].items():
            present = named[name].grad
            if present is not None:
                present.add_(grad.to(self._device))

    def _set_flags(self, op: dict[str, Any]) -> None:
        named = dict(self._module(op).named_modules())
        for name, flag in op["flags"].items():
            named[name].training = flag

    def _set_requires_grad(self, op: dict[str, Any]) -> None:
        named = dict(self._module(op).named_parameters())
        for name, flag in op["flags"].items():
            named[name].requires_grad_(flag)

    def _add_hook(self, op: dict[str, Any]) -> None:
        """Register a forward hook that does nothing, as somebody else's code might."""
        part = dict(self._module(op).named_modules())[op["name"]]
        part.register_forward_hook(lambda *_: None)

    def _identities(self, op: dict[str, Any]) -> Any:
        """Whether each parameter is the object that had this name when the module came here."""
        before = self._marks[op["model"]]
        return {name: before.get(name) is p for name, p in self._module(op).named_parameters()}

    def _is(self, op: dict[str, Any]) -> bool:
        """Whether the module's real type derives from that class of the notebook or that container of torch."""
        import torch

        containers = {"nn.Sequential": torch.nn.Sequential, "nn.ModuleList": torch.nn.ModuleList}
        wanted = containers.get(op["name"]) or self._namespace.get(op["name"])
        return any(base is wanted for base in type(self._module(op)).__mro__)

    # -- running -------------------------------------------------------------------------------------------

    def _train(self, op: dict[str, Any]) -> None:
        self._module(op).train(op["mode"])

    def _to(self, op: dict[str, Any]) -> None:
        self._module(op).to(op["dtype"])

    def _forward(self, op: dict[str, Any]) -> Any:
        result = self._module(op)(*op["x"])
        return result.detach().clone() if _is_tensor(result) else result

    def _backward(self, op: dict[str, Any]) -> Any:
        """Output, gradients by parameter and of the input, without touching any `.grad`."""
        module = self._module(op)
        inputs = [x.detach().clone() if _is_tensor(x) else x for x in op["x"]]
        followed = [x.requires_grad_() for x in inputs if _is_tensor(x) and x.is_floating_point()]
        result = module(*inputs)
        named = [(name, p) for name, p in module.named_parameters() if p.requires_grad]
        results = result if isinstance(result, (tuple, list)) else [result]
        found = pulled_back(results, [*followed, *(p for _, p in named)], [op["upstream"]])
        grads = [None if g is None else g.detach().clone() for g in found]
        by_name = dict(zip((n for n, _ in named), grads[len(followed) :], strict=True))
        of_followed = iter(grads)
        return (
            result.detach().clone(),
            by_name,
            tuple(next(of_followed) if any(x is f for f in followed) else None for x in inputs),
        )

    def _item(self, op: dict[str, Any]) -> Any:
        index = op["index"]
        return self.outgoing(self._module(op)[slice(*index) if isinstance(index, tuple) else index])

    def _append(self, op: dict[str, Any]) -> None:
        self._module(op).append(self._kept[op["child"]])

    # -- random numbers ------------------------------------------------------------------------------------

    def _generator(self, op: dict[str, Any]) -> None:
        import torch

        self._kept[op["keep"]] = torch.Generator(device=op.get("device", self._device)).manual_seed(op["seed"])

    def _seed(self, op: dict[str, Any]) -> None:
        import torch

        torch.default_generator.manual_seed(op["seed"])
        if self._device == "cuda":
            torch.cuda.manual_seed_all(op["seed"])

    def _rng(self, op: dict[str, Any]) -> str:
        """A digest of the global generator's state: the same before and after means that nothing was drawn."""
        import torch

        state = torch.cuda.get_rng_state() if self._device == "cuda" else torch.get_rng_state()
        return _digest(torch.get_rng_state()) + _digest(state)


def _described(module: Any) -> Any:
    from autograder.sandbox.worker.plans import describe

    return describe(module)


def _is_tensor(value: object) -> bool:
    import torch

    return isinstance(value, torch.Tensor)


def _digest(state: Any) -> str:
    return hashlib.sha256(state.cpu().numpy().tobytes()).hexdigest()[:16]
