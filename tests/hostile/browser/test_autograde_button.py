"""Formgrader's *Autograde* on an assignment of ours grades in the sandbox, and writes our scores again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from gradebooks import gradebook
from hostile.browser.hostile_class import Server, serve
from tiny_course import TinyCourse, cell, make_tiny_course

from autograder.authoring.release import release
from autograder.batch import BatchOptions, SilentProgress, grade_batch
from autograder.cli.outcome import advice_for_formgrader
from autograder.course.formgrader import SETTING

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def tiny(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> TinyCourse:
    """A graded class of two; without confinement, one of them would write outside its directory and die."""
    tiny = make_tiny_course(tmp_path_factory.mktemp("button") / "course")
    tiny.add_checks()
    (tiny.root / "nbgrader_config.py").write_text(f"c = get_config()\n{SETTING}\n", encoding="utf-8")
    release(tiny.course, tiny.assignment)
    tiny.hand_in("ada", tiny.solved())
    escaping = tiny.solved()
    mark = f"try:\n    open({str(tiny.root / 'escaped')!r}, 'w').write('x')\nexcept OSError:\n    pass\n"
    cell(escaping, "double")["source"] = mark + "def double(x):\n    return 2 * x"
    tiny.hand_in("eve", escaping)
    grade_batch(tiny.engine, BatchOptions(jobs=1), SilentProgress())
    return tiny


@pytest.fixture(scope="module")
def server(tiny: TinyCourse, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A Jupyter server with formgrader over that class."""
    with serve(tiny.root, tmp_path_factory.mktemp("jupyter") / "private") as started:
        yield started


def pressed(browser: Browser, server: Server, student: str) -> str:
    """Press the button of a student; return formgrader's answer."""
    page = browser.new_page(extra_http_headers={"Authorization": f"token {server.key}"})
    try:
        page.goto(server.page("manage_submissions/tiny"))
        row = page.locator("tr", has_text=student)
        row.locator(".autograde a").click()
        modal = page.locator(".modal.in, .modal.show")
        modal.wait_for(timeout=120_000)
        return modal.inner_text()
    finally:
        page.close()


def scores(tiny: TinyCourse, student: str) -> list[float | None]:
    """Return the automatic scores of a student."""
    with gradebook(tiny) as opened:
        names = ("test_double", "test_Counter", "q_why")
        return [opened.find_grade(name, "tiny", "tiny", student).auto_score for name in names]


def test_the_button_grades_in_the_sandbox(browser: Browser, server: Server, tiny: TinyCourse) -> None:
    """Spoiled scores become ours again, and no student's code ran outside."""
    assert scores(tiny, "eve") == [2, 0, None]
    with gradebook(tiny) as opened:
        opened.find_grade("test_double", "tiny", "tiny", "eve").auto_score = 0.0
        opened.db.commit()
    said = pressed(browser, server, "eve")
    assert "Successfully autograded" in said
    assert "Graded by autograder" in said
    assert scores(tiny, "eve") == [2, 0, None]
    assert not (tiny.root / "escaped").exists()
    assert (tiny.root / "autograded" / "eve" / "tiny" / "tiny.ipynb").is_file()
    assert scores(tiny, "ada") == [2, 0, None]


def test_a_refusal_says_why_and_takes_nothing_away(browser: Browser, server: Server, tiny: TinyCourse) -> None:
    """If our command cannot grade, formgrader shows its reason, and everything that was there stays."""
    checks = tiny.assignment.checks_dir / "test_tiny.py"
    text = checks.read_text(encoding="utf-8")
    checks.write_text("this is no Python\n", encoding="utf-8")
    try:
        said = pressed(browser, server, "ada")
    finally:
        checks.write_text(text, encoding="utf-8")
    assert "There was an error autograding" in said
    assert "test_tiny.py" in said
    assert (tiny.root / "autograded" / "ada" / "tiny" / "tiny.ipynb").is_file()
    assert scores(tiny, "ada") == [2, 0, None]


def test_a_course_without_the_line_is_told(tiny: TinyCourse, tmp_path: Path) -> None:
    """`grade` says which line makes the button call it."""
    assert advice_for_formgrader(tiny.course) == ""
    bare = make_tiny_course(tmp_path / "bare")
    assert SETTING in advice_for_formgrader(bare.course)
