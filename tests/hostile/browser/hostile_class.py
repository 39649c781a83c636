"""A class of hostile students, graded for real, and nbgrader's own server over it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import Request, urlopen

import nbformat
from hostile.browser.payloads import ALL, LIVE, MARKDOWN, TEXTS, cells, live_outputs, program
from tiny_course import SOLUTION, TOML, TinyCourse, cell, make_tiny_course

from autograder.authoring.release import release
from autograder.batch import BatchOptions, BatchReport, SilentProgress, grade_batch
from autograder.course.assignment import load_assignment
from autograder.course.layout import Course

__all__ = [
    "BROKEN",
    "CONTROL",
    "EVE",
    "FOREIGN",
    "NAMED",
    "HostileClass",
    "Server",
    "make_hostile_class",
    "nbgrader_feedback",
    "serve",
]

#: Hostile ids that a folder may have; no folder may have `NAMED`, so only nbgrader itself knows it.
EVE = "eve {{7*7}} ${x} 'y' javascript:__canary(1)"
BROKEN = "javascript:__canary(2)"
FOREIGN = "f" + "W" * 40
CONTROL = "control"
NAMED = "<img src=x: onerror=__canary('student')>"

TOKEN = "only-for-this-test"

CHECKS = {
    "test_1_double.py": f'''
"""Every answer and every error of a hostile function comes by."""
import pytest
from autograder.checks import close

pytestmark = pytest.mark.exercise("double")

@pytest.mark.parametrize("k", range({2 * len(ALL)}))
def test_doubles(student, reference, k):
    """The answer is twice the number."""
    close(student.double(float(k)), reference.double(float(k)), "the double")
''',
    "test_2_counter.py": '''
import pytest
from autograder.checks import fail

pytestmark = pytest.mark.exercise("Counter")

def test_is_made(student):
    """A counter can be made."""
    answer = student.Counter(0)
    if "Counter" not in getattr(answer, "label", type(answer).__name__):
        fail(f"This is {answer!r} and no counter.")
''',
}

#: Put after the program that unpacks the texts: each call first raises the next text, in every part of an error, and
#: then answers with it.
DOUBLE = """
for _text in TEXTS:
    globals()[_text] = _text
def double(x):
    text = TEXTS[int(x) % len(TEXTS)]
    if int(x) >= len(TEXTS):
        return text
    def trap():
        raise type(text, (Exception,), {"__module__": text, "__qualname__": text})(text)
    trap.__code__ = trap.__code__.replace(co_name=text, co_filename=text)
    trap()
"""


@dataclass(frozen=True)
class HostileClass:
    """The course after grading, what the grader printed, and the folder for nbgrader's own feedback."""

    tiny: TinyCourse
    report: BatchReport

    @property
    def root(self) -> Path:
        """The course's folder."""
        return self.tiny.root

    def feedback(self, student: str) -> Path:
        """Return our page for a student."""
        return self.root / "feedback" / student / "tiny" / "tiny.html"

    def autograded(self, student: str) -> Path:
        """Return the notebook that formgrader shows."""
        return self.root / "autograded" / student / "tiny" / "tiny.ipynb"

    def class_report(self) -> Path:
        """Return the class report."""
        return next((self.root / "results").rglob("*.html"))


def make_hostile_class(root: Path) -> HostileClass:
    """Hand in, grade, and put a notebook beside the others that was not made harmless."""
    tiny = _course(root)
    tiny.hand_in(EVE, _eve(tiny))
    tiny.hand_in(BROKEN, _broken(tiny))
    tiny.hand_in(FOREIGN, _foreign(tiny))
    tiny.hand_in(CONTROL, tiny.solved())
    report = grade_batch(
        tiny.engine,
        BatchOptions(jobs=2, device="cpu", seed=7, min_tier="B"),
        SilentProgress(),
    )
    made = HostileClass(tiny, report)
    _spoil(made)
    return made


