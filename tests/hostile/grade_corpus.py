"""Grade a course in a given tier, as `autograder grade` does; run inside an enclosure by the tests.

`python grade_corpus.py COURSE TIER SLUG`. The tier is forced: the probe reports no stronger one. At the end the script
prints, as JSON, the peak memory of a judge and the longest time of a submission.
"""

from __future__ import annotations

import json
import re
import sys
import threading
from pathlib import Path

#: How often to look at the judges. Linux keeps each process's peak, so no peak is missed.
PERIOD_S = 0.5
_PEAK = re.compile(r"^VmHWM:\s*(\d+) kB", re.MULTILINE)


class PeakOfJudges(threading.Thread):
    """Notes the peak memory of all judges below this process, in MiB."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.mib = 0
        self._done = threading.Event()

    def run(self) -> None:
        """Look until told to stop."""
        while not self._done.wait(PERIOD_S):
            for task in Path("/proc/self/task").glob("*/children"):
                for child in task.read_text(encoding="ascii").split():
                    self._look(Path("/proc", child))

    def _look(self, process: Path) -> None:
        try:
            if b"autograder.engines.judge" in (process / "cmdline").read_bytes():
                found = _PEAK.search((process / "status").read_text(encoding="ascii", errors="replace"))
                self.mib = max(self.mib, int(found[1]) >> 10 if found else 0)
        except OSError:
            return

    def stop(self) -> int:
        """End, and return the peak."""
        self._done.set()
        self.join()
        return self.mib


def main() -> None:
    """Grade everything that is handed in."""
    course_root, tier, slug = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    from autograder.batch import BatchOptions, SilentProgress, grade_batch
    from autograder.course.assignment import load_assignment
    from autograder.course.layout import open_course
    from autograder.engines.registry import open_engine
    from autograder.sandbox import probe
    from autograder.sandbox.spec import Tier

    probe.probe = lambda: probe.ProbeResult(Tier(tier), ())  # type: ignore[assignment]
    course = open_course(course_root)
    assignment = load_assignment(course.root, slug)
    peak = PeakOfJudges()
    peak.start()
    report = grade_batch(
        open_engine(course, assignment.slug), BatchOptions(jobs=2, device="cpu", seed=7, min_tier="C"), SilentProgress()
    )
    slowest = max(report.grades, key=lambda grade: grade.seconds)
    seen = {"judge_mib": peak.stop(), "slowest_s": round(slowest.seconds, 1), "slowest": slowest.student}
    print(json.dumps(seen))  # noqa: T201 - for the tests


if __name__ == "__main__":
    main()
