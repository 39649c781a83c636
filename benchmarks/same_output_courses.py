"""Three classes that the command line makes, grades, changes and grades again: what `same_output.py` records."""

from __future__ import annotations

import contextlib
import csv
import json
import re
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from same_output_records import Record

START_S = 60.0
STAMP = "2026-10-05 09:30:00.000000 UTC\n"
#: Three days and some hours after the deadlines below.
LATE_STAMP = "2026-10-08 20:00:00.000000 UTC\n"
LATE_RULE = """
[late]
due = 2026-10-05T12:00:00+00:00
grace_s = 900
penalty = "per_day"
percent = 10
max_percent = 50
"""


def help_texts(record: Record, seed: int) -> None:  # noqa: ARG001 - every recipe gets the seed
    """Every command's help, the version, and the message for commands that do not exist."""
    text = record.command("help", "--help")
    for name in re.findall(r"^  ([a-z]+)  ", text.partition("Commands:")[2], re.MULTILINE):
        record.command(f"help-{name}", name, "--help")
    record.command("version", "--version")
    record.command("no-such-command", "nothing")


# -- hidden checks -----------------------------------------------------------------------------------------


def demo(record: Record, seed: int) -> None:
    """The class of `autograder demo`, graded with this seed in its own course, then changed in many ways."""
    slug = "optimizers"
    made = record.work / "demo"
    _make_demo(record, made)
    record.command("init", "init", str(record.course))
    record.command("release", "release", slug)
    shutil.copytree(made / "submitted", record.course / "submitted")
    record.snapshot("released")
    _ask(record, slug)
    record.command("grade", *_grade(slug, seed))
    record.snapshot("graded")
    _ask(record, slug)
    record.command("grade-again", *_grade(slug, seed))
    _pages_and_exports(record, slug)

    submitted = record.course / "submitted"
    _copy_work(submitted / "reference", submitted / "untouched-stub")
    _copy_work(submitted / "wrong-adam-no-bias-correction", submitted / "broken-syntax")
    _copy_work(submitted / "reference", submitted / "zoë, new")
    shutil.rmtree(submitted / "honest-comprehensions")
    _regrade(record, slug, seed)

    _hand_in_late(submitted, ["reference", "untouched-stub", "wrong-adam-no-bias-correction"], slug)
    (submitted / "honest-greek-names" / slug / "timestamp.txt").unlink()
    with (record.course / "assignments" / slug / "assignment.toml").open("a", encoding="utf-8") as file:
        file.write(LATE_RULE)
    (record.course / "solutions" / slug / "extensions.toml").write_text('untouched-stub = "3d"\n', encoding="utf-8")
    _grade_by_hand(record.course / "gradebook.db")
    record.command("late", *_grade(slug, seed))
    record.snapshot("late")
    _pages_and_exports(record, slug)

    _edit_checks(record.course / "solutions" / slug / "checks")
    _ask(record, slug)
    record.command("scored-anew", *_grade(slug, seed))
    record.snapshot("scored-anew")
    with min((record.course / "solutions" / slug / "checks").glob("test_*.py")).open("a") as file:
        file.write("\n\n_ANOTHER = 1\n")
    record.command("edited-diff", "diff", slug)
    some = ["--student", "reference", "--student", "wrong-adam-no-bias-correction", "--student", "broken-not-json"]
    record.command("edited-grade", *_grade(slug, seed), *some)
    record.command(
        "forced", "grade", slug, "--seed", str(seed), "--jobs", "1", "--device", "cpu", "--force", "--json", *some
    )
    record.snapshot("forced")
    _mistakes(record, slug)


def _make_demo(record: Record, made: Path) -> None:
    """Run `autograder demo`. Its inputs are secret, so what it prints about them is left out."""
    record.command("demo", "demo", str(made), "--jobs", "2")
    path = next(record.kept.glob("*-demo.txt"))
    kept, aside = [], False
    for line in path.read_text(encoding="utf-8").splitlines(keepends=True):
        aside = line.startswith(("diagnoses", "note:")) or (aside and line.startswith("   "))
        kept += [] if aside else [line]
    path.write_text("".join(kept), encoding="utf-8")


