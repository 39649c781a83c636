"""Where fuzzing starts: frames from the worker's own code, notebooks as students hand them in, our own files."""

from __future__ import annotations

import json
import re
import socket
import tempfile
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import torch
from hostile.browser.payloads import MARKDOWN, TEXTS
from hostile.corpus import CASES
from hostile.fuzzing.targets import NONCE, PNG, REPOSITORY
from tiny_course import cell, make_tiny_course

from autograder.sandbox.wire.frames import Frame, send_frame
from autograder.sandbox.wire.values import Codec, Handle, Raw
from autograder.sandbox.worker.ops import Environment

__all__ = ["said", "seeds", "write_corpus"]


def said(value: Any, kind: str = "answer", nonce: str = NONCE) -> bytes:
    """Return the frame with which a worker says this."""
    node, buffers = Codec(on_callable=id).encode(value)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        send_frame(ours, Frame(kind, nonce, node, tuple(buffers)))
        return theirs.recv(1 << 17)


def _values() -> list[Any]:
    x = torch.arange(4, dtype=torch.float64)
    return [
        None,
        [True, 3, -(2**70), 0.1, float("inf"), "naïve", (), {}, {"a": 1, 2: "b", None: 0.5}],
        (x, x.float().requires_grad_(), x.reshape(2, 2).bool(), x.to(torch.bfloat16), x.to(torch.complex64)),
        {"array": np.arange(6.0).reshape(2, 3), "flags": np.array([True, False])},
        [np.float32(1), np.int64(2**60 + 1), np.bool_(True)],
        [torch.float32, Handle(3), object(), torch.empty(0, 3), torch.tensor(2)],
        [[[[["deep"]]]]],
    ]  # fmt: skip


def _frames() -> list[bytes]:
    return [said(value) for value in _values()] + [b"".join(said(value) for value in _values())]


def _cells() -> list[bytes]:
    nothing = {"outputs": [], "count": 1, "error": None, "timeout": False}
    figure = {"image/png": PNG, "text/plain": "<Figure size 640x480 with 1 Axes>"}
    outputs = [
        {"output_type": "stream", "name": "stdout", "text": "\x1b[31mred\x1b[0m\r\nstep 1\rstep 2\n"},
        {"output_type": "stream", "name": "stderr", "text": "careful"},
        {"output_type": "execute_result", "execution_count": 2, "data": {"text/plain": "4"}, "metadata": {}},
        {"output_type": "display_data", "data": {"text/html": "<b>x</b>"}, "metadata": {}},
        {"output_type": "display_data", "data": figure, "metadata": {}},
        {"output_type": "error", "ename": "E", "evalue": "no", "traceback": ["\x1b[0;31mE\x1b[0m", "no"]},
    ]  # fmt: skip
    error = {"type": "ValueError", "message": "no", "cell": "double", "line": 3, "source": "raise ValueError('no')"}
    return [
        said(nothing),
        said({**nothing, "outputs": outputs}),
        said({**nothing, "outputs": outputs[:1], "error": error, "timeout": True}),
        said({"too_large": "frame too large to send"}),
    ]


def _answers() -> list[bytes]:
    x = torch.tensor([1.0, 2.0], dtype=torch.float64)
    namespace = {"minimise": lambda f, t: t - 0.1 * f(t)}
    operation = {"op": "call", "name": "minimise", "args": (lambda t: (t**2).sum(), x), "kwargs": {}}
    good = {"answers": Environment(namespace).run([operation]), "error": None}
    raised = {"type": "NotImplementedError", "message": "", "cell": "double", "line": 2, "not_implemented": True}
    asks = said({"id": 1, "args": (x,)}, "callback")
    return [
        said(good),
        asks + said(good),
        asks + said({"id": 1, "args": (x, x)}, "callback") + said({"id": 1, "args": ()}, "callback") + said(good),
        *(said({"answers": [(value, [x])], "error": None}) for value in _values()),
        said({"answers": [], "error": raised}),
        said({"too_large": "frame too large to send"}),
    ]


