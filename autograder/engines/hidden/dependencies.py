"""What the verdict on each exercise depends on, read from the assignment's files without running any of them.

There are three digests, from coarse to fine. `shared` covers what concerns every exercise: the versions of the grader,
torch, numpy and IPython, the template without its points, the limits, the forbidden names, the examples, the reference
and each helper file. A file of checks concerns the exercises that it marks; a misconception concerns the exercises that
it has functions for, and those whose checks name it. If reading does not tell for certain, a file concerns all.

A check's weight, its title and whether it pins a convention are in no digest where decorators and docstrings hold them
plainly: a stored outcome is scored anew with them.
"""

from __future__ import annotations

import ast
import hashlib
import inspect
import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

import autograder
from autograder.course.assignment import Assignment
from autograder.engines.hidden.places import TITLE, place_of, placed
from autograder.errors import AssignmentError
from autograder.sentences import Sentence, say, together
from autograder.verdict import OWN_IDS

__all__ = ["RUNGS", "Dependencies", "Saying", "Wording", "dependencies", "hint_text", "rung_text"]

#: Enough digits that no two states of an assignment have the same digest by chance.
DIGITS = 24
#: The key of the shared digest in a result's record.
SHARED = ""
_PACKAGES = ("torch", "numpy", "ipython")
#: No verdict depends on these files. Deadlines are read in every batch.
_IDLE_FILES = frozenset({"answers.md", "extensions.toml", "equivalent_mutants.toml"})
_IDLE_FOLDERS = frozenset({"honest", "faulty", "ways", "__pycache__", ".pytest_cache", ".ipynb_checkpoints"})
_REEVALUATED = frozenset({"weight", "convention"})
#: The texts of a misconception that help a student further, besides its hint.
RUNGS = ("QUESTION", "WORKED")
#: The texts of a misconception that students read, besides its docstring.
_SAID = frozenset({"HINT", *RUNGS, "USUAL_IN"})
#: A file that reads its own text or names, or what pytest collected, may depend on anything in it.
_INTROSPECTIVE = re.compile(r"__doc__|\binspect\b|__file__|\bimportlib\b|pytest_collection|pytest_itemcollected")
#: A misconception that defines names in such ways may belong to any exercise.
_DYNAMIC = re.compile(r"\bglobals\(|\bsetattr\(|\bexec\(|\bvars\(|__getattr__|import \*|__file__|\bimportlib\b")


@dataclass(frozen=True, slots=True)
class Wording:
    """What can change in a check without a new run; the title is its docstring, or empty."""

    weight: int
    title: Sentence
    convention: bool


@dataclass(frozen=True, slots=True)
class Dependencies:
    """The digests of an assignment's files of today.

    `checks` and `ideas` are by exercise: the digest of what decides its outcomes, and of what decides which wrong idea
    is named if it is not right. `wording` is by exercise and name of the check's function.
    """

    fingerprint: str
    shared: str
    checks: Mapping[str, str]
    ideas: Mapping[str, str]
    wording: Mapping[str, Mapping[str, Wording]]
    #: By id, the texts of a wrong idea of today, where its file holds them plainly.
    sayings: Mapping[str, Saying] = field(default_factory=dict)

    def record(self) -> dict[str, str]:
        """Return the digests that a result stores."""
        return {SHARED: self.shared} | {e: f"{self.checks[e]}.{self.ideas[e]}" for e in self.checks}


@dataclass(frozen=True, slots=True)
class Saying:
    """The texts of a wrong idea that students read: what they did, and what helps them further."""

    title: Sentence
    hint: Sentence
    question: Sentence | None = None
    worked: Sentence | None = None


def hint_text(hint: Sentence, usual_in: Sentence) -> Sentence:
    """Return a hint; for a convention also where the student's form is usual."""
    if not usual_in:
        return hint
    return together(hint, say("exercise.usual-in", where=Sentence(usual_in.rstrip("."), usual_in.id)))


def rung_text(text: object, place: str) -> Sentence | None:
    """Return a question or a worked example as a student reads it; None where a misconception has none."""
    told = inspect.cleandoc(text) if isinstance(text, str) else ""
    return Sentence(told, place) if told else None


@dataclass(frozen=True, slots=True)
class _CheckFile:
    """One file of checks; `exercises` is None where it may belong to any."""

    text: str
    digest: str
    exercises: frozenset[str] | None
    wording: Mapping[str, Wording] = field(default_factory=dict)


def dependencies(assignment: Assignment) -> Dependencies:
    """Read an assignment's files.

    Raises:
        AssignmentError: if one of them cannot be read.
    """
    try:
        return _read(assignment)
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise AssignmentError(f"the files of {assignment.slug!r} cannot be read: {error}.") from None


