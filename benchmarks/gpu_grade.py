"""Grade composed notebooks in one tier and compare with the CPU: `gpu_grade.py TIER SLUG [VARIANT ...] [--jobs N]`.

Prints points, seconds per submission, and each check that ends in another way than on the CPU. `DEV=cpu` tries the
script.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from course_fixture import make_classroom

from autograder.batch.executors import choose
from autograder.errors import AutograderError
from autograder.sandbox.probe import ProbeResult, try_cuda
from autograder.sandbox.spec import Tier
from autograder.verdict import Grade


def outcomes(grade: Grade) -> dict[str, str]:
    """Return each check's outcome, with its message."""
    return {f"{e.id}:{c.name}": f"{c.outcome} {c.message[:100]}" for e in grade.exercises for c in e.checks}


def main() -> None:
    """Grade on both devices."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tier", type=Tier)
    parser.add_argument("slug")
    parser.add_argument("variants", nargs="*", help="modules under solutions/SLUG, such as misconceptions/in_place")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--copies", type=int, default=1)
    given = parser.parse_args()
    device = os.environ.get("DEV", "cuda")
    choose.prove_cuda = lambda _: ProbeResult(given.tier, (), try_cuda(given.tier))
    choose.choose_tier = lambda _: ProbeResult(given.tier, ())
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        room = make_classroom(Path(folder) / "course", given.slug)
        for number in range(given.copies):
            room.hand_in(f"s{number}", room.solved(*given.variants))
        due = room.grades(device="cpu", jobs=given.jobs, min_tier="C")
        began = time.monotonic()
        try:
            found = room.grades(device=device, jobs=given.jobs, min_tier="C", force=True)
        except AutograderError as error:
            print(f"{given.tier} {given.slug} {given.variants}: {type(error).__name__}: {error}")
            raise SystemExit(1) from None
        all_s = time.monotonic() - began
    differing = 0
    for student, grade in found.items():
        before = outcomes(due[student])
        what = f"{given.tier} {given.slug} {given.variants}"
        print(
            f"{what} {student}: {grade.status} {float(grade.score):.2f} on {device}, "
            f"{float(due[student].score):.2f} of {grade.max_score} on the CPU; {grade.seconds:.1f}s, "
            f"{due[student].seconds:.1f}s on the CPU, all {all_s:.1f}s {grade.reason or ''}"
        )
        for name, told in outcomes(grade).items():
            if told != before.get(name):
                differing += 1
                print(f"    {name}: {told} | on the CPU: {before.get(name)}")
    raise SystemExit(bool(differing))


if __name__ == "__main__":
    main()
