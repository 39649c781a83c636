"""A student's Markdown before and after: honest prose reads as before, active content does nothing."""

from __future__ import annotations

import base64
import time
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from nbconvert.exporters import HTMLExporter
from nbformat import v4

from autograder.course.notebook.pictures import MAX_PIXELS, is_picture
from autograder.course.notebook.prose import MAX_PROSE, harmless_prose, literal, visible


def picture(width: int = 1, height: int = 1) -> str:
    """Return the head of a PNG of that size."""
    size = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    return base64.b64encode(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + size + bytes(9)).decode()


class _Tags(HTMLParser):
    """The tags of a page, and the attributes that hold an address or a script."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.handlers: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in {"href", "src"}]
        self.handlers += [name for name, _ in attrs if name.startswith("on") or name == "style"]


_exporter_class: Any = HTMLExporter
EXPORTER = _exporter_class(template_name="basic")


def rendered(text: str, attachments: dict[str, dict[str, str]] | None = None) -> _Tags:
    """Return what nbconvert makes of the harmless form, without its own heads and scripts."""
    prose = harmless_prose(text, attachments)
    cell = v4.new_markdown_cell(prose.source, attachments=prose.attachments)
    return _Tags(EXPORTER.from_notebook_node(v4.new_notebook(cells=[cell]))[0])


@pytest.mark.parametrize(
    "text",
    [
        "Since $a < b$ and `x <= y`:\n\n1. **yes**, 3 <4\n\n[link](https://pytorch.org)",
        "$$\\begin{aligned} m_t &= \\beta_1 m_{t-1} + (1-\\beta_1) g_t \\\\[0.5em] v_t &= \\ldots \\end{aligned}$$",
        "$\\int f \\, dx \\quad \\hspace{1em} \\mathbf{x}\\! \\kern 2pt y$",
        "| a | b |\n|---|---|\n| 1 | 2 |\n\n" + "-" * 80,
        "AT&T, R&D, `a && b`, 5 > 3 & 2 < 3; x[0], x[1:], f(x) [1]",
        "```python\nfor i in range(3):\n    print(f'{i}')\n```",
        "Émile Zoë, naïve, 日本語のテキスト, العربية, e\u0301, 👩‍👩‍👧",
        "It costs 1000 in total, 900 mm or 12 cm: \\definitely \\letter \\classes",
        "a\\\\[x^2\\\\] and \\\\(y\\\\)",
        "<3, 2<3, a<-b",
        "[paper](https://arxiv.org/abs/" + "1" * 200 + ")",
    ],
)
def test_honest_prose_stays_as_it_is(text: str) -> None:
    """Formulas, tables, code, languages and links to other sites stay, letter by letter."""
    assert harmless_prose(text).source == text


@pytest.mark.parametrize(
    "text",
    [
        "$\\href{javascript:alert(1)}{x}$",
        "\\\\(\\\\href{x}{y}\\\\)",
        "$\\def\\frac{}$",
        "$\\newcommand{\\R}{x}$",
        "$\\kern-90em x$",
        "$\\hspace{99em}x$",
        "$\\hspace\n{ 99em}x$",
        "$\\hskip-1em$",
        "$$a\\\\[-9em]b$$",
        "$$a\\cr [ 900pt ]b$$",
        "$" + "\\!" * 50 + "$",
        "$\\rule{9em}{9em}$",
        "$\\rlap{x}$",
        "$" + "x + " * 300 + "$",
        "|a" * 60,
        "\\begin{a}" * 300,
        "W" * 3000,
        "{}" * 3000,
    ],
)
def test_what_could_paint_elsewhere_is_shown_as_it_is_written(text: str) -> None:
    """The answer stays readable: its source is shown in a box, a script's scheme with a space in it."""
    source = harmless_prose(text).source
    assert source.startswith("```text\n")
    assert text[:20] in source.replace("javascript :", "javascript:")
    assert {"a", "img"}.isdisjoint(rendered(text).tags)


