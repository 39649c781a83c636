"""Every kind of page keeps WCAG 2.2 AA as far as axe can check it, at 320 px and 200 %, in light, dark and print."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from report_samples import check, grade, hostile_grade, picture

from autograder.course.assignment import Assignment
from autograder.course.gradebook.byhand import ByHand
from autograder.feedback.render import render_class, render_student
from autograder.feedback.summary import summarize
from autograder.sentences import Sentence
from autograder.verdict import (
    IN_PLACE,
    ChangedInput,
    Diagnosis,
    Example,
    ExerciseResult,
    Grade,
    Lateness,
    Outcome,
    Status,
    Stop,
    StudentFault,
)

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
CODE = "def sgd_step(param, grad, lr):\n    step = lr * grad\n    return param - stp" + "  # a long remark" * 20
TWO = (
    Diagnosis(
        "adam-no-sqrt",
        Sentence("You divide by v̂."),
        Sentence("3.16 × lr."),
        Sentence("Take the root."),
        Sentence("Which unit has v̂?"),
        Sentence("√4 is 2.\nSo."),
    ),
    Diagnosis("adam-stale-m", Sentence("You use the old m."), None, Sentence("Which m does the formula name?")),
)


def exercises() -> Iterator[ExerciseResult]:
    """Yield exercises with every ending that a page shows in its own form."""
    failed, passed = check(Outcome.FAILED), check()
    none, three = Fraction(0), Fraction(3)
    yield ExerciseResult("gradient_descent", three, three, (passed,))
    fault = StudentFault("NameError", "name 'stp' is not defined", "sgd_step", 3, "    return param - stp")
    said = Sentence("Your `sgd_step` raised NameError.")
    checks = tuple(check(o) for o in Outcome)
    yield ExerciseResult("sgd_step", none, Fraction(1), checks, fault=fault, headline=said, source=CODE)
    untouched = (check(Outcome.ERROR),)
    yield ExerciseResult("momentum_step", none, three, untouched, diagnosis="not-implemented")
    change = ChangedInput("v", "tensor([2., 1.])", "tensor([2.3, -0.1])")
    example = Example("p = torch.ones(2)\nf(p)" + "long" * 60, "tensor([1.])", "tensor([1.])", True, (change,))
    yield ExerciseResult(
        "nesterov_step",
        Fraction(1),
        three,
        (passed, failed),
        diagnosis=IN_PLACE,
        diagnosis_title=Sentence("You change an input in place."),
        diagnoses=(
            Diagnosis(IN_PLACE, Sentence("You change an input in place."), None, Sentence("Make a new tensor.")),
        ),
        example=example,
        source=CODE,
    )
    for name, kind in (("adagrad_step", "path"), ("rmsprop_step", "curve"), ("adadelta_step", "histogram")):
        drawn = picture("Words on the picture", kind)
        differs = Sentence("In `x` it differs.")
        yield ExerciseResult(name, Fraction(1), three, (passed, failed), headline=differs, picture=drawn)
    yield ExerciseResult(
        "adam_step",
        none,
        Fraction(5),
        (failed, check(Outcome.FAILED, convention=True)),
        diagnosis="adam-no-sqrt",
        diagnosis_title=Sentence("You divide by v̂."),
        diagnoses=TWO,
        unexplained=("test_failed",),
        notes=(Sentence("A note."),),
        example=replace(example, agrees=False, actual="tensor([2.])"),
    )


def full() -> Grade:
    """Return a verdict with everything that a page can show."""
    due = "2026-11-30T22:59:00+00:00"
    return grade(
        *exercises(),
        notes=(Sentence("The notebook had another name."),),
        late=Lateness(due, "2026-11-30T23:59:00+00:00", 3600.0, Fraction(10), "score", Fraction(1)),
        stop=Stop(
            "cell 3", 3, 2, "import seaborne", "ModuleNotFoundError", "package-missing", Sentence("it is not here")
        ),
    )


def students() -> list[Grade]:
    """Return a class with one verdict of each status, and an alarm."""
    rest = [grade(status=Status.REJECTED, reason="It is no JSON."), grade(status=Status.UNGRADED, student="bob")]
    return [*(replace(full(), student=f"s{i}") for i in range(9)), *rest]


def page_of(kind: str, assignment: Assignment) -> str:
    """Return a page of this kind."""
    many = full()
    if kind == "by-hand":
        hand = {"adam_step": ByHand(Fraction(2), comment="Read chapter 8."), "q_optimizers": ByHand(Fraction(2))}
        return render_student(many, assignment, by_hand=hand)
    if kind.endswith("class"):
        return render_class(summarize(students() if kind == "class" else [], assignment))
    grades = {
        "full": grade(*(ExerciseResult(e.id, e.points, e.points, (check(),)) for e in assignment.coded)),
        "hostile": hostile_grade("<b>W</b>" * 200),
        "rejected": grade(status=Status.REJECTED, reason="It is no JSON."),
        "ungraded": grade(status=Status.UNGRADED),
    }
    shown = replace(assignment, in_notebook=True) if kind == "in-notebook" else assignment
    return render_student(grades.get(kind, many), shown)


KINDS = ["student", "by-hand", "full", "hostile", "in-notebook", "rejected", "ungraded", "class", "empty-class"]
# 200 % of 1280 px leave a layout of 640 px.
VIEWS = ((320, 2, "dark", "screen"), (640, 2, "light", "screen"))
PAPER = ((1000, 1, "light", "print"),)


@pytest.fixture(scope="module")
def axe() -> str:
    """The script of axe-core."""
    return files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


def violations(page: Page, axe: str) -> list[str]:
    """Return what axe finds, with the first place of each."""
    page.evaluate(axe)
    found: dict[str, Any] = page.evaluate("levels => axe.run(document, {runOnly: levels})", LEVELS)
    return [f"{v['id']}: {v['nodes'][0]['html'][:200]}" for v in found["violations"]]


@pytest.mark.parametrize("kind", KINDS)
def test_axe_finds_nothing(browser: Browser, axe: str, assignment: Assignment, tmp_path: Path, kind: str) -> None:
    """On a phone, at 200 % and on paper, light and dark, all folded parts open: no violation, no sideways scrolling."""
    path = tmp_path / "page.html"
    path.write_text(page_of(kind, assignment), encoding="utf-8")
    found = {}
    for width, ratio, scheme, media in (*VIEWS, *PAPER) if kind in {"student", "class"} else VIEWS[:1]:
        page = browser.new_page(viewport={"width": width, "height": 800}, device_scale_factor=ratio)
        page.emulate_media(color_scheme=scheme, media=media)  # type: ignore[arg-type]
        page.goto(path.as_uri())
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        found[width, scheme, media] = violations(page, axe) + (["it scrolls sideways"] if wide else [])
        page.close()
    assert not {where: what for where, what in found.items() if what}


def test_axe_would_find_something(browser: Browser, axe: str, assignment: Assignment, tmp_path: Path) -> None:
    """With pale text and a picture without words on the page it does."""
    html = (
        page_of("student", assignment)
        .replace("--soft: #57606a", "--soft: #c0c8d0")
        .replace(' role="img" aria-label', " x")
    )
    path = tmp_path / "page.html"
    path.write_text(html.replace("</main>", '<img src="data:,"></main>'), encoding="utf-8")
    page = browser.new_page()
    page.goto(path.as_uri())
    found = {v.partition(":")[0] for v in violations(page, axe)}
    page.close()
    assert {"color-contrast", "image-alt"} <= found


def test_the_steps_open_one_by_one(browser: Browser, assignment: Assignment, tmp_path: Path) -> None:
    """Question, hint and worked example are closed at first; the keyboard opens each; paper shows the open ones."""
    path = tmp_path / "page.html"
    path.write_text(page_of("student", assignment), encoding="utf-8")
    page = browser.new_page()
    page.goto(path.as_uri())
    steps = page.locator("#exercise-adam_step .diagnosis li:first-child details.rung")
    names = steps.locator("summary").all_inner_texts()
    seen = [[p.is_visible() for p in steps.locator("p").all()]]
    for step in range(3):
        steps.nth(step).locator("summary").focus()
        page.keyboard.press("Enter")
        seen.append([p.is_visible() for p in steps.locator("p").all()])
    page.keyboard.press("Enter")
    page.emulate_media(media="print")
    printed = [steps.nth(i).is_visible() for i in range(3)]
    passed = page.locator("#exercise-nesterov_step details:not(.rung) .checks li").first.is_visible()
    page.close()
    assert names == ["A question", "A hint", "A worked example, with other numbers"]
    assert seen == [[False] * 3, [True, False, False], [True, True, False], [True] * 3]
    assert printed == [True, True, False]
    assert passed
