"""A check's questions, known before it asks them, and the reference's answers to them.

A check is a program that asks an implementation and judges the answers. Its inputs come from the batch's seed, so it
asks every student the same, unless a question depends on an answer (`dependent`). The questions that it asked the
reference are therefore sent ahead, all those of an exercise at once, except for checks whose questions depend on
answers. A check runs when the answers are there: `Rehearsed` hands them out as long as the check asks what was sent,
and tells when it does not. The reference's answers are the same each time too: `Remembered` computes them once.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from autograder.checks.student import Operation, Transport, copy_values, read_answers, student_faults, with_layers
from autograder.errors import ProtocolError
from autograder.sandbox.channel import Channel
from autograder.sandbox.faults import StudentCrashed, StudentError
from autograder.sandbox.wire.formulas import Formula, to_plain
from autograder.sandbox.wire.frames import FrameError, Packed, RawFrame, header_start
from autograder.sandbox.wire.trees import alike, leaves, replaced
from autograder.sandbox.wire.values import Codec, copy_claims

__all__ = [
    "Exchange",
    "Posted",
    "Recorder",
    "Rehearsed",
    "Remembered",
    "fingerprint",
    "held_bytes",
    "packed_script",
    "same_request",
    "unsendable",
]


#: About how much memory a number, a label or an object takes.
_PART_BYTES = 64
#: The largest answer to a public example.
MAX_POSTED_BYTES = 8 << 20


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its result: the answers, or the exception that the code raised."""

    operations: list[Operation]
    answers: list[Any] | None
    error: StudentError | None = None


@dataclass(slots=True)
class Recorder:
    """Records every exchange with the transport behind it."""

    transport: Transport
    exchanges: list[Exchange] = field(default_factory=list)

    def run(self, operations: list[Operation]) -> list[Any]:
        """See `Transport`."""
        asked = copy_values(operations)
        try:
            answers = self.transport.run(operations)
        except StudentError as error:
            self.exchanges.append(Exchange(asked, None, _again(error)))
            raise
        self.exchanges.append(Exchange(asked, _copied(answers)))
        return answers


@dataclass(slots=True)
class Remembered:
    """Trusted code that was asked before: the same questions in the same order are not computed again."""

    known: Sequence[Exchange]
    make: Callable[[], Transport]
    _position: int = 0
    _live: Transport | None = None

    def run(self, operations: list[Operation]) -> list[Any]:
        """See `Transport`."""
        if self._live is None:
            known = self.known[self._position] if self._position < len(self.known) else None
            if known is not None and same_request(operations, known.operations):
                self._position += 1
                if known.answers is None:
                    assert known.error is not None
                    raise _again(known.error)
                answers: list[Any] = _copied(known.answers)
                return answers
            self._live = self._caught_up()
        return self._live.run(operations)

    def _caught_up(self) -> Transport:
        """Return new code that was asked the same questions so far, so that it has the same state."""
        live = self.make()
        for exchange in self.known[: self._position]:
            try:
                live.run(copy_values(exchange.operations))
            except StudentError:
                continue
        return live


@dataclass(slots=True)
class Rehearsed:
    """Answers that have arrived already, for a check whose questions were sent ahead.

    `off_script` says that the check asked something else, `lost` that a reply was not an answer. In both cases the
    check's outcome does not count.
    """

    channel: Channel
    nonce: str
    requests: Sequence[list[Operation]]
    replies: Sequence[RawFrame]
    off_script: bool = False
    lost: bool = False
    _position: int = 0

    @property
    def complete(self) -> bool:
        """Whether the check asked for every answer, and for nothing else."""
        return not self.off_script and not self.lost and self._position == len(self.requests)

    def run(self, operations: list[Operation]) -> list[Any]:
        """See `Transport`."""
        at = self._position
        if self.off_script or at == len(self.requests) or not same_request(operations, self.requests[at]):
            self.off_script = True
            raise StudentCrashed("the check asked something else")
        self._position += 1
        try:
            answer = self.channel.read(self.replies[at], self.nonce)
        except ProtocolError as error:
            self.lost = True
            raise StudentCrashed(str(error)) from None
        return read_answers(answer, len(operations))


