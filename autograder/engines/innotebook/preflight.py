"""The instructor's own notebooks as a submission, and what they tell about the environment of the class."""

from __future__ import annotations

import contextlib
import os
import re
import stat
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import nbformat
from nbformat import NotebookNode

from autograder.course.assignment import Exercise
from autograder.course.gradebook.directories import Directories
from autograder.course.notebook.bounds import Bounds
from autograder.course.notebook.cells import grade_id, is_grade, is_solution
from autograder.course.notebook.file import parse_json
from autograder.course.notebook.normalise import well_formed
from autograder.engines.base import Finished, Preflight
from autograder.engines.handed import HandedFiles, read_handed
from autograder.engines.innotebook.release_record import Recorded
from autograder.errors import SubmissionRejected
from autograder.feedback.text import clean, listed, one_line, points
from autograder.verdict import ExerciseResult, Status

__all__ = ["Instructors", "read_instructors", "what_is_missing"]

#: Modules whose packages have another name.
_DISTRIBUTIONS = {
    "PIL": "pillow",
    "bs4": "beautifulsoup4",
    "cv2": "opencv-python-headless",
    "dateutil": "python-dateutil",
    "dotenv": "python-dotenv",
    "skimage": "scikit-image",
    "sklearn": "scikit-learn",
    "yaml": "PyYAML",
}
_NO_MODULE = re.compile(r"No module named '([\w.]+)'")
_OPTIONAL = re.compile(
    r"dependency '([\w.-]+)'|`?[Ii]mport ([\w.-]+)`? failed|(?<![\w.-])([\w.-]{1,100}) not found, please install"
)
_NO_FILE = re.compile(r"No such file or directory: '([^']+)'|\[Errno (?:2|13)\][^']*'([^']+)'")
_PATH = re.compile(r": '([^']+)'$")
_URL = re.compile(r"""https?://[^\s'")<>]+""")
_VARIABLE = re.compile(r"^'(\w+)'$|^(\w+)$")
_NETWORK = re.compile(
    r"URLError|urlopen|gaierror|Name or service not known|Temporary failure in name resolution|Network is unreachable|"
    r"Failed to establish a new connection|Max retries exceeded|Cannot connect to host|Couldn't connect|"
    r"couldn't connect|Could not connect to|HTTPConnection|HTTPSConnection|Address family not supported"
)
_NO_PROGRAM = re.compile(r"^(.*) was not run: no other program can be started here", re.MULTILINE)
_STARTS_PROGRAMS = re.compile(r"\bsubprocess\b|\bos\.(?:system|popen|spawn|exec)")
_WRITES_MODULE = re.compile(
    r"%%(?:writefile|file)\s+(?:-a\s+)?(?:\./)?([\w/]+)\.py|open\(\s*['\"](?:\./)?([\w/]+)\.py['\"]"
)
#: What no course can let its notebooks read.
_OF_THE_SYSTEM = ("/proc/", "/sys/", "/dev/")
#: Characters of a library's own message.
_MAX_SHOWN = 300


@dataclass(frozen=True, slots=True)
class Instructors:
    """The instructor's notebooks and the files beside them; `solved` says that they are those with solutions."""

    handed: HandedFiles
    folder: Path
    solved: bool


def read_instructors(directories: Directories, recorded: Recorded, bounds: Bounds) -> Instructors | None:
    """Read the source of an assignment, or its release where there is no source; None where there is neither."""
    wanted = {f"{n.name}.ipynb" for n in recorded.notebooks}
    for folder, solved in ((directories.source(recorded.slug), True), (directories.release(recorded.slug), False)):
        if any((folder / name).is_file() for name in wanted):
            handed = read_handed(folder, directories.ignored, bounds, wanted=lambda _: True)
            return Instructors(handed, folder, solved and _is_solved(handed, recorded))
    return None


