"""Trusted stand-ins for what a notebook defined: checks call them, and only values come back.

`Student` talks to a worker. With `LocalTransport`, the same class runs the reference and the known wrong variants in
the judge. Both use the same few operations, so that a check cannot tell them apart.
"""

from __future__ import annotations

import contextlib
import functools
import itertools
import math
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Protocol

from autograder.checks.answers import wrong_answer
from autograder.checks.models import Model, handles_for, outline, stand_ins
from autograder.checks.operations import Operations
from autograder.checks.plans import Plan, initial_state
from autograder.checks.plots import Drawing, read_drawing
from autograder.checks.stand_ins import Kept, StandIn
from autograder.errors import AutograderError, GraderFault, ProtocolError
from autograder.sandbox.channel import AnswerTooLarge, Channel, WorkerGone, WorkerLate
from autograder.sandbox.faults import StudentCrashed, StudentError, StudentTimeout, fault_from_wire
from autograder.sandbox.wire.trees import leaves, replaced
from autograder.sandbox.wire.values import Handle, Opaque, claim
from autograder.sandbox.worker.ops import Environment, MissingName, tensors_in
from autograder.sentences import say
from autograder.verdict import StudentFault

if TYPE_CHECKING:
    import torch

__all__ = [
    "Kept",
    "LocalTransport",
    "Optimizer",
    "RemoteTransport",
    "Student",
    "StudentCrashed",
    "StudentError",
    "StudentTimeout",
    "Tools",
    "Transport",
    "copy_values",
    "read_answers",
    "student_faults",
    "with_layers",
]

Operation = dict[str, Any]

_MAX_NAMED = 8
_MAX_FAULTS = 64
_TOO_LARGE = StudentFault("ValueError", "the answer is too large to be compared")


class Transport(Protocol):
    """Something that carries out operations on one namespace."""

    def run(self, operations: list[Operation]) -> list[Any]:
        """Return one answer per operation.

        Raises:
            StudentError: if the student's code raised.
            StudentTimeout: if it did not end in time.
            StudentCrashed: if its process ended, or answered in the wrong form.
        """


@functools.cache
def layers_text() -> str:
    """Return the program that makes layers where torch's own are forbidden; a worker has it only while it is needed."""
    return files("autograder.sandbox.worker").joinpath("own_layers.py").read_text(encoding="utf-8")


def with_layers(operations: list[Operation]) -> list[Operation]:
    """Return operations of which those that build a model bring the program along that may be needed for it."""
    return [{**op, "layers": layers_text()} if op["op"] == "model" else op for op in operations]


@dataclass(slots=True)
class RemoteTransport:
    """Operations in a worker; those of one check share `limit_s` of wall time and a number of bytes.

    `listed`: whether something is forbidden there, so that a model of a check may need layers of our own.
    """

    channel: Channel
    limit_s: float
    listed: bool = False
    started: float = 0.0
    _room: int | None = None

    def restart_clock(self, limit_s: float, limit_bytes: int | None = None) -> None:
        """Begin a new check, with its own limits."""
        self.limit_s = limit_s
        self.started = time.monotonic()
        self._room = limit_bytes

    def run(self, operations: list[Operation]) -> list[Any]:
        """See `Transport`."""
        remaining = self.limit_s - (time.monotonic() - self.started)
        with student_faults(self.limit_s):
            sent = with_layers(operations) if self.listed else operations
            answer = self.channel.request("ops", sent, max(remaining, 0.0), self._room)
        if self._room is not None:
            self._room = max(0, self._room - self.channel.answer_bytes)
        return read_answers(answer, len(operations))


@contextlib.contextmanager
def student_faults(limit_s: float) -> Iterator[None]:
    """Turn what a worker does instead of answering into a fault of the student's code."""
    try:
        yield
    except WorkerLate:
        # In whole seconds, because the code itself decides how much time is left, and so could tell something.
        raise StudentTimeout(say("checks.no-answer", seconds=math.ceil(limit_s))) from None
    except WorkerGone as gone:
        raise StudentCrashed(gone.reason or say("checks.ended-unanswered")) from None
    except AnswerTooLarge:
        raise StudentError(_TOO_LARGE) from None
    except ProtocolError as error:
        # What exactly it sent is not told, because the code chose it.
        raise StudentCrashed(say("checks.answered-out-of-turn")) from error


