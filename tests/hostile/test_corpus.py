"""The hostile corpus through the real `grade`, in every tier: no point gained, no token out, no other student hurt."""

from __future__ import annotations

import base64
import json
import os
import sys
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hostile.case import GROUPS, Case
from hostile.corpus import CASES, HONEST
from hostile.enclosure import capped_disk, enclosed, needs_enclosure
from hostile.listeners import listeners
from hostile.target_course import FACTOR, TargetCourse, make_target_course

pytestmark = [pytest.mark.sandbox, pytest.mark.timeout(900)]

#: If set, every case runs in every tier that it is for; otherwise in one.
FULL = os.environ.get("AUTOGRADER_CORPUS", "") == "full"
#: The judge decides these, by reading the notebook or by decoding and comparing answers: the same in every tier.
IN_THE_JUDGE = frozenset({"submissions", "numbers"})
#: The tiers that `grade` always accepts; C only if set.
TIERS = ("A", "B", "C") if FULL else ("A", "B")
HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
TIME_LIMIT_S = 600


@dataclass
class Graded:
    """A graded corpus: results by student, and every file and byte to be searched."""

    target: TargetCourse
    tier: str
    results: dict[str, dict[str, Any]]
    output: str
    tap: bytes
    #: The peak memory of a judge.
    judge_mib: int

    def result(self, case: Case) -> dict[str, Any]:
        """Return the result of a case."""
        return self.results[case.student]


@pytest.fixture(scope="module", params=TIERS, ids=[f"tier-{t}" for t in TIERS])
def graded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Graded]:
    """Hand in the whole corpus and grade it once per tier."""
    needs_enclosure()
    tier: str = request.param
    with capped_disk(tmp_path_factory.mktemp(f"tier-{tier}")) as disk:
        target = make_target_course(disk / "course")
        target.hand_in_all([c for c in (*HONEST, *CASES) if belongs(c, tier)])
        os.chmod(disk, 0o755)
        tap = disk / "tap"
        tap.mkdir()
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(HERE / "tap"), str(ROOT)]),
            "AUTOGRADER_TEST_TAP": str(tap / "bytes"),
            "AUTOGRADER_CANARY": target.tokens["environment"],
        }
        command = [sys.executable, str(HERE / "grade_corpus.py"), str(target.root), tier, "target"]
        started = time.monotonic()
        with listeners(target.tokens["outside"]):
            done = enclosed(command, disk, environment, TIME_LIMIT_S)
        assert done.returncode == 0, done.stderr[-3000:]
        folder = target.root / "results" / "target"
        results = {}
        for path in folder.glob("*.json"):
            if not path.name.startswith("."):
                data = json.loads(path.read_text(encoding="utf-8"))
                results[data["student"]] = data
        sent = b"".join(p.read_bytes() for p in sorted(tap.iterdir()))
        seen = json.loads(done.stdout.splitlines()[-1])
        print(f"tier {tier}: {len(results)} graded in {time.monotonic() - started:.0f} s; {seen}")
        yield Graded(target, tier, results, done.stdout + done.stderr, sent, seen["judge_mib"])


def belongs(case: Case, tier: str) -> bool:
    """Whether a case is graded in a tier: in all that it is for if set, otherwise in one of them."""
    if FULL:
        return tier in case.tiers
    elsewhere = case.same_everywhere or case.group in IN_THE_JUDGE
    second = "B" in case.tiers and not elsewhere and zlib.crc32(case.name.encode()) % 2 == 0
    return tier in case.tiers and (tier == "B") == (second or "A" not in case.tiers)


def test_the_corpus_is_large_and_complete() -> None:
    """At least 150 cases with different names, some in every group."""
    assert len(CASES) >= 150
    assert len({c.student for c in CASES}) == len(CASES)
    assert {c.group for c in CASES} == set(GROUPS)


def test_every_case_ends_as_it_must(graded: Graded) -> None:
    """No case is our own fault, and each ends in a way that its group allows."""
    wrong = {}
    for case in CASES:
        if not belongs(case, graded.tier):
            continue
        result = graded.results.get(case.student)
        if result is None or result["status"] not in case.status:
            wrong[case.name] = "no result" if result is None else (result["status"], result["reason"])
    assert not wrong, "\n".join(f"{name}: {ended}" for name, ended in wrong.items())


def test_no_attack_gains_a_point(graded: Graded) -> None:
    """Each scores at most what the same wrong answer scores without the attack."""
    gained = {
        c.name: graded.result(c)["score"]
        for c in CASES
        if belongs(c, graded.tier) and graded.result(c)["score"] > c.most
    }
    assert not gained


