"""Modules across the boundary: trusted stand-ins for modules that live in the worker.

What a module *is* in the worker is only a claim. What it computes counts: `assertions.same_numbers` compares it with
the reference's module, `assertions.confirmed` with the layers that it claims to have.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

from autograder.checks.answers import wrong_answer
from autograder.checks.claims import Claim, read_claim
from autograder.checks.stand_ins import StandIn
from autograder.sandbox.faults import StudentError
from autograder.sandbox.wire.trees import replaced
from autograder.sandbox.wire.values import Handle

if TYPE_CHECKING:
    import torch

__all__ = ["Generator", "Model", "handles_for", "outline", "stand_ins"]

_MAX_ENTRIES = 4096
#: A check draws values for a claimed layout; more than this would not fit on the wire.
_MAX_ELEMENTS = 4 << 20


class ModelOwner(Protocol):
    """The `Student` in whose process a module lives."""

    def ask(self, operation: dict[str, Any]) -> Any:
        """Carry out one operation and return its answer."""

    def record(self, *entry: Any) -> None:
        """Append an answer to the transcript."""


class Model:
    """A module in the worker. An answer of the wrong form raises `StudentCrashed`.

    The transcript holds values without the names of parameters and submodules: students choose the names, and a wrong
    idea shows in the numbers.

    Example:
        >>> model = student.tools.model(sequential(linear(3, 4), dropout(0.5), linear(4, 1)))
        >>> model.forward(draw.normal(5, 3)).shape
        torch.Size([5, 1])
        >>> model.train(False)
        >>> sorted(model.flags().items())
        [('', False), ('0', False), ('1', False), ('2', False)]
        >>> model.length(), model.hooks(), model.is_a("nn.Sequential")
        (3, 0, True)
        >>> model.load(drawn_state(model.layout(), seed=1))
    """

    def __init__(
        self, owner: ModelOwner, identifier: int, claim: Claim | None = None, names: frozenset[str] = frozenset()
    ) -> None:
        #: The names of its parameters and buffers, if the judge chose them in a plan.
        self.names = names
        self._owner = owner
        self._id = identifier
        self._claim = claim

    def __repr__(self) -> str:
        return f"<Model {self._id}>"

    @property
    def handle(self) -> Handle:
        """What stands for the module on the wire."""
        return Handle(self._id)

    @property
    def claim(self) -> Claim:
        """What the worker claimed this module to be when it was returned; never evidence."""
        if self._claim is None:
            self._claim = self.look()
        return self._claim

    def look(self) -> Claim:
        """Return what the worker claims it to be now."""
        return read_claim(self._owner.ask({"op": "model_claim", "model": self._id}))

    def same_as(self, other: Model) -> bool:
        """Whether the worker calls both the same object."""
        return self._id == other._id

    def is_a(self, name: str) -> bool:
        """Whether it claims to be of the notebook's class `name`, of "nn.Sequential" or of "nn.ModuleList"."""
        return self._flag("model_is", name=name)

    def state(self) -> dict[str, torch.Tensor]:
        """Return a copy of its state dict."""
        return self._tensors("model_state")

    def layout(self) -> dict[str, tuple[tuple[int, ...], torch.dtype]]:
        """Return shape and dtype of each entry of the state dict."""
        import torch

        answer = self._ask("model_layout")
        found = {}
        for name, entry in self._mapping(answer).items():
            if not isinstance(entry, tuple) or len(entry) != 2:  # noqa: PLR2004 - a pair
                raise wrong_answer()
            shape, dtype = entry
            if not isinstance(shape, tuple) or not all(type(n) is int and n >= 0 for n in shape):
                raise wrong_answer()
            if math.prod(shape) > _MAX_ELEMENTS:
                raise wrong_answer()
            if not isinstance(dtype, torch.dtype):
                raise wrong_answer()
            found[name] = (shape, dtype)
        self._owner.record("model_layout", list(found.values()))
        return found

    def grads(self) -> dict[str, torch.Tensor | None]:
        """Return every parameter's `.grad`."""
        return self._tensors("model_grads")

    def flags(self) -> dict[str, bool]:
        """Return every submodule's training flag by qualified name; the module's own is ""."""
        return self._flags("model_flags")

    def requires_grad(self) -> dict[str, bool]:
        """Return which parameters require a gradient."""
        return self._flags("model_requires_grad")

    def identities(self) -> dict[str, bool]:
        """Return for each parameter whether it is still the object that had this name when the module was returned."""
        return self._flags("model_identities")

    def devices(self) -> dict[str, str]:
        """Return the kind of device of each parameter and buffer: "cpu", "cuda", or "meta", which holds no values.

        "meta" is a second device on every machine, so code that moves a model can be tested with it. After such a move
        only the layout can be read.
        """
        answer = self._mapping(self._ask("model_devices"))
        if not all(type(v) is str for v in answer.values()):
            raise wrong_answer()
        self._owner.record("model_devices", list(answer.values()))
        return answer

    def hooks(self) -> int:
        """Return how many hooks and replaced forward methods it and its submodules have."""
        return self._count("model_hooks")

    def add_hook(self, name: str = "") -> None:
        """Register a hook that does nothing on the submodule of that qualified name, as other code might."""
        self._ask("model_add_hook", name=name)

    def length(self) -> int:
        """Return len(module)."""
        return self._count("model_length")

    def set_flags(self, flags: Mapping[str, bool]) -> None:
        """Set training flags by qualified name, each for one module alone."""
        self._ask("model_set_flags", flags=dict(flags))

    def set_requires_grad(self, flags: Mapping[str, bool]) -> None:
        """Set which parameters require a gradient."""
        self._ask("model_set_requires_grad", flags=dict(flags))

    def set_grads(self, grads: Mapping[str, torch.Tensor | None]) -> None:
        """Set parameters' `.grad`."""
        self._ask("model_set_grads", grads=dict(grads))

    def add_grads(self, grads: Mapping[str, torch.Tensor]) -> None:
        """Add to parameters' `.grad` in place, as a second backward pass does."""
        self._ask("model_add_grads", grads=dict(grads))

    def load(self, state: Mapping[str, torch.Tensor]) -> None:
        """Convert the module to the dtype of this state, and load the state."""
        self._ask("model_load", state=dict(state))

    def train(self, mode: bool = True) -> None:  # noqa: FBT001, FBT002 - torch's signature
        """Call its `train`."""
        self._ask("model_train", mode=mode)

    def to(self, dtype: torch.dtype) -> None:
        """Call its `to`."""
        self._ask("model_to", dtype=dtype)

    def forward(self, *x: Any) -> Any:
        """Return module(x), or module(x, mask, …), in its current mode."""
        answer = self._ask("model_forward", x=x)
        self._owner.record("model_forward", answer)
        return answer

    def backward(
        self, x: torch.Tensor | tuple[Any, ...], upstream: torch.Tensor
    ) -> tuple[torch.Tensor, dict[str, torch.Tensor | None], Any]:
        """Return the output and, for the upstream gradient, those of each parameter and of x; no `.grad` is touched.

        If x is a tuple, module(*x) is computed, and the last entry is a tuple of gradients: None for an entry that is
        no floating-point tensor, such as a mask.
        """
        import torch

        several = isinstance(x, tuple)
        answer = self._ask("model_backward", x=x if several else (x,), upstream=upstream)
        if not isinstance(answer, tuple) or len(answer) != 3 or not isinstance(answer[0], torch.Tensor):  # noqa: PLR2004
            raise wrong_answer()
        output, grads, of_inputs = answer
        if not isinstance(of_inputs, tuple) or len(of_inputs) != (len(x) if isinstance(x, tuple) else 1):
            raise wrong_answer()
        of_input = tuple(map(_tensor_or_none, of_inputs)) if several else _tensor_or_none(of_inputs[0])
        checked = {name: _tensor_or_none(g) for name, g in self._mapping(grads).items()}
        self._owner.record("model_backward", output, list(checked.values()), of_input)
        return output, checked, of_input

    def observe(self, state: Mapping[str, torch.Tensor], x: torch.Tensor | tuple[Any, ...]) -> None:
        """Record for the diagnosis what the module computes with a state, in both modes; exceptions are ignored."""
        with contextlib.suppress(StudentError):
            self.load(state)
            for training in (False, True):
                self.train(training)
                # Dropout draws the same numbers for all code.
                self._owner.ask({"op": "seed", "seed": 1})
                self.forward(*(x if isinstance(x, tuple) else (x,)))

    def item(self, index: int | slice) -> Any:
        """Return module[index]: a `Model` if it is a module, else the value."""
        plain = (index.start, index.stop, index.step) if isinstance(index, slice) else index
        return self._result("model_item", index=plain)

    def items(self) -> list[Any]:
        """Return the list that iterating over it gives."""
        found = self._result("model_items")
        if not isinstance(found, list):
            raise wrong_answer()
        return found

    def append(self, child: Model) -> None:
        """Call its `append`."""
        self._ask("model_append", child=child._id)

    # -- reading answers -----------------------------------------------------------------------------------

    def _ask(self, op: str, **fields: Any) -> Any:
        return self._owner.ask({"op": op, "model": self._id, **fields})

    def _result(self, op: str, **fields: Any) -> Any:
        answer = self._ask(op, **fields)
        if not isinstance(answer, tuple) or len(answer) != 2:  # noqa: PLR2004 - value and claims
            raise wrong_answer()
        found = stand_ins(answer[0], answer[1], self._owner)
        self._owner.record(op, outline(found))
        return found

    def _mapping(self, answer: object) -> dict[str, Any]:
        if not isinstance(answer, dict) or len(answer) > _MAX_ENTRIES or not all(type(k) is str for k in answer):
            raise wrong_answer()
        return answer

    def _tensors(self, op: str) -> dict[str, Any]:
        answer = self._mapping(self._ask(op))
        found = {name: _tensor_or_none(value) for name, value in answer.items()}
        if op == "model_state" and any(v is None for v in found.values()):
            raise wrong_answer()
        self._owner.record(op, list(found.values()))
        return found

    def _flags(self, op: str) -> dict[str, bool]:
        answer = self._mapping(self._ask(op))
        if not all(type(v) is bool for v in answer.values()):
            raise wrong_answer()
        self._owner.record(op, list(answer.values()))
        return answer

    def _flag(self, op: str, **fields: Any) -> bool:
        answer = self._ask(op, **fields)
        if type(answer) is not bool:
            raise wrong_answer()
        self._owner.record(op, answer)
        return answer

    def _count(self, op: str) -> int:
        answer = self._ask(op)
        if type(answer) is not int:
            raise wrong_answer()
        self._owner.record(op, answer)
        return answer