def test_pictures_in_the_notebook_are_shown() -> None:
    """Jupyter writes a space in a name as %20, Colab puts the data into the text: nbconvert finds neither picture."""
    data = picture()
    text = (
        "My derivation:\n\n![page 1.png](attachment:page%201.png) and "
        f"![image.png](data:image/png;base64,{data}) ![<b>](attachment:page%201.png)"
    )
    found = rendered(text, {"page 1.png": {"image/png": data}})
    assert found.addresses == [f"data:image/png;base64,{data}"] * 3
    shown = harmless_prose("$\\def\\x{}$ ![a](attachment:a.png)", {"a.png": {"image/png": data}})
    assert shown.attachments == {"picture0": {"image/png": data}}
    assert shown.source.endswith("\n\n![a](attachment:picture0)")
    assert "[picture 1]" in shown.source


@pytest.mark.parametrize(
    "text",
    [
        "![x](attachment:none.png)",
        "![x](attachment:bad.png)",
        "![x](attachment:x.svg)",
        "![x](attachment:huge.png)",
        "![x](https://a.invalid/x.png)",
        "![x](/logout)",
        "![x](x.png)",
        "![x][r]\n\n[r]: https://a.invalid/x.png",
        "![r]\n\n[r]: https://a.invalid/x.png",
        "[![x](https://a.invalid/x.png)](https://a.invalid)",
        "![x](data:image/svg+xml;base64,PHN2Zy8+)",
        "![x](data:image/png;base64,AAAA)",
        "!\ue0000\ue000",
    ],
)
def test_no_other_picture_is_asked_for(text: str) -> None:
    """nbconvert gives up a page if an attached picture is missing; a browser requests a picture from elsewhere."""
    attachments = {
        "bad.png": {"image/png": "AAAA"},
        "x.svg": {"image/svg+xml": picture()},
        "huge.png": {"image/png": picture(100_000, 100_000)},
    }
    assert "img" not in rendered(text, attachments).tags


@pytest.mark.parametrize("text", ["[x](/logout)", "[x](//a.invalid)", "[x](x)", "[r]\n\n[r]: /logout", "[x](#y)"])
def test_links_lead_to_other_sites_only(text: str) -> None:
    """A link without a scheme would lead to the instructor's own server."""
    assert rendered(text).addresses == []


FRAGMENTS = (
    *("<", ">", "/", "!", "?", "&", "#", ";", ":", "(", ")", "[", "]", '"', "'", "=", "`", "\\", "$", "|", "*", "_"),
    *("\n", "\n\n", " ", "    ", "\t", "- ", "> ", "# ", "```", "~~~\n", "1. ", "![", "](", "]:", "[x]", "<!--", "-->"),
    *("script", "<script>", "<img src=x onerror=alert(1)>", "javascript:alert(1)", "java\tscript:", "data:text/html,x"),
    *(
        "https://a.invalid",
        "/logout",
        "attachment:a.png",
        "![a](attachment:a.png)",
        "&lt;",
        "&colon;",
        "&#58;",
        "&bsol;",
    ),
    *("$$", "\\(", "\\\\(", "\\href", "{x}", "\\begin{a}", "\\end{a}", "mermaid", "\ue000", "0", "\u202e", "\0", "<a "),
)
#: What nbconvert's Markdown makes without any HTML in it.
MARKS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "pre", "code", "blockquote", "em", "strong", "a"}
MARKS |= {
    "img",
    "br",
    "hr",
    "del",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "div",
    "span",
    "input",
    "dl",
    "dt",
    "dd",
}


@example("\\![a](attachment:a.png)")
@given(st.lists(st.sampled_from(FRAGMENTS), max_size=25).map("".join))
def test_nothing_acts_in_any_mixture(text: str) -> None:
    """For every mixture of signs: only Markdown's own tags, no handler, no address except other sites."""
    data = picture()
    found = rendered(text, {"a.png": {"image/png": data}})
    page = rendered("")
    assert set(found.tags) - set(page.tags) <= MARKS
    assert sum(tag in {"script", "style"} for tag in found.tags) == sum(tag in {"script", "style"} for tag in page.tags)
    assert found.handlers == page.handlers
    for address in set(found.addresses) - set(page.addresses):
        assert address.startswith(("https://", "http://", "#")) or address == f"data:image/png;base64,{data}"