#: The limit that each of these meets, in its words; files that are measured from outside end a process.
LIMITS = {
    "resources-memory-bomb": "limit on memory in scale, line 4: 2048 MiB",
    "resources-thread-bomb": "limit on processes and threads in scale",
    "resources-disk-bomb": "limit on files in scale",
    "resources-inode-bomb": "limit on files in scale",
    "resources-descriptor-bomb": "limit on open files in scale",
    "resources-cell-endless-loop": "limit on time in scale",
    "resources-cell-flood-of-prints": "output of scale was cut at its limit of 256 KiB",
    "resources-cell-memory-bomb": "limit on memory in scale",
}


def test_a_limit_that_was_hit_is_named(graded: Graded) -> None:
    """The student reads which limit it was, and where."""
    missing = {}
    for name, words in LIMITS.items():
        if name not in graded.results:
            continue
        if graded.tier != "A" and ("on files" in words or "threads" in words):
            continue  # files are measured from outside; other workers' threads count for the same user
        result = graded.results[name]
        told = [*result["notes"], *(n for e in result["exercises"] for n in e["notes"])]
        if not any(words in note for note in told):
            missing[name] = told
    assert not missing


def test_no_honest_neighbour_is_hurt(graded: Graded) -> None:
    """The two right hand-ins among all of these have full marks."""
    assert [graded.results[s]["score"] for s in ("neighbour", "zz-honest")] == [10.0, 10.0]


def test_no_honest_oddity_loses_a_point(graded: Graded) -> None:
    """Warnings, prints, plots, magics, old formats and strange styles score what the plain solution scores."""
    assert len(HONEST) >= 40
    refused = {}
    for case in HONEST:
        if not belongs(case, graded.tier):
            continue
        result = graded.result(case)
        if result["score"] != 10.0 or any(e["review"] for e in result["exercises"]):
            told = [(e["id"], e["notes"], [c["message"] for c in e["checks"]]) for e in result["exercises"]]
            refused[case.name] = (result["score"], result["reason"], result["notes"], told)
    assert not refused


def test_the_judges_stay_small(graded: Graded) -> None:
    """For everything that a worker sends, a judge has at most 600 MiB in memory."""
    assert 100 < graded.judge_mib < 600


def test_evasion_is_proven_or_shown_to_a_person(graded: Graded) -> None:
    """Proven evasion scores 0 and names the place; possible evasion never passes without a word."""
    wrong = {}
    for case in CASES:
        if not (case.proven or case.review) or not belongs(case, graded.tier):
            continue
        exercise = next(e for e in graded.result(case)["exercises"] if e["id"] == "Descent")
        told = " ".join(exercise["notes"])
        said = "in a roundabout way" in told if case.proven else exercise["review"] or "roundabout" in told
        if not said or "Descent, line" not in told:
            wrong[case.name] = exercise["notes"]
    assert not wrong


def test_no_token_comes_out(graded: Graded) -> None:
    """Raw, hexadecimal or base64: no token in what workers sent, in results, feedback, notebooks or logs."""
    places = {"what workers sent": graded.tap, "printed": graded.output.encode()}
    for path in _outputs(graded.target):
        places[str(path)] = path.read_bytes()
    leaks = []
    for where, data in places.items():
        for name, token in graded.target.tokens.items():
            own = name == "neighbour" and "/neighbour/" in where
            if name == "neighbour" and where == "what workers sent":
                continue  # its own notebook runs in a worker too, and may show anything
            if not own and any(form in data for form in _forms(token)):
                leaks.append((name, where))
    assert not leaks


def test_no_hidden_input_comes_back(graded: Graded) -> None:
    """A number that only hidden checks use is in nothing that a student gets."""
    leaks = []
    for path in _outputs(graded.target):
        text = path.read_text(encoding="utf-8", errors="replace")
        if any(
            form in text
            for form in (repr(FACTOR), repr(FACTOR)[:9], *(repr(FACTOR).replace(".", c) for c in ("_", ", ")))
        ):
            leaks.append(str(path))
    assert not leaks


def _outputs(target: TargetCourse) -> list[Path]:
    folders = [target.root / name for name in ("results", "feedback", "autograded")]
    found = [p for folder in folders for p in folder.rglob("*") if p.is_file() and not p.is_symlink()]
    return [*found, target.root / "gradebook.db"]


def _forms(token: str) -> list[bytes]:
    """Return the forms in which a token could be written."""
    raw = token.encode()
    digits = token.removeprefix("canary_").encode()
    shifted = [base64.b64encode(b"x" * pad + raw)[4:-4] for pad in range(3)]
    return [raw, digits, raw.hex().encode(), raw[::-1], *shifted]
