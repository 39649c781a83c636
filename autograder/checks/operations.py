"""What a check can do besides calling a function: objects, gradients, switches, optimizers, losses.

They belong to `Tools`. This file holds the operations that need only `_answer` to make a call.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from autograder.checks.answers import wrong_answer
from autograder.checks.models import Generator, Model, handles_for, outline, stand_ins
from autograder.checks.plans import Plan, plan_of
from autograder.checks.stand_ins import Closure, RemoteObject, Scratch, TorchOptimizer, Updater
from autograder.sandbox.wire.trees import replaced
from autograder.sandbox.worker.training import OPTIMIZERS

if TYPE_CHECKING:
    import torch
    from torch import nn

__all__ = ["Operations"]

_FILE_NAME = re.compile(r"\w[\w.-]{0,99}", re.ASCII)


class Operations:
    """Operations of `Tools` that need only `ask`, `_answer` and `record`."""

    _silent: int
    _modes: Mapping[str, Any]

    if TYPE_CHECKING:

        def ask(self, operation: dict[str, Any]) -> Any:
            """Carry out one operation and return its answer."""

        def record(self, *entry: Any) -> None:
            """Append an answer to the transcript."""

        def model(self, plan: Plan, state: Mapping[str, torch.Tensor] | None = None) -> Model:
            """Build a module beside the notebook's code."""

        def _answer(
            self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], how: Mapping[str, Any]
        ) -> dict[str, Any]: ...

        def _call(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], **how: Any) -> Any: ...

        def _next_id(self) -> int: ...

    # -- objects -------------------------------------------------------------------------------------------

    def object(self, name: str, /, *args: Any, **kwargs: Any) -> RemoteObject:
        """Make an object of the notebook's class (or function) `name`, and keep it there.

        Example:
            >>> student.tools.object("noise", 3).length()
            3
        """
        identifier = self._next_id()
        plain = {"args": handles_for(self.with_models(args)), "kwargs": handles_for(self.with_models(kwargs))}
        self.ask({"op": "object", "name": name, "keep": identifier, **plain})
        return RemoteObject(self, identifier)

    def call_method(self, identifier: int, method: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call a method of a kept object, the object itself for ""; for stand-ins.

        Example:
            >>> numbers = student.tools.object("noise", 3)
            >>> student.tools.call_method(numbers.handle.id, "numel", (), {})
            3
        """
        return self._call(method, args, kwargs, of=identifier)

    def received(self, op: str, answer: Any) -> Any:
        """Read a value and the claims on its modules, and record it; for stand-ins.

        Example:
            >>> student.tools.received("object_get", (3, None))
            3
        """
        if not isinstance(answer, tuple) or len(answer) != 2:  # noqa: PLR2004 - value and claims
            raise wrong_answer()
        found = stand_ins(answer[0], answer[1], self)
        self.record(op, outline(found))
        return found

    def scratch(self, name: str = "file") -> Scratch:
        """Provide a path for a file of that name, in an empty directory in the worker.

        As an argument it is the file's path. Within one check, one call can write the file and another can read it.

        Args:
            name: the file's name: letters, digits, `.`, `-`, `_`.

        Raises:
            ValueError: for another name.

        Example:
            >>> file = student.tools.scratch("notes.txt")
            >>> file.write_text("two words")
            >>> student.count_words(file), file.exists()
            (2, True)
        """
        if not _FILE_NAME.fullmatch(name):
            raise ValueError(f"a file cannot be called {name!r} here")
        identifier = self._next_id()
        self.ask({"op": "scratch", "name": name, "keep": identifier})
        return Scratch(self, identifier)

    # -- gradients and switches ----------------------------------------------------------------------------

    def vjp(
        self,
        name: str,
        args: Sequence[Any],
        upstream: torch.Tensor | Sequence[torch.Tensor | None],
        kwargs: Mapping[str, Any] | None = None,
        *,
        under_no_grad: bool = False,
    ) -> tuple[Any, list[torch.Tensor | None]]:
        """Call a function and pull a gradient back through it: a vector-Jacobian product.

        Args:
            name: the function.
            args: its arguments; every floating-point tensor among them requires a gradient.
            upstream: the gradient of the result, in the result's shape; for several results, a list with one for each,
                None for a result without one.
            kwargs: further arguments, by name.
            under_no_grad: whether the call is made under `torch.no_grad()`; the gradient is pulled back after it.

        Returns:
            The result without its graph, and the gradients of the floating-point tensors in the order of the
            arguments. A gradient is None if the result does not depend on the tensor. All are None if the result has no
            graph, or another shape than the upstream gradient.

        Example:
            >>> value, (gradient,) = student.tools.vjp("double", (torch.ones(2),), torch.ones(2))
            >>> value, gradient
            (tensor([2., 2.]), tensor([2., 2.]))
        """
        import torch

        how = {"autograd": "no_grad"} if under_no_grad else {}
        answer = self._answer(name, tuple(args), dict(kwargs or {}), {"upstream": upstream, **how})
        gradients = answer.get("gradients")
        if not isinstance(gradients, list) or not all(g is None or isinstance(g, torch.Tensor) for g in gradients):
            raise wrong_answer()
        result = stand_ins(answer.get("result"), answer.get("claims"), self)
        self.record("vjp", name, outline(result), gradients)
        return result, gradients

    def parameter_gradients(
        self,
        name: str,
        model: Model,
        args: Sequence[Any],
        upstream: torch.Tensor | Sequence[torch.Tensor | None],
        kwargs: Mapping[str, Any] | None = None,
    ) -> tuple[Any, dict[str, torch.Tensor | None]]:
        """Call a function and pull a gradient back through it to a model's parameters; no `.grad` is touched.

        Args:
            name: the function.
            model: the owner of the parameters; it is one of the arguments, or the function got it earlier.
            args: the function's arguments.
            upstream: the gradient of the result, as for `vjp`.
            kwargs: further arguments, by name.

        Returns:
            The result without its graph, and the gradients by the parameters' names. A gradient is None if the result
            does not depend on the parameter, or the parameter requires no gradient. All are None if the result has no
            graph, or another shape than the upstream gradient.

        Example:
            >>> plan = linear(2, 1)
            >>> model = student.tools.model(plan, initial_state(plan))
            >>> x, one = torch.tensor([[2.0, 3.0]], dtype=torch.float64), torch.ones(1, 1, dtype=torch.float64)
            >>> value, gradients = student.tools.parameter_gradients("apply", model, (model, x), one)
            >>> gradients["weight"], model.grads()["weight"]
            (tensor([[2., 3.]], dtype=torch.float64), None)
        """
        import torch

        how = {"upstream": upstream, "pull_to": model.handle}
        answer = self._answer(name, tuple(args), dict(kwargs or {}), how)
        found = answer.get("gradients")
        if not isinstance(found, dict) or not all(
            isinstance(n, str) and (g is None or isinstance(g, torch.Tensor)) for n, g in found.items()
        ):
            raise wrong_answer()
        result = stand_ins(answer.get("result"), answer.get("claims"), self)
        self.record("parameter_gradients", name, outline(result), found)
        return result, found

    def under_no_grad(self, name: str, *args: Any, **kwargs: Any) -> Any:
        """Call a function under `torch.no_grad()`; the function may switch gradients on again.

        Under the stricter `without_autograd` it cannot.

        Example:
            >>> has_graph(student.tools.under_no_grad("double", torch.ones(2, requires_grad=True)))
            False
        """
        return self._call(name, args, kwargs, autograd="no_grad")

    def kept_grad_mode(self) -> bool:
        """Whether the last call left grad mode as it was, as the worker says.

        Example:
            >>> student.double(2)
            4
            >>> student.tools.kept_grad_mode()
            True
        """
        found = self._modes.get("grad_kept") is True
        self.record("grad_kept", found)
        return found

    def grad_enabled(self) -> bool:
        """Whether autograd is on in the worker; a call that raised may have left it off.

        Example:
            >>> student.tools.grad_enabled()
            True
        """
        answer = self.ask({"op": "grad_enabled"})
        if type(answer) is not bool:
            raise wrong_answer()
        self.record("grad_enabled", answer)
        return answer

    # -- what trains ---------------------------------------------------------------------------------------

    def torch_optimizer(
        self, name: str, model: Model, *, groups: Sequence[Mapping[str, Any]] | None = None, **options: Any
    ) -> TorchOptimizer:
        """Make an optimizer of torch over a model's parameters, to use as an argument.

        Args:
            name: the class in torch.optim: "SGD", "Adam", ….
            model: the model that it updates.
            groups: parameter groups, each with a list "params" of parameters' names; default all in one group.
            options: for the constructor, such as `lr=0.1`.

        Raises:
            ValueError: for another name.

        Example:
            >>> model = student.tools.model(linear(2, 1))
            >>> optimizer = student.tools.torch_optimizer("Adam", model, groups=[{"params": ["weight"]}], lr=0.1)
            >>> optimizer.steps()
            0
        """
        if name not in OPTIMIZERS:
            raise ValueError(f"there is no optimizer {name!r}; there are {', '.join(sorted(OPTIMIZERS))}")
        identifier = self._next_id()
        given = None if groups is None else [dict(group) for group in groups]
        self.ask(
            {
                "op": "torch_optimizer",
                "name": name,
                "model": model.handle,
                "groups": given,
                "options": options,
                "keep": identifier,
            }
        )
        return TorchOptimizer(self, identifier)

    def updater(self, model: Model, lr: float, *, clears: bool = False) -> Updater:
        """Make a function of the number of samples n that updates a model: it subtracts lr·grad/n from each parameter.

        Args:
            model: the model that it updates.
            lr: the learning rate.
            clears: whether it sets the gradients to zero afterwards.

        Example:
            >>> student.tools.updater(student.tools.model(linear(2, 1)), lr=0.1, clears=True).calls()
            []
        """
        identifier = self._next_id()
        self.ask({"op": "updater", "model": model.handle, "lr": lr, "clears": clears, "keep": identifier})
        return Updater(self, identifier)

    def closure(self, model: Model, x: torch.Tensor | tuple[torch.Tensor, ...], y: torch.Tensor, loss: Any) -> Closure:
        """Make a closure for `optimizer.step(closure)`: it clears the gradients, computes the loss and runs backward.

        Args:
            model: the model.
            x: the input, or a tuple of several.
            y: the targets.
            loss: called as loss(model(x), y): a `formula`, or a loss of torch such as `nn.MSELoss()`.

        Example:
            >>> model, x, y = student.tools.model(linear(2, 1)), draw.normal(4, 2), draw.normal(4, 1)
            >>> closure = student.tools.closure(model, x, y, torch.nn.L1Loss())
            >>> closure.calls()
            []
        """
        identifier = self._next_id()
        inputs = x if isinstance(x, tuple) else (x,)
        plain = handles_for(self.with_models((loss,)))[0]
        self.ask({"op": "closure", "model": model.handle, "x": inputs, "y": y, "loss": plain, "keep": identifier})
        return Closure(self, identifier)

    def generator(self, seed: int, device: str | None = None) -> Generator:
        """Make a seeded torch.Generator beside the notebook's code.

        Args:
            seed: its seed.
            device: "cpu" for functions that draw on the CPU and then move the numbers; default the code's own device.

        Example:
            >>> first, second = (student.noise(3, student.tools.generator(7)) for _ in range(2))
            >>> torch.equal(first, second)
            True
        """
        identifier = self._next_id()
        asked = {"op": "generator", "seed": seed, "keep": identifier}
        self.ask(asked if device is None else {**asked, "device": device})
        return Generator(self, identifier)

    # -- modules as arguments ------------------------------------------------------------------------------

    def with_models(self, value: Any) -> Any:
        """Return arguments with each module of torch (a loss, a layer) replaced by a `Model`.

        Example:
            >>> layer, number = student.tools.with_models([torch.nn.Linear(2, 1), 3])
            >>> layer.layout()["weight"][0], number
            ((1, 2), 3)
        """
        from torch import nn

        return replaced(value, lambda leaf: self._like(leaf) if isinstance(leaf, nn.Module) else leaf)

    def _like(self, module: nn.Module) -> Model:
        """Build a module like this one beside the notebook's code.

        Raises:
            TypeError: if it is no layer, loss or container that a plan can describe.
        """
        state = {name: value.detach().clone() for name, value in module.state_dict().items()}
        made = self.model(plan_of(module), state)
        flags = {name: part.training for name, part in module.named_modules()}
        if not all(flags.values()):
            made.set_flags(flags)
        return made

    # -- the transcript ------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def unrecorded(self) -> Iterator[None]:
        """Keep answers out of the transcript: a diagnosis cannot compare random numbers with a variant's.

        Example:
            >>> with student.tools.unrecorded():
            ...     numbers = student.noise(3)
            >>> student.tools.transcript
            []
        """
        self._silent += 1
        try:
            yield
        finally:
            self._silent -= 1

    def observe(self, name: str, value: Any) -> Any:
        """Record a fact about random answers, and return it.

        A diagnosis compares it with the variants' facts, so it must not depend on the draw: "all rows are dropped
        whole: True".

        Example:
            >>> student.tools.observe("all are positive", bool((student.noise(3) >= 0).all()))
            True
        """
        silent, self._silent = self._silent, 0
        self.record("observed", name, value)
        self._silent = silent
        return value
