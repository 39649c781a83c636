"""What a person grades in formgrader: pictures beside the notebook, a deleted test, tests by their text."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hostile.browser.hostile_class import Server, serve
from nbgrader_samples import Sample, code, make_course, notebook_of

from autograder.batch import BatchOptions, BatchReport, SilentProgress, grade_batch
from autograder.course.layout import Course
from autograder.engines.registry import open_engine
from autograder.verdict import ExerciseResult

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

SLUG = "tiny"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
NUMBERED = "cell-0123456789abcdef"
TEST = "# The double of one is two\nassert f(1) == 2\n### BEGIN HIDDEN TESTS\nassert f(7) == 14\n### END HIDDEN TESTS"
ANSWER = "See ![photo](my%20photo.png), <img width='9' src='sub/second.jpg'> and ![no](evil.svg)"


def markdown(source: str, name: str, *, solution: bool) -> dict[str, Any]:
    """Return a question that a person grades, or the course's own text."""
    cell = code(source, name, points=2 if solution else None, solution=solution)
    cell["cell_type"] = cell["metadata"]["nbgrader"]["cell_type"] = "markdown"
    cell["metadata"]["nbgrader"]["locked"] = not solution
    del cell["outputs"], cell["execution_count"]
    return cell


def notebook(function: str, answer: str, *, deleted: bool = False) -> dict[str, Any]:
    """Return the assignment with answers."""
    cells = [
        markdown("Look at ![figure](fig.png).", "question", solution=False),
        markdown(answer, "answer", solution=True),
        code(function, "f", solution=True),
        code(TEST, NUMBERED, points=2),
    ]
    return notebook_of(cells[:-1] if deleted else cells)


@pytest.fixture(scope="module")
def graded(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, BatchReport]:
    """A class of two: one with pictures and a deleted test, one with wrong work."""
    root = tmp_path_factory.mktemp("pictures") / "course"
    right, wrong = "def f(x):\n    return 2 * x", "def f(x):\n    return 3 * x"
    solved = notebook(f"### BEGIN SOLUTION\n{right}\n### END SOLUTION", "### BEGIN SOLUTION\nx\n### END SOLUTION")
    handed_in = {"ada": notebook(right, ANSWER, deleted=True), "bob": notebook(wrong, "Because.")}
    make_course(root, SLUG, [Sample("tiny", solved, handed_in)])
    (root / "source" / SLUG / "fig.png").write_bytes(PNG)
    there = root / "submitted" / "ada" / SLUG
    (there / "sub").mkdir()
    for name, content in {
        "my photo.png": PNG,
        "sub/second.jpg": b"\xff\xd8 no picture",
        "notes.pdf": b"%PDF-1.4",
    }.items():
        (there / name).write_bytes(content)
    (there / "evil.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", encoding="utf-8")
    return root, grade_batch(open_engine(Course(root), SLUG), BatchOptions(jobs=1), SilentProgress())


@pytest.fixture(scope="module")
def server(graded: tuple[Path, BatchReport], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A Jupyter server with formgrader over that class."""
    with serve(graded[0], tmp_path_factory.mktemp("jupyter") / "private") as started:
        yield started


def test_formgrader_shows_the_pictures(browser: Browser, server: Server, graded: tuple[Path, BatchReport]) -> None:
    """The course's figure from its file, a student's photo from the cell; an active file is not even beside."""
    page = browser.new_page(extra_http_headers={"Authorization": f"token {server.key}"})
    try:
        page.goto(server.submissions()["ada"], wait_until="load")
        images = "[...document.querySelectorAll('#notebook-container img')].map(i => [i.alt, i.naturalWidth])"
        assert page.evaluate(images) == [["figure", 1], ["photo", 1]]
        assert page.locator("input.score").count() == 2
    finally:
        page.close()
    folder = graded[0] / "autograded" / "ada" / SLUG
    assert sorted(p.name for p in folder.rglob("*") if p.is_file()) == [
        "fig.png", "my photo.png", "notes.pdf", "second.jpg", "tiny.ipynb",
    ]  # fmt: skip


def test_a_deleted_test_is_put_back_and_named_by_its_text(graded: tuple[Path, BatchReport]) -> None:
    """It runs and counts; a test without a message tells the failed condition, as far as students may see it."""
    _, report = graded
    results: dict[str, ExerciseResult] = {g.student: g.exercises[0] for g in report.grades}
    assert (results["ada"].id, float(results["ada"].score)) == (NUMBERED, 2)
    assert results["bob"].checks[0].message == "This does not hold: assert f(1) == 2"
    assert results["bob"].checks[0].title == "The test cell The double of one is two"
    page = (graded[0] / "feedback" / "bob" / SLUG / "tiny.html").read_text(encoding="utf-8")
    assert "This does not hold: assert f(1) == 2" in page
    assert "hidden inputs" not in page
    assert "f(7)" not in page