def _notebooks() -> list[bytes]:
    with tempfile.TemporaryDirectory() as folder:
        course = make_tiny_course(Path(folder))
        solved, template = course.solved(), course.template()
    double = cell(solved, "double")
    run = {**double, "outputs": [nbformat.v4.new_output("stream", text="4\n")], "execution_count": 3}
    picture = nbformat.v4.new_markdown_cell("![d](d.png)", attachments={"d.png": {"image/png": PNG}})
    copied = {**solved, "cells": [*solved["cells"], run, picture, {**double, "cell_type": "raw"}]}
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [{"cells": [
        {"cell_type": "heading", "level": 2, "source": ["Tiny"], "metadata": {}},
        {**double, "input": double["source"], "language": "python", "prompt_number": 1, "outputs": []},
    ]}]}  # fmt: skip
    as_text = [
        json.dumps(n, indent=1).encode() for n in (template, solved, copied, old, {**solved, "nbformat_minor": 2})
    ]
    return [*as_text, b"\xef\xbb\xbf" + as_text[1].replace(b"\n", b"\r\n")]


def _texts() -> list[bytes]:
    return [
        b"a < b, <b>bold</b> <!-- c --> <?php <!DOCTYPE [x](javascript:alert(1)) &#106;a&colon; vb\tscript\\:",
        "\x1b[1;31mred\x1b[0m \x1b]0;title\x07 \x9b5m 50%\r100%\r\nnext\tcolumn\x00\u202eright\u2066x".encode(),
        (REPOSITORY / "README.md").read_bytes()[:800],
    ]


def _modules() -> list[bytes]:
    secret = REPOSITORY / "solutions" / "optimizers"
    paths = [secret / "solution.py", *sorted(secret.glob("misconceptions/*.py"))[:5]]
    extra = b"import math; X: int = 1\nEXTRA_CELLS = ['a', 'b']\n@math.f\nclass A:\n  pass\n"
    return [*(path.read_bytes() for path in paths), extra]


def _code() -> list[bytes]:
    solution = (REPOSITORY / "solutions" / "gradients" / "solution.py").read_text(encoding="utf-8")
    cells = [f"def {name}" for name in re.split(r"^def ", solution, flags=re.MULTILINE)[1:]]
    attacks = [c.cells[e] for c in CASES for e in c.cells if c.group == "forbidden"]
    return ["\0".join(cells).encode(), *(a.encode() for a in attacks[:40])]


def _prose() -> list[bytes]:
    pictures = b"![d](attachment:d.png) ![](d.png) <img src=d.png> ![x](data:image/png;base64," + PNG.encode() + b")"
    return [*_texts(), pictures, *(text.encode() for text in (*TEXTS.values(), *MARKDOWN.values()))]


def _figures() -> list[bytes]:
    numbers = [np.arange(8.0).reshape(4, 2), np.ones((3, 2))]
    shown = {"output_type": "display_data", "data": {"text/plain": "<Figure size 640x480 with 1 Axes>"}, "metadata": {}}
    undrawn = {**shown, "undrawn": {"figure": Raw(b"a pickle"), "numbers": numbers}}
    printed = {"output_type": "stream", "name": "stdout", "text": "x"}
    ran = {"outputs": [printed, undrawn], "count": 1, "error": None, "timeout": False}
    twice = {**ran, "outputs": [undrawn, undrawn, shown]}
    drawn, problem = said({"png": PNG}), said({"problem": "ValueError: no"})
    return [
        said(ran) + drawn,
        said(ran) + problem,
        said(twice) + drawn + problem,
        said(twice) + said({"png": "x"}),
        said(ran),
    ]


def seeds(name: str) -> list[bytes]:
    """Return the inputs from which fuzzing a target starts."""
    makers = {
        "frames": _frames,
        "cell": _cells,
        "answers": _answers,
        "notebook": _notebooks,
        "text": _texts,
        "module": _modules,
        "scrutiny": _code,
        "prose": _prose,
        "figures": _figures,
    }
    return makers[name]()


def write_corpus(name: str, folder: Path) -> None:
    """Write a target's seeds into a folder, one file each."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(seeds(name)):
        (folder / f"seed{number}").write_bytes(data)
