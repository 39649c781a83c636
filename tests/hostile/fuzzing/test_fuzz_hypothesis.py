"""Structured fuzzing: frames and notebooks that are almost right, and what they may cost."""

from __future__ import annotations

import ast
import builtins
import collections
import importlib
import itertools
import json
import random
import re
import socket
import struct
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from hostile.fuzzing.mutate import changed, pack
from hostile.fuzzing.planted import PLANTED
from hostile.fuzzing.seeds import said, seeds
from hostile.fuzzing.targets import NONCE, TARGETS, Finding, delivered
from hypothesis import given, settings
from hypothesis import strategies as st

import autograder
from autograder.errors import ProtocolError
from autograder.sandbox.channel import Channel, WorkerGone, WorkerLate
from autograder.sandbox.wire import values
from autograder.sandbox.wire.frames import MAX_HEADER_BYTES, Frame, FrameError, PeerTimeout, receive_frame, send_frame
from autograder.sandbox.wire.values import Codec

WIRE = ("frames", "cell", "answers")

# -- frames ------------------------------------------------------------------------------------------------

dtypes: st.SearchStrategy[Any] = st.sampled_from([*values._DTYPES, "float8", "object", "O", "", None, 3, []])
sizes = st.sampled_from([0, 1, 2, 3, 8, 2**31, 2**39, 2**40, 2**63, -1]) | st.booleans() | st.none() | st.floats()
notes = st.fixed_dictionaries(
    {"dtype": dtypes, "shape": st.lists(sizes, max_size=4) | st.none(), "buffer": st.integers(-1, 3) | st.none()},
    optional={
        "device": st.sampled_from(["cpu", "cuda", "mars", 1]),
        "requires_grad": st.sampled_from([True, False, 1]),
    },
)
#: As a frame may hold it, with half surrogate pairs.
texts = st.text(max_size=8) | st.sampled_from(["\ud800", "\x1b[0m", "stream", "error", "inf", "nan", "-0x1p+99", "1_0"])
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts
names = st.sampled_from(
    ["answers", "error", "outputs", "count", "timeout", "output_type", "data", "text", "id", "args"]
)


# Functions with names: Hypothesis parses this whole file for the text of a lambda, deep in its own calls, and Python
# 3.11 may end that with a SystemError about the depth.
def _as_int(value: int) -> list[str]:
    return ["i", str(value)]


def _as_float(value: float) -> list[str]:
    return ["f", value.hex()]


def _as_text_node(value: str) -> list[str]:
    return ["s", value]


def _as_dict(pairs: list[Any]) -> list[Any]:
    return ["d", pairs]


