r"""Make a student's Markdown harmless in the instructor's session: it stays readable, and nothing in it acts.

nbconvert renders Markdown with the HTML in it, fetches its pictures, gives formulas to MathJax, and fails on the whole
page if a picture is not attached. So here no tag can start, only pictures of the notebook are shown, and links go only
to other sites. A text with a formula that could paint outside itself is shown as it is written, in a box.
"""

from __future__ import annotations

import base64
import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, unquote

from autograder.course.characters import printable
from autograder.course.notebook.pictures import KINDS, is_picture
from autograder.sentences import say

__all__ = ["MAX_PROSE", "Prose", "harmless_prose", "is_literal", "literal", "visible", "with_files"]

MAX_PROSE = 100_000
#: nbconvert's parser takes time quadratic in the openings of formulas.
_MAX_RENDERED = 40_000
_MAX_OPENINGS = 200
#: Limits on what is not broken into lines: letters of a word, a formula in a sentence, cells in a table's row.
_MAX_WORD = 24
_MAX_UNBROKEN = 400
_MAX_FORMULA = 400
_MAX_COLUMNS = 40
_MAX_NEGATIVE_SPACES = 20
#: Characters that fit into a box on nbgrader's pages.
_WIDTH = 100

#: The mark around the number of a picture that is put aside; `visible` removes this character from students' texts.
_SHELF = "\ue000"
_ON_SHELF = re.compile(f"{_SHELF}([0-9]+){_SHELF}")
#: The start of a tag, a comment or a declaration, in every state of an HTML parser.
_TAG = re.compile(rf"<(?=[A-Za-z/!?{_SHELF}])")
#: Character references, which could spell a scheme, a backslash or a dollar, except for five that cannot.
_REFERENCE = re.compile(r"&(?=#|(?!(?:lt|gt|amp|quot|nbsp);)[A-Za-z][A-Za-z0-9]*;)")
#: Markdown undoes backslashes in a link's target; browsers leave out tabs and line ends.
_SCHEME = re.compile(
    "(" + "|".join(r"[\t\n]*".join(name) for name in ("javascript", "vbscript")) + r")(?=[\t\n\\]*:)",
    re.IGNORECASE,
)
#: A link's target, or the definition of one, that is not on another site: `/logout` would be on the instructor's.
_TARGET = re.compile(r"\](?=\((?!https?://)|:(?![ \t]*https?://))")
#: `![text](target "title")` as editors write it.
_IMAGE = re.compile(
    r"(?<!\\)!\[(?P<alt>[^\[\]\n]{0,200})\]\("
    r"(?:attachment:(?P<name>[^\s()<>]{1,200})|data:(?P<kind>image/(?:png|jpeg|gif));base64,(?P<data>[A-Za-z0-9+/=]+))"
    r"(?:[ \t]+\"[^\"\n]{0,200}\")?[ \t]*\)"
)

#: A picture in a file: as Markdown, and as the tag that editors make of one.
_FILE_IMAGE = re.compile(
    r"(?<!\\)!\[(?P<alt>[^\[\]\n]{0,200})\]\((?P<file>(?![a-z]+:)[^\s()<>]{1,200})"
    r"(?:[ \t]+\"[^\"\n]{0,200}\")?[ \t]*\)"
    r"|<img\s(?:[^<>\n]{0,200}\s)?src=[\"'](?P<source>[^\"'<>\n]{1,200})[\"'][^<>\n]{0,200}>",
    re.IGNORECASE,
)
_KIND_OF = {"png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif"}
#: A page holds pictures as base64 text, which is a third longer.
_MAX_ATTACHED_BYTES = 20 << 20

