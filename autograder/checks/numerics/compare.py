"""Whether an answer is the expected one: exactly in structure, shape, dtype and device, within rounding in numbers.

Bounds are relative to the largest magnitude in the expected tensor; an absolute tolerance would accept zeros for
gradients of size 1e-12. Messages say where an answer differs and in which way, never a hidden value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from autograder.checks.forms import Form, known_shape, plausible_shapes
from autograder.sandbox.wire.values import claims
from autograder.sentences import Sentence, say, together

if TYPE_CHECKING:
    import torch

from autograder.verdict import DEVICE_LOST, DTYPE_LOST

__all__ = ["FLOAT64_RTOL", "RIGHT_DTYPE", "Mismatch", "bound", "compare", "in_single_precision"]

#: Equivalent formulas of Adam differ by 1e-15 over 1000 steps; the nearest wrong idea differs by more than 1e-6.
FLOAT64_RTOL = 1e-9
#: A result that was computed in float32 and cast back differs from the float64 result by so many float32 roundings.
_SINGLE_OPS = 64


@dataclass(frozen=True, slots=True)
class Mismatch:
    """Why an answer is not the expected one, for a student; `diagnosis` is a misconception id if one shows."""

    message: Sentence
    diagnosis: str | None = None
    forms: tuple[Form, ...] = ()


#: What a message says if a check asks for float32, and wrong numbers came in float32.
RIGHT_DTYPE = "with the right dtype"
#: The only factors that are told about hidden numbers: an arbitrary factor could spell something out.
_RATIOS = {"¼": 0.25, "⅓": 1 / 3, "½": 0.5, "2": 2.0, "3": 3.0, "4": 4.0, "−1": -1.0}
_RATIO_RTOL = {"float64": 1e-7, "complex128": 1e-7}
#: Of all texts that may be told about a comparison, one in this many is of the kind. The shares add up to less than 1.
_NOT_DUE, _SHAPE, _KIND, _DTYPE, _NAN, _RARE, _RAREST = 3, 6, 6, 8, 16, 32, 96
#: The kinds of values and the dtypes that messages name; all others are "another".
_KINDS = {
    bool: "a bool",
    int: "an int",
    float: "a float",
    str: "a str",
    list: "a list",
    tuple: "a tuple",
    dict: "a dict",
}
_NAMED_KINDS = 11
#: What is said about a dtype, without and with the dtype that was found.
_DTYPE_KEPT = ("checks.dtype-kept", "checks.dtype-kept-found")
_DTYPE_ALONE = ("checks.dtype", "checks.dtype-found")
_DTYPES = ("float64", "float32", "int64")


def bound(expected: torch.Tensor, dtype: torch.dtype, ops: int) -> float:
    """Return the largest absolute difference that rounding can explain.

    The scale is the largest finite magnitude that is expected. If only zeros are expected, there is no scale, so the
    answer must be exactly zero; any other bound would be absolute.

    Args:
        expected: the reference's float64 values.
        dtype: of the answer.
        ops: how many roundings in a row the answer may have.
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
    device: str | None = "cpu",
    levels: tuple[str, ...] = (),
    ratios: Mapping[str, float] | None = None,
) -> Mismatch | None:
    """Compare nested answers; None means that they agree.

    Args:
        actual: what the student's code returned.
        expected: what the reference returned, tensors in float64.
        what: what is compared, for the message, such as "the new velocity".
        dtype: the dtype that floating-point tensors of the answer must have; default float64.
        ops: see `bound`.
        device: the device that the worker must claim for the answer; an answer without a claim is right. None: any
            device is right.
        levels: what the entries of nested lists are, outermost first, such as ("step", "parameter").
        ratios: by name, factors that a wrong idea puts on all numbers: {"1 − μ": 1 - momentum}. The name is told.
    """
    import torch

    name = what or "the result"
    known = {**_RATIOS, **(ratios or {})}
    found = _Comparison(dtype or torch.float64, ops, device, levels, name, _places(expected), known)
    return found.check(actual, expected, name, 0)


