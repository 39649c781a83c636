"""`autograder exercise`: add, drop or rename an exercise or change its points, in all files that mention it.

Everything is worked out first and written at the end, so that nothing changes if a file cannot be read.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from autograder.authoring import source_edits as edits
from autograder.course.assignment import Assignment, Exercise, load_assignment
from autograder.course.nearest import or_rather
from autograder.errors import AssignmentError, UsageError
from autograder.files import write_atomically

__all__ = ["ExerciseEdit", "add_exercise", "drop_exercise", "rename_exercise", "set_points"]

_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_FOLDERS = ("misconceptions", "faulty", "honest", "ways")
_WORDS = re.compile(r"\w+")


@dataclass
class ExerciseEdit:
    """The new text of each file, None for a file to remove; renamed files; and what a person has to do."""

    texts: dict[Path, str | None] = field(default_factory=dict)
    moved: dict[Path, Path] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)

    def files(self) -> list[Path]:
        """Return the files that change, in order."""
        return sorted(self.texts.keys() | self.moved.keys())

    def write(self) -> None:
        """Write everything."""
        for path, text in self.texts.items():
            if text is None:
                path.unlink()
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                write_atomically(path, text)
        for old, new in self.moved.items():
            old.rename(new)


class _Course:
    """The files of one assignment, with the changes so far."""

    def __init__(self, root: Path, slug: str) -> None:
        self.assignment: Assignment = load_assignment(root, slug)
        self.change = ExerciseEdit()
        self.secret, self.public = self.assignment.secret_dir, self.assignment.public_dir
        self.toml = self.public / "assignment.toml"

    def known(self, name: str) -> Exercise:
        """Return the exercise with that id.

        Raises:
            UsageError: if there is none.
        """
        ids = [e.id for e in self.assignment.exercises]
        if name not in ids:
            raise UsageError(f"{self.assignment.slug} has no exercise {name!r}{or_rather(name, ids)}")
        return self.assignment.exercise(name)

    def new(self, name: str) -> None:
        """Check that a name is valid and new.

        Raises:
            UsageError: if it is not.
        """
        if not _ID.fullmatch(name):
            raise UsageError(f"{name!r} cannot be the id of an exercise: use letters, digits and _, as in Python.")
        if name in [e.id for e in self.assignment.exercises]:
            raise UsageError(f"{self.assignment.slug} has an exercise {name!r} already.")

    def text(self, path: Path) -> str:
        """Return a file's text, with the changes so far."""
        found = self.change.texts.get(path)
        return path.read_text(encoding="utf-8") if found is None else found

    def put(self, path: Path, text: str | None) -> None:
        """Set a file's new text, None to remove it; an equal text is no change."""
        if text is None or not path.exists() or text != path.read_text(encoding="utf-8"):
            self.change.texts[path] = text

    def python_files(self, *folders: str) -> Iterator[Path]:
        """Yield the Python files of folders below `solutions/SLUG`."""
        for folder in folders:
            yield from sorted((self.secret / folder).glob("*.py"))

    def notebook(self) -> dict[str, Any]:
        """Return the template as plain data."""
        found: dict[str, Any] = json.loads(self.text(self.assignment.template_path))
        return found

    def put_notebook(self, data: dict[str, Any]) -> None:
        """Write the template, in the form that Jupyter writes."""
        self.put(self.assignment.template_path, json.dumps(data, indent=1, ensure_ascii=False) + "\n")

    def finished(self) -> ExerciseEdit:
        """Return all changes, after their TOML and Python could be read."""
        for path, text in self.change.texts.items():
            if text is None:
                continue
            try:
                if path.suffix == ".toml":
                    tomllib.loads(text)
                elif path.suffix == ".py":
                    edits.parsed(text)
            except (tomllib.TOMLDecodeError, SyntaxError) as error:
                raise AssignmentError(f"{path} cannot be changed automatically ({error}); change it by hand.") from None
        return self.change


# -- the four actions --------------------------------------------------------------------------------------


