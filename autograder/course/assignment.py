"""The two folders of a slug, read and checked.

`assignments/<slug>/` is public: the template notebook and `assignment.toml`. `solutions/<slug>/` is
secret: `solution.py`, `checks/`, `misconceptions/`, `honest/`. No file is executed here.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from autograder.course.late import Extension, LateRule, parse_extension
from autograder.course.nearest import did_you_mean, nearest
from autograder.course.reserved import name_clash
from autograder.errors import AssignmentError

__all__ = [
    "MAX_CONVENTION_SHARE",
    "OVERTIME_SHARE",
    "Assignment",
    "Exercise",
    "Limits",
    "PictureOf",
    "load_assignment",
    "load_public",
    "unknown_assignment",
]

#: The part of an exercise's points that conventions may cost: another convention (†) is no wrong idea.
MAX_CONVENTION_SHARE = Fraction(1, 4)
SLUG = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


#: The part of its time that a notebook may take on top, for definitions that come after its time is used up.
OVERTIME_SHARE = 0.5


class Limits(BaseModel):
    """What a submission may use. Times in seconds of wall clock unless named otherwise.

    `output_kib` bounds what one cell shows, `outputs_mib` what is kept of all cells together. `submission_s` is for
    running the notebook, `checks_s` for all its checks together, with second tries. The last six bound what is read:
    the notebook's file with its outputs, the text of its cells, the text of one cell of code, the pictures in the
    cells, the files beside the notebook together, and the number of cells.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    cell_s: float = Field(default=10.0, gt=0)
    check_s: float = Field(default=5.0, gt=0)
    submission_s: float = Field(default=120.0, gt=0)
    checks_s: float = Field(default=120.0, gt=0)
    cpu_s: int = Field(default=120, gt=0)
    memory_mib: int = Field(default=4096, ge=1024)
    processes: int = Field(default=64, ge=8)
    output_kib: int = Field(default=4096, gt=0)
    outputs_mib: int = Field(default=20, ge=1)
    files_mib: int = Field(default=64, gt=0)
    files: int = Field(default=10_000, gt=0)
    notebook_mib: int = Field(default=256, ge=1)
    text_mib: int = Field(default=20, ge=1)
    cell_kib: int = Field(default=1024, ge=1)
    pictures_mib: int = Field(default=20, ge=1)
    beside_mib: int = Field(default=100, ge=1)
    cells: int = Field(default=2000, ge=1)

    @property
    def total_s(self) -> float:
        """How long a submission may take in all: to run, to run again after its process ended, and to be checked."""
        return self.submission_s * 2 * (1 + 2 * OVERTIME_SHARE) + self.checks_s


