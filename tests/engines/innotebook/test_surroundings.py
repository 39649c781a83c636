"""Directories, modules and variables of a course's own environment, and what stays hidden in them."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from nbgrader_samples import Sample, exercise, make_course

from autograder.batch import BatchOptions, SilentProgress, grade_batch
from autograder.course.gradebook.directories import Directories
from autograder.course.layout import Course
from autograder.engines.innotebook.settings import read_settings
from autograder.engines.innotebook.surroundings import readable_paths
from autograder.engines.registry import open_engine
from autograder.errors import CourseError
from autograder.sandbox import probe as probing
from autograder.sandbox.spec import Tier

SLUG = "ps"
TESTS = [
    "assert open(f'{SRV}/data/set.csv').read() == 'numbers'",
    "import course_helpers\nassert course_helpers.VALUE == 42",
    "import os\nassert os.environ['COURSE_LEVEL'] == '3' and os.environ['COURSE_NAME'] == 'named'",
    """import os
def seen(path):
    try:
        return bool(os.listdir(path) if os.path.isdir(path) else open(path).read())
    except OSError:
        return False
hidden = ['course/gradebook.db', 'course/source/ps/p.ipynb', 'course/solutions']
hidden += ['grades.db', 'elsewhere', 'link/source']
assert not [p for p in hidden if seen(f'{SRV}/{p}')], [p for p in hidden if seen(f'{SRV}/{p}')]""",
]


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Make a folder that every user may enter, as `/srv` is."""
    with tempfile.TemporaryDirectory() as made:
        os.chmod(made, 0o755)
        yield Path(made)


@pytest.mark.full
@pytest.mark.sandbox
@pytest.mark.parametrize("tier", [Tier.A, pytest.param(Tier.B, marks=pytest.mark.full)])
def test_a_course_names_what_its_notebooks_find(tier: Tier, open_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Data and modules outside the course, and variables; everything secret stays hidden."""
    tmp_path = open_folder
    monkeypatch.setattr(probing, "probe", lambda: probing.ProbeResult(tier, ()))
    root = tmp_path / "course"
    files = {
        "data/set.csv": "numbers",
        "modules/course_helpers.py": "VALUE = 42",
        "course/solutions/x/key.py": "secret",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "link").symlink_to(root)
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path / 'modules'}:{root / 'solutions' / 'x'}")
    monkeypatch.setenv("COURSE_NAME", "named")
    config = (
        f"c.CourseDirectory.db_url = 'sqlite:///{tmp_path}/grades.db'\n"
        f"c.CourseDirectory.submitted_directory = {str(tmp_path / 'elsewhere')!r}\n"
        f"c.InNotebook.readable = [{str(tmp_path)!r}, {str(root / 'solutions')!r}]\n"
        "import os\n"
        "c.InNotebook.environment = {'COURSE_LEVEL': '3', 'COURSE_NAME': os.environ['COURSE_NAME']}\n"
    )
    solved = exercise(f"SRV = {str(tmp_path)!r}", TESTS)
    make_course(root, SLUG, [Sample("p", solved, {})], config)
    there = tmp_path / "elsewhere" / "a" / SLUG
    there.mkdir(parents=True)
    (there / "p.ipynb").write_bytes((root / "source" / SLUG / "p.ipynb").read_bytes())
    report = grade_batch(open_engine(Course(root), SLUG), BatchOptions(jobs=1), SilentProgress())
    (grade,) = report.grades
    assert [(float(e.score), [c.message for c in e.checks]) for e in grade.exercises] == [(2, [""])] * 4
    assert report.preflight == ()


def test_what_is_named_twice_is_secret_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A directory below a secret one, also under another name, cannot be read, even if the course names it."""
    secret = tmp_path / "solutions"
    (secret / "deep").mkdir(parents=True)
    (tmp_path / "link").symlink_to(secret / "deep")
    (tmp_path / "free").mkdir()
    monkeypatch.setenv("PYTHONPATH", str(secret))
    names = [secret, secret / "deep", tmp_path / "link", tmp_path / "free"]
    found = readable_paths(names, [secret])
    assert tmp_path / "free" in found
    assert not [p for p in found if p.resolve().is_relative_to(secret)]


def test_variables_that_cannot_be_had_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable that is not set here, and one that decides how workers are set up."""
    monkeypatch.delenv("NO_SUCH_VARIABLE", raising=False)
    for setting, word in (("['NO_SUCH_VARIABLE']", "NO_SUCH_VARIABLE is not set"), ("{'HOME': '/'}", "HOME is set by")):
        text = f"c = get_config()\nc.InNotebook.environment = {setting}\n"
        (tmp_path / "nbgrader_config.py").write_text(text, encoding="utf-8")
        with pytest.raises(CourseError, match=word):
            read_settings(Directories(Course(tmp_path)))