def add_exercise(
    root: Path, slug: str, name: str, *, points: Fraction, title: str, signature: str = "", written: bool = False
) -> ExerciseEdit:
    """Add an exercise at the end: cells, entry, solution, and a file of checks; or a written question.

    If `solution.py` defines it already, the stub gets its signature and docstrings.

    Raises:
        UsageError: if the name is not valid, or taken.
        AssignmentError: if a file cannot be read; names the file.
    """
    course = _Course(root, slug)
    course.new(name)
    entry = [f'id = "{name}"', f"title = {json.dumps(title, ensure_ascii=False)}", f"points = {_number(points)}"]
    if written:
        entry.append("written = true")
    course.put(course.toml, course.text(course.toml).rstrip("\n") + "\n\n[[exercise]]\n" + "\n".join(entry) + "\n")
    data = course.notebook()
    prose = f"## {title}\n\n**To do.** …"
    if written:
        data["cells"].append(_markdown(f"## {title}\n\nAnswer in a few sentences, in the cell below.", f"about-{name}"))
        data["cells"].append(_cell("markdown", "YOUR ANSWER HERE", name, grade=True, solution=True, points=points))
    else:
        solution = course.text(course.assignment.solution_path)
        if not edits.defines(solution, name):
            solution = (
                solution.rstrip("\n") + f'\n\n\ndef {name}({signature}):\n    """…"""\n    raise NotImplementedError\n'
            )
            course.put(course.assignment.solution_path, solution)
        example = _EXAMPLE.format(name=name)
        data["cells"] += [
            _markdown(prose, f"about-{name}"),
            _cell("code", edits.stub_of(solution, name), name, solution=True),
            _cell("code", example, f"test_{name}", grade=True, locked=True, points=points),
        ]
        number = len(course.assignment.coded) + 1
        course.put(course.assignment.checks_dir / f"test_{number:02}_{name}.py", _CHECKS.format(name=name))
        course.change.left.append(f"write the prose, the example cell, {name} in solution.py, and its checks")
    course.put_notebook(data)
    return course.finished()


def drop_exercise(root: Path, slug: str, name: str) -> ExerciseEdit:
    """Remove an exercise from every file, and each file that is empty then.

    Raises:
        UsageError: if there is no such exercise.
        AssignmentError: if a file cannot be read; names the file.
    """
    course = _Course(root, slug)
    exercise = course.known(name)
    if len(course.assignment.exercises) == 1:
        raise UsageError(f"{name!r} is the only exercise of {slug}; an assignment has at least one.")
    course.put(course.toml, _not_lent(_without_entry(course.text(course.toml), "exercise", "id", name), name))
    data = course.notebook()
    _drop_cells(data, exercise)
    course.put_notebook(data)
    if not exercise.written:
        solution = course.assignment.solution_path
        course.put(solution, edits.without(course.text(solution), name))
        for path in course.python_files("checks"):
            kept = edits.without_checks(course.text(path), name)
            course.put(path, kept)
        for path in course.python_files(*_FOLDERS):
            _drop_from_variant(course, path, name)
        mutants = course.secret / "equivalent_mutants.toml"
        if mutants.is_file():
            kept_mutants = _without_entry(course.text(mutants), "mutant", "exercise", name)
            course.put(mutants, kept_mutants if kept_mutants.strip() else None)
    _mentions(course, name)
    return course.finished()


def rename_exercise(root: Path, slug: str, name: str, new: str) -> ExerciseEdit:
    """Give an exercise another id, in every file that mentions it.

    Code is renamed where it means the exercise: its definition, its calls, and texts that are exactly its id. A local
    variable or another library's function of that name stays. In prose the id is renamed inside backticks.

    Raises:
        UsageError: if there is no such exercise, or the new name is not valid, or taken.
        AssignmentError: if a file cannot be read; names the file.
    """
    course = _Course(root, slug)
    course.known(name)
    course.new(new)
    course.put(course.toml, _renamed_toml(course.text(course.toml), name, new))
    data = course.notebook()
    for cell in data["cells"]:
        code = cell["cell_type"] == "code"
        rename: Callable[[str, str, str], str] = edits.renamed if code else _renamed_prose
        cell["source"] = rename("".join(cell["source"]), name, new).splitlines(keepends=True)
        marks = cell["metadata"].get("nbgrader", {})
        if marks.get("grade_id") in {name, f"test_{name}"}:
            marks["grade_id"] = new if marks["grade_id"] == name else f"test_{new}"
    course.put_notebook(data)
    for path in (course.assignment.solution_path, *course.python_files("checks", *_FOLDERS)):
        course.put(path, edits.renamed(course.text(path), name, new))
        match = re.fullmatch(rf"(test_\d+_){name}", path.stem)
        if match and path.parent == course.assignment.checks_dir:
            course.change.moved[path] = path.with_name(f"{match[1]}{new}.py")
    for path in (course.secret / "equivalent_mutants.toml", course.secret / "answers.md"):
        if path.is_file():
            rename = _renamed_toml if path.suffix == ".toml" else _renamed_prose
            course.put(path, rename(course.text(path), name, new))
    _mentions(course, name)
    return course.finished()


