"""Grade nbgrader's own sample notebooks twice, with `nbgrader autograde` and here, and compare cell by cell.

Prints a Markdown table: every notebook of nbgrader's sample course, of `nbgrader/tests/apps/files` and of
`nbgrader/tests/preprocessors/files` that has a graded cell and can be released or handed in, and notebooks that show
where we differ on purpose. Those are graded a third time, with the switches that restore nbgrader's way. Exits with 1
if anything differs that should not.

    .venv/bin/python benchmarks/parity.py
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from nbgrader_samples import (
    APPS,
    PREPROCESSORS,
    Sample,
    Scores,
    autotest,
    exercise,
    make_course,
    read_scores,
    run_nbgrader,
    sample_course,
)

from autograder.batch import BatchOptions, SilentProgress, grade_batch
from autograder.course.layout import Course
from autograder.engines.registry import open_engine
from autograder.errors import UsageError

SLUG = "samples"
MISSING = -1.0
ALL_SWITCHES = "".join(
    f"c.InNotebook.{name} = True\n"
    for name in ("stderr_fails", "odd_results_pass", "death_fails_submission", "bad_notebook_stops_batch")
)
TESTED = ("submitted-unchanged", "submitted-changed", "submitted-grade-cell-changed", "submitted-locked-cell-changed")


def families() -> list[Sample]:
    """Return the samples that nbgrader can release, with everything that can be handed in for each."""
    apps = sorted(APPS.glob("submitted-*.ipynb"))
    preprocessors = sorted(PREPROCESSORS.glob("submitted-*.ipynb"))
    squares = ["test", "test-with-output", "test-hidden-tests"]
    return [
        Sample("apps-p1", APPS / "submitted-unchanged.ipynb", {p.stem: p for p in apps}),
        Sample(
            "preprocessors-p1", PREPROCESSORS / "submitted-unchanged.ipynb", {f"p-{p.stem}": p for p in preprocessors}
        ),
        Sample("squares", APPS / "test.ipynb", {name: APPS / f"{name}.ipynb" for name in squares}),
        Sample("squares-p", PREPROCESSORS / "test.ipynb", {"p-test": PREPROCESSORS / "test.ipynb"}),
        Sample("taskcell", PREPROCESSORS / "test_taskcell.ipynb", {"taskcell": PREPROCESSORS / "test_taskcell.ipynb"}),
        alone("open_relative_file", APPS, files=(APPS / "data.txt",)),
        alone("timeout", APPS),
        alone("validating-environment-variable", APPS),
        alone("validation-zero-points", APPS),
        alone("manually-graded-code-cell", PREPROCESSORS),
        autotest("simple", "unchanged", "changed"),
        autotest("hashed", "unchanged", "changed"),
        autotest("multi", "unchanged", "changed"),
        autotest("hidden", "unchanged", "changed-right", "changed-wrong"),
    ]


def alone(name: str, folder: Path, files: Sequence[Path] = ()) -> Sample:
    """Return a sample that is handed in as it was released."""
    path = folder / f"{name}.ipynb"
    return Sample(name, path, {name: path}, files)


def differences() -> list[Sample]:
    """Return notebooks that nbgrader and we score differently on purpose, named by the switch."""
    loud = "import warnings\ndef f():\n    warnings.warn('slow')\n    return 1"
    dies = "import os\ndef f():\n    return 1\n"
    odd = ["float('nan')", "-1", "f() == 1", "0.5", "1 / 0"]
    return [
        Sample("stderr", exercise("", ["assert f() == 1", "assert f() == 2"]), {"warns": exercise(loud, ["", ""])}),
        Sample("odd", exercise("", odd), {"odd": exercise("def f():\n    return 1", odd)}),
        Sample(
            "death",
            exercise("", ["assert f() == 1", "die()", "assert f() == 1"]),
            {"dies": exercise(f"{dies}def die():\n    os._exit(0)", ["", "", ""])},
        ),
    ]


@dataclass(frozen=True)
class Stopping:
    """A notebook that makes nbgrader end its batch or give the submission up."""

    name: str
    sample: Sample


def stopping() -> list[Stopping]:
    """Return notebooks with metadata that nbgrader does not accept."""
    twice = exercise("def f():\n    return 1", ["assert f() == 1"])
    twice["cells"].append({**twice["cells"][1], "id": "again"})
    small = exercise("", ["assert f() == 1"])
    found = [Stopping("a test cell there twice", Sample("p", small, {"s": twice}))]
    old = [APPS / f"test-v{version}.ipynb" for version in range(3)]
    found += [Stopping(path.name, Sample("p", APPS / "test.ipynb", {"s": path})) for path in old]
    wrong = ["duplicate-grade-ids", "blank-grade-id", "blank-points", "bad-markdown-cell-1"]
    paths = [*(PREPROCESSORS / f"{name}.ipynb" for name in wrong), APPS / "too-new.ipynb"]
    return found + [Stopping(path.name, Sample("p", APPS / "submitted-unchanged.ipynb", {"s": path})) for path in paths]


def grade(root: Path, slug: str) -> Scores:
    """Grade an assignment here."""
    grade_batch(open_engine(Course(root), slug), BatchOptions(jobs=2), SilentProgress())
    return read_scores(root, slug)


def sums(scores: Scores, student: str, notebook: str) -> str:
    """Return a notebook's score, and how many cells wait for a person."""
    cells = [v for (s, n, _), v in scores.items() if (s, n) == (student, notebook)]
    known = [v for v in cells if v is not None]
    if not known:
        return "none"
    waiting = f" + {len(cells) - len(known)} by hand" if len(known) < len(cells) else ""
    return f"{sum(known):g}{waiting}"