@dataclass(frozen=True, slots=True)
class _Comparison:
    dtype: torch.dtype
    ops: int
    device: str | None
    levels: tuple[str, ...]
    #: What is compared, as a whole, and in how many places it can differ.
    whole: str
    places: int
    ratios: Mapping[str, float]

    def _differs(
        self,
        weight: int,
        told: Sequence[Sentence],
        bare: Sentence,
        details: tuple[int, ...] = (1,),
        diagnosis: str | None = None,
    ) -> Mismatch:
        """Make a mismatch with its forms: each has fewer details than the one before, the last has none.

        Args:
            weight: see `_NOT_DUE`.
            told: sentences that name the place, each with fewer other details than the one before.
            bare: the last of them, but about the whole instead of the place.
            details: for each sentence, how many there could be about one place.
            diagnosis: see `Mismatch`.
        """
        forms = [Form(said, weight * self.places * n, self.whole) for said, n in zip(told, details, strict=True)]
        forms.append(Form(bare, weight * details[-1], self.whole))
        forms.append(Form(say("checks.other", what=self.whole), _NOT_DUE, self.whole))
        return Mismatch(forms[0].text, diagnosis, tuple(forms))

    def _plainly(
        self, weight: int, sentence: Callable[[str], Sentence], what: str, diagnosis: str | None = None
    ) -> Mismatch:
        """Make a mismatch from one sentence, which has no details besides the place."""
        return self._differs(weight, [sentence(what)], sentence(self.whole), diagnosis=diagnosis)

    def _elements(
        self,
        weight: int,
        sentence: Callable[[str], Sentence],
        what: str,
        wrong: torch.Tensor,
        diagnosis: str | None = None,
    ) -> Mismatch:
        """Make a mismatch that names the first element that differs, and how many differ."""
        first, counted = _place(wrong, what)
        n = max(wrong.numel(), 1)
        told = [sentence(counted), sentence(first), sentence(what)]
        return self._differs(weight, told, sentence(self.whole), (n * n, n, 1), diagnosis)

    def _by_factor(
        self, sentence: Callable[[str], Sentence], what: str, wrong: torch.Tensor, factor: str | None
    ) -> Mismatch:
        """Make a mismatch that names the factor, if all numbers are off by one: it says more than the place."""
        first, counted = _place(wrong, what)
        n, many = max(wrong.numel(), 1), len(self.ratios)
        # If all elements are wrong, no first one is named.
        everywhere = counted if first == what else what
        short = counted if first == what else first
        told = None if factor is None else together(sentence(what), _times(factor, wrong))
        sentences = [
            told or sentence(counted),
            told or sentence(short),
            told or sentence(everywhere),
            sentence(short),
            sentence(everywhere),
            sentence(what),
        ]
        details = (n * n + many, n + 1 + many, 2 + many, n + 1, 2, 1)
        return self._differs(_NOT_DUE, sentences, sentence(self.whole), details)

    def check(self, actual: Any, expected: Any, what: str, depth: int) -> Mismatch | None:
        import numpy as np
        import torch

        if isinstance(expected, torch.Tensor):
            return self._tensor(actual, expected, what)
        if isinstance(expected, np.ndarray):
            return self._array(actual, expected, what)
        if isinstance(expected, dict):
            return self._dict(actual, expected, what, depth)
        if isinstance(expected, (list, tuple)):
            return self._sequence(actual, expected, what, depth)
        if expected is None or isinstance(expected, (bool, str, torch.dtype)):
            same = type(actual) is type(expected) and actual == expected
            return None if same else self._plainly(_NOT_DUE, _other, what)
        return self._number(actual, expected, what)

    def _number(self, actual: Any, expected: float, what: str) -> Mismatch | None:
        import numpy as np
        import torch

        if isinstance(actual, bool) or not isinstance(actual, (int, float, np.integer, np.floating)):
            return self._wrong_kind("a number", actual, what)
        if isinstance(expected, int) and not isinstance(actual, (int, np.integer)):
            return self._wrong_kind("an int", actual, what)
        if isinstance(expected, int):
            # Counts are exact, and an int may be too large for a float.
            same = int(actual) == expected
            return None if same else self._plainly(_NOT_DUE, _wrong_numbers, what)
        try:
            mine, due = (torch.tensor(float(v), dtype=torch.float64) for v in (actual, expected))
        except OverflowError:
            return self._plainly(_RAREST, lambda place: say("checks.too-large", what=place), what)
        return self._values(mine, due, what, number=True)

    def _sequence(self, actual: Any, expected: Any, what: str, depth: int) -> Mismatch | None:
        # A list instead of a tuple, or a tuple instead of a list, is the same answer.
        if not isinstance(actual, (list, tuple)):
            return self._wrong_kind(_kind(expected), actual, what)
        if len(actual) != len(expected):
            due, found = len(expected), len(actual)
            short = say("checks.length", what=what, expected=due)
            full = say("checks.length-found", what=what, expected=due, found=found) if found <= 2 * due + 1 else short
            bare = say("checks.length", what=self.whole, expected=due)
            return self._differs(_RAREST, [full, short], bare, (2 * due + 3, 1))
        level = self.levels[depth] if depth < len(self.levels) else "entry"
        for i, (a, e) in enumerate(zip(actual, expected, strict=True), 1):
            differing = self.check(a, e, say("checks.entry-of", level=level, number=i, what=what), depth + 1)
            if differing is not None:
                return differing
        return None

    def _dict(self, actual: Any, expected: dict[Any, Any], what: str, depth: int) -> Mismatch | None:
        if not isinstance(actual, dict):
            return self._wrong_kind("a dict", actual, what)
        missing = [k for k in expected if k not in actual]
        extra = [k for k in actual if k not in expected]
        if missing:
            lacking = repr(missing[0])
            return self._plainly(
                _RAREST * len(expected), lambda place: say("checks.missing-key", key=lacking, what=place), what
            )
        if extra:
            return self._plainly(_RAREST, lambda place: say("checks.extra-key", what=place), what)
        for key, value in expected.items():
            found = self.check(actual[key], value, say("checks.at-key", what=what, key=repr(key)), depth + 1)
            if found is not None:
                return found
        return None

    def _tensor(self, actual: Any, expected: torch.Tensor, what: str) -> Mismatch | None:
        import torch

        if not isinstance(actual, torch.Tensor):
            return self._wrong_kind("a tensor", actual, what)
        if actual.shape != expected.shape:
            due_shape = tuple(expected.shape)
            due_text, found = str(due_shape), known_shape(tuple(actual.shape), due_shape)
            told = [
                say("checks.shape-found", what=what, expected=due_text, found=found),
                say("checks.shape", what=what, expected=due_text),
            ]
            bare = say("checks.shape", what=self.whole, expected=due_text)
            return self._differs(_SHAPE, told, bare, (len(plausible_shapes(due_shape)) + 1, 1))
        where = claims(actual)["device"]
        if self.device is not None and where not in {None, self.device}:
            inputs = self.device
            return self._plainly(
                _RAREST,
                lambda place: say("checks.device", what=place, inputs=inputs, answer=where),
                what,
                diagnosis=DEVICE_LOST,
            )
        due = self.dtype if expected.is_floating_point() else expected.dtype
        if actual.dtype != due:
            return self._wrong_dtype(actual, expected, due, what)
        # Autograd graphs are not compared.
        actual, expected = actual.detach(), expected.detach()
        if not expected.is_floating_point():
            wrong = actual != expected
            return self._elements(_NOT_DUE, _wrong_numbers, what, wrong) if wrong.any() else None
        return self._values(actual, expected, what)

    def _array(self, actual: Any, expected: Any, what: str) -> Mismatch | None:
        """Compare numpy arrays as tensors are compared; arrays are on no device."""
        import numpy as np
        import torch

        if not isinstance(actual, np.ndarray):
            return self._wrong_kind("a numpy array", actual, what)
        mine, due = (torch.from_numpy(np.array(a)) for a in (actual, expected))
        mine._claims = {"device": self.device, "requires_grad": False}  # type: ignore[attr-defined]  # noqa: SLF001 - what `_tensor` looks at
        return self._tensor(mine, due, what)

    def _wrong_dtype(self, actual: torch.Tensor, expected: torch.Tensor, due: torch.dtype, what: str) -> Mismatch:
        import torch

        have, want = (str(d).removeprefix("torch.") for d in (actual.dtype, due))
        have = have if have in _DTYPES else "another"
        # An integer has no input's dtype to keep.
        short, full = _DTYPE_KEPT if expected.is_floating_point() else _DTYPE_ALONE
        told = [say(full, what=what, expected=want, found=have), say(short, what=what, expected=want)]
        bare = say(short, what=self.whole, expected=want)
        # Twice as many: with the diagnosis that the dtype was lost, or without.
        many = 2 * (len(_DTYPES) + 1)
        if not (expected.is_floating_point() and actual.is_floating_point()):
            return self._differs(_DTYPE, told, bare, (many, 2))
        actual, expected = actual.detach(), expected.detach()
        # "Lost" only if the numbers are right otherwise: wrong numbers in float16 are wrong in more than their dtype.
        loose = torch.finfo(torch.float32 if actual.dtype is torch.float64 else actual.dtype).eps
        scale = float(expected.abs().max()) if expected.numel() else 0.0
        difference = (actual.double() - expected).abs()
        close = bool((difference <= _SINGLE_OPS * loose * scale).all())
        return self._differs(_DTYPE, told, bare, (many, 2), DTYPE_LOST if close else None)

    def _values(
        self, actual: torch.Tensor, expected: torch.Tensor, what: str, *, number: bool = False
    ) -> Mismatch | None:
        import torch

        actual, expected = actual.double(), expected.double()
        nan = torch.isnan(actual) & ~torch.isnan(expected)
        if nan.any():
            return self._elements(_NAN, lambda place: say("checks.not-a-number", what=place), what, nan)
        infinite = torch.isinf(actual) & torch.isfinite(expected)
        if infinite.any():
            return self._elements(_RARE, lambda place: say("checks.infinite", what=place), what, infinite)
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
        # A missing infinity is never a question of precision.
        if self.dtype is torch.float64 and not missed and bool((difference <= single).all()):
            lost = in_single_precision(actual)
            sentence = _in_single_precision if lost else _to_seven_digits
            return self._elements(_RARE, sentence, what, wrong, DTYPE_LOST if lost else None)
        # A check that asks for float32 is about the dtype, so its title speaks of that; the message must say that the
        # numbers are wrong. A Python number has no dtype.
        sentence = _wrong_numbers if self.dtype is torch.float64 or number else _wrong_with_right_dtype
        return self._by_factor(sentence, what, wrong, _factor(actual, expected, self.dtype, self.ratios))

    def _wrong_kind(self, due: str, actual: Any, what: str) -> Mismatch:
        told = [
            say("checks.kind-found", what=what, expected=due, found=_kind(actual)),
            say("checks.kind", what=what, expected=due),
        ]
        return self._differs(_KIND, told, say("checks.kind", what=self.whole, expected=due), (_NAMED_KINDS, 1))


