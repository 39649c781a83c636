"""nbgrader's formgrader on a real Jupyter server, in the instructor's session, over what we write."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hostile.browser.hostile_class import ALL, BROKEN, CONTROL, EVE, FOREIGN, NAMED, Server
from hostile.browser.visits import mathjax_files, visit

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

#: What formgrader itself puts into a cell: fields for scores and comments.
FIELDS = ".scoring-buttons button, input.score, input.extra-credit, textarea.comment, input[type=checkbox][disabled]"


def own_files(server: Server) -> Callable[[str], bool]:
    """Allow what formgrader's pages are made of, and its questions about grades."""
    allowed = tuple(f"{server.url}formgrader/{part}/" for part in ("static", "api"))
    return lambda url: url.startswith(allowed) or url == f"{server.url}favicon.ico"


@pytest.mark.parametrize("student", [EVE, BROKEN])
def test_the_grading_page_does_nothing_of_its_own(browser: Browser, server: Server, student: str) -> None:
    """Text, outputs, pictures, formulas and comments of a hostile notebook stay text, in the box of their cell."""
    with visit(browser, server.submissions()[student], own_files(server), key=server.key) as page:
        assert page.acted() == []
        assert page.sweep("#notebook-container", ".cell", FIELDS) == []
        page.page.wait_for_function("[...document.querySelectorAll('textarea.comment')].some(t => t.value)")
        comments = page.page.eval_on_selector_all("textarea.comment", "found => found.map(t => t.value).join()")
        assert "raise" in comments


def test_the_grading_page_shows_the_student_s_text(browser: Browser, server: Server) -> None:
    """A grader can read every answer: each payload's own call stands in the page, as text."""
    with visit(browser, server.submissions()[EVE], own_files(server), key=server.key) as page:
        text = page.text("#notebook-container")
    for payload in ALL:
        name = payload.partition("__canary('")[2].partition("'")[0]
        assert f"__canary('{name}')" in text or f"leak.invalid/{name}" in text


def test_formulas_are_set_and_only_such(browser: Browser, server: Server) -> None:
    """The real MathJax has read the page, and what it was not to read is not set."""
    if mathjax_files() is None:
        pytest.skip("neither libjs-mathjax nor jupyter-server-mathjax is installed")
    with visit(browser, server.submissions()[CONTROL], own_files(server), key=server.key) as page:
        raw = page.page.locator(".mjx-chtml, .MathJax").count()
    assert raw > 0
    with visit(browser, server.submissions()[EVE], own_files(server), key=server.key) as page:
        sources = page.page.eval_on_selector_all("script[type^='math/']", "found => found.map(s => s.text)")
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
        assert {"script", "img-onerror", "svg-onload", "details", "javascript"} <= page.fired
        assert {f"GET http://leak.invalid/{name}" for name in ("img-address", "md-image", "style-import")} <= page.leaks
        page.page.locator("#notebook-container a", has_text="x").last.click(no_wait_after=True)
        page.page.wait_for_timeout(100)
        assert "md-link" in page.fired


def test_an_id_with_a_tag_in_it_is_live_in_the_grading_page(browser: Browser, server: Server) -> None:
    """That is why a folder with such a name is refused before anything is graded."""
    with visit(browser, server.submissions()[NAMED], own_files(server), key=server.key) as page:
        assert "student" in page.fired
