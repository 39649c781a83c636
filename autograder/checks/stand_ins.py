"""Stand-ins for what stays in the worker: objects with methods, results, files, optimizers, closures.

Each of them can be an argument of a call.
"""

from __future__ import annotations

from typing import Any, Protocol

from autograder.checks.answers import wrong_answer
from autograder.sandbox.wire.values import Handle

__all__ = ["Closure", "Kept", "RemoteObject", "Scratch", "StandIn", "TorchOptimizer", "Updater"]


class Caller(Protocol):
    """The `Student` in whose process an object lives."""

    def ask(self, operation: dict[str, Any]) -> Any:
        """Carry out one operation and return its answer."""

    def record(self, *entry: Any) -> None:
        """Append an answer to the transcript."""

    def call_method(self, identifier: int, method: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call a method of a kept object, the object itself for ""."""

    def received(self, op: str, answer: Any) -> Any:
        """Read a value and the claims on its modules, and record it."""


class StandIn:
    """Something that stays in the worker and can be an argument."""

    def __init__(self, owner: Caller, identifier: int) -> None:
        self._owner = owner
        self._id = identifier

    @property
    def handle(self) -> Handle:
        """What stands for it on the wire."""
        return Handle(self._id)


class RemoteObject(StandIn):
    """An object of a notebook's class: `student.tools.object("Counter", 3).call("up", by=2)`.

    Example:
        >>> numbers = student.tools.object("noise", 3)
        >>> numbers.length(), numbers.call("numel")
        (3, 3)
    """

    def call(self, method: str, *args: Any, **kwargs: Any) -> Any:
        """Call a method, and return what it returns; `method=""` calls the object itself."""
        return self._owner.call_method(self._id, method, args, kwargs)

    def get(self, name: str) -> Any:
        """Return an attribute."""
        return self._owner.received(
            "object_get", self._owner.ask({"op": "object_get", "object": self._id, "name": name})
        )

    def length(self) -> int:
        """Return len(object)."""
        return self._number("object_length")

    def item(self, index: Any) -> Any:
        """Return object[index]."""
        asked = {"op": "object_item", "object": self._id, "index": index}
        return self._owner.received("object_item", self._owner.ask(asked))

    def items(self, most: int = 1000) -> list[Any]:
        """Iterate over it, and return the first items, at most `most` of them."""
        answer = self._owner.ask({"op": "object_items", "object": self._id, "most": most})
        found = self._owner.received("object_items", answer)
        if not isinstance(found, list) or len(found) > most:
            raise wrong_answer()
        return found

    def _number(self, op: str) -> int:
        answer = self._owner.ask({"op": op, "object": self._id})
        if type(answer) is not int:
            raise wrong_answer()
        self._owner.record(op, answer)
        return answer


class Kept(RemoteObject):
    """A result that stays in the worker; `value` is the result as the call returned it.

    Example:
        >>> kept = student.tools.kept("double", torch.ones(2))
        >>> kept.value
        tensor([2., 2.])
    """

    def __init__(self, owner: Caller, identifier: int, value: Any) -> None:
        super().__init__(owner, identifier)
        self.value = value

    def read(self) -> Any:
        """Return what it is now; that is not possible for a result that holds a module."""
        answer = self._owner.ask({"op": "kept", "object": self._id})
        self._owner.record("kept", answer)
        return answer


class Scratch(StandIn):
    """A file in the worker that code can write and read; as an argument it is the path, a str.

    Example:
        >>> file = student.tools.scratch("weights.pt")
        >>> file.load() is None
        True
        >>> file.save({"weight": torch.ones(2)})
        >>> file.load()
        {'weight': tensor([1., 1.])}
    """

    def exists(self) -> bool:
        """Whether there is a file of that name: whether something was written."""
        return self.size() is not None

    def size(self) -> int | None:
        """Return its size in bytes, None if there is no such file."""
        answer = self._owner.ask({"op": "scratch_size", "object": self._id})
        if answer is not None and type(answer) is not int:
            raise wrong_answer()
        self._owner.record("scratch_size", answer is not None)
        return answer

    def save(self, value: Any) -> None:
        """Write tensors, or lists and dicts of them, with `torch.save`, for a function that loads them."""
        self._owner.ask({"op": "scratch_save", "object": self._id, "value": value})

    def load(self) -> Any:
        """Return what `torch.load(…, weights_only=True)` reads from it, None if there is no file.

        Raises:
            StudentError: if torch cannot load the file, or it has more than 16 MiB.
        """
        return self._read("scratch_load")

    def write_text(self, text: str) -> None:
        """Write a text, for a function that reads it."""
        self._owner.ask({"op": "scratch_write", "object": self._id, "value": text})

    def read_text(self) -> str | None:
        """Return the text in it, None if there is no file.

        Raises:
            StudentError: if it is no text, or has more than 16 MiB.
        """
        found = self._read("scratch_read")
        if found is not None and not isinstance(found, str):
            raise wrong_answer()
        return found

    def _read(self, op: str) -> Any:
        found = self._owner.ask({"op": op, "object": self._id})
        self._owner.record(op, found)
        return found


class TorchOptimizer(StandIn):
    """An optimizer of torch over a model's parameters.

    Example:
        >>> model = student.tools.model(linear(2, 1))
        >>> student.tools.torch_optimizer("SGD", model, lr=0.1).steps()
        0
    """

    def steps(self) -> int:
        """Return how many calls of its `step` returned."""
        answer = self._owner.ask({"op": "optimizer_steps", "object": self._id})
        if type(answer) is not int:
            raise wrong_answer()
        self._owner.record("optimizer_steps", answer)
        return answer


class _Counted(StandIn):
    def _calls(self) -> list[Any]:
        answer = self._owner.ask({"op": "calls", "object": self._id})
        if not isinstance(answer, list) or not all(type(c) in {int, float, bool, type(None)} for c in answer):
            raise wrong_answer()
        self._owner.record("calls", answer)
        return answer


class Updater(_Counted):
    """A function of the number of samples n: it subtracts lr·grad/n from each parameter.

    Example:
        >>> student.tools.updater(student.tools.model(linear(2, 1)), lr=0.1).calls()
        []
    """

    def calls(self) -> list[Any]:
        """Return the argument of each call; None if it was no number."""
        return self._calls()


class Closure(_Counted):
    """A function without arguments: it clears the model's gradients, computes loss and gradients, returns the loss.

    Example:
        >>> model, x, y = student.tools.model(linear(2, 1)), draw.normal(4, 2), draw.normal(4, 1)
        >>> student.tools.closure(model, x, y, torch.nn.MSELoss()).calls()
        []
    """

    def calls(self) -> list[Any]:
        """Return the loss of each call."""
        return self._calls()