def _course(root: Path) -> TinyCourse:
    tiny = make_tiny_course(root)
    secret, public = root / "solutions" / "tiny", root / "assignments" / "tiny"
    for name, source in CHECKS.items():
        (secret / "checks" / name).write_text(source, encoding="utf-8")
    (secret / "solution.py").write_text(SOLUTION, encoding="utf-8")
    text = TOML
    # A public example's exception is no secret, so a page may quote all of it.
    for name, example in (("double", "double(0)"), ("Counter", "Counter(1)")):
        text = text.replace(f'id = "{name}"\n', f'id = "{name}"\nexample = """\n{example}\n"""\n')
    (public / "assignment.toml").write_text(text, encoding="utf-8")
    (root / "nbgrader_config.py").write_text(
        "c = get_config()\nimport os\nc.CourseDirectory.root = os.path.dirname(os.path.abspath(__file__))\n",
        encoding="utf-8",
    )
    tiny = TinyCourse(Course(root), load_assignment(root, "tiny"))
    release(tiny.course, tiny.assignment)
    return tiny


def _eve(tiny: TinyCourse) -> dict[str, Any]:
    """Everything at once: answers, errors, outputs, prose between the cells, metadata."""
    notebook = tiny.solved()
    cell(notebook, "double")["source"] = program() + DOUBLE
    name = TEXTS["img-onerror"]
    cell(notebook, "Counter")["source"] = f"Counter = type({name!r}, (), {{'__init__': lambda self, k: None}})"
    cell(notebook, "q_why")["source"] = "\n\n".join(ALL.values())
    end = len(notebook["cells"]) - 2
    notebook["cells"][end:end] = [
        _code("raise type(TEXTS[0], (Exception,), {})(chr(10).join(TEXTS))  # " + TEXTS["script"]),
        _code("%%html\n" + TEXTS["script"]),
        _code("%%javascript\n__canary('magic')"),
        _code("# " + "\n# ".join(t[:200] for t in TEXTS.values()).replace("\r", " ")),
    ]
    notebook["cells"] += [*cells(), *cells("raw")]
    for spot in ("title", "authors", "language_info", "kernelspec", "widgets", "celltoolbar", name):
        notebook["metadata"][spot] = name
    notebook["metadata"]["kernelspec"] = {"name": name, "display_name": name, "language": name}
    notebook["metadata"]["language_info"] = {"name": name, "pygments_lexer": "html", "codemirror_mode": name}
    notebook["metadata"]["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": {"x": TEXTS["script"]}}}
    return notebook


def _broken(tiny: TinyCourse) -> dict[str, Any]:
    """Return a notebook in which each exercise's own cell ends in an error whose line is hostile too."""
    notebook = tiny.solved()
    for number, identifier in enumerate(("double", "Counter")):
        text = [*ALL.values()][number]
        line = f"raise type({text!r}, (Exception,), {{}})({text!r})  # {text}"
        cell(notebook, identifier)["source"] = line
    cell(notebook, "q_why").update(source="\n\n".join(ALL.values()), cell_type="raw")
    return notebook


def _foreign(tiny: TinyCourse) -> dict[str, Any]:
    """Return a notebook of another assignment, so that the reason of its rejection has its ids."""
    notebook = tiny.template()
    for number, found in enumerate(notebook["cells"]):
        found["source"] = f"Step {number} of something else"
        found["metadata"] = {"nbgrader": {"grade_id": TEXTS["img-onerror"], "schema_version": 3}}
    return notebook


def _code(source: str) -> dict[str, Any]:
    return {"cell_type": "code", "id": "y", "metadata": {}, "source": source, "outputs": [], "execution_count": None}


