"""nbgrader's formgrader on a real Jupyter server, in the instructor's session, with the notebooks that we write."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from gradebooks import gradebook
from hostile.browser.hostile_class import BROKEN, CONTROL, EVE, FOREIGN, NAMED, HostileClass, Server
from hostile.browser.payloads import ALL
from hostile.browser.visits import Visit, mathjax_files, visit

from autograder.batch import BatchOptions, SilentProgress, grade_batch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

#: Elements that formgrader itself puts into a cell: fields for scores and comments.
FIELDS = ".scoring-buttons button, input.score, input.extra-credit, textarea.comment, input[type=checkbox][disabled]"


def own_files(server: Server) -> Callable[[str], bool]:
    """Allow the files of formgrader's pages, and its requests for grades."""
    allowed = tuple(f"{server.url}formgrader/{part}/" for part in ("static", "api"))
    return lambda url: url.startswith(allowed) or url == f"{server.url}favicon.ico"


@pytest.fixture(scope="module")
def eve(browser: Browser, server: Server) -> Iterator[Visit]:
    """The grading page of the most hostile notebook; it is long, so it is opened once."""
    with visit(browser, server.submissions()[EVE], own_files(server), key=server.key) as page:
        yield page


def comments(page: Visit) -> str:
    """Return what formgrader shows in its fields for comments, after it has requested it."""
    shown = "[...document.querySelectorAll('textarea.comment')].map(t => t.placeholder + t.value).join(' ')"
    page.page.wait_for_function(f"{shown}.includes('A counter can be made')")
    return str(page.page.evaluate(shown))


def test_the_grading_page_does_nothing_of_its_own(eve: Visit) -> None:
    """Text, outputs, pictures, formulas and comments of a hostile notebook stay text, in the box of their cell."""
    assert "__canary" in comments(eve).replace("\\_", "_")
    assert eve.acted() == []
    assert eve.sweep("#notebook-container", ".cell", FIELDS) == []
    assert eve.acted() == []


def test_errors_at_the_definition_do_nothing_there(browser: Browser, server: Server) -> None:
    """Tracebacks, and an answer that was turned into a raw cell."""
    with visit(browser, server.submissions()[BROKEN], own_files(server), key=server.key) as page:
        assert "__canary" in comments(page).replace("\\_", "_")
        assert page.acted() == []
        assert page.sweep("#notebook-container", ".cell", FIELDS) == []


def test_the_grading_page_shows_the_students_text(eve: Visit) -> None:
    """A grader can read every answer: each payload's own call, or address, stands in the page as text."""
    text = eve.text("#notebook-container").replace("\u200b", "")
    missing = [n for n in ALL if f"__canary('{n}')" not in text and f"leak.invalid/{n}" not in text]
    assert missing == []


def test_formulas_are_set_and_only_such(browser: Browser, server: Server, eve: Visit) -> None:
    """The real MathJax has read the page, and typesets only formulas."""
    if mathjax_files() is None:
        pytest.skip("neither libjs-mathjax nor jupyter-server-mathjax is installed")
    with visit(browser, server.submissions()[CONTROL], own_files(server), key=server.key) as page:
        raw = page.page.locator(".mjx-chtml, .MathJax").count()
    assert raw > 0
    sources = eve.page.eval_on_selector_all("script[type^='math/']", "found => found.map(s => s.text)")
    assert sources
    assert not [s for s in sources if "\\href" in s or "\\def" in s or "\\rule" in s]


@pytest.mark.parametrize(
    "path",
    [
        "manage_assignments",
        "manage_submissions/tiny",
        "manage_students",
        f"manage_students/{EVE}",
        f"manage_students/{BROKEN}",
        f"manage_students/{EVE}/tiny",
        "gradebook",
        "gradebook/tiny",
        "gradebook/tiny/tiny",
    ],
)
def test_the_tables_do_nothing_of_their_own(browser: Browser, server: Server, path: str) -> None:
    """Ids of students stand in most of them."""
    with visit(browser, server.page(path), own_files(server), key=server.key) as page:
        page.page.wait_for_function("!document.querySelector('#main-table').textContent.includes('Loading')")
        assert page.acted() == []
        text = page.text()
    if path in {"manage_students", "manage_submissions/tiny"}:
        assert EVE in text
        assert BROKEN in text
        assert FOREIGN in text


def test_a_raw_notebook_is_live_in_the_grading_page(browser: Browser, server: Server) -> None:
    """The same text and outputs, put into an autograded notebook as they came, act in the instructor's session."""
    with visit(browser, server.submissions()[CONTROL], own_files(server), key=server.key) as page:
        assert page.fires("script", "img-onerror", "svg-onload", "details", "javascript")
        assert {f"GET http://leak.invalid/{name}" for name in ("img-address", "md-image", "style-import")} <= page.leaks


def test_an_id_with_a_tag_in_it_is_live_in_the_grading_page(browser: Browser, server: Server) -> None:
    """So a folder with such a name is refused before anything is graded."""
    with visit(browser, server.submissions()[NAMED], own_files(server), key=server.key) as page:
        assert page.fires("student")


# -- what a person enters there --------------------------------------------------------------------------------

COMMENT = "Look at *this* again,\n\nEve: 1 < 2 & <b>bold</b>"