_LINKS_AND_LOOKS = ("href", "class", "cssId", "style", "require", "unicode", "mmlToken", "bbox", "enclose")
_DEFINITIONS = ("g?def", "let", "(?:re)?new(?:command|environment)", "DeclareMathOperator", "Newextarrow")
_MOVES = ("raise", "lower", "move(?:left|right)", "[rl]lap", "smash", "skew", "(?:left|up)root")
_SIZES = ("[rR]ule", "Space", "above(?:withdelims)?", "genfrac", "hfill?")
#: Commands that reach beyond their formula: links, styles, definitions for the rest of the page, dimensions.
_ACTIVE_TEX = re.compile(rf"\\(?:{'|'.join((*_LINKS_AND_LOOKS, *_DEFINITIONS, *_MOVES, *_SIZES))})(?![A-Za-z])")
_SMALL = r"(?:\d?(?:\.\d*)?\s*(?:em|ex)|\d{0,2}(?:\.\d*)?\s*(?:pt|px|mu))(?![A-Za-z])"
#: Spaces, except small ones to the right, and rows that are moved up or far down.
_ACTIVE_SPACE = re.compile(
    rf"\\(?:hspace|hskip|kern|mkern|mskip|mspace)(?![A-Za-z])\*?\s*(?!\{{?\s*{_SMALL})"
    rf"|(?:\\\\|\\cr)\s*\*?\s*\[(?=\s*-?[\d.]+\s*[a-z]{{2}}\s*\])(?!\s*{_SMALL})"
)
_NEGATIVE_SPACE = re.compile(r"\\(?:!|negthinspace|negmedspace|negthickspace)")
_OPENING = re.compile(r"\\begin|\\\\[\[(]")
_FORMULA = re.compile(r"(?<!\$)\$(?!\$)([^$]+)\$|\\\\\((.*?)\\\\\)", re.DOTALL)
#: A long word, or something like one that must stay in one piece: a link's target, a bare address. Such a word holds no
#: sign of a formula, so that no TeX command is ever broken.
_LINK = re.compile(r"(?<=\]\()https?://[^\s()<>]{1,2000}|(?<=\]: )https?://[^\s<>]{1,2000}")
_LONG_WORD = re.compile(
    rf"{_LINK.pattern}"
    r"|https?://[^\s()<>\[\]]{1,100}(?![^\s()<>\[\]])"
    rf"|((?:(?!https?://)[^ \t\n$\\{{}}^_&{_SHELF}]){{{_MAX_WORD}}})"
)
#: Rules, lines under headings and of tables, fences.
_RULE = re.compile(r"[-=*|:~`>+#\s]{0,200}")
_UNBROKEN = re.compile(rf"[^ \t\n{_SHELF}]{{{_MAX_UNBROKEN}}}")


@dataclass(frozen=True, slots=True)
class Prose:
    """Markdown, and the pictures that it shows: by name, a picture's data by its type."""

    source: str
    attachments: dict[str, dict[str, str]] = field(default_factory=dict)


def harmless_prose(text: str, attachments: Mapping[str, Mapping[str, str]] | None = None) -> Prose:
    """Return Markdown that shows what the student wrote and does nothing else, wherever it is rendered.

    `<b>` becomes `< b>`, which no HTML parser takes for a tag, while formulas such as $a < b$ stay as they are; an
    escape would be visible in code and in formulas. Pictures get new names: editors write a space in a picture's name
    as `%20`, and nbconvert does not find such a name.

    Args:
        text: what the student wrote.
        attachments: by name, a picture's data by its type.
    """
    pictures: dict[str, dict[str, str]] = {}
    shown: list[str] = []
    # One copy of each picture, however often it is shown.
    names: dict[str, str] = {}

    def shelve(found: re.Match[str]) -> str:
        picture = _picture(found, attachments or {})
        if picture is None:
            return found.group()
        ((kind, data),) = picture.items()
        name = names.setdefault(f"{kind},{data}", f"picture{len(pictures)}")
        pictures[name] = picture
        alt = " ".join(re.sub(r"[^\w .,-]", " ", found["alt"]).split())
        shown.append(f"![{alt}](attachment:{name})")
        return f"{_SHELF}{len(shown) - 1}{_SHELF}"

    shelved = _IMAGE.sub(shelve, visible(text))
    if is_literal(shelved):
        bare = _ON_SHELF.sub(lambda found: say("reading.picture", number=int(found[1]) + 1), shelved)
        return Prose("\n\n".join([literal(bare), *shown]), pictures)
    source = _breakable(_TARGET.sub("] ", _SCHEME.sub(r"\1 ", _defused(shelved)).replace("![", "! [")))
    return Prose(_ON_SHELF.sub(lambda found: shown[int(found[1])], source), pictures)


