"""`autograder doctor` and `--min-tier`: what the machine offers, tried for real, as root and as an ordinary user."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from ordinary_user import ORDINARY, readable_for_all
from tiny_course import TinyCourse, make_tiny_course
from typer.testing import CliRunner

from autograder.cli import app
from autograder.errors import UsageError
from autograder.sandbox import probe, survey
from autograder.sandbox.spec import Tier

pytestmark = pytest.mark.sandbox

#: Every tier, if asked for; other tests try them all as root.
FULL = os.environ.get("AUTOGRADER_CORPUS", "") == "full"

ROOT = Path(__file__).resolve().parents[2]


def test_doctor_finds_this_machines_tier() -> None:
    """Everything that tier A needs is here, and the answer is one JSON object."""
    result = CliRunner().invoke(app, ["doctor", "--json"])
    found = json.loads(result.stdout)
    assert found["tier"] == "A"
    assert {f["name"]: f["available"] for f in found["features"]} == dict.fromkeys(survey._FEATURES, True)
    assert not found["problems"]
    assert found["packages"]["torch"]
    # Until it has: README.md and docs/security.md say so too.
    assert "never on a real one" in found["cuda"]


def test_doctor_prints_a_page_for_people() -> None:
    """The tables name tier, features and packages."""
    text = CliRunner().invoke(app, ["doctor"]).stdout
    for word in ("isolation    tier A", "Landlock", "seccomp", "user namespaces", "torch"):
        assert word in text


def test_a_missing_feature_comes_with_a_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message for an unavailable feature has the reason and the remedy."""
    monkeypatch.setattr(sys, "executable", "/bin/false")
    found = survey.survey()
    assert not any(f.available for f in found)
    assert all(f.remedy for f in found)


@pytest.mark.parametrize("minimum", ["A", "B"])
def test_a_batch_refuses_a_weaker_tier(minimum: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message says what failed and what to do."""
    weak = probe.ProbeResult(Tier.C, ((Tier.A, "unshare: not permitted"), (Tier.B, "no Landlock")))
    monkeypatch.setattr(probe, "probe", lambda: weak)
    with pytest.raises(UsageError, match=r"tier C .*unshare: not permitted.*no Landlock.*--min-tier C"):
        probe.choose_tier(Tier(minimum))


def test_grade_ends_with_usage_where_the_tier_is_too_weak(tiny: TinyCourse) -> None:
    """`--min-tier A` on a machine without namespaces: exit code 2 and nothing graded."""
    tiny.hand_in("ada", tiny.solved())
    code = (
        "import sys\nfrom autograder.sandbox import probe\nfrom autograder.sandbox.spec import Tier\n"
        "probe.probe = lambda: probe.ProbeResult(Tier.B, ((Tier.A, 'no namespaces'),))\n"
        f"sys.argv = ['autograder', 'grade', 'tiny', '--course', {str(tiny.root)!r}, '--min-tier', 'A']\n"
        "from autograder.cli import main\nmain()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 2
    assert "no namespaces" in done.stderr
    assert not (tiny.root / "results" / "tiny" / "ada.json").exists()


@pytest.fixture(scope="module")
def home() -> Iterator[str]:
    """A home directory of an ordinary user: what a first run caches there, mainly fonts, serves the next ones."""
    if os.geteuid() != 0:
        pytest.skip("the rest of the suite runs as an ordinary user already")
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        os.chown(folder, ORDINARY, ORDINARY)
        yield folder


@pytest.mark.parametrize("tier", ["A", "B", "C"] if FULL else ["B"])
def test_an_ordinary_user_grades_in_every_tier(tier: str, home: str) -> None:
    """Without root the same class gets the same marks; if a tier needs rights, this machine grants them."""
    tiny = make_tiny_course(Path(home, f"course-{tier}"))
    tiny.add_checks()
    tiny.hand_in("ada", tiny.solved())
    for path in (tiny.root, *tiny.root.rglob("*")):
        os.chown(path, ORDINARY, ORDINARY)
    script = Path(__file__).resolve().parents[1] / "hostile" / "grade_corpus.py"
    done = subprocess.run(
        [sys.executable, str(script), str(tiny.root), tier, "tiny"],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HOME": home, "LANG": "C.UTF-8"},
        cwd=home,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=readable_for_all(),
    )
    assert done.returncode == 0, done.stderr[-3000:]
    result = json.loads((tiny.root / "results" / "tiny" / "ada.json").read_text(encoding="utf-8"))
    assert (result["status"], result["tier"], result["score"]) == ("graded", tier, 2.0)