def read_answers(answer: Any, count: int) -> list[Any]:
    """Return a worker's answers to `count` operations.

    Raises:
        StudentError: if the student's code raised in one of them.
        StudentCrashed: if the answer has the wrong form.
    """
    if not isinstance(answer, dict):
        raise wrong_answer()
    if "too_large" in answer:
        raise StudentError(_TOO_LARGE)
    raised = answer.get("error")
    if isinstance(raised, dict):
        raise StudentError(
            fault_from_wire(raised),
            not_implemented=raised.get("not_implemented") is True,
            missing=raised.get("type") == "MissingName",
            own=raised.get("own") is not False,
        )
    answers = answer.get("answers")
    if not isinstance(answers, list) or len(answers) != count:
        raise StudentCrashed(say("checks.other-number-of-answers"))
    return answers


class LocalTransport:
    """Operations on a trusted namespace in this process."""

    def __init__(self, namespace: Mapping[str, Any], *, promote: bool = False) -> None:
        self._environment = Environment(namespace)
        self._promote = promote
        self._random: torch.Tensor | None = None
        self._grad = True

    def run(self, operations: list[Operation]) -> list[Any]:
        """See `Transport`. The namespace has its own random state and grad mode; the judge's do not change."""
        import torch

        copied = [copy_values(operation, promote=self._promote) for operation in operations]
        before = torch.get_rng_state()
        if self._random is None:
            self._random = torch.Generator().manual_seed(0).get_state()
        torch.set_rng_state(self._random)
        mode = torch.is_grad_enabled()
        torch._C._set_grad_enabled(self._grad)  # noqa: SLF001 - the public one is a context
        # Each torch.manual_seed stores the whole stack, for a GPU that may start later: a quarter of the time.
        limit = getattr(sys, "tracebacklimit", None)
        sys.tracebacklimit = 0
        try:
            return [_as_sent(answer) for answer in self._environment.run(copied)]
        except MissingName as error:
            raise StudentError(StudentFault("MissingName", str(error)), missing=True) from None
        except Exception as error:
            fault = StudentFault(type(error).__name__, str(error)[:2000])
            raise StudentError(fault, not_implemented=isinstance(error, NotImplementedError)) from error
        finally:
            if limit is None:
                del sys.tracebacklimit
            else:
                sys.tracebacklimit = limit
            self._random = torch.get_rng_state()
            torch.set_rng_state(before)
            self._grad = torch.is_grad_enabled()
            torch._C._set_grad_enabled(mode)  # noqa: SLF001 - as above


def copy_values(value: Any, *, promote: bool = False) -> Any:
    """Copy every tensor and numpy array, to float64 if `promote` is set; keep all other values."""
    import numpy as np
    import torch

    def copy(leaf: Any) -> Any:
        if isinstance(leaf, np.ndarray):
            # As from the wire: in row order, and writable.
            raised = promote and leaf.dtype.kind == "f"
            return np.array(leaf, dtype=np.float64 if raised else leaf.dtype.newbyteorder("="), order="C")
        if not isinstance(leaf, torch.Tensor):
            return leaf
        dtype = torch.float64 if promote and leaf.is_floating_point() else leaf.dtype
        return leaf.detach().to(dtype, copy=True).requires_grad_(leaf.requires_grad)

    return replaced(value, copy)


def _as_sent(value: Any) -> Any:
    """Return an answer as it would come from a worker: a copy, without what cannot be sent.

    If the code later changes a list or a tensor that it returned, its answer must not change.
    """
    return replaced(value, _leaf_as_sent)


def _leaf_as_sent(value: Any) -> Any:
    import numpy as np
    import torch

    if isinstance(value, torch.Tensor):
        sent = torch.Tensor.detach(value).clone()
        claim(sent, value.device.type, requires_grad=value.requires_grad)
        return sent
    if isinstance(value, np.ndarray):
        return np.array(value)
    known = (torch.dtype, np.bool_, np.integer, np.floating, Handle)
    if type(value) in {bool, int, float, str, type(None)} or isinstance(value, known):
        return value
    return Opaque(type(value).__name__)