class Generator:
    """A seeded torch.Generator beside the student's code, to be passed as an argument.

    Example:
        >>> generator = student.tools.generator(7)
        >>> before = generator.state()
        >>> numbers = student.noise(3, generator)
        >>> generator.state() == before
        False
    """

    def __init__(self, owner: ModelOwner, identifier: int) -> None:
        self._owner = owner
        self._id = identifier

    @property
    def handle(self) -> Handle:
        """What stands for the generator on the wire."""
        return Handle(self._id)

    def state(self) -> str:
        """Return a digest of its state; if two digests are equal, nothing was drawn between them."""
        answer = self._owner.ask({"op": "generator_state", "model": self._id})
        if not isinstance(answer, str):
            raise wrong_answer()
        self._owner.record("generator_state", answer)
        return answer


def _tensor_or_none(value: object) -> torch.Tensor | None:
    import torch

    if value is not None and not isinstance(value, torch.Tensor):
        raise wrong_answer()
    return value


def handles_for(value: Any) -> Any:
    """Return arguments with each stand-in replaced by its handle."""
    return replaced(value, lambda v: v.handle if isinstance(v, (Model, Generator, StandIn)) else v)


def stand_ins(value: Any, claims: object, owner: ModelOwner) -> Any:
    """Return a result with each handle replaced by a `Model`."""
    found = claims if isinstance(claims, dict) else {}

    def stand_in(leaf: Any) -> Any:
        return Model(owner, leaf.id, read_claim(found.get(leaf.id))) if isinstance(leaf, Handle) else leaf

    return replaced(value, stand_in)


def outline(value: Any) -> Any:
    """Return a result as a transcript holds it: each module as "<module>", without what it claims to be."""
    return replaced(value, lambda v: "<module>" if isinstance(v, Model) else v)
