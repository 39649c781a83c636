"""An honest answer that is too large is said to be too large; the connection stays usable."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from autograder.checks.student import RemoteTransport, Student, StudentError
from autograder.sandbox.host import Worker

pytestmark = pytest.mark.sandbox

SOURCE = """
import numpy as np
import torch

def many(count):
    return [1] * count

def wide(count):
    return [torch.ones(1 << 21, dtype=torch.float64) for _ in range(count)]

def keys(count):
    return {i: i for i in range(count)}

def odd():
    return [np.uint16(3), np.longdouble(3), np.int64(2**62 + 1)]
"""


def test_what_is_too_large_is_an_error_of_its_own(worker: Worker, run: Callable[[str], dict[str, Any]]) -> None:
    """Too many parts or too many bytes raise in the check that asked; the next request is answered."""
    assert run(SOURCE)["error"] is None
    transport = RemoteTransport(worker.channel, 20.0)
    student = Student(transport)
    for call, count in ((student.many, 300_000), (student.wide, 5)):
        transport.restart_clock(20.0)
        with pytest.raises(StudentError, match="too large"):
            call(count)
        assert call(2) is not None
    assert str(student.keys(5000)) == "Opaque(label='dict of 5000 entries')"
    found = student.odd()
    assert [type(v).__name__ for v in found] == ["Opaque", "Opaque", "int64"]
    assert int(found[2]) == 2**62 + 1
