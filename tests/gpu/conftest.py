"""Where the tests of this folder run: on a real CUDA device, and on a simulated one.

`make test-gpu` collects this folder alone, with `bare.ini`, and without the fixtures of all other tests.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import torch

_TESTS = str(Path(__file__).resolve().parents[1])
if _TESTS not in sys.path:
    sys.path.insert(0, _TESTS)

from autograder.course import fast_imports as _lean  # noqa: E402, F401 - before nbformat, or it takes a second more

# isort: split
from simulation import simulate  # noqa: E402

#: Without a device there is no such test, instead of a skipped one.
REAL = [pytest.param("real", marks=pytest.mark.gpu)] if torch.cuda.is_available() else []


@pytest.fixture(params=[*REAL, "simulated"])
def world(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Give the test a CUDA device: one of this machine, or a simulated one."""
    found: str = request.param
    if found == "simulated":
        simulate(tmp_path, monkeypatch)
    return found