class PictureOf(BaseModel):
    """The picture that a student gets of an exercise that is not right, drawn from public numbers.

    `code` is run like an example; the default is the example itself. `path`: points (x, y), one per row; `curve`:
    numbers in order, or a dict of several curves; `histogram`: numbers in any order.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["path", "curve", "histogram"]
    code: str | None = None
    title: str = ""
    x: str = ""
    y: str = ""


class Exercise(BaseModel):
    """One pair of solution and test cell, or one written question."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")
    title: str
    points: Fraction = Field(gt=0)
    written: bool = False
    all_or_nothing: bool = False
    example: str | None = None
    picture: PictureOf | None = None
    #: Names that are taken away while this exercise is checked, besides `forbidden` of the whole assignment.
    forbidden: tuple[str, ...] = ()
    #: Names that cannot be taken away; if the exercise's code reaches one, a person looks at it.
    flagged: tuple[str, ...] = ()
    #: Earlier exercises, pure functions of values, whose reference this one may use if the notebook's own is wrong.
    lends: tuple[str, ...] = ()

    @property
    def test_cell(self) -> str:
        """The grade_id of the cell that carries the points."""
        return self.id if self.written else f"test_{self.id}"

    @property
    def drawn(self) -> str | None:
        """The public code whose numbers the picture shows; None if there is no picture."""
        return None if self.picture is None else self.picture.code or self.example


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    forbidden: tuple[str, ...] = ()
    limits: Limits = Limits()
    late: LateRule | None = None
    exercise: tuple[Exercise, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Assignment:
    """One assignment of a course: where its files are, and what `assignment.toml` says."""

    slug: str
    title: str
    public_dir: Path
    secret_dir: Path
    exercises: tuple[Exercise, ...]
    forbidden: tuple[str, ...]
    limits: Limits
    #: None: the grader ignores lateness.
    late: LateRule | None = None
    extensions: Mapping[str, Extension] = field(default_factory=dict)
    #: Whether the tests stand in the notebooks; then the assignment has no files of ours and no hidden tests.
    in_notebook: bool = False

    @property
    def template_path(self) -> Path:
        """The notebook with stubs and prose."""
        return self.public_dir / f"{self.slug}.ipynb"

    @property
    def solution_path(self) -> Path:
        """The reference solution."""
        return self.secret_dir / "solution.py"

    @property
    def checks_dir(self) -> Path:
        """The hidden pytest checks."""
        return self.secret_dir / "checks"

    @property
    def extensions_path(self) -> Path:
        """Students' own deadlines; not in `assignment.toml`, which students may read."""
        return self.secret_dir / "extensions.toml"

    @property
    def forbidden_lists(self) -> tuple[tuple[str, ...], ...]:
        """What exercises forbid besides `forbidden` of the whole assignment, each list once."""
        return tuple(dict.fromkeys(e.forbidden for e in self.coded if e.forbidden))

    @property
    def coded(self) -> tuple[Exercise, ...]:
        """The exercises that are graded automatically, in notebook order."""
        return tuple(e for e in self.exercises if not e.written)

    @property
    def max_score(self) -> Fraction:
        """The points that are graded automatically."""
        return sum((e.points for e in self.coded), Fraction(0))

    def exercise(self, exercise_id: str) -> Exercise:
        """Return the exercise with that id; KeyError if there is none."""
        for e in self.exercises:
            if e.id == exercise_id:
                return e
        raise KeyError(exercise_id)


def load_assignment(course_root: Path, slug: str) -> Assignment:
    """Read `assignments/<slug>/assignment.toml` and check that both folders are complete.

    Raises:
        AssignmentError: naming the file and what to do about it.
    """
    assignment = load_public(course_root, slug)
    extensions = _read_extensions(assignment.extensions_path, assignment.late)
    assignment = replace(assignment, extensions=extensions)
    for path, what in (
        (assignment.template_path, "the template notebook"),
        (assignment.solution_path, "the reference solution"),
        (assignment.checks_dir, "the folder of hidden checks"),
    ):
        if not path.exists():
            raise AssignmentError(f"{path} is missing: {what} of {slug!r} belongs there.")
    return assignment


def load_public(course_root: Path, slug: str) -> Assignment:
    """Read an assignment's public part: `assignments/<slug>/assignment.toml`.

    Raises:
        AssignmentError: naming the file and what to do about it.
    """
    public = course_root / "assignments" / slug
    if not SLUG.fullmatch(slug) or not os.path.isdir(public):
        raise AssignmentError(unknown_assignment(course_root, slug))
    toml = public / "assignment.toml"
    data = _read_toml(toml)
    try:
        parsed = _File.model_validate(data)
    except ValidationError as error:
        raise AssignmentError(f"{toml}: {_mistake(error)}") from None
    ids = [e.id for e in parsed.exercise]
    twice = sorted({i for i in ids if ids.count(i) > 1})
    if twice:
        raise AssignmentError(f"{toml}: exercise {twice[0]!r} stands there twice; rename or remove one.")
    for e in parsed.exercise:
        clash = name_clash(e.id, ids, written=e.written)
        if clash is not None:
            raise AssignmentError(f"{toml}: an exercise cannot be called {e.id!r}: {clash}; give it another id.")
    _check_lends(toml, parsed.exercise)
    return Assignment(
        slug=slug,
        title=parsed.title,
        public_dir=public,
        secret_dir=course_root / "solutions" / slug,
        exercises=parsed.exercise,
        forbidden=parsed.forbidden,
        limits=parsed.limits,
        late=parsed.late,
    )


def _check_lends(toml: Path, exercises: Sequence[Exercise]) -> None:
    """Require that each exercise that is lent to another one is coded and comes before it.

    Raises:
        AssignmentError: naming the entry.
    """
    before: list[str] = []
    for exercise in exercises:
        for name in exercise.lends:
            if exercise.written or name not in before:
                known = ", ".join(before) if before and not exercise.written else "none"
                raise AssignmentError(
                    f"{toml}: {exercise.id!r} cannot be lent {name!r}: lends takes earlier exercises that are graded "
                    f"automatically; there are: {known}.{did_you_mean(name, before)}"
                )
        if not exercise.written:
            before.append(exercise.id)


#: The entries that the tables of `assignment.toml` may hold.
_TABLES: dict[str, type[BaseModel]] = {
    "": _File,
    "limits": Limits,
    "late": LateRule,
    "exercise": Exercise,
    "picture": PictureOf,
}


def _mistake(error: ValidationError) -> str:
    """Say what is wrong with an entry; a mistyped name first, because other mistakes follow from it."""
    problems = error.errors()
    first = next((p for p in problems if p["type"] == "extra_forbidden"), problems[0])
    where = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        table = next((str(part) for part in reversed(first["loc"][:-1]) if part in _TABLES), "")
        known = sorted(_TABLES[table].model_fields)
        name = str(first["loc"][-1])
        meant = nearest(name, known)
        remedy = f"did you mean {meant!r}?" if meant is not None else f"there are: {', '.join(known)}."
        return f"{where}: there is no such entry; {remedy}"
    what = first["msg"].removeprefix("Value error, ")
    return f"{where}: {what}; correct that entry."


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise AssignmentError(f"{path} is missing: it holds the title, exercises and points.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise AssignmentError(f"{path} is not valid TOML: {error}.") from None


def _read_extensions(path: Path, late: LateRule | None) -> dict[str, Extension]:
    """Read the students' own deadlines: one line per student."""
    if not path.exists():
        return {}
    if late is None:
        raise AssignmentError(
            f"{path} gives extensions, but there is no deadline: add a table [late] to assignment.toml."
        )
    found = {}
    for student, value in _read_toml(path).items():
        if isinstance(value, dict):
            raise AssignmentError(f"{path}: {student}: put an id with dots into quotes; there are no tables here.")
        try:
            found[student] = given = parse_extension(value)
            if isinstance(given, datetime) and late.due is not None and given < late.due:
                raise ValueError(f"{given.isoformat()} lies before the deadline of all, {late.due.isoformat()}")
        except ValueError as error:
            raise AssignmentError(f"{path}: {student}: {error}; correct that line.") from None
    return found


def unknown_assignment(course_root: Path, slug: str) -> str:
    """Return the message for an unknown assignment, which names the known ones."""
    folder = course_root / "assignments"
    known = sorted(p.name for p in folder.iterdir() if p.is_dir()) if folder.is_dir() else []
    listed = ", ".join(known) if known else "none"
    return f"{course_root} has no assignment {slug!r}; it has: {listed}.{did_you_mean(slug, known)}"
