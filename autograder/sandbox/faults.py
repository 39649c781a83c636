"""How a student's code can fail to answer: the exceptions that stand-ins raise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from autograder.sandbox.forbidden import refusal
from autograder.sentences import Sentence, say
from autograder.verdict import StudentFault

__all__ = [
    "StudentCrashed",
    "StudentError",
    "StudentTimeout",
    "claimed_text",
    "device_failure",
    "fault_from_wire",
]

_MAX_LINE = 1_000_000
#: How torch says that a device failed: the types of its own exceptions, and parts of the texts of others.
_DEVICE_TYPES = frozenset({"AcceleratorError", "DeferredCudaCallError", "OutOfMemoryError"})
_DEVICE_TEXTS = (
    "cuda error",
    "cuda out of memory",
    "cuda driver",
    "cuda initialization",
    "cuda unknown error",
    "cublas_status",
    "cudnn_status",
    "cudnn error",
    "cusolver_status",
    "cusolver error",
    "cusparse_status",
    "cufft_",
    "curand_status",
    "device-side assert",
    "no cuda gpus are available",
    "no nvidia driver",
    "nvidia driver on your system",
)
_DEVICE_MEMORY = ("out of memory", "alloc_failed")


class StudentError(Exception):
    """The student's code raised; or, with `own` false, its answer failed when the check used it.

    Example:
        >>> try:
        ...     student.positive_root(-1.0)
        ... except StudentError as error:
        ...     error.fault.type
        'ValueError'
    """

    def __init__(
        self, fault: StudentFault, *, not_implemented: bool = False, missing: bool = False, own: bool = True
    ) -> None:
        super().__init__(f"{fault.type}: {fault.message}")
        self.fault = fault
        self.not_implemented = not_implemented
        self.missing = missing
        self.own = own


class _Unanswered(Exception):
    """The student's code gave no answer; `reason` says why, as a clause."""

    def __init__(self, reason: str = "") -> None:
        super().__init__(reason)
        self.reason = reason if isinstance(reason, Sentence) else Sentence(reason)


class StudentTimeout(_Unanswered):
    """The student's code did not end within the limit of its check.

    Example:
        >>> raise StudentTimeout("no answer within 5 s")
        Traceback (most recent call last):
            ...
        autograder.sandbox.faults.StudentTimeout: no answer within 5 s
    """


class StudentCrashed(_Unanswered):
    """The student's process died, or broke the protocol; `reason` says which.

    Example:
        >>> raise StudentCrashed("the process ended before it answered")
        Traceback (most recent call last):
            ...
        autograder.sandbox.faults.StudentCrashed: the process ended before it answered
    """


def fault_from_wire(error: Mapping[str, Any]) -> StudentFault:
    """Read the worker's description of an exception; each field is a claim, checked only for its type."""
    line = error.get("line")
    return StudentFault(
        type=claimed_text(error.get("type"), 200) or "Exception",
        message=_in_our_words(claimed_text(error.get("message"))),
        cell=claimed_text(error.get("cell"), 200) or None,
        line=line if type(line) is int and 0 < line < _MAX_LINE else None,
        source=claimed_text(error.get("source"), 500) or None,
    )


def _in_our_words(message: str) -> str | Sentence:
    """Return a message as a sentence of ours, if the worker refused a forbidden name with it."""
    name, refused, rest = message.partition(refusal(""))
    return say("sandbox.refused", name=name) if name and refused and not rest else message


def device_failure(fault: StudentFault | None) -> str | None:
    """Return `memory` or `lost` if an exception says that the GPU failed, None if it says anything else.

    The worker claims it. If it is believed, nothing is graded: the claim can cost a submission its verdict, but never
    bring it a point.
    """
    if fault is None:
        return None
    text = fault.message.lower()
    if fault.type not in _DEVICE_TYPES and not any(sign in text for sign in _DEVICE_TEXTS):
        return None
    no_room = fault.type == "OutOfMemoryError" or any(sign in text for sign in _DEVICE_MEMORY)
    return "memory" if no_room else "lost"


def claimed_text(value: object, limit: int = 2000) -> str:
    """Return a text that a worker sent, cut; empty if it is none."""
    return value[:limit] if isinstance(value, str) else ""
