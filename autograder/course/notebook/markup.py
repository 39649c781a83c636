r"""Make the tables, formulas and drawings among a student's outputs harmless in the instructor's session.

HTML is not cleaned but written anew, from a few tags without the student's attributes, around escaped text. An SVG
drawing becomes the source of an image, in which a browser runs and fetches nothing.
"""

from __future__ import annotations

import base64
import binascii
import html
import re
from collections.abc import Mapping

from autograder.course.notebook.pictures import is_picture
from autograder.course.notebook.prose import harmless_prose, is_literal, visible

__all__ = ["MAX_MARKUP", "as_markup", "shown_as"]

#: Characters of one output.
MAX_MARKUP = 2 << 20
_MAX_SVG = 1 << 20
_MAX_DEPTH = 24
_MAX_SPAN = 1000
_BOX = '<div class="tex2jax_ignore mathjax_ignore" style="max-width: 100%; max-height: 50em; overflow: auto">'
#: Tags that stay, and what they become. Tags that a parser closes by itself become `div`, or they would close others.
_TAGS = {name: name for name in ("b", "blockquote", "br", "code", "del", "div", "em", "hr", "i", "img", "ins", "kbd")}
_TAGS |= {name: name for name in ("ol", "pre", "s", "small", "span", "strong", "sub", "sup", "table", "u", "ul", "var")}
_TAGS |= {name: name for name in ("caption", "li", "tbody", "td", "tfoot", "th", "thead", "tr")}
_TAGS |= dict.fromkeys(("dd", "dl", "dt", "p", "h1", "h2", "h3", "h4", "h5", "h6"), "div")
_ROWS = frozenset({"table", "thead", "tbody", "tfoot"})
#: Tags that are allowed only inside certain others, which hold no other tags (`_OWNERS`).
_PARENTS = {
    **dict.fromkeys(("caption", "thead", "tbody", "tfoot"), frozenset({"table"})),
    "tr": _ROWS,
    **dict.fromkeys(("td", "th"), frozenset({"tr"})),
    "li": frozenset({"ol", "ul"}),
}
_OWNERS = frozenset().union(*_PARENTS.values())
_VOID = frozenset({"br", "hr", "img"})
#: Tags that are left out with everything in them.
_DROPPED = frozenset(
    {"script", "style", "title", "template", "noscript", "iframe", "object", "textarea", "svg", "math"}
)
#: A tag, a comment or a declaration, up to the next angle bracket.
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]{0,20})([^<>]*)>|<!--|<![^<>]*>|<\?[^<>]*>")
_SPAN = re.compile(r"\b(colspan|rowspan)\s{0,5}=\s{0,5}[\"']?(\d{1,4})")
_PICTURE = re.compile(r"\bsrc\s{0,5}=\s{0,5}[\"']data:(image/(?:png|jpeg|gif|svg\+xml));base64,([A-Za-z0-9+/=]+)[\"']")
#: Characters that begin and end a formula: with a tag around each, MathJax finds no pair.
_FORMULA_SIGN = re.compile(r"[$\\]")
_DOCTYPE = re.compile(r"<!DOCTYPE[^\[\]<>]{0,500}>", re.IGNORECASE)


def shown_as(data: Mapping[str, object]) -> dict[str, str]:
    """Return the part of an output's data that is shown besides text and raster pictures: at most one type."""
    for kind, make in (
        ("text/html", as_markup),
        ("image/svg+xml", _drawing),
        ("text/markdown", _prose),
        ("text/latex", _formula),
    ):
        text = data.get(kind)
        made = make(text) if isinstance(text, str) and text else None
        if made:
            return {"text/html" if kind == "image/svg+xml" else kind: made}
    return {}