def _is_solved(handed: HandedFiles, recorded: Recorded) -> bool:
    """Whether some cell that students fill in holds something else than what they are given."""
    for notebook in recorded.notebooks:
        given = {c.name: c.source.strip() for c in notebook.source_cells if c.name in notebook.solutions}
        content = handed.files.get(f"{notebook.name}.ipynb")
        with contextlib.suppress(SubmissionRejected):
            cells = [] if content is None else well_formed(parse_json(content), [], Bounds()).cells
            texts = {name: c.source.strip() for c in cells if c.cell_type == "code" and (name := grade_id(c)) in given}
            if any(text and text != given[name] for name, text in texts.items()):
                return True
    return False


def what_is_missing(
    finished: Finished,
    exercises: Sequence[Exercise],
    recorded: Recorded,
    *,
    instructors: Instructors,
    source: Path,
    programs: Mapping[str, str],
) -> Preflight:
    """Return what the instructor's notebooks lacked when they ran.

    A module that cannot be imported counts as missing. A file, a connection, a program or a variable counts as missing
    if the solution lost points; without a solution, if no cell for students comes before it.

    Args:
        finished: the result of the run.
        exercises: the graded cells.
        recorded: what was released.
        instructors: what was run.
        source: where the course's own files belong.
        programs: by notebook, the Python that runs it, if that is not ours.
    """
    grade = finished.grade
    if grade.status is Status.UNGRADED:
        return Preflight(warnings=(f"The instructor's notebook could not be tried: {clean(grade.reason or '', 500)}",))
    by_hand = {e.id for e in exercises if e.written}
    lost = [e for e in grade.exercises if e.score < e.max_score and e.id not in by_hand]
    missing: list[str] = []
    warnings: list[str] = []
    for notebook, text in finished.notebooks.items():
        read = nbformat.reads(text, as_version=4)
        prefix = recorded.exercise_id(notebook, "")
        costs = instructors.solved and any(e.id.startswith(prefix) for e in lost)
        own = _written_modules(read)
        for found in _troubles(read, notebook, source, programs.get(notebook, sys.executable)):
            lacks = found.module and (instructors.solved or found.module not in own)
            stops = lacks or costs or (not instructors.solved and found.given)
            (missing if stops else warnings).append(found.text)
    if instructors.solved and lost and not missing:
        named = listed((f"{e.id}: {points(e.score)} of {points(e.max_score)}{_why(e)}" for e in lost), 8)
        warnings.append(
            f"The instructor's own solution in {instructors.folder} does not get full marks here: {named}. "
            "Look at these tests before the points count."
        )
    return Preflight(tuple(dict.fromkeys(missing)), tuple(dict.fromkeys(warnings)))


def _why(exercise: ExerciseResult) -> str:
    message = next((c.message for c in exercise.checks if c.message), "")
    return f" ({one_line(message, 120)})" if message else ""


@dataclass(frozen=True, slots=True)
class _Trouble:
    """Something that a cell lacked; `module` is what it could not import, `given` says that no stub precedes it."""

    text: str
    module: str = ""
    given: bool = True


def _troubles(notebook: NotebookNode, name: str, source: Path, python: str) -> Iterator[_Trouble]:
    given = True
    for number, cell in enumerate(notebook.cells, 1):
        if cell.cell_type != "code":
            continue
        given = given and not is_solution(cell)
        if "raises-exception" in cell.metadata.get("tags", ()):
            continue
        where = f"{name}.ipynb, {grade_id(cell) or f'cell {number}'}"
        untested = given and not is_grade(cell)
        for output in cell.outputs:
            if output.output_type == "error":
                trace = "\n".join(output.get("traceback", ()))
                error = _Error(str(output.get("ename")), str(output.get("evalue")), trace, cell.source, python)
                text = next((t for made in _TEXTS if (t := made(error, source)) is not None), None)
                if text is not None:
                    yield _Trouble(f"{where}: {text}", _module_of(error), untested)
            elif output.output_type == "stream" and output.name == "stderr":
                for program in _NO_PROGRAM.findall(output.text):
                    yield _Trouble(f"{where}: {_program(program)}", given=untested)


@dataclass(frozen=True, slots=True)
class _Error:
    """An error that a cell showed: its type and message, its traceback, the cell's own text, and the Python."""

    kind: str
    message: str
    trace: str
    source: str
    python: str