@dataclass(slots=True)
class Posted:
    """Requests that were sent already: each `run` takes the next answer, without a look at its question."""

    channel: Channel
    nonce: str
    #: How long an answer may take; the worker has begun with the first one.
    limit_s: float

    def run(self, operations: list[Operation]) -> list[Any]:
        """See `Transport`."""
        with student_faults(self.limit_s):
            answer = self.channel.read(
                self.channel.fetch(time.monotonic() + self.limit_s, MAX_POSTED_BYTES), self.nonce
            )
        return read_answers(answer, len(operations))


def packed_script(requests: Sequence[list[Operation]], *, listed: bool = False) -> Packed | None:
    """Return the frame with all of these requests; None where they cannot be sent ahead.

    `listed`: whether something is forbidden where they are asked, see `RemoteTransport`.

    That is so where the student's code has to call a function of the check: such a call needs the judge.
    """
    try:
        sent = [with_layers(request) for request in requests] if listed else list(requests)
        payload, buffers = Codec(on_callable=_refuse).encode(sent)
        return Packed.pack("script", payload, buffers)
    except FrameError:
        return None


def unsendable(operations: Sequence[Operation]) -> str | None:
    """Return the kind of the first value in a request that cannot be sent to another process; None if all can."""
    node, _ = Codec(on_callable=lambda _: 0).encode(list(operations))
    waiting = [node]
    while waiting:
        tag, *rest = waiting.pop()
        if tag == "o":
            return str(rest[0])
        if tag in ("t", "l"):
            waiting += rest[0]
        elif tag == "d":
            waiting += [part for pair in rest[0] for part in pair]
        elif tag == "g":
            waiting.append(rest[0])
    return None


def _refuse(function: Any) -> int:
    raise FrameError(f"{function!r} stays in the judge")


def fingerprint(replies: Sequence[RawFrame], nonce: str) -> bytes | None:
    """Return a digest of the worker's replies without the nonce; None unless they have the form of our own codec.

    A check is a function of its inputs and of the answers: with equal digests it ends in the same way.
    """
    import hashlib

    digest = hashlib.blake2b(digest_size=16)
    start = header_start("answer", nonce)
    for raw in replies:
        if not raw.header.startswith(start):
            return None
        digest.update(len(raw.header).to_bytes(8, "little") + len(raw.body).to_bytes(8, "little"))
        digest.update(memoryview(raw.header)[len(start) :])
        digest.update(raw.body)
    return digest.digest()


def held_bytes(value: Any) -> int:
    """Return about how much memory answers take: tensors, arrays and texts, and a constant for any other part."""
    total = 0
    for leaf in leaves(value):
        nbytes = getattr(leaf, "nbytes", None)
        total += nbytes if type(nbytes) is int else len(leaf) if isinstance(leaf, (str, bytes)) else _PART_BYTES
    return total


def same_request(a: Any, b: Any) -> bool:
    """Whether two requests are equal bit for bit."""
    return alike(a, b, _same_leaf, ordered=True)


def _same_leaf(a: Any, b: Any) -> bool:
    import numpy as np
    import torch

    if type(a) is not type(b):
        return False
    if isinstance(a, torch.Tensor):
        if a is b:
            return True
        alike = a.shape == b.shape and a.dtype == b.dtype and a.requires_grad == b.requires_grad
        return alike and _bytes(a) == _bytes(b)
    if isinstance(a, (np.ndarray, np.generic)):
        return bool(a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes())
    if isinstance(a, Formula):
        return same_request(to_plain(a), to_plain(b))
    if isinstance(a, float):
        return a.hex() == float(b).hex()
    return bool(a == b)


def _again(error: StudentError) -> StudentError:
    """Return the same exception without its traceback."""
    return StudentError(error.fault, not_implemented=error.not_implemented, missing=error.missing, own=error.own)


def _bytes(tensor: Any) -> bytes:
    import torch

    plain = tensor.detach().cpu().contiguous()
    data: bytes = (plain.view(torch.int16) if plain.dtype is torch.bfloat16 else plain).numpy().tobytes()
    return data


def _copied(value: Any) -> Any:
    """Copy every tensor and array with its claims, so that nobody changes the remembered one."""
    import numpy as np
    import torch

    def copied(leaf: Any) -> Any:
        if isinstance(leaf, torch.Tensor):
            copy = leaf.clone()
            copy_claims(leaf, copy)
            return copy
        return leaf.copy() if isinstance(leaf, np.ndarray) else leaf

    return replaced(value, copied)