@dataclass(frozen=True)
class Entered:
    """The values in formgrader's fields of one cell: the automatic score, and a person's score."""

    automatic: str
    by_hand: str


@contextmanager
def grading(browser: Browser, server: Server) -> Iterator[Visit]:
    """Open the page of the most hostile notebook, to grade it."""
    grades = tuple(f"{server.url}formgrader/api/{kind}/" for kind in ("grade", "comment"))
    allowed, address = own_files(server), server.submissions()[EVE]
    with visit(browser, address, allowed, key=server.key, may_write=lambda url: url.startswith(grades)) as page:
        comments(page)
        yield page


def fields(page: Visit) -> dict[str, Entered]:
    """Return what the fields for scores show, after the page has requested it, by cell."""
    page.page.wait_for_function("document.querySelector('#test_double').placeholder !== ''")
    shown = page.page.eval_on_selector_all("input.score", "all => all.map(i => [i.id, i.placeholder, i.value])")
    return {identifier: Entered(automatic, by_hand) for identifier, automatic, by_hand in shown}


def enter(page: Visit, selector: str, text: str) -> None:
    """Type something into a field, leave it, and wait until the server has it."""
    with page.page.expect_response(lambda answer: answer.request.method == "PUT") as answer:
        page.page.locator(selector).click()
        page.page.keyboard.insert_text(text)
        page.page.keyboard.press("Tab")
    assert answer.value.ok


def regrade(hostile_class: HostileClass, *, force: bool) -> None:
    """Grade again: everybody, or only one student by force."""
    tiny = hostile_class.tiny
    options = BatchOptions(students=(EVE,), jobs=1, device="cpu", min_tier="B", force=force)
    report = grade_batch(tiny.engine, options, SilentProgress())
    assert report.unchanged == (0 if force else 1)


def result(hostile_class: HostileClass, student: str) -> dict[str, Any]:
    """Return a student's result."""
    path = hostile_class.root / "results" / "tiny" / f"{student}.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def test_the_tables_show_what_we_wrote(browser: Browser, server: Server, hostile_class: HostileClass) -> None:
    """The number of submissions, each one's time, state and points, and the cells that wait for a person."""
    with visit(browser, server.page("manage_assignments"), own_files(server), key=server.key) as page:
        row = page.page.locator("#main-table tr", has_text="tiny")
        row.wait_for()
        assert "4" in row.inner_text().split()
    with visit(browser, server.page("manage_submissions/tiny"), own_files(server), key=server.key) as page:
        for student in (EVE, BROKEN):
            row = page.page.locator("#main-table tr", has_text=student)
            row.wait_for()
            score = result(hostile_class, student)["score"]
            assert "needs manual grading" in row.inner_text()
            assert f"{score:g} / 6" in row.inner_text()


def test_each_cell_shows_its_points_and_why(browser: Browser, server: Server, hostile_class: HostileClass) -> None:
    """The automatic score stands in the field, our comment below the answer, every check in the test cell's output."""
    exercises = {e["id"]: e for e in result(hostile_class, EVE)["exercises"]}
    with grading(browser, server) as page:
        shown = fields(page)
        assert shown.keys() == {"test_double", "test_Counter", "q_why"}
        for identifier, exercise in exercises.items():
            assert float(shown[f"test_{identifier}"].automatic) == pytest.approx(exercise["score"])
            cell = page.page.locator(".cell", has=page.page.locator(f"#test_{identifier}"))
            output = cell.inner_text()
            assert "Hidden checks: " in output
            assert all(check["title"].split("(")[0].rstrip(". ") in output for check in exercise["checks"])
        assert shown["q_why"].automatic == ""
        # The whole comment is seen: formgrader's field grows with it.
        box = page.page.locator("#Counter-comment")
        assert box.evaluate("t => t.scrollHeight <= t.clientHeight + 2")
        assert page.acted() == []


def test_what_is_entered_survives_a_regrade(browser: Browser, server: Server, hostile_class: HostileClass) -> None:
    """Points and a comment typed into formgrader stay, also by force; both feedback pages have them, as text."""
    with grading(browser, server) as page:
        before = fields(page)
        enter(page, "#test_Counter", "1.5")
        enter(page, "#q_why", "1")
        enter(page, "#double-comment", COMMENT)
        assert page.acted() == []
    for force in (False, True):
        regrade(hostile_class, force=force)
        ours = hostile_class.feedback(EVE)
        assert "Your instructor gave 1.5 points; the automatic checks gave " in ours.read_text(encoding="utf-8")
        with visit(browser, ours.as_uri(), lambda _: False) as page:
            assert " ".join(COMMENT.split()) in page.text("main")
            assert page.acted() == []
    with grading(browser, server) as page:
        after = fields(page)
        assert {n: f.automatic for n, f in after.items()} == {n: f.automatic for n, f in before.items()}
        assert {n: f.by_hand for n, f in after.items()} == {"test_double": "", "test_Counter": "1.5", "q_why": "1"}
        assert page.page.locator("#double-comment").input_value() == COMMENT
        assert page.acted() == []
    with gradebook(hostile_class.tiny) as opened:
        assert opened.find_grade("test_Counter", "tiny", "tiny", EVE).score == 1.5
        assert opened.find_comment("double", "tiny", "tiny", EVE).auto_comment
