"""The coverage-guided fuzzer, AUTOGRADER_FUZZ_S seconds for each target; `make fuzz` takes longer."""

from __future__ import annotations

import importlib.util
import os
import platform
import re
import sys

import pytest
from hostile.fuzzing.campaign import Campaign, fuzz
from hostile.fuzzing.planted import PLANTED
from hostile.fuzzing.seeds import seeds
from hostile.fuzzing.targets import TARGETS

SECONDS = int(os.environ.get("AUTOGRADER_FUZZ_S", "1"))
#: Where atheris has wheels; pyproject.toml says the same.
SUPPORTED = sys.platform == "linux" and platform.machine() == "x86_64" and (3, 11) <= sys.version_info[:2] <= (3, 13)
JOBS = {name: f"{planted.target}:{name}" for name, planted in PLANTED.items()}

pytestmark = [pytest.mark.full, pytest.mark.timeout(300 + (len(TARGETS) + len(PLANTED)) * (SECONDS + 60))]


@pytest.fixture(scope="module", autouse=True)
def atheris() -> None:
    """Skip if atheris cannot be installed; if it can be, CI must have it."""
    if importlib.util.find_spec("atheris") is not None:
        return
    if SUPPORTED and os.environ.get("CI", "").lower() not in {"", "0", "false"}:
        pytest.fail("atheris is not installed: pip install -e '.[dev]'")
    pytest.skip("atheris is not installed" if SUPPORTED else "there is no atheris for this platform or Python")


@pytest.fixture(scope="module")
def campaigns(atheris: None) -> dict[str, Campaign]:
    """Fuzz every target, and every target with a bug in it, one after the other."""
    return fuzz([*TARGETS, *JOBS.values()], SECONDS)


@pytest.mark.parametrize("name", TARGETS)
def test_nothing_is_found(campaigns: dict[str, Campaign], name: str) -> None:
    """No input makes a target raise what it does not document, or cost more than is allowed."""
    campaign = campaigns[name]
    assert campaign.finding is None, f"{campaign.finding}\n{(campaign.input or b'')[:2000]!r}"
    # On a busy machine it may run no more than the seeds.
    assert campaign.executions >= len(seeds(name))
    assert campaign.edges > 10


@pytest.mark.parametrize("name", PLANTED)
def test_a_bug_that_is_there_is_found(campaigns: dict[str, Campaign], name: str) -> None:
    """The same run on code with a known bug ends with that bug and an input that shows it."""
    campaign = campaigns[JOBS[name]]
    assert campaign.finding is not None
    assert re.search(PLANTED[name].shows, campaign.finding)
    assert campaign.input