@pytest.mark.parametrize("unit", ["\\begin{a}", "\\\\[", "\\\\(", "[", "![", "*a ", "$$ ", "<", "- ", "> ", "`", "|a"])
def test_the_longest_text_is_rendered_in_little_time(unit: str) -> None:
    """The instructor's server waits while a page is made; without the limits some of these take minutes."""
    text = (unit * MAX_PROSE)[: 2 * MAX_PROSE]
    started = time.process_time()
    for length in (20_000, len(text)):
        rendered(text[:length])
    assert time.process_time() - started < 10


def test_a_box_holds_what_would_end_it() -> None:
    """Fences within the text are shorter than the fence around it; a paragraph goes on in the next line."""
    assert literal("```\nx\n`````").startswith("``````text\n")
    assert max(map(len, literal("word " * 1000).split("\n"))) <= 100
    assert literal("x" * (MAX_PROSE + 1)).endswith(f"[cut: {MAX_PROSE + 1} characters in all]\n```")


def test_what_is_not_seen_is_replaced() -> None:
    """Reversals of direction, control characters and towers of marks become signs; joiners of letters stay."""
    assert visible("a\u202eb\x1b[0m\x00\t\n") == "a\ufffdb\ufffd[0m\ufffd\t\n"
    assert visible("می\u200cخواهم") == "می\u200cخواهم"
    assert visible("e" + "\u0301" * 9).count("\ufffd") == 5


@pytest.mark.parametrize(
    ("kind", "data", "expected"),
    [
        ("image/png", base64.b64decode(picture(8000, 8000)), True),
        ("image/png", base64.b64decode(picture(8000, 8001)), False),
        ("image/png", base64.b64decode(picture(0, 5)), False),
        ("image/png", b"\x89PNG\r\n\x1a\n", False),
        ("image/png", b"GIF89a\1\0\1\0", False),
        ("image/gif", b"GIF89a\1\0\1\0", True),
        ("image/gif", b"GIF89a\xff\xff\xff\xff", False),
        ("image/jpeg", b"\xff\xd8\xff\xe0\0\4AB\xff\xff\xc0\0\x11\x08\0\2\0\3" + bytes(9), True),
        ("image/jpeg", b"\xff\xd8\xff\xe0\0\4AB\xff\xc2\0\x11\x08\xff\xff\xff\xff" + bytes(9), False),
        ("image/jpeg", b"\xff\xd8" + b"\xff\xd8" * 50, False),
        ("image/jpeg", b"\xff\xd8\xff\xe0\0\0" + bytes(30), False),
        ("image/svg+xml", b"<svg/>", False),
    ],
)
def test_a_picture_is_known_by_its_bytes_and_its_size(kind: str, data: bytes, *, expected: bool) -> None:
    """Three formats, each with its own place for width and height."""
    assert is_picture(kind, base64.b64encode(data).decode()) is expected
    assert MAX_PIXELS == 8000 * 8000


@pytest.mark.parametrize("text", [None, 3, "", "AAAA", '" onerror="', "iVBOR\u0661"])
def test_what_is_no_picture_is_none(text: object) -> None:
    """Other values instead of base64."""
    assert not is_picture("image/png", text)


def test_a_picture_that_is_shown_often_is_kept_once() -> None:
    """Attached or in the text: a cell keeps one copy of each picture, and shows it in every place."""
    data = picture()
    text = "![a](attachment:a.png)\n" * 2000 + f"![b](data:image/png;base64,{data})\n"
    prose = harmless_prose(text, {"a.png": {"image/png": data}})
    assert list(prose.attachments.values()) == [{"image/png": data}]
    assert prose.source.count("(attachment:picture0)") == 2001


@pytest.mark.parametrize("scheme", ["javascript", "vbscript", "JavaScript"])
def test_a_script_scheme_is_broken_up_in_a_box_too(scheme: str) -> None:
    """Nothing in a box is a link; and nothing there looks like one to a page that takes it out of its box."""
    shown = harmless_prose(f"[x]({scheme}:alert(0))" + "y" * 50_000).source
    assert shown.startswith("```")
    assert f"{scheme} :" in shown
    assert f"{scheme}:" not in shown
