"""nbgrader's folders, as a course's configuration names them."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from tiny_course import TinyCourse

from autograder.course.gradebook.directories import Directories, put_scripts_on_path
from autograder.errors import CourseError

if TYPE_CHECKING:
    from pathlib import Path


def configure(tiny: TinyCourse, text: str) -> Directories:
    """Write nbgrader_config.py and read it."""
    (tiny.root / "nbgrader_config.py").write_text(f"c = get_config()\n{text}\n", encoding="utf-8")
    return Directories(tiny.course)


def test_without_configuration_the_folders_are_nbgraders(tiny: TinyCourse) -> None:
    """The defaults lie under the course, wherever the command was started."""
    directories = Directories(tiny.course)
    assert directories.submitted("ada", "tiny") == tiny.root / "submitted" / "ada" / "tiny"
    assert directories.autograded("ada", "tiny") == tiny.root / "autograded" / "ada" / "tiny"
    assert directories.feedback("ada", "tiny") == tiny.root / "feedback" / "ada" / "tiny"
    assert directories.release("tiny").resolve() == tiny.root / "release" / "tiny"
    assert directories.db_url == f"sqlite:///{tiny.root}/gradebook.db"


@pytest.mark.parametrize(
    "structure",
    [
        "{nbgrader_step}/{student_id}/{assignment_id}",
        "{nbgrader_step}/{assignment_id}/{student_id}",
        "{assignment_id}/{student_id}/{nbgrader_step}",
        "{nbgrader_step}/{assignment_id}-{student_id}-x",
        "[a]*/{nbgrader_step}/stu_{student_id}/{assignment_id}",
    ],
)
def test_hand_ins_are_found_in_any_structure(tiny: TinyCourse, structure: str) -> None:
    """The student's id is read out of the path, wherever it stands in it."""
    directories = configure(tiny, f"c.CourseDirectory.directory_structure = {structure!r}")
    for student in ("bob", "ada", "s-1.x"):
        folder = directories.submitted(student, "tiny")
        folder.mkdir(parents=True)
        (folder / "tiny.ipynb").write_text("{}", encoding="utf-8")
    found = directories.handins("tiny")
    assert [h.student for h in found] == ["ada", "bob", "s-1.x"]
    assert all(h.notebook is not None and h.notebook.is_file() for h in found)


def test_other_files_are_ignored_and_absent_notebooks_are_told(tiny: TinyCourse) -> None:
    """Hidden folders and stray files are no students; a folder without a notebook is a student."""
    tiny.hand_in("ada", {}).unlink()
    tiny.hand_in(".ipynb_checkpoints", {})
    (tiny.root / "submitted" / "notes.txt").write_text("x", encoding="utf-8")
    (tiny.root / "submitted" / "bob").mkdir()
    found = Directories(tiny.course).handins("tiny")
    assert [(h.student, h.notebook) for h in found] == [("ada", None)]
    assert Directories(tiny.course).handins("other") == []


def test_a_dangling_link_is_there(tiny: TinyCourse) -> None:
    """It is rejected with its reason, not called absent."""
    path = tiny.hand_in("ada", {})
    path.unlink()
    path.symlink_to("/nowhere")
    assert Directories(tiny.course).handins("tiny")[0].notebook == path


@pytest.mark.parametrize(
    "name",
    [
        b"line\nbreak",
        b"bad\xff",
        b"esc\x1b[0m",
        "r\u202etl".encode(),
        b"<img src=x onerror=alert(1)>",
        b"a&lt;b",
        b'";alert(1);"',
        b"a\\x22b",
    ],
)
def test_a_folder_whose_name_is_no_students_id_is_left_out_and_named(tiny: TinyCourse, name: bytes) -> None:
    """Its name cannot be written into the gradebook or a report; the rest of the class is graded."""
    tiny.hand_in("ada", {})
    os.makedirs(os.path.join(os.fsencode(tiny.root / "submitted"), name, b"tiny"))
    assert [h.student for h in Directories(tiny.course).handins("tiny")] == ["ada"]
    (named,) = Directories(tiny.course).unusable("tiny")
    assert named.isprintable()


def test_a_configuration_with_a_mistake_is_named(tiny: TinyCourse) -> None:
    """The message says which file and what is wrong."""
    with pytest.raises(CourseError, match=r"nbgrader_config\.py.*NameError"):
        configure(tiny, "nonsense")
    with pytest.raises(CourseError, match=r"nbgrader_config\.py"):
        configure(tiny, "c.CourseDirectory.root = 7")


def test_the_environments_programs_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """nbgrader calls alembic by name, and the environment need not be activated."""
    monkeypatch.setenv("PATH", "/usr/bin")
    put_scripts_on_path()
    put_scripts_on_path()
    assert os.environ["PATH"] == f"{os.path.dirname(sys.executable)}{os.pathsep}/usr/bin"


def test_importing_does_not_import_nbgrader(tmp_path: Path) -> None:
    """nbgrader takes a second to import, which `--help` and the judges must not pay."""
    code = (
        "import sys, autograder.course.gradebook.writer, autograder.authoring.release, autograder.course.notebook.read;"
        "assert not [m for m in sys.modules if m.startswith(('nbgrader', 'sqlalchemy'))]"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