def _other(what: str) -> Sentence:
    return say("checks.other", what=what)


def _wrong_numbers(what: str) -> Sentence:
    return say("checks.wrong-numbers", what=what)


def _wrong_with_right_dtype(what: str) -> Sentence:
    return say("checks.wrong-numbers-right-dtype", what=what)


def in_single_precision(values: torch.Tensor) -> bool:
    """Whether numbers in float64 have no more digits than float32 holds: they were in float32 before.

    A small number that is added to right ones, or a limit that cuts them off, leaves all digits in use.
    """
    return bool((values.float().double() == values).all())


def _in_single_precision(what: str) -> Sentence:
    return say("checks.single-precision", what=what)


def _to_seven_digits(what: str) -> Sentence:
    return say("checks.seven-digits", what=what)


def _places(expected: Any) -> int:
    """Return in how many places an answer can differ from this one."""
    if isinstance(expected, dict):
        return 1 + sum(map(_places, expected.values()))
    return 1 + sum(map(_places, expected)) if isinstance(expected, (list, tuple)) else 1


def _place(wrong: torch.Tensor, what: str) -> tuple[str, str]:
    """Return the name of what is compared with its first wrong element, and with the number of wrong ones too.

    A number has no elements; if all elements are wrong, no first one is named.
    """
    count = int(wrong.sum())
    if wrong.dim() == 0:
        return what, what
    if count == wrong.numel() > 1:
        return what, say("checks.in-all", what=what, count=count)
    index = tuple(int(i) for i in wrong.nonzero()[0])
    shown = f"[{', '.join(map(str, index))}]"
    first = say("checks.at-element", what=what, index=shown)
    if count == 1:
        return first, first
    others = wrong.numel() - 1
    return first, say("checks.at-element-and-others", what=what, index=shown, count=count - 1, others=others)


