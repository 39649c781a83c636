"""What students and instructors open as files: our feedback, the class report, and nbgrader's own feedback."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import jinja2
import pytest
from hostile.browser.hostile_class import BROKEN, CONTROL, EVE, FOREIGN, NAMED, HostileClass, nbgrader_feedback
from hostile.browser.payloads import ALL, LIVE, TEXTS
from hostile.browser.visits import visit

from autograder.course.layout import templates_dir
from autograder.feedback import render
from autograder.feedback.render import render_student
from autograder.feedback.text import clean
from autograder.sentences import Sentence
from autograder.verdict import CheckResult, Example, Grade, Outcome, StudentFault

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

#: The boxes of our pages, and the bodies of nbgrader's.
OURS = "section, .diagnosis, .fault, pre, td, .tiles div, main"
NBGRADERS = ".cell"
#: What our own template folds and draws; a student's text would bring other elements along.
FOLDED = "details.fold, details.rung, svg.picture, svg.picture > svg, .key > svg"
LIVE_TEXTS = [TEXTS[name] for name in LIVE]
#: A list of tasks in Markdown.
BOXES = "input[type=checkbox][disabled]"


def nothing(url: str) -> bool:
    """Allow no request but the page itself."""
    return False


def squeezed(text: str) -> str:
    """Return text as a search sees it."""
    return " ".join(text.split())


@pytest.mark.parametrize("width", [360, 1000])
@pytest.mark.parametrize("student", [EVE, BROKEN, FOREIGN, CONTROL])
def test_our_feedback_page_does_nothing(
    browser: Browser, hostile_class: HostileClass, student: str, width: int
) -> None:
    """Nothing runs, nothing is asked for, nothing leaves its box."""
    with visit(browser, hostile_class.feedback(student).as_uri(), nothing, width) as page:
        assert page.acted() == []
        assert page.sweep("main", OURS, FOLDED) == []
        assert student in page.text("header")


def spelled_out(hostile_class: HostileClass) -> Grade:
    """Return Eve's grade with every payload in every text of it: a check's message may come to quote a student."""
    grade = next(g for g in hostile_class.report.grades if g.student == EVE)
    everything = Sentence("\n".join(LIVE_TEXTS))
    check = CheckResult("doubles", Outcome.FAILED, 1, Fraction(0))
    exercise = replace(
        grade.exercises[0],
        checks=tuple(replace(check, name=n, title=Sentence(t[:200]), message=Sentence(t)) for n, t in ALL.items()),
        notes=(everything,),
        evidence=everything,
        fault=StudentFault(LIVE_TEXTS[0], everything, LIVE_TEXTS[0], 1, LIVE_TEXTS[0]),
        example=Example(everything, everything, everything, agrees=False),
    )
    return replace(grade, exercises=(exercise, *grade.exercises[1:]), notes=(everything,))


def test_our_feedback_page_shows_every_payload_as_text(
    browser: Browser, hostile_class: HostileClass, tmp_path: Path
) -> None:
    """Each stands in the page letter by letter, as far as a message goes, with signs for controls."""
    path = tmp_path / "page.html"
    path.write_text(render_student(spelled_out(hostile_class), hostile_class.tiny.assignment), encoding="utf-8")
    with visit(browser, path.as_uri(), nothing) as page:
        assert page.acted() == []
        assert page.sweep("main", OURS, FOLDED) == []
        text = page.text("main")
    missing = [t[:60] for t in ALL.values() if squeezed(clean(t)[:60]) not in text]
    assert missing == []
    assert "{{7*7}}" in text
    assert "49" not in text.split("{{7*7}}", 1)[1][:20]


@pytest.mark.parametrize("width", [360, 1000])
def test_the_class_report_does_nothing(browser: Browser, hostile_class: HostileClass, width: int) -> None:
    """Students' ids stand in it, and the reason of a rejection, which quotes a notebook's own ids."""
    with visit(browser, hostile_class.class_report().as_uri(), nothing, width) as page:
        assert page.acted() == []
        assert page.sweep("main", OURS) == []
        text = page.text("main")
    for expected in (EVE, BROKEN, FOREIGN, TEXTS["img-onerror"][:30]):
        assert expected in text


def test_links_of_the_class_report_lead_to_the_pages(browser: Browser, hostile_class: HostileClass) -> None:
    """An id such as `javascript:…` makes no scheme, and one with braces and quotes still finds its page."""
    pages = {hostile_class.feedback(student).as_uri(): student for student in (EVE, BROKEN, FOREIGN)}
    with visit(browser, hostile_class.class_report().as_uri(), lambda url: url in pages) as page:
        for student in (EVE, BROKEN):
            page.page.get_by_role("link", name=student).first.click()
            page.page.wait_for_load_state()
            assert student in page.text("header")
            page.page.go_back()
        assert page.acted() == []


def test_without_escaping_and_policy_the_same_page_is_live(
    browser: Browser, hostile_class: HostileClass, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The payloads are no blanks: the same grade in the same template, without either protection, runs them."""
    grade = spelled_out(hostile_class)

    def unsafe() -> jinja2.Environment:
        made = jinja2.Environment(loader=jinja2.FileSystemLoader(templates_dir()), autoescape=False)
        made.filters["names"] = str
        return made

    monkeypatch.setattr(render, "_template", lambda name: unsafe().get_template(name))
    unescaped = render_student(grade, hostile_class.tiny.assignment)
    fired = {}
    for name, html in {
        "policy": unescaped,
        "neither": unescaped.replace("Content-Security-Policy", "x-nothing"),
    }.items():
        path = tmp_path / f"{name}.html"
        path.write_text(html, encoding="utf-8")
        with visit(browser, path.as_uri(), nothing) as page:
            fired[name] = page.fired, page.leaks
    assert {"script", "img-onerror", "img-unclosed"} <= fired["neither"][0]
    assert any("leak.invalid" in url for url in fired["neither"][1])
    # Where escaping is forgotten, the policy still stops scripts and requests, but for one: a page's own address
    # may be changed by <meta>.
    assert fired["policy"][0] == set()
    assert fired["policy"][1] <= {"GET http://leak.invalid/meta-refresh"}


