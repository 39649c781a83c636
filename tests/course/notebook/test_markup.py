"""Tables, formulas and drawings of a student's: they are shown, and nothing of them acts."""

from __future__ import annotations

import base64
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.course.notebook.harmless import harmless_output
from autograder.course.notebook.markup import MAX_MARKUP, shown_as
from autograder.sandbox.budget import OutputBudget

SVG = '<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x.dtd"><svg xmlns="x"><rect/></svg>'
ENTITIES = '<!DOCTYPE svg [<!ENTITY a "aaaa">]><svg>&a;</svg>'
TAGS = ("table", "tr", "td", "div", "li", "ul", "p", "script", "b", "caption", "h1", "svg", "a", "style", "x")
PIECES = st.sampled_from(
    [
        *(f"<{tag}>" for tag in TAGS),
        *(f"</{tag}>" for tag in TAGS),
        *(f"<{tag} onclick=x href='javascript:x' colspan=2>" for tag in TAGS),
        *("<!--", "-->", "<img src=x onerror=y>", "<svg/onload=x>", "&lt;script&gt;", "<", ">", '"', "$x$", "words"),
    ]
)


class Reader(HTMLParser):
    """Keeps what a page would have: every tag with its attributes, and how deep each was."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.open: list[str] = []
        self.balanced = True

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """See HTMLParser."""
        self.tags.append((tag, tuple(name for name, _ in attrs)))
        if tag not in {"br", "hr", "img"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """See HTMLParser."""
        self.balanced = self.balanced and bool(self.open) and self.open.pop() == tag


@given(st.lists(PIECES, max_size=30))
def test_only_a_few_tags_are_written_and_each_is_closed(pieces: list[str]) -> None:
    """Attributes are only ours and spans of cells; a table holds only what belongs into a table."""
    reader = Reader()
    reader.feed(shown_as({"text/html": "".join(pieces)}).get("text/html", ""))
    assert reader.balanced
    assert not reader.open
    for tag, attributes in reader.tags[1:]:
        assert tag in {"table", "caption", "tr", "td", "div", "li", "ul", "b", "span"}, tag
        assert set(attributes) <= ({"class", "border"} if tag == "table" else {"colspan"})


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("<table><tr><td>1<td>&lt;b&gt;<tr><th>2</table>", "<tr><td>1</td><td>&lt;b&gt;</td></tr><tr><th>2</th></tr>"),
        ("<style>td {color: red}</style><b>bold</b>", "<b>bold</b>"),
        ("<h1>Title<p>words", "<div>Title<div>words</div></div>"),
        ("</div></div>out", ">out</div>"),
        ("<table><div><table></table></div></table>in", "</table>in</div>"),
        (r"$\href{javascript:x}{y}$", r"<span>$</span><span>\</span>href"),
    ],
)
def test_what_is_seen_of_html(text: str, seen: str) -> None:
    """The words and the tables are shown in a box of ours."""
    assert seen in shown_as({"text/html": text})["text/html"]


def test_what_is_left_out() -> None:
    """Nothing visible, too much text, entities in a drawing, formulas that paint elsewhere: the plain text is shown."""
    assert shown_as({"text/html": "<script>x</script><style>y</style>"}) == {}
    assert shown_as({"text/html": "x" * (MAX_MARKUP + 1)}) == {}
    assert shown_as({"image/svg+xml": ENTITIES}) == {}
    assert shown_as({"text/latex": r"$\href{javascript:x}{y}$"}) == {}
    assert shown_as({"text/markdown": "![x](data:image/png;base64,AAAA)"}).get("text/markdown", "") != ""


def test_outputs_of_every_kind_reach_the_notebook() -> None:
    """They go through the worker's budget and are made harmless."""
    jpeg = base64.b64encode(b"\xff\xd8\xff\xc0\0\x0b\x08\0\1\0\1\1\1\x11\0").decode()
    data = [
        {"text/plain": "frame", "text/html": "<table><tr><td>1</td></tr></table>"},
        {"text/plain": "formula", "text/latex": "$x < y$"},
        {"text/plain": "drawing", "image/svg+xml": SVG},
        {"text/plain": "photo", "image/jpeg": jpeg},
        {"text/plain": "prose", "text/markdown": "**bold** <b>"},
    ]
    kept, left_out = OutputBudget(1 << 20).keep([{"output_type": "display_data", "data": d} for d in data])
    shown = [harmless_output(output) for output in kept]
    assert not left_out
    found = [next((v for k, v in o["data"].items() if k != "text/plain"), "") for o in shown if o is not None]
    assert "<td>1</td>" in found[0]
    assert found[1] == r"$x \lt  y$"
    assert "data:image/svg+xml;base64," in found[2]
    assert "DOCTYPE" not in base64.b64decode(found[2].partition("base64,")[2].partition('"')[0]).decode()
    assert found[3] == jpeg
    assert found[4] == "**bold** < b>"