def _factor(actual: torch.Tensor, expected: torch.Tensor, dtype: torch.dtype, known: Mapping[str, float]) -> str | None:
    """Return the name of the known factor that all numbers are off by, None if there is none."""
    import torch

    if not bool(torch.isfinite(actual).all() and torch.isfinite(expected).all()):
        return None
    scale = float(expected.abs().max())
    if scale == 0:
        return None
    rtol = _RATIO_RTOL.get(str(dtype).removeprefix("torch."), 1e-4)
    size = torch.where(expected == 0, scale, expected.abs())
    fitting = [
        (name, r)
        for name, r in known.items()
        if abs(r - 1) > rtol and bool(((actual - r * expected).abs() <= rtol * abs(r) * size).all())
    ]
    # The author's factors come last: their names say more than a number.
    return fitting[-1][0] if fitting else None


def _times(factor: str, wrong: torch.Tensor) -> Sentence:
    """Say by which factor all numbers are off."""
    if wrong.dim() == 0 or wrong.numel() == 1:
        return say("checks.is-times", factor=factor)
    return say("checks.all-are-times", count=wrong.numel(), factor=factor)


def _kind(value: object) -> str:
    import numpy as np
    import torch

    if value is None:
        return "None"
    if isinstance(value, torch.Tensor):
        return "a tensor"
    if isinstance(value, np.ndarray):
        return "a numpy array"
    return _KINDS.get(type(value), "an object of another type")