def set_points(root: Path, slug: str, name: str, points: Fraction) -> ExerciseEdit:
    """Change the points of an exercise, in the notebook and in assignment.toml.

    Raises:
        UsageError: if there is no such exercise, or the points are not above zero.
        AssignmentError: if a file cannot be read; names the file.
    """
    course = _Course(root, slug)
    exercise = course.known(name)
    if points <= 0:
        raise UsageError("an exercise has more than zero points.")
    lines = course.text(course.toml).splitlines(keepends=True)
    start, end = _entry(lines, "exercise", "id", name)
    for i in range(start, end):
        lines[i] = re.sub(r"^(\s*points\s*=\s*)[^#\n]*?(\s*(?:#.*)?)$", rf"\g<1>{_number(points)}\2", lines[i])
    course.put(course.toml, "".join(lines))
    data = course.notebook()
    for cell in data["cells"]:
        marks = cell["metadata"].get("nbgrader", {})
        if marks.get("grade_id") == exercise.test_cell:
            marks["points"] = _plain(points)
    course.put_notebook(data)
    return course.finished()


# -- the notebook ------------------------------------------------------------------------------------------

_EXAMPLE = """try:
    result = {name}
except NotImplementedError:
    print("{name} is not implemented yet.")
else:
    print("The examples of {name} agree.")"""

_CHECKS = '''"""Checks of `{name}`."""

import pytest

from autograder.checks import close, inputs_unchanged, repeatable

pytestmark = pytest.mark.exercise("{name}")


def test_is_right(student, reference, draw):
    """…"""
    x = draw.normal(3, 5)
    close(student.{name}(x), reference.{name}(x), "the result")
'''


