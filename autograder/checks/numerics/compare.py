"""Whether an answer is the expected one: strictly in structure, shape, dtype and device, tightly in numbers.

Bounds are relative to the largest magnitude of the expected tensor: a bare absolute tolerance would accept
zeros for gradients that have vanished to 1e-12. Messages say where and what kind, never a hidden value.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from autograder.sandbox.wire.values import Opaque, claims

if TYPE_CHECKING:
    import torch

from autograder.verdict import DEVICE_LOST, DTYPE_LOST

__all__ = ["FLOAT64_RTOL", "Mismatch", "bound", "compare"]

#: Equivalent algebra of Adam differs by 1e-15 over 1000 steps; the nearest wrong idea by more than 1e-6.
FLOAT64_RTOL = 1e-9
#: A result that was computed in float32 and cast back differs from the float64 one by some of these.
_SINGLE_OPS = 64


@dataclass(frozen=True, slots=True)
class Mismatch:
    """Why an answer is not the expected one, for a student; `diagnosis` is a misconception id if one shows."""

    message: str
    diagnosis: str | None = None


def bound(expected: torch.Tensor, dtype: torch.dtype, ops: int) -> float:
    """Return the largest absolute difference that rounding can explain.

    The scale is the largest finite magnitude that is expected. Where only zeros are expected there is no scale,
    so zero is due exactly: any other bound would be an absolute one.

    Args:
        expected: the reference's float64 values.
        dtype: of the answer.
        ops: how many roundings in a row an answer may have gone through.
    """
    import torch

    finite = expected[torch.isfinite(expected)]
    scale = float(finite.abs().max()) if finite.numel() else 0.0
    if dtype in {torch.float64, torch.complex128}:
        return FLOAT64_RTOL * scale
    return ops * float(torch.finfo(dtype).eps) * scale


def compare(
    actual: Any,
    expected: Any,
    *,
    what: str = "",
    dtype: torch.dtype | None = None,
    ops: int = 64,
    device: str = "cpu",
    levels: tuple[str, ...] = (),
) -> Mismatch | None:
    """Compare nested answers; None means that they agree.

    Args:
        actual: what the student's code returned.
        expected: what the reference returned, tensors in float64.
        what: what is compared, for the message, such as "the new velocity".
        dtype: the dtype that floating-point tensors of the answer must have; default float64.
        ops: see `bound`.
        device: where the answer must live, by the worker's claim.
        levels: what the entries of nested lists are, outermost first, such as ("step", "parameter").
    """
    import torch

    return _Comparison(dtype or torch.float64, ops, device, levels).check(actual, expected, what or "the result", 0)


@dataclass(frozen=True, slots=True)
class _Comparison:
    dtype: torch.dtype
    ops: int
    device: str
    levels: tuple[str, ...]

    def check(self, actual: Any, expected: Any, what: str, depth: int) -> Mismatch | None:
        import torch

        if isinstance(expected, torch.Tensor):
            return self._tensor(actual, expected, what)
        if isinstance(expected, dict):
            return self._dict(actual, expected, what, depth)
        if isinstance(expected, (list, tuple)):
            return self._sequence(actual, expected, what, depth)
        if expected is None or isinstance(expected, (bool, str, torch.dtype)):
            same = type(actual) is type(expected) and actual == expected
            return None if same else Mismatch(f"Not what is due: {what}.")
        return self._number(actual, expected, what)

    def _number(self, actual: Any, expected: float, what: str) -> Mismatch | None:
        import numpy as np
        import torch

        if isinstance(actual, bool) or not isinstance(actual, (int, float, np.integer, np.floating)):
            return Mismatch(f"Wrong kind: {what}. A number is due, not {_kind(actual)}.")
        if isinstance(expected, int) and not isinstance(actual, (int, np.integer)):
            return Mismatch(f"Wrong kind: {what}. An int is due, not {_kind(actual)}.")
        if isinstance(expected, int):
            # Counts are exact, and an int may be too large for a float.
            return None if int(actual) == expected else Mismatch(f"Not what is due: {what}.")
        try:
            mine, due = (torch.tensor(float(v), dtype=torch.float64) for v in (actual, expected))
        except OverflowError:
            return Mismatch(f"Too large for a number of its kind: {what}.")
        return self._values(mine, due, what)

    def _sequence(self, actual: Any, expected: Any, what: str, depth: int) -> Mismatch | None:
        if type(actual) is not type(expected):
            return Mismatch(f"Wrong kind: {what}. Due is {_kind(expected)}, not {_kind(actual)}.")
        if len(actual) != len(expected):
            return Mismatch(f"Wrong length: {what}. Due are {len(expected)} entries, not {len(actual)}.")
        level = self.levels[depth] if depth < len(self.levels) else "entry"
        for i, (a, e) in enumerate(zip(actual, expected, strict=True), 1):
            found = self.check(a, e, f"{level} {i} of {what}", depth + 1)
            if found is not None:
                return found
        return None

    def _dict(self, actual: Any, expected: dict[Any, Any], what: str, depth: int) -> Mismatch | None:
        if not isinstance(actual, dict):
            return Mismatch(f"Wrong kind: {what}. A dict is due, not {_kind(actual)}.")
        missing = [k for k in expected if k not in actual]
        extra = [k for k in actual if k not in expected]
        if missing:
            return Mismatch(f"Missing key {missing[0]!r}: {what}.")
        if extra:
            return Mismatch(f"A key that is not asked for: {what}.")
        for key, value in expected.items():
            found = self.check(actual[key], value, f"{what}[{key!r}]", depth + 1)
            if found is not None:
                return found
        return None

    def _tensor(self, actual: Any, expected: torch.Tensor, what: str) -> Mismatch | None:
        import torch

        if not isinstance(actual, torch.Tensor):
            return Mismatch(f"Wrong kind: {what}. A tensor is due, not {_kind(actual)}.")
        if actual.shape != expected.shape:
            return Mismatch(f"Wrong shape: {what}. Due is {tuple(expected.shape)}, not {tuple(actual.shape)}.")
        if claims(actual)["device"] != self.device:
            return Mismatch(
                f"Wrong device: {what}. The inputs were on {self.device}, the answer is on {claims(actual)['device']}.",
                DEVICE_LOST,
            )
        due = self.dtype if expected.is_floating_point() else expected.dtype
        if actual.dtype != due:
            return self._wrong_dtype(actual, expected, due, what)
        # A graph that hangs on either side is no part of the numbers.
        actual, expected = actual.detach(), expected.detach()
        if not expected.is_floating_point():
            wrong = actual != expected
            return Mismatch(f"Not what is due: {what}{_place(wrong)}.") if wrong.any() else None
        return self._values(actual, expected, what)

    def _wrong_dtype(self, actual: torch.Tensor, expected: torch.Tensor, due: torch.dtype, what: str) -> Mismatch:
        import torch

        have, want = (str(d).removeprefix("torch.") for d in (actual.dtype, due))
        message = f"Wrong dtype: {what}. Due is {want}, not {have}"
        if not expected.is_floating_point():
            return Mismatch(f"{message}.")
        message += ": results keep the dtype of their inputs."
        if not actual.is_floating_point():
            return Mismatch(message)
        actual, expected = actual.detach(), expected.detach()
        # "Lost" only if the numbers are right otherwise: float16 garbage is wrong in more than its dtype.
        loose = torch.finfo(torch.float32 if actual.dtype is torch.float64 else actual.dtype).eps
        scale = float(expected.abs().max()) if expected.numel() else 0.0
        difference = (actual.double() - expected).abs()
        close = bool((difference <= _SINGLE_OPS * loose * scale).all())
        return Mismatch(message, DTYPE_LOST if close else None)

    def _values(self, actual: torch.Tensor, expected: torch.Tensor, what: str) -> Mismatch | None:
        import torch

        actual, expected = actual.double(), expected.double()
        nan = torch.isnan(actual) & ~torch.isnan(expected)
        if nan.any():
            return Mismatch(f"NaN where a number is due: {what}{_place(nan)}.")
        infinite = torch.isinf(actual) & torch.isfinite(expected)
        if infinite.any():
            return Mismatch(f"Infinite where a finite number is due: {what}{_place(infinite)}.")
        special = ~torch.isfinite(expected)
        wrong = torch.zeros_like(special)
        if special.any():
            wrong = special & ~((actual == expected) | (torch.isnan(actual) & torch.isnan(expected)))
        difference = torch.where(special, torch.zeros_like(expected), (actual - expected).abs())
        missed = bool(wrong.any())
        wrong |= difference > bound(expected, self.dtype, self.ops)
        if not wrong.any():
            return None
        single = bound(expected, torch.float32, _SINGLE_OPS)
        # A missing infinity is no matter of precision, whatever the other elements are.
        if self.dtype is torch.float64 and not missed and bool((difference <= single).all()):
            return Mismatch(
                f"Right to single precision only: {what}{_place(wrong)}, as if float64 became float32 on the way.",
                DTYPE_LOST,
            )
        return Mismatch(f"Not what is due: {what}{_place(wrong)}.")


def _place(wrong: torch.Tensor) -> str:
    """Say where the first wrong element is, and how many there are."""
    count = int(wrong.sum())
    if wrong.dim() == 0:
        return ""
    index = tuple(int(i) for i in wrong.nonzero()[0])
    shown = f"[{', '.join(map(str, index))}]"
    others = "" if count == 1 else f" and {count - 1} of {wrong.numel() - 1} others"
    return f", element {shown}{others}"


def _kind(value: object) -> str:
    import torch

    if value is None:
        return "None"
    if isinstance(value, Opaque):
        return f"an object of type {value.label}"
    if isinstance(value, torch.Tensor):
        return f"a tensor of shape {tuple(value.shape)}"
    if isinstance(value, (list, tuple)):
        return f"a {type(value).__name__} of {len(value)} entries"
    name = type(value).__name__
    return f"{'an' if name[:1] in 'aeiou' else 'a'} {name}"