def _containers(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    pairs = st.lists(st.tuples(names.map(_as_text_node) | inner, inner).map(list), max_size=4)
    return st.tuples(st.sampled_from("lt"), st.lists(inner, max_size=4)).map(list) | pairs.map(_as_dict)


leaves = (
    st.just(["n"])
    | st.tuples(st.just("b"), scalars).map(list)
    | st.tuples(st.sampled_from("ifso"), texts).map(list)
    | st.integers(-(10**400), 10**400).map(_as_int)
    | st.floats().map(_as_float)
    | st.tuples(st.sampled_from("TA"), notes).map(list)
    | st.tuples(st.just("N"), dtypes, st.integers().map(str) | st.floats().map(float.hex) | scalars).map(list)
    | st.tuples(st.sampled_from("yhcr"), scalars | dtypes).map(list)
    | st.lists(scalars, max_size=4)
)
nodes = st.recursive(
    leaves,
    _containers,
    max_leaves=12,
)


@st.composite
def streams(draw: st.DrawFn) -> bytes:
    """Frames, most of them well-formed, with any payload and buffers that may not fit it."""
    made = b""
    for _ in range(draw(st.integers(1, 3))):
        buffers = draw(st.lists(st.sampled_from([b"", b"\x02", bytes(8), b"\xff" * 16]), max_size=3))
        header: dict[str, Any] = {
            "type": draw(st.sampled_from(["answer", "answer", "answer", "callback", "cell", "passed"])),
            "nonce": draw(st.sampled_from([NONCE, NONCE, NONCE, "", "ready", 1])),
            "payload": draw(nodes),
            "buffers": [len(b) for b in buffers],
        }
        if draw(st.integers(0, 9)) == 0:
            header[draw(st.sampled_from(["type", "nonce", "payload", "buffers", "more"]))] = draw(
                scalars | st.lists(scalars)
            )
        made += pack(header, b"".join(buffers))
    return made


@pytest.mark.parametrize("name", WIRE)
@settings(max_examples=120)
@given(data=streams())
def test_frames_that_are_almost_right(name: str, data: bytes) -> None:
    """Only the documented errors, for any claims of a frame."""
    TARGETS[name](data)


@pytest.mark.parametrize("name", WIRE)
@settings(max_examples=80)
@given(seed=st.integers(0, 2**32), data=st.data())
def test_real_frames_with_a_changed_field(name: str, seed: int, data: st.DataObject) -> None:
    """Every field of a worker's real frames may be replaced, swapped, nested, copied or removed."""
    TARGETS[name](_changed(data.draw(st.sampled_from(seeds(name))), "frames", random.Random(seed)))


@pytest.mark.parametrize("depth", [22, 24, 25, 900, 990, 1100, 50_000, 1_000_000])
@pytest.mark.parametrize("brackets", [('["l",[', "]]"), ("[", "]"), ('{"a":', "}")])
def test_depth(depth: int, brackets: tuple[str, str]) -> None:
    """A header of any depth is a value or is refused."""
    opening, closing = brackets
    inner = '["n"]' if opening.startswith('["l') else "1"
    payload = opening * depth + inner + closing * depth
    header = f'{{"type":"answer","nonce":"{NONCE}","buffers":[],"payload":{payload}}}'.encode()
    TARGETS["frames"](struct.pack("<II", len(header), 0) + header)
    TARGETS["cell"](struct.pack("<II", len(header), 0) + header)


@pytest.mark.parametrize("dense", ['{"":0}', "[0]"])
def test_the_densest_headers(dense: str) -> None:
    """Two MiB of the smallest objects cost no more memory and time than the limits."""
    start, end = f'{{"type":"answer","nonce":"{NONCE}","buffers":[],"payload":["l",['.encode(), b"]]}"
    count = (MAX_HEADER_BYTES // 2 - len(start) - len(end) - len(dense)) // (len(dense) + 1)
    header = start + (dense + ",").encode() * count + dense.encode() + end
    TARGETS["frames"](struct.pack("<II", len(header), 0) + header)


def test_full_frames() -> None:
    """A body of 64 MiB is received and decoded within its cap, once."""
    tensor = {"dtype": "uint8", "shape": [32 << 20], "device": "cpu", "requires_grad": False}
    header = {"type": "answer", "nonce": NONCE, "buffers": [32 << 20, 32 << 20]}
    payload = ["l", [["T", {**tensor, "buffer": 0}], ["A", {**tensor, "buffer": 1}]]]
    with delivered(pack({**header, "payload": payload}, bytes(64 << 20))) as sock:
        frame = receive_frame(sock, deadline=time.monotonic() + 60)
        assert [len(t) for t in Codec().decode(frame.payload, frame.buffers)] == [32 << 20] * 2


@given(st.lists(st.integers(1, 5000), min_size=1, max_size=12), st.floats(0, 1), st.sampled_from(range(6)))
@settings(max_examples=30)
def test_pieces_and_cuts(pieces: list[int], cut: float, which: int) -> None:
    """A stream in any pieces has the same frames, and a stream that is cut anywhere ends in PeerClosed."""
    stream = said([1, torch.ones(100), "text"]) + seeds("frames")[which]
    length = int(cut * len(stream))
    whole = _received(lambda sock: sock.sendall(stream[:length]))
    assert _received(lambda sock: _in_pieces(sock, stream[:length], pieces)) == whole
    assert whole[-1] == "PeerClosed"


def _in_pieces(sock: socket.socket, data: bytes, pieces: list[int]) -> None:
    for size in itertools.cycle(pieces):
        sock.sendall(data[:size])
        data = data[size:]
        if not data:
            return


def _received(write: Callable[[socket.socket], None]) -> list[str]:
    ours, theirs = socket.socketpair()
    found = []
    with ours:
        peer = _peer(theirs, write)
        try:
            while True:
                frame = receive_frame(ours, deadline=time.monotonic() + 60)
                found.append(repr((frame.type, frame.nonce, frame.payload, [bytes(b) for b in frame.buffers])))
        except FrameError as error:
            found.append(type(error).__name__)
        peer.join()
    return found


def _peer(sock: socket.socket, act: Callable[[socket.socket], None]) -> threading.Thread:
    """Let a second thread act at the other end until it is done, or the judge has closed its end."""

    def run() -> None:
        with sock:
            try:
                act(sock)
            except (OSError, FrameError):
                return

    thread = threading.Thread(target=run)
    thread.start()
    return thread


# -- the request loop --------------------------------------------------------------------------------------


def _ask(act: Callable[[socket.socket, Frame], None], seconds: float) -> tuple[Any, float]:
    """Ask a peer that acts on the request; return the answer or the exception's class, and the seconds it took."""
    ours, theirs = socket.socketpair()
    thread = _peer(theirs, lambda sock: act(sock, receive_frame(sock)))
    channel = Channel(ours)
    started = time.monotonic()
    try:
        found: Any = channel.request("ops", [lambda t: (t**2).sum()], seconds)
    except (ProtocolError, WorkerGone, WorkerLate) as error:
        found = type(error)
    taken = time.monotonic() - started
    channel.close()
    thread.join()
    return found, taken


def _storm(sock: socket.socket, request: Frame, *, read: bool) -> None:
    call = said({"id": 1, "args": (torch.ones(2),)}, "callback", request.nonce)
    while True:
        sock.sendall(call)
        if read:
            receive_frame(sock)


@pytest.mark.parametrize("read", [True, False])
def test_a_storm_of_calls_back_ends_at_the_deadline(read: bool) -> None:  # noqa: FBT001 - a parameter
    """Whether the answers are read or not: a peer that only calls back is too late."""
    found, taken = _ask(lambda sock, request: _storm(sock, request, read=read), 0.3)
    assert found is WorkerLate
    assert taken < 20


def test_a_trickle_ends_at_the_deadline() -> None:
    """A byte now and then does not make an answer in time."""

    def trickle(sock: socket.socket, request: Frame) -> None:
        for byte in said([0] * 100, "answer", request.nonce):
            sock.send(bytes([byte]))
            time.sleep(0.005)

    found, taken = _ask(trickle, 0.3)
    assert found is WorkerLate
    assert taken < 20
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(struct.pack("<II", 100, 0) + b"{")
        with pytest.raises(PeerTimeout):
            receive_frame(ours, deadline=time.monotonic() + 0.05)


@settings(max_examples=40)
@given(st.text(max_size=20) | st.sampled_from(["", "ready", NONCE, "0" * 16]))
def test_another_calls_nonce_is_refused(nonce: str) -> None:
    """An answer is believed only with the nonce of its request; with it, it is."""

    def answer(sock: socket.socket, request: Frame) -> None:
        send_frame(sock, Frame("answer", nonce, ["i", "3"]))

    assert _ask(answer, 60)[0] is ProtocolError
    assert _ask(lambda sock, request: sock.sendall(said(3, "answer", request.nonce)), 60)[0] == 3


# -- notebooks ---------------------------------------------------------------------------------------------

_SOLVED = json.loads(seeds("notebook")[1])


@settings(max_examples=70)
@given(seed=st.integers(0, 2**32), times=st.integers(1, 4), which=st.sampled_from(range(5)))
def test_notebooks_with_anything_anywhere(seed: int, times: int, which: int) -> None:
    """Types changed, parts doubled, nested, renamed or removed: the notebook is read, or rejected with a reason."""
    rng = random.Random(seed)
    notebook = json.loads(seeds("notebook")[which])
    for _ in range(times):
        notebook = changed(notebook, rng)
    TARGETS["notebook"](json.dumps(notebook, ensure_ascii=rng.random() < 0.5).encode("utf-8", "surrogatepass"))


def _as_text(notebook: Any = None) -> str:
    return json.dumps(notebook or _SOLVED)


def _with_cells(cells: list[Any]) -> bytes:
    return _as_text({**_SOLVED, "cells": [*_SOLVED["cells"], *cells]}).encode()


def _with_source(source: str, kind: str = "markdown") -> bytes:
    return _with_cells([{"cell_type": kind, "metadata": {}, "source": source}])


def _with_metadata(text: str) -> bytes:
    return _as_text().replace('"metadata": {', f'"metadata": {{{text}, ').encode()


def _with_pictures(pictures: dict[str, Any]) -> bytes:
    return _with_cells([{"cell_type": "markdown", "source": "", "attachments": pictures}])


#: For `harmless_prose`.
_LOOKS_ALIVE = "j\t\n" * 10**5 + "<" * 10**5 + "javascript" + "\n\\" * 10**5 + "&" * 10**5


ODD_NOTEBOOKS: dict[str, Callable[[], bytes]] = {
    "duplicate ids": lambda: _as_text({**_SOLVED, "cells": [{**c, "id": "same"} for c in _SOLVED["cells"]]}).encode(),
    "everything twice": lambda: _with_cells(_SOLVED["cells"]),
    "duplicate keys": lambda: _as_text().replace('"source":', '"source": 3, "source":').encode(),
    "duplicate cells": lambda: _as_text().encode()[:-1] + b', "cells": {}, "nbformat": "4", "cells": [1, [], {}]}',
    "deep metadata": lambda: _with_metadata('"a": ' + "[" * 900 + "]" * 900),
    "too deep": lambda: _with_metadata('"a": ' + "[" * 9000 + "]" * 9000),
    "huge ints": lambda: _as_text().replace("true", "9" * 4000).replace('"points": ', f'"points": {10**400}').encode(),
    "impossible ints": lambda: _as_text().replace("true", "9" * 5000).encode(),
    "NaN": lambda: _as_text().replace("true", "NaN").replace("false", "-Infinity").encode(),
    "half surrogates": lambda: _as_text().replace("double", "\\ud800double").encode(),
    "half surrogates as bytes": lambda: _as_text().replace("Tiny", "\ud800").encode("utf-8", "surrogatepass"),
    "BOM": lambda: b"\xef\xbb\xbf" + _as_text().encode(),
    "two BOMs": lambda: b"\xef\xbb\xbf" * 2 + _as_text().encode(),
    "NUL in a text": lambda: _as_text().replace("Tiny", "\\u0000").encode(),
    "NUL at the end": lambda: _as_text().encode() + b"\0",
    "UTF-16": lambda: _as_text().encode("utf-16"),
    "UTF-32": lambda: _as_text().encode("utf-32"),
    "Latin-1": lambda: json.dumps({**_SOLVED, "x": "naïve"}, ensure_ascii=False).encode("latin-1"),
    "CRLF": lambda: json.dumps(_SOLVED, indent=1).replace("\n", "\r\n").replace("\\n", "\\r\\n").encode(),
    "CR": lambda: _as_text().replace("\\n", "\\r").encode(),
    "a line of a MiB": lambda: _with_source("x" * (1 << 20)),
    "a line of more": lambda: _with_source("x" * (1 << 20) + "y", "code"),
    "a quarter of a MiB of lines": lambda: _with_source("\n" * (1 << 18)),
    "100000 cells": lambda: _with_cells([{"cell_type": "code", "metadata": {}, "source": "1", "outputs": []}] * 10**5),
    "300 cells": lambda: _with_cells([{"cell_type": "code", "metadata": {}, "source": "1"}] * 300),
    "100000 parts of a source": lambda: _with_cells([{"cell_type": "code", "metadata": {}, "source": ["1\n"] * 10**5}]),
    "100000 attachments": lambda: _with_pictures({f"{n}.png": {"image/png": "aa"} for n in range(10**5)}),
    "20000 worksheets": lambda: _as_text({"nbformat": 3, "worksheets": [{"cells": [{}]}] * 20_000}).encode(),
    "100000 empty lists": lambda: _as_text().encode()[:-1] + b', "x": [' + b"[]," * 10**5 + b"[]]}",
    "100000 small dicts": lambda: _as_text().encode()[:-1] + b', "x": [' + b'{"":0},' * 10**5 + b"[]]}",
    "prose that backtracks": lambda: _with_source(_LOOKS_ALIVE),
    "a picture that is none": lambda: _with_pictures({"a.png": {"image/png": "A=" * 10**6 + "!"}}),
}  # fmt: skip


@pytest.mark.parametrize("name", ODD_NOTEBOOKS)
def test_odd_notebooks(name: str) -> None:
    """Encodings, repetitions, sizes and depths that no editor writes."""
    TARGETS["notebook"](ODD_NOTEBOOKS[name]())


# -- texts and regular expressions -------------------------------------------------------------------------


_ALIVE = [
    "<",
    "/",
    "!",
    "a",
    "&",
    "#",
    ";",
    "\x1b",
    "[",
    "]",
    "\x9b",
    "0",
    "m",
    "\r",
    "\n",
    "\t",
    "\\",
    ":",
    "javascript",
]
_ALIVE += ["vbscript", "&colon;", "\u202e", "\u0301", "\ud800", " "]


@settings(max_examples=150)
@given(st.text() | st.binary() | st.lists(st.sampled_from(_ALIVE), max_size=30).map("".join))
def test_texts(given_text: str | bytes) -> None:
    """Shown text has no control characters, and prose no tags."""
    data = given_text if isinstance(given_text, bytes) else given_text.encode("utf-8", "surrogatepass")
    TARGETS["text"](data)


def _patterns() -> dict[str, tuple[re.Pattern[str], list[str]]]:
    """Every regular expression in the package and the methods that use it, by its place."""
    found = {}
    package = Path(autograder.__file__).parent
    for path in sorted(package.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            owner = node.func.value
            if not (isinstance(owner, ast.Name) and owner.id == "re" and node.args and node.func.attr != "escape"):
                continue
            # Made of literals, a module's own constants, and names, which are words; any other expression fails here
            # and needs its own test.
            module = ".".join(path.relative_to(package.parent).with_suffix("").parts)
            scope = dict(vars(importlib.import_module(module)))
            for inner in ast.walk(node.args[0]):
                if isinstance(inner, ast.Name):
                    scope.setdefault(inner.id, vars(builtins).get(inner.id, "word"))
            try:
                text = eval(compile(ast.Expression(node.args[0]), str(path), "eval"), scope)
            except AttributeError:
                # nbgrader makes it from names that it escapes.
                continue
            methods = ["search", "fullmatch"] if node.func.attr in {"compile", "sub"} else [node.func.attr]
            found[f"{path.relative_to(package)}:{node.lineno}"] = re.compile(text), methods
    return found


_PATTERNS = _patterns()
_LENGTH = 20_000
#: Linear searches of that many characters take less than two milliseconds, quadratic ones several tenths of a second.
_SEARCH_S = 0.1


def _worst(pattern: re.Pattern[Any], methods: list[str]) -> float:
    """Return the seconds of the slowest search in texts that repeat the pattern's own characters."""
    written = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode()
    words = re.findall(r"[A-Za-z]{3,}", written)
    pieces = sorted({*re.sub(r"[A-Za-z]{2,}", "", written), *words, *"a0 (<[;\n\t\\", "\x1b", "\x1b[", "line 1", "-> "})
    worst = 0.0
    for start, pump in itertools.product(
        ["", "(", "\x1b[", "\x1b", *words, "-> 1 ", "(line 1)", "(line "], sorted(pieces)
    ):
        text = start + pump * (_LENGTH // len(pump)) + "\x00"
        for method in methods:
            began = time.thread_time()
            getattr(pattern, method)(text if isinstance(pattern.pattern, str) else text.encode())
            worst = max(worst, time.thread_time() - began)
            if worst > _SEARCH_S:
                return worst
    return worst


@pytest.mark.parametrize("where", _PATTERNS)
def test_no_regular_expression_backtracks(where: str) -> None:
    """No text makes one of ours take more than linear time."""
    assert _worst(*_PATTERNS[where]) <= _SEARCH_S


@pytest.mark.parametrize("text", [r"\s*$", r"a*b", r"\x1b*\["])
def test_backtracking_is_found(text: str) -> None:
    """The same measurement finds expressions that look like ours and are quadratic."""
    assert _worst(re.compile(text), ["search"]) > _SEARCH_S


# -- findings can be made ----------------------------------------------------------------------------------


def _changed(data: bytes, form: str, rng: random.Random) -> bytes:
    if form == "text":
        return data
    if form == "json":
        return json.dumps(changed(json.loads(data), rng)).encode()
    header_bytes, body_bytes = struct.unpack_from("<II", data)
    end = 8 + header_bytes
    return pack(changed(json.loads(data[8:end]), rng), data[end : end + body_bytes]) + data[end + body_bytes :]


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_bug_is_found(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The search that finds nothing in the code finds a bug that was put into it."""
    planted = PLANTED[name]
    monkeypatch.setattr("hostile.fuzzing.planted._put", monkeypatch.setattr)
    planted.plant()
    target = TARGETS[planted.target]
    originals = seeds(planted.target)
    rng = random.Random(3)
    inputs = (_changed(rng.choice(originals), target.form, rng) for _ in range(5000))
    with pytest.raises((Finding, MemoryError, KeyError, TypeError, AttributeError)) as caught:
        collections.deque(map(target, inputs), maxlen=0)
    assert re.search(planted.shows, f"{caught.type.__name__}: {caught.value}")


def test_time_and_memory_are_measured() -> None:
    """A target that allocates or computes too much is a finding."""
    from hostile.fuzzing.targets import Target

    with pytest.raises(Finding, match="bytes were allocated"):
        Target("greedy", "text", lambda _: bytearray(8 << 20).clear())(b"x")
