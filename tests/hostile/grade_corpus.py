"""Grade a course in a given tier, as `autograder grade` does; run inside an enclosure by the tests.

`python grade_corpus.py COURSE TIER SLUG`. The tier is forced by saying that the probe found no stronger one.
"""

from __future__ import annotations

import sys
from pathlib import Path


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
    grade_batch(
        open_engine(course, assignment.slug), BatchOptions(jobs=2, device="cpu", seed=7, min_tier="C"), SilentProgress()
    )


if __name__ == "__main__":
    main()