def as_markup(text: str) -> str | None:
    """Return HTML with only the tags of tables and texts; None if it shows nothing."""
    if len(text) > MAX_MARKUP:
        return None
    written: list[str] = []
    opened: list[str] = []
    seen, at = False, 0
    while at < len(text):
        found = _TAG.search(text, at)
        words = text[at : found.start() if found else len(text)]
        seen = seen or bool(words.strip())
        written.append(_escaped(words))
        if found is None:
            break
        at = found.end()
        if found[0] == "<!--":
            at = _after(text, "-->", at)
        if found[2] is None:
            continue
        name = found[2].lower()
        if name in _DROPPED and not found[1]:
            at = _after(text, ">", _after(text, f"</{name}", at))
        elif name == "img":
            picture = _PICTURE.search(found[3])
            if picture is not None and (is_picture(picture[1], picture[2]) or _is_drawing(picture[1], picture[2])):
                written.append(f'<img src="data:{picture[1]};base64,{picture[2]}">')
                seen = True
        elif name in _TAGS:
            _write_tag(_TAGS[name], found[3], written, opened, closes=bool(found[1]))
    _close(written, opened, 0)
    return f"{_BOX}{''.join(written)}</div>" if seen else None


def _after(text: str, end: str, at: int) -> int:
    """Return the position after the next `end`; the end of the text if there is none."""
    found = re.compile(re.escape(end), re.IGNORECASE).search(text, at)
    return len(text) if found is None else found.end()


def _write_tag(name: str, attributes: str, written: list[str], opened: list[str], *, closes: bool) -> None:
    """Write a tag where HTML allows it, so that a parser closes exactly the tags that are closed here."""
    if closes:
        if name in opened:
            _close(written, opened, _last(opened, name))
        return
    if name in _PARENTS:
        # Its siblings may have been left open.
        table = _last(opened, "table") if "table" in opened and name != "li" else 0
        fit = [i for i, n in enumerate(opened) if i >= table and n in _PARENTS[name]]
        if not fit:
            return
        _close(written, opened, fit[-1] + 1)
    elif (opened and opened[-1] in _OWNERS) or (name == "table" and "caption" in opened):
        return
    if name in _VOID:
        written.append(f"<{name}>")
    elif len(opened) < _MAX_DEPTH:
        spans = "".join(f' {k}="{min(int(n), _MAX_SPAN)}"' for k, n in dict(_SPAN.findall(attributes)).items())
        opened.append(name)
        written.append(f"<{name}{spans}>" if name != "table" else '<table class="dataframe" border="1">')


def _last(opened: list[str], name: str) -> int:
    return len(opened) - 1 - opened[::-1].index(name)


def _close(written: list[str], opened: list[str], to: int) -> None:
    """Close the tags that were opened from a position on."""
    written += [f"</{name}>" for name in reversed(opened[to:])]
    del opened[to:]


def _escaped(words: str) -> str:
    text = html.escape(visible(html.unescape(words)))
    return _FORMULA_SIGN.sub(lambda sign: f"<span>{sign[0]}</span>", text)


def _drawing(text: str) -> str | None:
    """Return an image whose source is the drawing, because nothing in it can act there."""
    bare = _DOCTYPE.sub("", text, count=1)
    if len(bare) > _MAX_SVG or "<svg" not in bare or re.search(r"<!(?:DOCTYPE|ENTITY)", bare, re.IGNORECASE):
        return None
    data = base64.b64encode(bare.encode("utf-8", "replace")).decode("ascii")
    return f'{_BOX}<img src="data:image/svg+xml;base64,{data}"></div>'


def _is_drawing(kind: str, text: str) -> bool:
    """Whether base64 text is a drawing that `_drawing` accepts."""
    if kind != "image/svg+xml":
        return False
    try:
        return _drawing(base64.b64decode(text, validate=True).decode("utf-8", "replace")) is not None
    except binascii.Error:
        return False


def _prose(text: str) -> str | None:
    prose = harmless_prose(text[:MAX_MARKUP])
    # A picture would have to be attached to the cell.
    return None if prose.attachments else prose.source


def _formula(text: str) -> str | None:
    """Return a formula that paints only inside itself."""
    return None if is_literal(text) else visible(text).replace("<", r"\lt ").replace(">", r"\gt ")
