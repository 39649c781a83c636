"""What naming the wrong ideas costs a judge: seconds of processor time for each failed exercise, and memory.

For each assignment one process, as a judge is one, works through its exercises. The first answer to each of them shows
no known idea, so that everything has to be looked at, and pairs are composed; then come other such answers, and every
form of every known idea. What the checks themselves cost is not counted, nor reading the files of the ideas, which a
judge does once. Prints a Markdown table.

    .venv/bin/python benchmarks/diagnosis.py
    .venv/bin/python benchmarks/diagnosis.py --assignments optimizers xavier --unknown 5
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from every_assignment import SLUGS
from rehearsal import Rehearsal, answered, forms_of

from autograder.authoring.verify.strangers import strangers
from autograder.course.notebook.variants import reference_of

#: No assignment takes longer, also beside other work.
TIME_LIMIT_S = 1800
SEED = 1


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--assignments", nargs="+", choices=SLUGS, default=SLUGS, metavar="SLUG", help="default: all")
    parser.add_argument(
        "--unknown", type=int, default=3, help="how many answers without a known idea each exercise has (default 3)"
    )
    parser.add_argument("--alone", choices=SLUGS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.alone:
        print(json.dumps(measured(options.alone, options.unknown)))
        return
    print("| | failed exercises | median s | 95 % s | worst s | the worst | of them unknown, worst first s | MiB |")
    print("|---|---|---|---|---|---|---|---|")
    every: list[float] = []
    for slug in options.assignments:
        command = [sys.executable, __file__, "--alone", slug, "--unknown", str(options.unknown)]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, timeout=TIME_LIMIT_S, check=True)
        found = json.loads(done.stdout.splitlines()[-1])
        seconds = [s for s, _ in found["seconds"]]
        every += seconds
        worst, what = max(found["seconds"])
        print(
            f"| `{slug}` | {len(seconds)} | {statistics.median(seconds):.3f} | {quantile(seconds):.2f} | {worst:.2f} "
            f"| {what} | {max(found['first']):.2f} | {found['mib']} |",
            flush=True,
        )
    print(f"| all | {len(every)} | {statistics.median(every):.3f} | {quantile(every):.2f} | {max(every):.2f} | | | |")


def quantile(seconds: list[float]) -> float:
    """Return what 95 of 100 do not exceed."""
    return sorted(seconds)[int(0.95 * (len(seconds) - 1))]


def measured(slug: str, unknown: int) -> dict[str, Any]:
    """Diagnose every answer in this process: the seconds of each, those of the first of each exercise, the memory."""

    def use(rehearsal: Rehearsal) -> dict[str, Any]:
        # A judge reads it once for all exercises.
        assert rehearsal.grader.misconceptions
        seconds: list[tuple[float, str]] = []
        first: dict[str, float] = {}
        for exercise, what, names in answers(rehearsal, unknown):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                traces, endings = rehearsal.grader.examine_trusted(exercise, names)
                if all(trace.passed for trace in traces):
                    continue
                before = time.process_time()
                rehearsal.grader.recognise(exercise, traces, endings)
            seconds.append((time.process_time() - before, f"`{exercise}`: {what}"))
            first.setdefault(exercise, seconds[-1][0])
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        return {"seconds": seconds, "first": list(first.values()), "mib": peak}

    found: dict[str, Any] = answered(slug, SEED, use)
    return found


def answers(rehearsal: Rehearsal, unknown: int) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield exercise, what it is, and a notebook's names: first what shows no known idea."""
    definitions = reference_of(rehearsal.assignment.solution_path).definitions
    for exercise in (e.id for e in rehearsal.exercises):
        rehearsal.remember(exercise)
        strange = [names for _, names in strangers(exercise, definitions[exercise], rehearsal.grader.reference)]
        # What does nothing comes first of them, and costs little; spread over the changes.
        chosen = strange[-1 :: -max(1, len(strange) // unknown)][:unknown] if unknown else []
        for names in chosen:
            yield exercise, "unknown", names
        for path in sorted((rehearsal.secret / "misconceptions").glob("*.py")):
            if exercise in rehearsal.defined_by(path):
                for names in forms_of(rehearsal, path, exercise):
                    yield exercise, path.stem.replace("_", "-"), names


if __name__ == "__main__":
    main()
