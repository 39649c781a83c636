"""nbgrader's formgrader on a real Jupyter server, in the instructor's session, over what we write."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hostile.browser.hostile_class import BROKEN, CONTROL, EVE, FOREIGN, NAMED, Server
from hostile.browser.payloads import ALL
from hostile.browser.visits import Visit, mathjax_files, visit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

#: What formgrader itself puts into a cell: fields for scores and comments.
FIELDS = ".scoring-buttons button, input.score, input.extra-credit, textarea.comment, input[type=checkbox][disabled]"


def own_files(server: Server) -> Callable[[str], bool]:
    """Allow what formgrader's pages are made of, and its questions about grades."""
    allowed = tuple(f"{server.url}formgrader/{part}/" for part in ("static", "api"))
    return lambda url: url.startswith(allowed) or url == f"{server.url}favicon.ico"


@pytest.fixture(scope="module")
def eve(browser: Browser, server: Server) -> Iterator[Visit]:
    """The page on which the most hostile notebook is graded; it is long, so it is opened once."""
    with visit(browser, server.submissions()[EVE], own_files(server), key=server.key) as page:
        yield page


def comments(page: Visit) -> str:
    """Return what formgrader shows in its fields for comments, once it has asked for it."""
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
    """The real MathJax has read the page, and what it was not to read is not set."""
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
    """That is why a folder with such a name is refused before anything is graded."""
    with visit(browser, server.submissions()[NAMED], own_files(server), key=server.key) as page:
        assert page.fires("student")