def _module_of(error: _Error) -> str:
    """Return the module or package that could not be imported; empty for any other error."""
    if error.kind not in {"ModuleNotFoundError", "ImportError"}:
        return ""
    named = _NO_MODULE.search(error.message) or _OPTIONAL.search(error.message)
    return next(g for g in named.groups() if g).partition(".")[0] if named else ""


def _import_text(error: _Error, folder: Path) -> str | None:
    if error.kind not in {"ModuleNotFoundError", "ImportError"}:
        return None
    name = _module_of(error)
    if not name:
        return f"{one_line(error.message, _MAX_SHOWN)}. {_install('the package that it names', error.python)}"
    package = _DISTRIBUTIONS.get(name, name)
    text = f"the module {name!r} is not there. {_install(package, error.python)}"
    return f"{text} If it is a file of the course's own, put {name}.py into {folder}/."


def _network_text(error: _Error, folder: Path) -> str | None:
    if not (_NETWORK.search(f"{error.kind}: {error.message}") or error.kind.endswith("ConnectionError")):
        return None
    address = _URL.search(error.message) or _URL.search(error.source)
    what = one_line(address[0], 200) if address else "an address in the network"
    fetched = f"Put what it fetches into {folder}/ and read it from there."
    return f"it connects to {what}, and notebooks have no network here. {fetched}"


def _program_text(error: _Error, _: Path) -> str | None:
    if error.kind == "NotRunHere":
        return _program(error.message.partition(" was not run")[0])
    started = error.kind in {"FileNotFoundError", "PermissionError"} and "subprocess" in error.trace
    if not (started and _STARTS_PROGRAMS.search(error.source)):
        return None
    path = _PATH.search(error.message)
    return _program(path[1] if path else "the cell")


def _file_text(error: _Error, folder: Path) -> str | None:
    path = _NO_FILE.search(error.message) if error.kind in {"FileNotFoundError", "PermissionError"} else None
    return _no_file(path[1] or path[2], folder) if path else None


def _variable_text(error: _Error, _: Path) -> str | None:
    found = _VARIABLE.match(error.message) if error.kind == "KeyError" else None
    if found is None or not ("environ" in error.source or "environ" in error.trace):
        return None
    name = found[1] or found[2]
    setting = f"c.InNotebook.environment = {{{name!r}: 'VALUE'}}"
    return f"the environment variable {name} is not set. Name it in nbgrader_config.py: {setting}."


def _corpus_text(error: _Error, folder: Path) -> str | None:
    if error.kind != "LookupError" or "nltk" not in error.message.lower():
        return None
    return f"{one_line(error.message, _MAX_SHOWN)}. Put these data into {folder}/."


_TEXTS = (_import_text, _network_text, _program_text, _file_text, _variable_text, _corpus_text)


def _install(package: str, python: str) -> str:
    return f"Install it where the notebooks run: {python} -m pip install {package}."


def _program(what: str) -> str:
    return (
        f"`{one_line(what, 120)}` starts a program, which is refused here. If the notebooks need it, write "
        "c.InNotebook.kernels = True into nbgrader_config.py."
    )


def _no_file(path: str, folder: Path) -> str:
    shown = one_line(path, 200)
    if path.startswith("/") and os.path.exists(path) and not os.stat(path).st_mode & stat.S_IROTH:
        return f"{shown} may not be read: notebooks run as another user. Let others read it: chmod -R o+rX."
    if path.startswith(_OF_THE_SYSTEM):
        return f"{shown} is hidden from notebooks: it tells about the machine and other processes."
    if path.startswith("/"):
        parent = one_line(str(PurePosixPath(path).parent), 200)
        return f"{shown} is hidden from notebooks. Write c.InNotebook.readable = [{parent!r}] into nbgrader_config.py."
    return f"the file {shown!r} is not there. Put it into {folder}/."


def _written_modules(notebook: NotebookNode) -> frozenset[str]:
    """Return the modules that the notebook writes itself."""
    texts = (c.source for c in notebook.cells if c.cell_type == "code")
    found = [m for text in texts for m in _WRITES_MODULE.finditer(text)]
    return frozenset((m[1] or m[2]).partition("/")[0] for m in found)