def _grade_by_hand(database: Path) -> None:
    """Give points, extra credit and a comment as a person does in formgrader."""
    with closing(sqlite3.connect(database)) as gradebook, gradebook:
        mine = "notebook_id IN (SELECT b.id FROM submitted_notebook b JOIN submitted_assignment s"
        mine += " ON s.id = b.assignment_id WHERE s.student_id = 'reference')"
        written = f"UPDATE grade SET manual_score = 2, extra_credit = 0.5 WHERE auto_score IS NULL AND {mine}"
        gradebook.execute(written)
        gradebook.execute(f"UPDATE comment SET manual_comment = 'Well <done> & said.' WHERE {mine}")


def _edit_checks(folder: Path) -> None:
    """Change the weight of one check; that needs no run of any code."""
    for path in sorted(folder.glob("test_*.py")):
        text = path.read_text(encoding="utf-8")
        if "weight(2)" in text:
            path.write_text(text.replace("weight(2)", "weight(3)", 1), encoding="utf-8")
            return
    raise AssertionError(f"no check in {folder} has the weight 2")


def _mistakes(record: Record, slug: str) -> None:
    """What is printed for commands that cannot be done."""
    record.command("no-assignment", "grade", "nothing")
    record.command("no-student", "grade", slug, "--student", "nobody")
    record.command("no-device", "grade", slug, "--device", "abacus")
    record.command("no-format", "export", slug, "--to", "paper")
    record.command("no-template", "export", slug, "--to", "canvas")
    record.command("no-course", "status", slug, "--course", str(record.work / "nowhere"))


# -- the tests in the notebooks ----------------------------------------------------------------------------


def innotebook(record: Record, seed: int) -> None:
    """nbgrader's sample course, with a class made from its two submissions."""
    slug, root = "ps1", record.course
    guide = Path(record.program.ask("import nbgrader, os; print(os.path.dirname(nbgrader.__file__))"), "docs", "source")
    guide /= "user_guide"
    shutil.copytree(guide / "source", root / "source")
    (root / "nbgrader_config.py").write_text(
        'c = get_config()\nc.Execute.timeout = 5\nc.LateSubmissionPlugin.penalty_method = "zero"\n', encoding="utf-8"
    )
    _nbgrader(record, "generate_assignment", slug)
    for student, make in _class_of_samples(guide / "submitted").items():
        folder = root / "submitted" / student / slug
        shutil.copytree(guide / "submitted" / ("bitdiddle" if student == "bitdiddle" else "hacker") / slug, folder)
        (folder / "timestamp.txt").write_text(STAMP, encoding="utf-8")
        make(folder)
    record.snapshot("released")
    _ask(record, slug)
    grade = ["grade", slug, "--jobs", "2"]
    record.command("grade", *grade)
    record.snapshot("graded")
    _ask(record, slug)
    record.command("grade-again", *grade)
    _pages_and_exports(record, slug)

    _copy_work(root / "submitted" / "hacker", root / "submitted" / "syntax")
    _copy_work(root / "submitted" / "hacker", root / "submitted" / "not-json")
    _copy_work(root / "submitted" / "hacker", root / "submitted" / "zoë, new")
    _regrade(record, slug, None)

    _hand_in_late(root / "submitted", ["hacker", "error"], slug)
    _nbgrader(record, "db", "assignment", "add", slug, "--duedate=2026-10-05 12:00:00 UTC")
    _grade_by_hand_in(root / "gradebook.db", "hacker")
    record.command("late", *grade)
    record.snapshot("late")
    _pages_and_exports(record, slug)
    record.command(
        "forced", "grade", slug, "--jobs", "1", "--force", "--json", "--student", "hacker", "--student", "exit"
    )
    record.snapshot("forced")
    record.command("seed", *grade, "--seed", str(seed))
    _mistakes(record, slug)


def _grade_by_hand_in(database: Path, student: str) -> None:
    with closing(sqlite3.connect(database)) as gradebook, gradebook:
        gradebook.execute(
            "UPDATE grade SET manual_score = 1 WHERE auto_score IS NULL AND notebook_id IN (SELECT b.id FROM"
            " submitted_notebook b JOIN submitted_assignment s ON s.id = b.assignment_id WHERE s.student_id = ?)",
            (student,),
        )