def _spoil(made: HostileClass) -> None:
    """Give nbgrader what our code has not changed: a live notebook, and a student with a live id."""
    from nbgrader.api import Gradebook

    target = made.autograded(CONTROL)
    notebook = nbformat.read(target, as_version=4)
    notebook.cells += [nbformat.v4.new_markdown_cell(TEXTS[name]) for name in LIVE]
    notebook.cells += [nbformat.v4.new_markdown_cell(MARKDOWN[name]) for name in ("md-image", "md-link")]
    shown = nbformat.v4.new_code_cell("1", outputs=[nbformat.from_dict(output) for output in live_outputs()])
    notebook.cells.append(shown)
    target.chmod(0o644)
    nbformat.write(notebook, target)
    named = made.autograded(NAMED)
    named.parent.mkdir(parents=True)
    nbformat.write(nbformat.read(made.autograded(BROKEN), as_version=4), named)
    gradebook = Gradebook(f"sqlite:///{made.root / 'gradebook.db'}")
    gradebook.update_or_create_student(NAMED)
    with warnings.catch_warnings():
        # SQLAlchemy warns about how nbgrader makes its rows.
        warnings.simplefilter("ignore")
        gradebook.update_or_create_submission("tiny", NAMED)
    # A comment that was not escaped.
    comment = gradebook.find_comment("double", "tiny", "tiny", CONTROL)
    comment.manual_comment = TEXTS["img-onerror"]
    gradebook.db.commit()
    gradebook.close()


def nbgrader_feedback(made: HostileClass, folder: str) -> dict[str, Path]:
    """Let nbgrader write its own feedback, into a folder beside ours; return the page of each student."""
    from nbgrader.converters import GenerateFeedback
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config import Config

    config = Config()
    config.CourseDirectory.root = str(made.root)
    config.CourseDirectory.assignment_id = "tiny"
    config.CourseDirectory.feedback_directory = folder
    config.CourseDirectory.student_id_exclude = NAMED
    coursedir = CourseDirectory(config=config)
    GenerateFeedback(coursedir=coursedir, config=config).start()
    return {page.parent.parent.name: page for page in (made.root / folder).rglob("tiny.html")}


@dataclass(frozen=True)
class Server:
    """A Jupyter server with nbgrader's formgrader on the loopback interface."""

    url: str
    key: str = TOKEN

    def page(self, path: str) -> str:
        """Return an address within formgrader."""
        return f"{self.url}formgrader/{quote(path)}"

    def submissions(self) -> dict[str, str]:
        """Return the address of each student's submission, by student."""
        request = Request(f"{self.url}formgrader/api/submitted_notebooks/tiny/tiny?token={TOKEN}")
        with urlopen(request, timeout=20) as answer:
            found = json.load(answer)
        return {row["student"]: self.page(f"submissions/{row['id']}/") for row in found if row["id"]}


@contextmanager
def serve(root: Path, private: Path) -> Iterator[Server]:
    """Run a server whose own files lie in `private`."""
    private.mkdir()
    places = {n: str(private) for n in ("HOME", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")}
    scripts = os.path.dirname(sys.executable)
    environment = {**os.environ, **places, "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}"}
    command = [sys.executable, "-m", "jupyter_server", "--no-browser", "--ServerApp.port=0", "--ServerApp.ip=127.0.0.1"]
    command += [f"--ServerApp.root_dir={root}", f"--IdentityProvider.token={TOKEN}", "--allow-root"]
    command += ["--ServerApp.jpserver_extensions={'nbgrader.server_extensions.formgrader': True}"]
    with (private / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=root, env=environment, stdout=log, stderr=log)
    try:
        yield Server(_address(process, private))
    finally:
        process.terminate()
        process.wait(20)


def _address(process: subprocess.Popen[bytes], private: Path) -> str:
    """Wait until the server answers, and return its address."""
    deadline = time.monotonic() + 60
    file = private / f"jpserver-{process.pid}.json"
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(OSError, ValueError):
            url = str(json.loads(file.read_text(encoding="utf-8"))["url"])
            with suppress(URLError), urlopen(f"{url}api?token={TOKEN}", timeout=5):
                return url
        time.sleep(0.1)
    message = f"The server did not start:\n{(private / 'log').read_text(encoding='utf-8')[-3000:]}"
    raise RuntimeError(message)