def _read(assignment: Assignment) -> Dependencies:
    secret, public = assignment.secret_dir, assignment.public_dir
    files = {p: p.read_bytes() for p in _files(secret)}
    checks, helpers, ideas = _sorted(files, assignment)
    helpers_text = "\n".join(files[p].decode("utf-8", "replace") for p in helpers if assignment.checks_dir in p.parents)
    plain = not _INTROSPECTIVE.search(helpers_text) and not any(f"mark.{m}" in helpers_text for m in _REEVALUATED)
    everywhere = frozenset(e.id for e in assignment.coded)
    read = {p: _check_file(p, files[p], secret, plain=plain) for p in checks}
    touched = {p: _touched(p, read, helpers_text) or everywhere for p in checks}

    shared = _digest(
        autograder.__version__,
        [version(name) for name in _PACKAGES],
        assignment.limits.model_dump(),
        assignment.forbidden,
        [
            (e.id, e.written, e.example, e.forbidden, e.flagged, e.lends)
            + ((e.picture.model_dump(),) if e.picture else ())
            for e in assignment.exercises
        ],
        _pointless(assignment.template_path.read_bytes()),
        [
            (str(p.relative_to(public)), _sha(p.read_bytes()))
            for p in _files(public)
            if p != assignment.template_path and p != public / "assignment.toml"
        ],
        [(str(p.relative_to(secret)), _sha(files[p])) for p in helpers],
    )
    of_checks = {
        e.id: _digest(shared, e.all_or_nothing, [(p.name, f.digest) for p, f in read.items() if e.id in touched[p]])
        for e in assignment.coded
    }
    named = {p: _named(p, files[p].decode(), everywhere, read, touched, helpers_text) for p in ideas}
    told = {p: _take_saying(p, files[p], secret) for p in ideas}
    of_ideas = {e: _digest([(p.name, told[p][0]) for p in ideas if e in named[p]]) for e in of_checks}
    sayings = {p.stem.replace("_", "-"): saying for p, (_, saying) in told.items() if saying is not None}
    everything = _digest(
        of_checks,
        of_ideas,
        [(p.name, _sha(files[p])) for p in ideas],
        _timeless(public / "assignment.toml"),
        _sha(assignment.template_path.read_bytes()),
        [(p.name, _sha(files[p])) for p in checks],
        digits=64,
    )
    wording = {e: _wording(f for p, f in read.items() if e in touched[p]) for e in of_checks}
    return Dependencies(everything, shared, of_checks, of_ideas, wording, sayings)


def _files(folder: Path) -> list[Path]:
    found = []
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        idle = str(inside) in _IDLE_FILES or path.name.upper().startswith("README")
        if not idle and _IDLE_FOLDERS.isdisjoint(inside.parts) and path.is_file():
            found.append(path)
    return found


def _sorted(files: Iterable[Path], assignment: Assignment) -> tuple[list[Path], list[Path], list[Path]]:
    """Return the files of checks, the helpers and the misconceptions."""
    checks, helpers, ideas = [], [], []
    for path in files:
        if path.suffix == ".py" and path.parent == assignment.secret_dir / "misconceptions":
            ideas.append(path)
        elif path.suffix == ".py" and path.parent == assignment.checks_dir and path.name.startswith("test_"):
            checks.append(path)
        else:
            helpers.append(path)
    return checks, helpers, ideas


def _touched(path: Path, read: Mapping[Path, _CheckFile], helpers: str) -> frozenset[str] | None:
    """Return the exercises that a file of checks concerns.

    None means all: no exercise is marked for certain, or another file names this one.
    """
    if path.stem in helpers or any(path.stem in f.text for p, f in read.items() if p != path):
        return None
    return read[path].exercises


# -- files of checks ---------------------------------------------------------------------------------------


def _check_file(path: Path, data: bytes, folder: Path, *, plain: bool) -> _CheckFile:
    text = data.decode()
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return _CheckFile(text, _sha(data), None)
    exercises = _marked(tree)
    if not plain or _INTROSPECTIVE.search(text):
        return _CheckFile(text, _sha(data), exercises)
    wording = _take_wording(tree, path, folder)
    if wording is None:
        return _CheckFile(text, _sha(data), exercises)
    return _CheckFile(text, _sha(ast.dump(tree).encode()), exercises, wording)


def _marked(tree: ast.Module) -> frozenset[str] | None:
    """Return the exercises that a file marks; None where a mark is not a plain text."""
    found = set()
    mentions = 0
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(attr="exercise"):
                mentions += 1
            case ast.Call(func=func, args=[ast.Constant(value=str(name))], keywords=[]) if _mark(func) == "exercise":
                mentions -= 1
                found.add(name)
    return frozenset(found) if found and mentions == 0 else None


def _mark(node: ast.expr) -> str | None:
    """Return the NAME in `pytest.mark.NAME`."""
    match node:
        case ast.Attribute(value=ast.Attribute(value=ast.Name(id="pytest"), attr="mark"), attr=name):
            return name
    return None