def _class_of_samples(submitted: Path) -> dict[str, Callable[[Path], object]]:
    """Return the students, each with a function that edits the sample before it is handed in."""

    def answer(source: str) -> Callable[[Path], object]:
        return lambda folder: _fill(folder / "problem1.ipynb", {"squares": source})

    assert {path.name for path in submitted.iterdir() if path.is_dir()} >= {"bitdiddle", "hacker"}
    head = "def squares(n):\n    if n < 1:\n        raise ValueError\n"
    return {
        "bitdiddle": lambda _: None,
        "hacker": lambda _: None,
        "right": answer(f"{head}    print('squares of', n)\n    return [i * i for i in range(1, n + 1)]"),
        "wrong": answer(f"{head}    return [i + i for i in range(n)]"),
        "error": answer(f"{head}    return [1 / 0]"),
        "syntax": answer("def squares(n)\n    return n"),
        "endless": answer("while True:\n    pass"),
        "exit": answer("import os\n\n\ndef squares(n):\n    os._exit(0)"),
        "warns": answer(
            f"import warnings\n{head}    warnings.warn('slow')\n    return [i**2 for i in range(1, n + 1)]"
        ),
        "empty": lambda folder: (folder / "problem1.ipynb").write_bytes(b""),
        "not-json": lambda folder: (folder / "problem2.ipynb").write_text("{this is no notebook", encoding="utf-8"),
        "half": lambda folder: (folder / "problem2.ipynb").unlink(),
    }


def _nbgrader(record: Record, *arguments: str) -> None:
    """Run one of nbgrader's commands; what it prints is not part of the record."""
    record.program.run([str(record.program.python), "-m", "nbgrader", *arguments], record.course).check_returncode()


# -- a cluster ---------------------------------------------------------------------------------------------


def dask(record: Record, seed: int) -> None:
    """A new assignment of one exercise, graded on two workers of a dask cluster on this machine."""
    slug, root = "small", record.course
    record.command("init", "init", str(root))
    record.command("new", "new", slug)
    record.command("release", "release", slug)
    head = "def standardise(x, eps=1e-5):\n    centred = x - x.mean(-1, keepdim=True)\n"
    answers = {
        "right": f"{head}    return centred / ((centred**2).mean(-1, keepdim=True) + eps).sqrt()",
        "variance": f"{head}    return centred / ((centred**2).mean(-1, keepdim=True) + eps)",
        "outside": f"{head}    return centred / ((centred**2).mean(-1, keepdim=True).sqrt() + eps)",
        "syntax": "def standardise(x)\n    return x",
        "error": "def standardise(x, eps=1e-5):\n    return x / {}",
        "exit": "import os\n\n\ndef standardise(x, eps=1e-5):\n    os._exit(0)",
        "stub": None,
        "not-json": "",
    }
    for student, source in answers.items():
        folder = root / "submitted" / student / slug
        shutil.copytree(root / "release" / slug, folder)
        (folder / "timestamp.txt").write_text(STAMP, encoding="utf-8")
        if source:
            _fill(folder / f"{slug}.ipynb", {"standardise": source})
        elif source is not None:
            (folder / f"{slug}.ipynb").write_text("{this is no notebook", encoding="utf-8")
    record.snapshot("released")
    with _cluster(record) as address:
        there = ["--executor", "dask", "--scheduler", address]
        record.command("dry-run", *_grade(slug, seed), *there, "--dry-run")
        record.command("status", "status", slug)
        (root / "submitted" / "syntax" / slug / f"{slug}.ipynb").write_bytes(
            (root / "submitted" / "right" / slug / f"{slug}.ipynb").read_bytes()
        )
        record.command("grade", *_grade(slug, seed), *there)
        record.snapshot("graded")
        record.command("grade-again", *_grade(slug, seed), *there)
        record.command("forced", *_grade(slug, seed), *there, "--force")
        record.snapshot("forced")
    record.command("grade-here", *_grade(slug, seed))
    record.command("forced-here", *_grade(slug, seed), "--force")
    record.snapshot("forced-here")
    _pages_and_exports(record, slug)


