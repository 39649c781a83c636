"""What commands print and what a course holds after them, as text that can be compared between two runs."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

MAX_S = 1200
#: Whole lines that tell how far a run is; their number depends on the machine.
PROGRESS = re.compile(
    r"^(\d+/\d+.*|(?:loading|trying|waiting for) .* …|\{\"event\": \"(?:progress|warming)\".*)\n", re.MULTILINE
)
#: What differs from run to run, and its replacement.
CHANGING = [
    (re.compile(r'("(?:seconds|since|execution_time|rate|remaining_s)": ?)[0-9.e-]+'), r"\1TIME"),
    (re.compile(r'("pid": ?)\d+'), r"\1PID"),
    (re.compile(r"\bprocess \d+ on \S+?(?=[\s,.]|$)"), "process PID on HOST"),
    (re.compile(r'("host": ?)"[^"]*"'), r'\1"HOST"'),
    (re.compile(r"^(\d+/\d+) in [0-9.]+ s$", re.MULTILINE), r"\1 in TIME s"),
    (re.compile(r"\btcp://127\.0\.0\.1:\d+"), "tcp://127.0.0.1:PORT"),
    (re.compile(r"\b(CPU times: |Wall time: )[^\\\n]*"), r"\1TIME"),
    (re.compile(r"[0-9.]+ \w+ ± [0-9.]+ \w+ per loop"), "TIME per loop"),
    (re.compile(r"\bautograder-run-\w+"), "autograder-run-NAME"),
]
#: Only in files of certain names: the time of a JUnit report, and the column `seconds` of `summary.csv`.
CHANGING_IN = {
    ".xml": [(re.compile(r'\btime="[0-9.]+"'), 'time="TIME"')],
    "summary.csv": [(re.compile(r",\d+\.\d\d((?:,[^,\n]*){3})$", re.MULTILINE), r",TIME\1")],
}
#: Each judge writes its own warnings into it: its set of lines is the same in two runs, their number is not.
LOG = ".grader.log"
DATABASE = "gradebook.db"
#: Names for rows of the gradebook that other rows refer to by a random id.
ROW_NAMES = """
SELECT id, 'assignment ' || name FROM assignment
UNION ALL SELECT n.id, n.name || ' of ' || a.name FROM notebook n JOIN assignment a ON a.id = n.assignment_id
UNION ALL SELECT c.id, c.type || ' ' || c.name || ' in ' || n.name || ' of ' || a.name
  FROM base_cell c JOIN notebook n ON n.id = c.notebook_id JOIN assignment a ON a.id = n.assignment_id
UNION ALL SELECT s.id, s.student_id || ' in ' || a.name
  FROM submitted_assignment s JOIN assignment a ON a.id = s.assignment_id
UNION ALL SELECT b.id, s.student_id || ' in ' || n.name || ' of ' || a.name
  FROM submitted_notebook b JOIN submitted_assignment s ON s.id = b.assignment_id
  JOIN notebook n ON n.id = b.notebook_id JOIN assignment a ON a.id = n.assignment_id