def _take_wording(tree: ast.Module, path: Path, folder: Path) -> dict[str, Wording] | None:
    """Cut weights, conventions and docstrings out of the tree; None where they are not written plainly."""
    if ast.get_docstring(tree) is not None:
        tree.body = tree.body[1:]
    found: dict[str, Wording] = {}
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node.name.startswith("Test"):
            return None
        if not (isinstance(node, ast.FunctionDef) and node.name.startswith("test_")):
            continue
        name = node.name.removeprefix("test_")
        weight, convention = _take_marks(node)
        if weight is None or name in found:
            return None
        title = ""
        documented = ast.get_docstring(node, clean=False)
        if documented is not None:
            title = " ".join(documented.split())
            node.body = node.body[1:] or [ast.Pass()]
        # With two colons, as in pytest's ids.
        place = place_of(path, folder, f":{node.name}")
        found[name] = Wording(weight, Sentence(title, place), convention)
    if any(isinstance(node, ast.Attribute) and node.attr in _REEVALUATED for node in ast.walk(tree)):
        return None
    return found


def _take_marks(node: ast.FunctionDef) -> tuple[int | None, bool]:
    """Cut out the two decorators; the weight is None if it is no plain number or is given twice."""
    weights: list[int | None] = []
    convention = False
    kept = []
    for decorator in node.decorator_list:
        match decorator:
            case ast.Call(func=func, args=[ast.Constant(value=int(n))], keywords=[]) if _mark(func) == "weight":
                weights.append(n)
            case _ if _mark(decorator) == "convention":
                convention = True
            case _:
                kept.append(decorator)
    node.decorator_list = kept
    if len(weights) > 1:
        return None, convention
    return (weights[0] if weights else 1), convention


def _wording(files: Iterable[_CheckFile]) -> dict[str, Wording]:
    """Join the files of an exercise; a name that two files use is left out."""
    found: dict[str, Wording] = {}
    twice = set()
    for file in files:
        twice |= found.keys() & file.wording.keys()
        found |= file.wording
    return {name: w for name, w in found.items() if name not in twice}


# -- misconceptions ----------------------------------------------------------------------------------------


def _named(
    path: Path,
    text: str,
    everywhere: frozenset[str],
    read: Mapping[Path, _CheckFile],
    touched: Mapping[Path, frozenset[str]],
    helpers: str,
) -> frozenset[str]:
    """Return the exercises in which a misconception may be the diagnosis."""
    identifier = path.stem.replace("_", "-")
    shared = path.stem.startswith("_") or identifier in helpers or identifier in OWN_IDS
    if shared or _DYNAMIC.search(text):
        return everywhere
    found = everywhere & set(re.findall(r"\w+", text))
    for check, file in read.items():
        if identifier in file.text:
            found |= touched[check]
    # If an idea of no exercise is named at all, it is in a way that this does not see.
    return found or everywhere


def _take_saying(path: Path, data: bytes, folder: Path) -> tuple[str, Saying | None]:
    """Return a digest of a misconception without its texts for students, and these texts; None if they are not plain.

    Its title and its hint decide no verdict: a stored result gets the new ones.
    """
    try:
        tree = ast.parse(data)
    except (SyntaxError, ValueError):
        return _sha(data), None
    title = ast.get_docstring(tree)
    texts: dict[str, str] = {"USUAL_IN": ""}
    kept: list[ast.stmt] = []
    convention = False
    for node in tree.body[1:]:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=str(text))) if name in _SAID:
                texts[name] = text
            case _:
                kept.append(node)
                match node:
                    case ast.Assign(targets=[ast.Name(id="CONVENTION")], value=ast.Constant(value=True)):
                        convention = True
    names = [n.id for node in kept for n in ast.walk(node) if isinstance(n, ast.Name)]
    if not title or "HINT" not in texts or {*_SAID, "__doc__"} & set(names):
        return _sha(data), None
    tree.body = kept
    question, worked = (rung_text(texts.get(name), place_of(path, folder, name)) for name in RUNGS)
    return _sha(ast.dump(tree).encode()), Saying(
        placed(" ".join(title.split()), path, folder, TITLE),
        hint_text(
            placed(texts["HINT"], path, folder, "HINT"),
            placed(texts["USUAL_IN"] if convention else "", path, folder, "USUAL_IN"),
        ),
        question,
        worked,
    )


# -- digests -----------------------------------------------------------------------------------------------


def _pointless(data: bytes) -> Any:
    """Return the template's cells without their points: a stored outcome gets today's points.

    Prose is left out too: no code and no check reads it.
    """
    notebook = json.loads(data)
    for cell in notebook.get("cells", ()):
        marks = cell.get("metadata", {}).get("nbgrader", {})
        marks.pop("points", None)
        if cell.get("cell_type") == "markdown" and not marks:
            cell["source"] = ""
    return notebook


def _timeless(path: Path) -> Any:
    """Return the content of `assignment.toml` without its deadline, which no verdict depends on."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    data.pop("late", None)
    return data


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _digest(*parts: Any, digits: int = DIGITS) -> str:
    return _sha(json.dumps(parts, sort_keys=True, default=str).encode())[:digits]