@contextlib.contextmanager
def _cluster(record: Record) -> Iterator[str]:
    """Start a scheduler and two workers with one thread each, yield the address, and end them."""
    folder = record.work / "cluster"
    folder.mkdir()
    processes: list[subprocess.Popen[bytes]] = []

    def start(name: str, program: str, *arguments: str) -> Path:
        log = folder / f"{name}.log"
        command = [str(record.program.python), "-m", f"distributed.cli.{program}", *arguments, "--host", "127.0.0.1"]
        with log.open("wb") as file:
            processes.append(
                subprocess.Popen(
                    [*command, "--no-dashboard"],
                    stdin=subprocess.DEVNULL,
                    stdout=file,
                    stderr=file,
                    env=record.program.environment,
                    cwd=folder,
                )
            )
        return log

    try:
        log = start("scheduler", "dask_scheduler", "--port", "0")
        address = _said(log, r"Scheduler at:\s+(\S+)")
        workers = [
            start(
                name, "dask_worker", address, "--no-nanny", "--nthreads", "1", "--local-directory", str(folder / name)
            )
            for name in ("one", "two")
        ]
        for worker in workers:
            _said(worker, r"(Registered to)")
        yield address
    finally:
        for process in reversed(processes):
            process.terminate()
        for process in processes:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _said(log: Path, pattern: str) -> str:
    """Return the text that matches in a log, once it is there.

    Raises:
        TimeoutError: if it does not come.
    """
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        found = re.search(pattern, log.read_text(encoding="utf-8"))
        if found:
            return found[1]
        time.sleep(0.1)
    raise TimeoutError(f"{log.name} says after {START_S:g} s: {log.read_text(encoding='utf-8')}")


# -- what is done to all -----------------------------------------------------------------------------------


def _grade(slug: str, seed: int | None) -> list[str]:
    """Return the command that grades a class."""
    seeded = [] if seed is None else ["--seed", str(seed), "--device", "cpu"]
    return ["grade", slug, "--jobs", "2", *seeded]


def _ask(record: Record, slug: str) -> None:
    """Run all commands that print and write nothing."""
    record.command("status", "status", slug)
    record.command("status-json", "status", slug, "--json")
    record.command("diff", "diff", slug)


def _regrade(record: Record, slug: str, seed: int | None) -> None:
    """Ask about new hand-ins, preview them, and grade them."""
    _ask(record, slug)
    record.command("dry-run", *_grade(slug, seed), "--dry-run", "--csv", str(record.course / "preview.csv"))
    record.snapshot("previewed")
    record.command("diff-csv", "diff", slug, "--csv", str(record.course / "changes.csv"))
    record.command("diff-json", "diff", slug, "--json")
    record.command("grade-changed", *_grade(slug, seed))
    record.snapshot("changed")


def _pages_and_exports(record: Record, slug: str) -> None:
    """Write the pages again, and the grades in every format."""
    record.command("report", "report", slug)
    students = sorted(path.name for path in (record.course / "submitted").iterdir())[1:]
    title = f"{slug} (12)"
    canvas, moodle = record.work / "canvas.csv", record.work / "moodle.csv"
    with canvas.open("w", encoding="utf-8", newline="") as file:
        rows = [[f"Name of {s}", i, s, "One", ""] for i, s in enumerate([*students, "nobody"])]
        csv.writer(file).writerows([["Student", "ID", "SIS Login ID", "Section", title], *rows])
    with moodle.open("w", encoding="utf-8", newline="") as file:
        rows = [[f"Participant {i}", s, "", ""] for i, s in enumerate([*students, "nobody"])]
        csv.writer(file).writerows([["Identifier", "ID number", "Grade", "Feedback comments"], *rows])
    for form in ("csv", "gradescope", "junit"):
        record.command(f"export-{form}", "export", slug, "--to", form)
    for form, path in (("canvas", canvas), ("moodle", moodle)):
        record.command(f"export-{form}", "export", slug, "--to", form, "--template", str(path))
    record.snapshot("exported")


def _copy_work(source: Path, target: Path) -> None:
    """Hand in another student's work."""
    shutil.copytree(source, target, dirs_exist_ok=True)


def _hand_in_late(submitted: Path, students: list[str], slug: str) -> None:
    for student in students:
        (submitted / student / slug / "timestamp.txt").write_text(LATE_STAMP, encoding="utf-8")


def _fill(path: Path, answers: dict[str, str]) -> None:
    """Put answers into a notebook's cells."""
    notebook: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        answer = answers.get(cell["metadata"].get("nbgrader", {}).get("grade_id", ""))
        if answer is not None:
            cell["source"] = answer
    path.write_text(json.dumps(notebook), encoding="utf-8")


RECIPES: dict[str, Callable[[Record, int], None]] = {
    "help": help_texts,
    "demo": demo,
    "innotebook": innotebook,
    "dask": dask,
}
