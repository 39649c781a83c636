"""Where the time of one honest submission goes, and which part of it no grader could save.

Every number is the wall time of one submission, with nothing else running: the median over honest `optimizers`
notebooks. Each of the last rows but one has its own copy of the notebook's state. The floor is what would be left if
the judge cost nothing: a confined worker, the notebook's own cells, and the student's answers to the checks.

    .venv/bin/python benchmarks/floor.py --rounds 3
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import nbformat

from autograder.authoring.verify.rehearsal import Collected, collect
from autograder.course.assignment import Assignment, load_assignment
from autograder.course.notebook.compose import compose_submission
from autograder.course.notebook.read import Submission, load_template, parse_submission
from autograder.engines.hidden.examine import Examiner
from autograder.sandbox.host import ZygoteProcess
from autograder.sandbox.probe import choose_tier
from autograder.sandbox.session import Session, session_limits
from autograder.sandbox.spec import Tier

ROOT = Path(__file__).resolve().parents[1]
SLUG = "optimizers"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3, help="how often each notebook is graded")
    options = parser.parse_args()
    assignment = load_assignment(ROOT, SLUG)
    collect(assignment, lambda collected: measure(collected, assignment, options.rounds))


def honest(assignment: Assignment) -> list[Submission]:
    """Return the reference and the honest variants as submissions."""
    template = load_template(assignment)
    paths = [None, *sorted((assignment.secret_dir / "honest").glob("*.py"))]
    found = []
    for path in paths:
        modules = [assignment.solution_path] if path is None else [path, assignment.solution_path]
        data = nbformat.writes(compose_submission(assignment, template, modules)).encode()
        found.append(parse_submission(data, assignment, template))
    return found


def measure(collected: Collected, assignment: Assignment, rounds: int) -> None:
    """Grade every notebook several times, in parts."""
    grader = collected.grader(7)
    grader.prove_reference()
    limits = session_limits(assignment.limits)
    submissions = honest(assignment)
    exercises = [e.id for e in assignment.coded]
    tier = choose_tier(Tier.C).tier
    times: dict[str, list[float]] = {}

    def timed(what: str, action: Callable[[], object]) -> None:
        started = time.perf_counter()
        action()
        times.setdefault(what, []).append(time.perf_counter() - started)

    with ZygoteProcess(tier, hidden=[ROOT], forbidden=assignment.forbidden) as zygote:
        for submission in submissions * rounds:
            timed("a confined worker, set up and ended", lambda: zygote.spawn(limits.worker).kill())
            session = Session(zygote, limits, submission.cells)
            session.undrawn = True
            timed("… and the notebook's cells", session.run)
            drawing = Session(zygote, limits, submission.cells)
            timed("… its plots drawn at once", drawing.run)
            drawing.close()
            timed("a copy of its state, and its end", lambda s=session: s.end_fork(s.fork(), broken=False))
            timed("answers to all checks", lambda s=session: answers(grader.examiner, s, exercises))
            timed("checks judged, answers known", lambda s=session: grader.examiner.examine(s, exercises))
            grader.examiner._passed.clear()  # noqa: SLF001 - to measure what nobody else needs
            timed("checks judged, answers new", lambda s=session: grader.examiner.examine(s, exercises))
            session.close()
            timed("everything up to the verdict", lambda s=submission: grader.grade("x", s, zygote))
    print(f"tier {tier.value}, {os.cpu_count()} cores, {len(submissions)} notebooks, {rounds} rounds\n")
    print("| one submission alone | median | p95 |\n|---|---|---|")
    for what, seconds in times.items():
        ordered = sorted(seconds)
        p95 = ordered[int(0.95 * (len(ordered) - 1))]
        print(f"| {what} | {1000 * statistics.median(ordered):.0f} ms | {1000 * p95:.0f} ms |")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\npeak resident memory of the judge: {peak:.0f} MiB")


def answers(examiner: Examiner, session: Session, exercises: list[str]) -> None:
    """Let the worker answer what is sent ahead, without a look at the answers."""
    channel = session.fork()
    for exercise in exercises:
        flight = examiner._launch(channel, exercise)  # noqa: SLF001 - as above
        if flight is not None:
            examiner._land(session, channel, flight)  # noqa: SLF001 - as above
    session.end_fork(channel, broken=False)


if __name__ == "__main__":
    main()