def _markdown(text: str, identifier: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": identifier, "metadata": {}, "source": text.splitlines(keepends=True)}


def _cell(
    kind: str,
    text: str,
    grade_id: str,
    *,
    grade: bool = False,
    locked: bool = False,
    solution: bool = False,
    points: Fraction | None = None,
) -> dict[str, Any]:
    marks: dict[str, Any] = {"grade": grade, "grade_id": grade_id, "locked": locked, "schema_version": 3}
    marks |= {"solution": solution, "task": False} | ({} if points is None else {"points": _plain(points)})
    cell: dict[str, Any] = {"cell_type": kind, "id": grade_id.replace("_", "-"), "metadata": {"nbgrader": marks}}
    if kind == "code":
        cell |= {"execution_count": None, "outputs": []}
    return cell | {"source": text.splitlines(keepends=True)}


def _drop_cells(data: dict[str, Any], exercise: Exercise) -> None:
    """Remove the exercise's cells, and the prose right before them if it introduces nothing else."""
    cells = data["cells"]

    def grade_id(index: int) -> str | None:
        found = cells[index]["metadata"].get("nbgrader", {}).get("grade_id") if 0 <= index < len(cells) else None
        return found if isinstance(found, str) else None

    mine = [i for i in range(len(cells)) if grade_id(i) in {exercise.id, exercise.test_cell}]
    if mine:
        before, after = mine[0] - 1, mine[-1] + 1
        alone = before >= 0 and cells[before]["cell_type"] == "markdown" and grade_id(before) is None
        if alone and grade_id(after) is None:
            mine.insert(0, before)
    data["cells"] = [cell for i, cell in enumerate(cells) if i not in mine]


def _drop_from_variant(course: _Course, path: Path, name: str) -> None:
    """Remove an exercise from a variant, and the file if it then defines no exercise."""
    text = course.text(path)
    kept = edits.without_entries(edits.without(text, name), name, ("EDITS", "EQUALS", "ALSO_COSTS"))
    ids = [e.id for e in course.assignment.coded if e.id != name]
    defined = edits.defines(text, name)
    course.put(path, None if defined and not any(edits.defines(kept, e) for e in ids) else kept)


def _mentions(course: _Course, name: str) -> None:
    """Note where prose and comments still mention an id: a person has to read them."""

    def speaks(text: str) -> bool:
        return name in _WORDS.findall(text)

    for number, cell in enumerate(course.notebook()["cells"], 1):
        if speaks("".join(cell["source"])):
            course.change.left.append(f"cell {number} of the notebook says {name!r}")
    for path in sorted(course.secret.rglob("*")):
        read = path.suffix in {".py", ".md", ".toml"} and course.change.texts.get(path, "") is not None
        if read and speaks(course.text(path)):
            course.change.left.append(f"{path.relative_to(course.secret.parent.parent)} says {name!r}")


# -- TOML and prose, as texts ------------------------------------------------------------------------------


def _entries(lines: list[str], table: str) -> Iterator[tuple[int, int]]:
    """Yield the start and the end of each `[[table]]`; comments right before a header belong to it."""
    headers = []
    quoted = ""
    for i, line in enumerate(lines):
        # A table inside an entry, such as its picture, belongs to the entry.
        if not quoted and line.lstrip().startswith("[") and not line.lstrip().startswith(f"[{table}."):
            headers.append(i)
        for mark in re.findall(r'"""|\'\'\'', line.partition("#")[0] if not quoted else line):
            quoted = mark if not quoted else "" if quoted == mark else quoted
    starts = []
    for i in headers:
        start = i
        while start > 0 and lines[start - 1].startswith("#"):
            start -= 1
        starts.append(start)
    for i, start, end in zip(headers, starts, [*starts[1:], len(lines)], strict=True):
        if lines[i].strip().partition("#")[0].strip() == f"[[{table}]]":
            yield start, end


def _entry(lines: list[str], table: str, key: str, name: str) -> tuple[int, int]:
    for start, end in _entries(lines, table):
        (found,) = tomllib.loads("".join(lines[start:end]))[table]
        if found.get(key) == name:
            return start, end
    raise AssignmentError(f"the entry of {name!r} cannot be found as a text; change assignment.toml by hand.")


def _without_entry(text: str, table: str, key: str, name: str) -> str:
    """Return TOML without all entries of a table whose `key` is `name`."""
    lines = text.splitlines(keepends=True)
    gone = {
        i
        for start, end in _entries(lines, table)
        if tomllib.loads("".join(lines[start:end]))[table][0].get(key) == name
        for i in range(start, end)
    }
    return "".join(line for i, line in enumerate(lines) if i not in gone).rstrip("\n") + "\n"


#: An exercise's list of lent functions, which may go over several lines.
_LENDS = re.compile(r"^lends\s*=\s*\[([^\]]*)\][^\n]*\n?", re.MULTILINE)


def _not_lent(text: str, name: str) -> str:
    """Return TOML without that function in the lists of lent functions; remove a list that is empty then."""

    def without(match: re.Match[str]) -> str:
        lent = re.findall(r'"([^"]*)"', match[1])
        if name not in lent:
            return match[0]
        kept = ", ".join(f'"{each}"' for each in lent if each != name)
        return f"lends = [{kept}]\n" if kept else ""

    return _LENDS.sub(without, text)


def _renamed_toml(text: str, name: str, new: str) -> str:
    """Rename an id where it is a value, and in the code of examples."""
    text = re.sub(rf'^(\s*(?:id|exercise)\s*=\s*)"{re.escape(name)}"', rf'\1"{new}"', text, flags=re.MULTILINE)

    text = _LENDS.sub(lambda m: m[0].replace(f'"{name}"', f'"{new}"'), text)

    def example(match: re.Match[str]) -> str:
        return match[1] + edits.renamed(match[2], name, new) + match[3]

    text = re.sub(r'(^(?:example|code)\s*=\s*""")(.*?)(""")', example, text, flags=re.MULTILINE | re.DOTALL)
    return re.sub(r'(^(?:example|code)\s*=\s*")([^"\n]+)(")', example, text, flags=re.MULTILINE)


def _renamed_prose(text: str, name: str, new: str) -> str:
    """Rename an id inside backticks, unless it is an attribute of something."""
    word = re.compile(rf"(?<![\w.]){re.escape(name)}\b")
    return re.sub(r"(`{1,3})([^`]+)\1", lambda m: m[1] + word.sub(new, m[2]) + m[1], text)


def _plain(points: Fraction) -> int | float:
    return int(points) if points.denominator == 1 else float(points)


def _number(points: Fraction) -> str:
    return str(_plain(points))