class Student:
    """What a notebook defined: `student.NAME(...)` calls its function NAME.

    Its only public name is `tools`, so an exercise may be called `model` or `seed`.

    Example:
        >>> student.double(torch.tensor([1.0, 2.0]))
        tensor([2., 4.])
        >>> student.halve(4.0)
        Traceback (most recent call last):
            ...
        autograder.sandbox.faults.StudentError: MissingName: the notebook does not define halve
    """

    def __init__(self, transport: Transport, parameters: Mapping[str, Sequence[str]] | None = None) -> None:
        self._tools = Tools(transport, parameters)

    @property
    def tools(self) -> Tools:
        """What a check can do besides calling functions: build models, look at arguments, seed."""
        return self._tools

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("_"):
            raise AttributeError(name)

        def call(*args: Any, **kwargs: Any) -> Any:
            return self._tools._call(name, args, kwargs)  # noqa: SLF001 - one module

        call.__name__ = name
        return call


class Tools(Operations):
    """What the grader itself can do where a notebook's code runs.

    `transcript` holds every answer in order; a diagnosis compares transcripts.

    Example:
        >>> student.tools.seed(1)
        >>> before = student.tools.rng()
        >>> student.double(3)
        6
        >>> student.tools.rng() == before
        True
    """

    def __init__(self, transport: Transport, parameters: Mapping[str, Sequence[str]] | None = None) -> None:
        self._transport = transport
        self._parameters = parameters or {}
        self._changed: list[str] = []
        self._after: list[torch.Tensor] = []
        self._returned: str | None = None
        self._inputs = 0
        self._ids = itertools.count(1)
        self._silent = 0
        self._modes: Mapping[str, Any] = {}
        self.transcript: list[Any] = []
        #: The first exceptions, also those that a check expected or caught.
        self.faults: list[StudentFault] = []

    def _run(self, operations: list[Operation]) -> list[Any]:
        try:
            return self._transport.run([self._with_names(operation) for operation in operations])
        except StudentError as error:
            self.transcript.append(("error", error.fault.type))
            if len(self.faults) < _MAX_FAULTS:
                self.faults.append(error.fault)
            raise
        except (StudentTimeout, StudentCrashed, AutograderError, OSError, MemoryError):
            raise
        except Exception as error:
            # A question holds nothing that a student wrote, so a failure before it is sent, or while its answer is
            # read from the wire, is our own.
            raise GraderFault(f"a check could not be asked ({type(error).__name__}: {error})") from error

    def _with_names(self, operation: Operation) -> Operation:
        """Add the expected parameters to a call: the student's may have other names, or another order."""
        if operation["op"] not in {"call", "new", "object"} or "of" in operation:
            return operation
        names = self._parameters.get(operation["name"])
        return {**operation, "names": list(names)} if names else operation

    def _call(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], **how: Any) -> Any:
        answer = self._answer(name, args, kwargs, how)
        result = stand_ins(answer.get("result"), answer.get("claims"), self)
        self.record("call", name, outline(result), tuple(self._changed), self._returned)
        return result

    def _answer(
        self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], how: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Call a function, and find out which of its arguments it changed."""
        args, kwargs = self.with_models(args), self.with_models(kwargs)
        plain = {"args": handles_for(args), "kwargs": handles_for(kwargs)}
        watched = [leaf.handle.id for leaf in leaves([*args, *kwargs.values()]) if isinstance(leaf, Model)]
        answer = self.ask({"op": "call", "name": name, **plain, **how, **({"watch": watched} if watched else {})})
        lists = ("after", "touched", "rearranged")
        if not isinstance(answer, dict) or not all(isinstance(answer.get(k), list) for k in lists):
            raise wrong_answer()
        self._changed = self._compare_inputs(name, args, kwargs, answer["after"])
        self._changed += self._touched_models(name, args, kwargs, answer["touched"])
        labels = [label for label, _ in self._labelled(name, args, kwargs)]
        given = [arg for _, arg in self._labelled(name, args, kwargs)]
        inside = sum(1 + len(leaf.names) for leaf in leaves(given) if isinstance(leaf, Model))
        nested = sum(isinstance(arg, (list, tuple, dict)) for arg in given)
        self._inputs = max(inside + nested + len(answer["after"]), 1)
        self._changed += [label for label, moved in zip(labels, answer["rearranged"], strict=False) if moved is True]
        self._after = answer["after"]
        self._returned = self._named_tensor(name, args, kwargs, answer.get("same"))
        self._modes = answer
        return answer

    def _next_id(self) -> int:
        return next(self._ids)

    def ask(self, operation: Operation) -> Any:
        """Carry out one operation and return its answer; for stand-ins.

        Example:
            >>> student.tools.ask({"op": "rng"}) == student.tools.rng()
            True
        """
        (answer,) = self._run([operation])
        return answer

    def record(self, *entry: Any) -> None:
        """Append an answer to the transcript; for stand-ins.

        Example:
            >>> student.tools.record("title", True)
            >>> student.tools.transcript
            [('title', True)]
        """
        if not self._silent:
            self.transcript.append(entry)

    def _named_tensor(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], number: object) -> str | None:
        """Return the name of the tensor that has this number among all tensors in the arguments."""
        labels = [label + path for label, arg in self._labelled(name, args, kwargs) for path, _ in _inside(arg)]
        return labels[number] if type(number) is int and 0 <= number < len(labels) else None

    def _compare_inputs(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], after: list[Any]) -> list[str]:
        given = [
            (label + path, tensor) for label, arg in self._labelled(name, args, kwargs) for path, tensor in _inside(arg)
        ]
        if len(after) != len(given):
            raise wrong_answer()
        return [label for (label, before), now in zip(given, after, strict=True) if not _same(before, now)]

    def _labelled(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> list[tuple[str, Any]]:
        """Return each argument with the name of its parameter."""
        names = self._parameters.get(name, ())
        labels = [names[i] if i < len(names) else f"argument {i + 1}" for i in range(len(args))]
        return [*zip(labels, args, strict=True), *kwargs.items()]

    def _touched_models(
        self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], touched: list[Any]
    ) -> list[str]:
        """Name what changed in each model argument; the worker compares, because the judge has no copy."""
        given = [
            (label, leaf)
            for label, arg in self._labelled(name, args, kwargs)
            for leaf in leaves(arg)
            if isinstance(leaf, Model)
        ]
        if len(touched) != len(given) or not all(isinstance(entries, list) for entries in touched):
            raise wrong_answer()
        # The worker names the entry: that could be any text, unless it is a name that the judge gave.
        return [
            f"{label} ({entry})" if isinstance(entry, str) and entry in model.names else label
            for (label, model), entries in zip(given, touched, strict=True)
            for entry in entries[:_MAX_NAMED]
        ]

    def changed_inputs(self) -> list[str]:
        """Return the names of what the last call changed: tensors, and parameters and buffers of models.

        Example:
            >>> student.scale_(torch.ones(2), 3.0)
            tensor([3., 3.])
            >>> student.tools.changed_inputs()
            ['x']
        """
        return list(dict.fromkeys(self._changed))

    def input_count(self) -> int:
        """Return how many names `changed_inputs` could return.

        Example:
            >>> student.scale_(torch.ones(2), 3.0)
            tensor([3., 3.])
            >>> student.tools.input_count()
            1
        """
        return self._inputs

    def tensors_after(self) -> list[torch.Tensor]:
        """Return the tensor and array arguments of the last call as they were after it.

        Example:
            >>> student.scale_(torch.ones(2), 3.0)
            tensor([3., 3.])
            >>> student.tools.tensors_after()
            [tensor([3., 3.])]
        """
        return list(self._after)

    def returned_input(self) -> str | None:
        """Return the name of the tensor argument that the last call returned, as the worker says; else None.

        Example:
            >>> student.scale_(torch.ones(2), 3.0)
            tensor([3., 3.])
            >>> student.tools.returned_input()
            'x'
        """
        return self._returned

    def without_autograd(self, name: str, *args: Any, **kwargs: Any) -> Any:
        """Call a function in a place where autograd records nothing, so that `backward()` in it raises.

        Example:
            >>> student.tools.without_autograd("double", torch.ones(2))
            tensor([2., 2.])
        """
        return self._call(name, args, kwargs, autograd=False)

    def kept(self, name: str, *args: Any, **kwargs: Any) -> Kept:
        """Call a function and keep the result object in the worker, to read it again later.

        Example:
            >>> kept = student.tools.kept("double", torch.ones(2))
            >>> torch.equal(kept.value, kept.read())
            True
        """
        identifier = next(self._ids)
        return Kept(self, identifier, self._call(name, args, kwargs, keep=identifier))

    def drawing(self, name: str, *args: Any, **kwargs: Any) -> Drawing | None:
        """Call a function that draws; None if it returns no Axes. Figures of earlier calls are closed.

        Example:
            >>> student.tools.drawing("violins", [draw.normal(40)]).titled("noise")
            True
            >>> student.tools.drawing("double", 1) is None
            True
        """
        answer = self._answer(name, args, kwargs, {"drawn": True})
        found = read_drawing(answer.get("result"), self)
        self.record("drawing", name, found is not None, tuple(self._changed))
        return found

    def drawings(self, name: str, *args: Any, **kwargs: Any) -> list[Drawing]:
        """Call a function that draws; return what each Axes shows, except those of colour bars.

        The function may return an Axes, a list of them, a figure, or a grid of seaborn.

        Example:
            >>> (drawing,) = student.tools.drawings("violins", [draw.normal(40)])
            >>> drawing.titled("noise")
            True
        """
        answer = self._answer(name, args, kwargs, {"drawn": "all"})
        described = answer.get("result")
        if not isinstance(described, list):
            raise wrong_answer()
        found = [drawing for drawing in (read_drawing(each, self) for each in described) if drawing is not None]
        self.record("drawings", name, len(found), tuple(self._changed))
        return found

    def example(self, source: str) -> Any:
        """Run an exercise's public example and return its value.

        Example:
            >>> student.tools.example("double(torch.ones(2))")
            tensor([2., 2.])
        """
        return self._run([{"op": "example", "source": source}])[0]

    def model(self, plan: Plan, state: Mapping[str, torch.Tensor] | None = None) -> Model:
        """Build a module in the worker.

        Args:
            plan: what to build, see `autograder.checks.plans`.
            state: its parameters and buffers; they set the dtype. Default `initial_state(plan)`, in float64.

        Example:
            >>> student.tools.model(linear(3, 1)).forward(draw.normal(5, 3)).shape
            torch.Size([5, 1])
        """
        identifier = next(self._ids)
        values = initial_state(plan) if state is None else dict(state)
        self.ask({"op": "model", "plan": plan, "state": values, "keep": identifier})
        return Model(self, identifier, names=frozenset(values))

    def seed(self, seed: int) -> None:
        """Seed torch's global generator where the notebook's code runs.

        Example:
            >>> student.tools.seed(1)
            >>> first = student.noise(3)
            >>> student.tools.seed(1)
            >>> torch.equal(student.noise(3), first)
            True
        """
        self.ask({"op": "seed", "seed": seed})

    def rng(self) -> str:
        """Return a digest of the global generator's state.

        If it is the same before and after a call, nothing was drawn. If it is the same after calls that started from
        two different seeds, the code set a seed itself.

        Example:
            >>> before = student.tools.rng()
            >>> numbers = student.noise(3)
            >>> student.tools.rng() == before
            False
        """
        answer = self.ask({"op": "rng"})
        if not isinstance(answer, str):
            raise wrong_answer()
        self.record("rng", answer)
        return answer

    def optimizer(
        self,
        name: str,
        groups: Sequence[Any],
        options: Sequence[Mapping[str, Any]] | None = None,
        **kwargs: Any,
    ) -> Optimizer:
        """Build an optimizer of the class `name` over new parameters with these values.

        Args:
            name: the class.
            groups: a list of tensors, or a list of parameter groups, each a list of tensors.
            options: one dict of options for each group.
            kwargs: for the constructor.

        Example:
            >>> optimizer = student.tools.optimizer("Descent", [torch.ones(2)], lr=0.5)
            >>> optimizer.step([torch.ones(2)])
            [tensor([0.5000, 0.5000])]
        """
        grouped = bool(groups) and isinstance(groups[0], (list, tuple))
        shape = [list(g) for g in groups] if grouped else [list(groups)]
        return Optimizer(self, name, shape, options, kwargs, grouped=grouped)


class Optimizer(StandIn):
    """A student's optimizer, over parameters in the worker.

    Example:
        >>> groups, options = [[torch.ones(1)], [torch.ones(1)]], [{"lr": 0.1}, {"lr": 0.5}]
        >>> optimizer = student.tools.optimizer("Descent", groups, options, lr=1.0)
        >>> optimizer.step([torch.ones(1), None])
        [tensor([0.9000]), tensor([1.])]
        >>> optimizer.grads()
        [tensor([1.]), None]
        >>> optimizer.reload().params()
        [tensor([0.9000]), tensor([1.])]
    """

    def __init__(
        self,
        student: Tools,
        name: str,
        groups: list[list[torch.Tensor]],
        options: Sequence[Mapping[str, Any]] | None,
        kwargs: Mapping[str, Any],
        *,
        grouped: bool,
        state_of: int | None = None,
    ) -> None:
        self._student = student
        self._name = name
        self._options = options
        self._kwargs = kwargs
        self._grouped = grouped
        self._sizes = [len(g) for g in groups]
        operations: list[Operation] = []
        self._params: list[int] = []
        handles: list[list[Handle]] = []
        for group in groups:
            row = []
            for value in group:
                identifier = next(student._ids)  # noqa: SLF001 - one module
                operations.append({"op": "parameter", "keep": identifier, "value": value})
                self._params.append(identifier)
                row.append(Handle(identifier))
            handles.append(row)
        super().__init__(student, next(student._ids))  # noqa: SLF001 - one module
        params: Any = handles[0]
        if grouped:
            extra = options or [{} for _ in handles]
            params = [{"params": row, **given} for row, given in zip(handles, extra, strict=True)]
        operations.append({"op": "new", "keep": self._id, "name": name, "args": (params,), "kwargs": dict(kwargs)})
        if state_of is not None:
            operations.append({"op": "load_state", "source": state_of, "target": self._id})
        student._run(operations)  # noqa: SLF001 - one module

    def run(self, gradients: Sequence[Sequence[torch.Tensor | None]]) -> list[list[torch.Tensor]]:
        """Make one step for each entry; return all parameters after each."""
        path = self._ask({"op": "step", "optimizer": self._id, "grads": [list(g) for g in gradients]})
        if not isinstance(path, list) or len(path) != len(gradients):
            raise StudentCrashed(say("checks.other-number-of-steps"))
        return path

    def step(self, gradients: Sequence[torch.Tensor | None]) -> list[torch.Tensor]:
        """Make one step; return the parameters after it."""
        return self.run([gradients])[0]

    def params(self) -> list[torch.Tensor]:
        """Return the parameters' values."""
        values: list[torch.Tensor] = self._ask({"op": "params"})
        return values

    def grads(self) -> list[torch.Tensor | None]:
        """Return the parameters' `.grad` as they are now."""
        values: list[torch.Tensor | None] = self._ask({"op": "grads"})
        return values

    def _ask(self, operation: Operation) -> Any:
        (answer,) = self._student._run([{**operation, "params": self._params}])  # noqa: SLF001 - one module
        self._student.record(operation["op"], self._name, answer)
        return answer

    def reload(self) -> Optimizer:
        """Load `state_dict()` into a new optimizer over copies of the parameters; return the new optimizer."""
        values = self.params()
        groups = []
        for size in self._sizes:
            groups.append(values[:size])
            values = values[size:]
        return Optimizer(
            self._student,
            self._name,
            groups,
            self._options,
            self._kwargs,
            grouped=self._grouped,
            state_of=self._id,
        )


def _inside(value: Any) -> list[tuple[str, Any]]:
    """Return the tensors and arrays in an argument, each with its place."""
    import numpy as np
    import torch

    if isinstance(value, (torch.Tensor, np.ndarray)):
        return [("", value)]
    return [(f" ({path})", tensor) for path, tensor in tensors_in(value)]


def _same(before: Any, now: Any) -> bool:
    import numpy as np
    import torch

    if isinstance(before, np.ndarray):
        if not isinstance(now, np.ndarray) or now.shape != before.shape:
            return False
        return bool(np.array_equal(before.astype(now.dtype), now, equal_nan=before.dtype.kind in "fc"))
    if not isinstance(now, torch.Tensor) or now.shape != before.shape:
        return False
    if before.is_floating_point():
        # The reference runs in float64 and answers in it.
        return bool(torch.equal(before.to(now.dtype).nan_to_num(), now.nan_to_num()))
    return bool(torch.equal(before, now))