@pytest.fixture(scope="module")
def feedback(hostile_class: HostileClass) -> dict[str, Path]:
    """What `nbgrader generate_feedback` makes of our notebooks, by student."""
    return nbgrader_feedback(hostile_class, "nbgrader_feedback")


@pytest.mark.parametrize("student", [EVE, BROKEN])
def test_nbgraders_own_feedback_of_our_notebooks_does_nothing(
    browser: Browser, feedback: dict[str, Path], student: str
) -> None:
    """nbgrader escapes nothing: what it gets must be harmless already, comments included."""
    with visit(browser, feedback[student].as_uri(), nothing) as page:
        assert page.acted() == []
        assert page.sweep("#notebook-container", NBGRADERS, BOXES) == []


def test_nbgraders_own_feedback_of_a_raw_notebook_is_live(browser: Browser, feedback: dict[str, Path]) -> None:
    """The same text and outputs, put into an autograded notebook as they came, act in that page."""
    with visit(browser, feedback[CONTROL].as_uri(), nothing) as page:
        assert page.fires("script", "img-onerror", "svg-onload", "details")
        assert {f"GET http://leak.invalid/{name}" for name in ("img-address", "md-image", "style-import")} <= page.leaks
        assert any("javascript:" in found for found in page.sweep("#notebook-container", NBGRADERS, BOXES))


def test_the_handful_is_in_the_list() -> None:
    """What the controls show to be live is what the others are tried with."""
    assert set(LIVE) <= set(TEXTS)
    assert NAMED not in {EVE, BROKEN, FOREIGN}