"""
RANDOM_ID = re.compile(r"[0-9a-f]{32}")


def days_of_now() -> tuple[str, ...]:
    """Return today's and tomorrow's date: a run may go on past midnight."""
    return tuple(time.strftime("%Y-%m-%d", time.gmtime(time.time() + add_s)) for add_s in (0, 86400))


@dataclass(frozen=True)
class Program:
    """An installed `autograder`, and the other programs of its environment."""

    path: Path

    @property
    def python(self) -> Path:
        """The interpreter beside it."""
        return self.path.parent / "python"

    @property
    def environment(self) -> dict[str, str]:
        """Return an environment in which output depends on neither the terminal nor the time zone."""
        path = os.pathsep.join([str(self.path.parent), os.environ["PATH"]])
        fixed = {"COLUMNS": "120", "NO_COLOR": "1", "TERM": "dumb", "TZ": "UTC", "LC_ALL": "C.UTF-8"}
        return {**os.environ, **fixed, "PATH": path, "PYTHONDONTWRITEBYTECODE": "1"}

    def run(self, command: Sequence[str], folder: Path) -> subprocess.CompletedProcess[str]:
        """Run a command of this environment to its end."""
        return subprocess.run(
            command,
            cwd=folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="backslashreplace",
            timeout=MAX_S,
            check=False,
        )

    def ask(self, question: str) -> str:
        """Return what a line of Python prints in this environment.

        Raises:
            subprocess.CalledProcessError: if it fails.
        """
        done = self.run([str(self.python), "-c", question], Path("/"))
        done.check_returncode()
        return done.stdout.strip()

    def places(self) -> dict[str, str]:
        """Return directories that belong to the installation, with the names that replace them."""
        package = self.ask("import autograder, os; print(os.path.dirname(os.path.dirname(autograder.__file__)))")
        return {str(self.path.parent.parent): "VENV", package: "INSTALLED"}


@dataclass
class Record:
    """Runs commands in a course below `work`, and keeps under `kept` what they print and leave."""

    program: Program
    kept: Path
    work: Path
    course: Path
    places: dict[str, str]
    number: int = 0
    #: By path in the course: its content when it was last kept, and which file that was.
    last: dict[str, bytes] = field(default_factory=dict)
    seen: dict[str, tuple[int, int, int]] = field(default_factory=dict)
    days: tuple[str, ...] = field(default_factory=days_of_now)

    def command(self, name: str, *arguments: str) -> str:
        """Run `autograder` with these arguments in the course; keep exit code and outputs; return what it printed."""
        folder = self.course if self.course.is_dir() else self.work
        done = self.program.run([str(self.program.path), *arguments], folder)
        shown = " ".join(["autograder", *arguments])
        text = f"$ {shown}\nexit code {done.returncode}\n--- stdout\n{done.stdout}--- stderr\n{done.stderr}"
        path = self._place(f"{name}.txt")
        path.write_text(self.neutral(text, path.name), encoding="utf-8")
        return done.stdout

    def snapshot(self, name: str) -> None:
        """Keep the gradebook's rows, all names with modes, and each file that changed since it was last kept."""
        folder = self._place(name)
        folder.mkdir()
        lines = []
        for path in sorted(self.course.rglob("*")):
            relative = str(path.relative_to(self.course))
            if "__pycache__" in path.parts or relative.startswith(f"{DATABASE}-"):
                continue
            mode = stat.filemode(path.lstat().st_mode)
            target = f" -> {os.readlink(path)}" if path.is_symlink() else ""
            lines.append(self.neutral(f"{mode} {relative}{target}\n", ""))
            if path.is_file() and not path.is_symlink():
                self._keep(path, relative, folder)
        (folder / "names.txt").write_text("".join(lines), encoding="utf-8")

    def _keep(self, path: Path, relative: str, folder: Path) -> None:
        status = path.stat()
        identity = (status.st_ino, status.st_mtime_ns, status.st_size)
        if self.seen.get(relative) == identity:
            return
        self.seen[relative] = identity
        if path.name == DATABASE:
            data = self.neutral("\n".join(gradebook_rows(path)) + "\n", "").encode()
            target = folder / "gradebook.txt"
        else:
            data = path.read_bytes()
            target = folder / "files" / relative
            with suppress(UnicodeDecodeError):
                data = self.neutral(data.decode(), path.name).encode()
        if self.last.get(relative) != data:
            self.last[relative] = data
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)

    def neutral(self, text: str, name: str) -> str:
        """Return a text without what differs from run to run."""
        known = {str(self.course): "COURSE", str(self.work): "WORK", **self.places}
        for place, word in sorted(known.items(), key=lambda item: -len(item[0])):
            text = text.replace(place, word)
        text = PROGRESS.sub("", text)
        for ending, patterns in [("", CHANGING), *CHANGING_IN.items()]:
            for pattern, word in patterns if name.endswith(ending) else ():
                text = pattern.sub(word, text)
        for day in self.days:
            text = re.sub(re.escape(day) + r"[T ]\d\d:\d\d:\d\d(\.\d+)?", "NOW", text)
        if name == LOG:
            text = "".join(sorted(set(text.splitlines(keepends=True))))
        return text

    def _place(self, name: str) -> Path:
        self.number += 1
        return self.kept / f"{self.number:02}-{name}"


@contextmanager
def recording(program: Program, kept: Path) -> Iterator[Record]:
    """Make an empty folder for the record, and a directory for a course that is removed at the end.

    The directory's name always has the same length, because some messages are wrapped.
    """
    if kept.exists():
        shutil.rmtree(kept)
    kept.mkdir(parents=True)
    work = Path(tempfile.mkdtemp(prefix="same-output-"))
    try:
        yield Record(program, kept, work, work / "course", program.places())
    finally:
        shutil.rmtree(work, ignore_errors=True)


def gradebook_rows(path: Path) -> list[str]:
    """Return every row of a gradebook as a line, sorted by table and content, with names for random ids."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        names = dict(database.execute(ROW_NAMES))
        tables = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1")]
        lines = []
        for table in tables:
            rows = database.execute(f'SELECT * FROM "{table}"')
            columns = [column[0] for column in rows.description]
            lines += sorted(f"{table}: " + "; ".join(_cells(columns, row, names)) for row in rows)
    return lines


def _cells(columns: Sequence[str], row: Sequence[object], names: dict[str, str]) -> Iterator[str]:
    for column, value in zip(columns, row, strict=True):
        if isinstance(value, str) and value in names:
            yield f"{column} = {names[value]}"
        elif column != "id" or not RANDOM_ID.fullmatch(str(value)):
            yield f"{column} = {value!r}"
