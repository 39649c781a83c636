"""Which questions depend on earlier answers of the reference: they must not be sent ahead.

A check may ask for a step, and then for the next step from there. Its questions to the reference hold the reference's
earlier answers; sent ahead, they would tell a student's code what to answer. Asked step by step, the student's code
sees only its own answers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from autograder.checks.student import Operation, Transport
from autograder.engines.hidden.replay import Exchange, same_request
from autograder.sandbox.wire.trees import leaves, replaced
from autograder.sandbox.wire.values import copy_claims

__all__ = ["Nudged", "asks_otherwise", "asks_with_answers"]

#: Whole numbers up to this one prove nothing: lengths, indices and counts are everywhere.
_SMALL = 64
#: Far below the tolerance of any comparison, and large enough to change the bits.
_ROUNDING = 2.0**-50


@dataclass(slots=True)
class Nudged:
    """Answers of trusted code, off by a rounding: a check passes with them, and its next questions have other bits."""

    transport: Transport
    _asked: set[bytes] = field(default_factory=set)

    def run(self, operations: list[Operation]) -> list[Any]:
        """See `Transport`."""
        self._asked |= set(_numbers(operations))
        return [replaced(answer, self._nudged) for answer in self.transport.run(operations)]

    def _nudged(self, leaf: Any) -> Any:
        """Change a number by a few roundings, unless it is in the question: an input has to come back as it was."""
        import torch

        if type(leaf) is float:
            return leaf * (1 + _ROUNDING) if not set(_of_leaf(leaf)) & self._asked else leaf
        if not isinstance(leaf, torch.Tensor) or leaf.dtype not in {torch.float64, torch.float32}:
            return leaf
        if set(_of_leaf(leaf)) & self._asked:
            return leaf
        moved = leaf * (1 + _ROUNDING if leaf.dtype is torch.float64 else 1 + 2.0**-22)
        copy_claims(leaf, moved)
        return moved


def asks_otherwise(first: Sequence[Exchange], nudged: Sequence[Exchange]) -> bool:
    """Whether a check asked other questions when the answers were off by a rounding; it may also have stopped early."""
    return any(not same_request(a.operations, b.operations) for a, b in zip(first, nudged, strict=False))


def asks_with_answers(exchanges: Sequence[Exchange]) -> bool:
    """Whether a question holds a number that was in an earlier answer, and in no question before that."""
    asked: set[bytes] = set()
    answered: set[bytes] = set()
    for exchange in exchanges:
        question = set(_numbers(exchange.operations))
        if question & answered:
            return True
        asked |= question
        if exchange.answers is not None:
            answered |= set(_numbers(exchange.answers)) - asked
    return False


def _numbers(value: Any) -> Iterator[bytes]:
    """Yield a digest of every tensor, of each of its rows, and of every number that is not small.

    Rows count because a check may ask for a whole path and go on from its last point.
    """
    for leaf in leaves(value):
        yield from _of_leaf(leaf)


def _of_leaf(leaf: Any) -> Iterable[bytes]:
    import numpy as np
    import torch

    if isinstance(leaf, np.ndarray) and leaf.dtype.kind in "biufc":
        leaf = torch.from_numpy(leaf.copy())
    if isinstance(leaf, torch.Tensor):
        plain = leaf.detach().cpu()
        parts = [plain, *plain] if plain.dim() > 1 else [plain]
        return [d for part in parts if (d := _digest(part)) is not None]
    if isinstance(leaf, (int, np.integer)) and not isinstance(leaf, bool):
        return [b"i" + str(int(leaf)).encode()] if abs(int(leaf)) > _SMALL else []
    if isinstance(leaf, (float, np.floating)):
        found = _digest(torch.tensor([float(leaf)], dtype=torch.float64))
        return [] if found is None else [found]
    return []


def _digest(tensor: Any) -> bytes | None:
    """Return a digest of a tensor's values, the same for every shape and dtype; None if all are small whole numbers."""
    import torch

    if tensor.numel() == 0:
        return None
    values = tensor.flatten().to(torch.complex128 if tensor.is_complex() else torch.float64)
    if not values.is_complex() and bool(((values == values.round()) & (values.abs() <= _SMALL)).all()):
        return None
    return hashlib.blake2b(values.numpy().tobytes(), digest_size=16).digest()
