"""A real browser opens hostile pages: nothing runs, no request is made, nothing leaves its box."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from report_samples import hostile_grade

from autograder.course.assignment import Assignment
from autograder.feedback.render import render_class, render_student
from autograder.feedback.summary import summarize

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Dialog

pytestmark = pytest.mark.browser

ATTACK = (
    "<script>alert(1)</script><img src=http://x.invalid/a onerror=alert(1)><svg onload=alert(1)>"
    '"><iframe src=javascript:alert(1)></iframe><style>@import "http://x.invalid/b"</style>'
    "</title></style></pre><link rel=stylesheet href=http://x.invalid/c>\u202e\x1b[31m"
    "z\u0300\u0301\u0302\u0303\u0304\u0305\u0306" + "W" * 3000 + "\n" * 50 + "\t" * 200 + "\u00a0" * 300 + "العربية"
)


@pytest.mark.parametrize("width", [360, 1000])
@pytest.mark.parametrize("kind", ["student", "class"])
def test_a_hostile_page_is_harmless(
    browser: Browser, assignment: Assignment, tmp_path: Path, kind: str, width: int
) -> None:
    """No dialog, no request, no message on the console, and no sideways scrolling on a phone."""
    sample = hostile_grade(ATTACK)
    pages = {"student": render_student(sample, assignment), "class": render_class(summarize([sample], assignment))}
    html = pages[kind]
    path = tmp_path / "page.html"
    path.write_text(html, encoding="utf-8")
    page = browser.new_page(viewport={"width": width, "height": 740})
    dialogs: list[str] = []
    requests: list[str] = []
    messages: list[str] = []

    def dismiss(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", dismiss)
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: messages.append(message.text))
    page.on("pageerror", lambda error: messages.append(str(error)))
    page.goto(path.as_uri())
    page.wait_for_timeout(200)
    inside = page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    page.close()

    assert not dialogs
    assert [r for r in requests if not r.startswith("data:")] == [path.as_uri()]
    assert not messages
    assert inside


@pytest.mark.parametrize("policy", [True, False])
def test_the_policy_blocks_what_escaping_would_miss(
    browser: Browser, assignment: Assignment, tmp_path: Path, *, policy: bool
) -> None:
    """A script put into the page unescaped does not run; without the policy it would."""
    html = render_student(hostile_grade("x"), assignment)
    html = html.replace("</main>", "<script>document.title = 'owned'</script></main>")
    if not policy:
        html = html.replace("Content-Security-Policy", "x-nothing")
    path = tmp_path / "page.html"
    path.write_text(html, encoding="utf-8")
    page = browser.new_page()
    page.goto(path.as_uri())
    title = page.title()
    page.close()
    assert (title == "owned") is not policy