def with_files(text: str, files: Mapping[str, bytes]) -> tuple[str, dict[str, dict[str, str]]]:
    """Return Markdown with the pictures of files attached, and these attachments; other references stay.

    Args:
        text: what the student wrote, `![photo](photo.png)` or `<img src="photo.png">`.
        files: the files beside the notebook, by their path.
    """
    attached: dict[str, dict[str, str]] = {}

    def attach(found: re.Match[str]) -> str:
        name = unquote(found["file"] or found["source"]).removeprefix("./")
        kind = _KIND_OF.get(name.rpartition(".")[2].lower(), "")
        content = files.get(name, b"")
        if not kind or not 0 < len(content) <= _MAX_ATTACHED_BYTES:
            return found.group()
        data = base64.b64encode(content).decode("ascii")
        if not is_picture(kind, data):
            return found.group()
        attached[name] = {kind: data}
        return f"![{found['alt'] or ''}](attachment:{quote(name)})"

    return _FILE_IMAGE.sub(attach, text), attached


def literal(text: str) -> str:
    """Return Markdown that shows text as it is written, in a box."""
    shown = _SCHEME.sub(r"\1 ", _defused(visible(text[:MAX_PROSE])))
    # A box does not break lines, and a paragraph is one line.
    shown = "\n".join(_wrapped(line) for line in shown.split("\n"))
    if len(text) > MAX_PROSE:
        shown += f"\n{say('reading.output-cut', size=len(text))}"
    # A fence ends at the next one of the same length.
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", shown)), default=0))
    return f"{fence}text\n{shown}\n{fence}"


def _wrapped(line: str) -> str:
    if len(line) <= _WIDTH:
        return line
    return "\n".join(textwrap.wrap(line, _WIDTH, expand_tabs=False, replace_whitespace=False, break_on_hyphens=False))


def visible(text: str) -> str:
    """Replace characters that act instead of being shown: controls, reversals of direction, towers of marks."""
    return printable(text, joiners=True)


def _defused(text: str) -> str:
    return _REFERENCE.sub("& ", _TAG.sub("< ", text))


def _breakable(text: str) -> str:
    """Let a long word continue in the next line, because it would run out of its box."""
    lines = text.split("\n")
    return "\n".join(line if _RULE.fullmatch(line) else _LONG_WORD.sub(_broken, line) for line in lines)


def _broken(found: re.Match[str]) -> str:
    return found[0] if found[1] is None else found[1] + "\u200b"


def _picture(found: re.Match[str], attachments: Mapping[str, Mapping[str, str]]) -> dict[str, str] | None:
    """Return the picture that a piece of Markdown shows; None if it is not in the notebook."""
    if found["name"] is None:
        bundle: Mapping[str, str] = {found["kind"]: found["data"]}
    else:
        bundle = attachments.get(unquote(found["name"])) or attachments.get(found["name"]) or {}
    return next(({kind: bundle[kind]} for kind in KINDS if kind in bundle and is_picture(kind, bundle[kind])), None)


def is_literal(text: str) -> bool:
    """Whether text must be shown as it is written: it is too much for a renderer, or could paint anywhere."""
    return (
        len(text) > _MAX_RENDERED
        or len(_OPENING.findall(text)) > _MAX_OPENINGS
        or _ACTIVE_TEX.search(text) is not None
        or _ACTIVE_SPACE.search(text) is not None
        or len(_NEGATIVE_SPACE.findall(text)) > _MAX_NEGATIVE_SPACES
        or _UNBROKEN.search(_LINK.sub(" ", text)) is not None
        or any(len(found[1] or found[2]) > _MAX_FORMULA for found in _FORMULA.finditer(text))
        or any(line.count("|") > _MAX_COLUMNS for line in text.split("\n"))
    )
