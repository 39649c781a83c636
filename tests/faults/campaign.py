"""Many faults, one after the other, inside the enclosure of the hostile corpus; run as a program by the tests.

`python campaign.py DISK --seed S --replayed N --real M` prints a report as JSON in its last line. It mounts, fills
disks and kills, so it refuses to run outside a pid namespace of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import signal
import sys
import time
from pathlib import Path

from faults.replayed import Failure, Rounds
from faults.with_judges import RealRounds

from autograder.batch.underway import Underway

MAX_FAILURES = 5


def found_in_broken(rounds: Rounds, chains: int) -> str:
    """Break the grader, so that an old result counts for new files; return what the rounds find."""
    Underway.begin = lambda *_: None  # type: ignore[method-assign]
    for number in range(chains):
        try:
            rounds.chain(number, 5)
        except Failure as failure:
            return str(failure)
    return ""


def main() -> None:
    """Run a campaign."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("disk", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--replayed", type=int, default=0)
    parser.add_argument("--real", type=int, default=0)
    parser.add_argument("--broken", type=int, default=0, help="chains for a grader that was broken on purpose")
    options = parser.parse_args()
    if os.getpid() != 1:
        parser.error("this kills processes and fills disks: it runs in a pid namespace of its own only")
    # A parent that ignores the signal would pass that on to this process and its children.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    failures: list[str] = []
    report: dict[str, object] = {"seed": options.seed}
    started = time.monotonic()
    if options.replayed:
        rounds = Rounds(options.disk, options.seed)
        rounds.prepare()
        number = suffered = 0
        while suffered < options.replayed and len(failures) < MAX_FAILURES:
            try:
                suffered += rounds.chain(number, options.replayed - suffered)
            except Failure as failure:
                failures.append(str(failure))
                suffered += 1
            number += 1
        report |= {
            "replayed": dict(rounds.counts),
            "chains": rounds.chains,
            "slowest_interrupt_s": round(rounds.slowest_interrupt_s, 3),
        }
        if options.broken:
            report["found_in_broken"] = found_in_broken(rounds, options.broken)
    if options.real:
        real = RealRounds(options.disk, options.seed)
        real.prepare()
        number = suffered = 0
        while suffered < options.real and len(failures) < MAX_FAILURES:
            try:
                suffered += real.round(number, options.real - suffered)
            except AssertionError as failure:
                failures.append(str(failure))
            number += 1
        report |= {
            "real": dict(real.counts),
            "runs": real.runs,
            "slowest_real_interrupt_s": round(real.slowest_interrupt_s, 3),
        }
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    report |= {
        "failures": failures,
        "seconds": round(time.monotonic() - started, 1),
        "cpu_s": round(sum(u.ru_utime + u.ru_stime for u in used), 1),
    }
    sys.stdout.write(json.dumps(report) + "\n")
    sys.exit(bool(failures))


if __name__ == "__main__":
    main()