def compare(title: str, theirs: Path, native: Scores, ours: Scores, slug: str = SLUG) -> tuple[list[str], int]:
    """Return table rows, one for each notebook handed in, and how many cells differ without a reason.

    If nbgrader gives a submission up and leaves it without any score, there is nothing to compare.
    """
    rows, wrong = [], 0
    for student, notebook in sorted({(s, n) for s, n, _ in native | ours}):
        cells = sorted({c for s, n, c in native | ours if (s, n) == (student, notebook)})
        keys = [(student, notebook, c) for c in cells]
        differ = [c for _, _, c in (k for k in keys if native.get(k, MISSING) != ours.get(k, MISSING))]
        given_up = not (theirs / "autograded" / student / slug).is_dir()
        if not (theirs / "submitted" / student / slug / f"{notebook}.ipynb").is_file():
            wrong += 0 if given_up else len(differ)
            continue
        same = "same" if not differ else "nbgrader gives it up" if given_up else "differ: " + ", ".join(differ)
        wrong += 0 if given_up else len(differ)
        first, second = sums(native, student, notebook), sums(ours, student, notebook)
        rows.append(f"| {title} | {student} | {notebook} | {len(cells)} | {first} | {second} | {same} |")
    return rows, wrong


def thrice(folder: Path, samples: Sequence[Sample], config: str) -> tuple[Path, Path, Path]:
    """Make a course, a copy of it for nbgrader, and a copy with every switch to nbgrader's way."""
    ours, theirs, switched = folder / "ours", folder / "theirs", folder / "switched"
    make_course(ours, SLUG, samples, config)
    shutil.copytree(ours, theirs)
    shutil.copytree(ours, switched)
    path = switched / "nbgrader_config.py"
    path.write_text(path.read_text(encoding="utf-8") + ALL_SWITCHES, encoding="utf-8")
    return ours, theirs, switched


def with_all_switches(root: Path) -> str:
    """Describe how a batch ends with every switch."""
    try:
        scores = grade(root, SLUG)
    except UsageError:
        return "with the switches: the batch ends"
    return "with the switches: " + sums(scores, "s", "p")


def main() -> int:
    """Compare and print."""
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    rows, wrong = [], 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sample_course(folder / "guide" / "ours")
        shutil.copytree(folder / "guide" / "ours", folder / "guide" / "theirs")
        run_nbgrader(folder / "guide" / "theirs", "autograde", "ps1")
        theirs = folder / "guide" / "theirs"
        scores = grade(folder / "guide" / "ours", "ps1")
        found = compare("sample course", theirs, read_scores(theirs, "ps1"), scores, "ps1")
        rows, wrong = rows + found[0], wrong + found[1]

        ours, theirs, _ = thrice(folder / "families", families(), "c.Execute.timeout = 3\n")
        run_nbgrader(theirs, "autograde", SLUG)
        found = compare("nbgrader's tests", theirs, read_scores(theirs, SLUG), grade(ours, SLUG))
        rows, wrong = rows + found[0], wrong + found[1]

        ours, theirs, switched = thrice(folder / "differences", differences(), "")
        run_nbgrader(theirs, "autograde", SLUG)
        native = read_scores(theirs, SLUG)
        rows += compare("on purpose", theirs, native, grade(ours, SLUG))[0]
        found = compare("… with the switches", theirs, native, grade(switched, SLUG))
        rows, wrong = rows + found[0], wrong + found[1]

        for i, case in enumerate(stopping()):
            ours, theirs, switched = thrice(folder / f"stop{i}", [case.sample], "")
            run_nbgrader(theirs, "autograde", SLUG)
            native = read_scores(theirs, SLUG)
            found = compare("metadata", theirs, native, grade(ours, SLUG))
            wrong += found[1]
            rows += [f"{row.replace('| s |', f'| {case.name} |')} {with_all_switches(switched)} |" for row in found[0]]
    print("| what | submission | notebook | cells | nbgrader | here | |\n|---|---|---|---|---|---|---|")
    print("\n".join(rows))
    print(f"\n{wrong} cells differ that should not.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
