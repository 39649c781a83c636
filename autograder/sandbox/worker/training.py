"""What trains a model, made beside the student's code: optimizers of torch, updaters, closures.

A function such as `train_epoch(model, batches, loss_fn, updater)` gets them as arguments. Runs in the worker, and in
the judge for the reference; `Environment` gives the objects that it has kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

__all__ = ["OPTIMIZERS", "TrainingDesk"]

#: The classes of torch.optim that can be asked for.
OPTIMIZERS = frozenset(
    ("ASGD", "Adadelta", "Adagrad", "Adam", "AdamW", "Adamax", "LBFGS", "NAdam", "RAdam", "RMSprop", "Rprop", "SGD")
)
#: The most calls that are told.
MAX_CALLS = 4096


class _Updater:
    """Descends along the gradients of a *sum* over n samples: each parameter loses lr·grad/n."""

    def __init__(self, parameters: Iterable[Any], lr: float, *, clears: bool) -> None:
        self.parameters = list(parameters)
        self.lr = lr
        self.clears = clears
        self.calls: list[Any] = []

    def __call__(self, samples: Any) -> None:
        import torch

        self.calls.append(samples)
        with torch.no_grad():
            for parameter in self.parameters:
                if parameter.grad is not None:
                    parameter.sub_(self.lr * parameter.grad / samples)
                    if self.clears:
                        parameter.grad.zero_()


class _Closure:
    """Computes a loss and its gradients anew, as `Optimizer.step(closure)` requires."""

    def __init__(self, model: Any, x: tuple[Any, ...], y: Any, loss: Callable[[Any, Any], Any]) -> None:
        self.model = model
        self.x = x
        self.y = y
        self.loss = loss
        self.calls: list[Any] = []

    def __call__(self) -> Any:
        import torch

        with torch.enable_grad():
            for parameter in self.model.parameters():
                parameter.grad = None
            loss = self.loss(self.model(*self.x), self.y)
            loss.backward()
        self.calls.append(float(loss.detach()))
        return loss


class TrainingDesk:
    """The operations; `resolved` puts kept objects in the place of handles."""

    def __init__(self, kept: dict[int, Any], resolved: Callable[[Any], Any]) -> None:
        self._kept = kept
        self._resolved = resolved
        self._steps: dict[int, int] = {}

    def operations(self) -> dict[str, Callable[[dict[str, Any]], Any]]:
        """Return the operations by name."""
        return {
            "torch_optimizer": self._optimizer,
            "optimizer_steps": lambda op: self._steps[op["object"]],
            "updater": self._updater,
            "closure": self._closure,
            "calls": lambda op: [_plain(c) for c in self._kept[op["object"]].calls[:MAX_CALLS]],
        }

    def _optimizer(self, op: dict[str, Any]) -> None:
        """Make an optimizer of torch over a model's parameters; `groups` name them, None puts all in one group."""
        import torch

        if op["name"] not in OPTIMIZERS:
            raise ValueError(f"torch has no optimizer {op['name']!r} that can be made here")
        model = self._resolved(op["model"])
        params: Any = list(model.parameters())
        if op["groups"] is not None:
            named = dict(model.named_parameters())
            params = [{**group, "params": [named[n] for n in group["params"]]} for group in op["groups"]]
        made = getattr(torch.optim, op["name"])(params, **op["options"])
        identifier = op["keep"]
        self._kept[identifier] = made
        self._steps[identifier] = 0

        def counted(*_: Any) -> None:
            self._steps[identifier] += 1

        made.register_step_post_hook(counted)

    def _updater(self, op: dict[str, Any]) -> None:
        model = self._resolved(op["model"])
        self._kept[op["keep"]] = _Updater(model.parameters(), op["lr"], clears=op["clears"])

    def _closure(self, op: dict[str, Any]) -> None:
        model, loss = self._resolved(op["model"]), self._resolved(op["loss"])
        self._kept[op["keep"]] = _Closure(model, tuple(op["x"]), op["y"], loss)


def _plain(value: Any) -> Any:
    """Return a plain Python number: a function may have been called with a tensor of one element."""
    import numpy as np
    import torch

    if isinstance(value, torch.Tensor):
        value = value.detach().cpu().numpy()
    if isinstance(value, (np.ndarray, np.generic)) and value.size == 1:
        value = value.item()
    return value if type(value) in {int, float, bool} else None
