"""What fuzzing found, as small as possible: none of these bugs may come back."""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hostile.fuzzing.mutate import pack
from hostile.fuzzing.seeds import said, seeds
from hostile.fuzzing.targets import NONCE, TARGETS, delivered, scripted

from autograder.course.notebook.file import read_bytes
from autograder.course.notebook.harmless import harmless_output
from autograder.course.notebook.modules import read_module
from autograder.course.notebook.normalise import MAX_PICTURES, well_formed
from autograder.engines.hidden.examples import show
from autograder.errors import AssignmentError, ProtocolError
from autograder.sandbox.channel import Channel
from autograder.sandbox.wire.frames import Frame, FrameError, receive_frame, send_frame
from autograder.sandbox.wire.values import MAX_NODES, MAX_NUMBER_KEYS, Codec, Opaque
from autograder.sentences import Sentence


def note(dtype: str, *shape: int, buffer: int = 0) -> dict[str, Any]:
    """Return a tensor's claims about itself."""
    return {"dtype": dtype, "shape": list(shape), "buffer": buffer, "device": "cpu", "requires_grad": False}


def answer(payload: Any, *buffers: bytes) -> bytes:
    """Return an answer with any payload."""
    lengths = [len(b) for b in buffers]
    return pack({"type": "answer", "nonce": NONCE, "payload": payload, "buffers": lengths}, b"".join(buffers))


def cell(**fields: Any) -> bytes:
    """Return a claim about what a cell showed."""
    return said({"outputs": [], "count": 1, "error": None, "timeout": False, **fields})


FOUND = {
    "a buffer for many tensors": ("frames", answer(["l", [["T", note("uint8", 1 << 16)]] * 500], bytes(1 << 16))),
    "a buffer for many arrays": ("frames", answer(["l", [["A", note("uint8", 1 << 16)]] * 500], bytes(1 << 16))),
    "half a surrogate pair": ("frames", answer(["d", [[["s", "\ud800"], ["o", "\ud800"]]]])),
    "too large for its dtype": ("frames", answer(["N", "float16", "0x1p+99"])),
    "an empty tensor of an impossible shape": ("frames", answer(["T", note("int8", 0, 1 << 39, 1 << 39)], b"")),
    "an array for a type": ("cell", cell(outputs=[{"output_type": np.array([1, 2])}])),
    "an array for a name": ("cell", cell(outputs=[{"output_type": "stream", "name": np.array([1, 2]), "text": "x"}])),
    "a page in a definition": (
        "module",
        b"def f():\n    '\x0c'\n    return 1\n\ndef g():\n    return '\xe2\x80\xa8'\n",
    ),
    "a NUL in a module": ("module", b"x = 1\x00\n"),
    "deep brackets": ("module", b"x = " + b"(" * 5000 + b")" * 5000),
    "deep signs": ("module", b"x = " + b"-" * 50_000 + b"1"),
    "a sum as deep": ("module", b"x = 1" + b"+1" * 20_000),
    "an unhashable literal": ("module", b"EXTRA_CELLS = {[]: 1}"),
    "a small notebook": ("notebook", seeds("notebook")[1]),
}


@pytest.mark.parametrize("name", FOUND)
def test_found(name: str) -> None:
    """Each input once raised an undocumented exception, or cost far more than its size."""
    target, data = FOUND[name]
    TARGETS[target](data)


def test_each_buffer_belongs_to_one_value() -> None:
    """Otherwise a frame of four MiB would be decoded into a terabyte."""
    nodes = [["T", note("uint8", 8)], ["A", note("uint8", 8)]]
    for first in nodes:
        assert len(Codec().decode(first, [bytes(8)])) == 8
        for second in nodes:
            with pytest.raises(FrameError, match="buffer of two"):
                Codec().decode(["l", [first, second]], [bytes(8)])
    codec = Codec()
    shared = torch.ones(2)
    node, buffers = codec.encode([shared, shared])
    for _ in range(2):
        assert len(codec.decode(node, buffers)) == 2


@pytest.mark.parametrize("tag", ["T", "A"])
def test_an_empty_tensor_has_a_possible_shape(tag: str) -> None:
    """Torch raises on an empty tensor whose strides overflow, wherever it is copied or compared."""
    assert Codec().decode([tag, note("int8", 0, 1 << 20, 1 << 20)], [b""]).shape == (0, 1 << 20, 1 << 20)
    with pytest.raises(FrameError, match="not a shape"):
        Codec().decode([tag, note("int8", 0, 1 << 30, 1 << 30)], [b""])
    said_of = Codec().encode(torch.empty(0).reshape(0, 1 << 30, 1 << 30))
    assert Codec().decode(*said_of) == Opaque("tensor too large")


def test_what_is_shown_of_much_is_computed_of_little() -> None:
    """Four thousand arrays in an answer took ten seconds to print, of which 800 characters are shown."""
    arrays = [np.linspace(0, 1, 1000)] * 4000
    started = time.thread_time()
    shown = show(arrays)
    assert time.thread_time() - started < 1
    assert shown == show(arrays[:3])
    assert len(show({i: [i] * 500 for i in range(500)})) == len(shown)


def test_colliding_keys_do_not_take_quadratic_time() -> None:
    """Multiples of 2**61 - 1 have one hash; 20000 of them took 1.5 s, and a frame holds a hundred thousand."""
    keys = [["i", str(i * (2**61 - 1))] for i in range(20_000)]
    started = time.thread_time()
    with pytest.raises(FrameError, match="too many keys"):
        Codec().decode(["d", [[key, ["n"]] for key in keys]], [])
    assert time.thread_time() - started < 2
    texts = [[["s", str(i)], ["n"]] for i in range(20_000)]
    assert len(Codec().decode(["d", texts], [])) == 20_000


def test_a_dict_with_more_numbers_than_that_is_a_label() -> None:
    """Everything that a worker sends can be decoded."""
    codec = Codec()
    most = dict.fromkeys(range(MAX_NUMBER_KEYS))
    assert codec.decode(*codec.encode(most)) == most
    assert codec.decode(*codec.encode({**most, -1: None})) == Opaque(f"dict of {MAX_NUMBER_KEYS + 1} entries")


@pytest.mark.parametrize(
    "value", [np.int64(2**62 + 1), np.int64(-(2**63)), np.int8(-3), np.bool_(True), np.float32(0.1)]
)
def test_numpy_scalars_keep_their_value(value: Any) -> None:
    """Whole numbers beyond 2**53 were rounded on the way."""
    found = Codec().decode(*Codec().encode(value))
    assert (type(found), found) == (type(value), value)


@pytest.mark.parametrize("value", [np.uint16(3), np.longdouble(3), np.complex64(1j), object()])
def test_what_cannot_be_decoded_is_not_said(value: Any) -> None:
    """A student with such an answer once read that the process answered out of turn."""
    assert isinstance(Codec().decode(*Codec().encode([value]))[0], Opaque)


def test_a_value_has_no_more_parts_than_are_understood() -> None:
    """A long list was once sent, and then refused as a breach of the protocol."""
    codec = Codec()
    most = [1] * (MAX_NODES - 1)
    assert codec.decode(*codec.encode(most)) == most
    with pytest.raises(FrameError, match="too many parts"):
        codec.encode([*most, 1])


def test_bytes_that_are_no_booleans() -> None:
    """A numpy bool of the byte 2 is neither true nor false."""
    found = Codec().decode(["A", note("bool", 3)], [b"\x00\x01\x02"])
    assert (found == np.array([False, True, True])).all()
    assert found.view(np.uint8).tolist() == [0, 1, 1]


@pytest.mark.parametrize(
    "kind", [np.array([1, 2]), np.array(["stream", "error"]), torch.ones(2), Opaque("x"), None, ["stream"]]
)
def test_an_output_of_no_type_is_left_out(kind: Any) -> None:
    """Arrays compare element by element; comparing them with "stream" raised in the judge."""
    assert harmless_output({"output_type": kind}) is None
    assert harmless_output({"output_type": "stream", "name": kind, "text": "x"}) == {
        "output_type": "stream",
        "name": "stdout",
        "text": "x",
    }


def test_an_answer_to_a_call_back_may_be_too_large() -> None:
    """Value and gradients together exceed a frame: the worker broke the protocol, the judge did not fail."""
    ours, theirs = socket.socketpair()

    def ask() -> None:
        nonce = receive_frame(theirs).nonce
        lengths = [30 << 20, 30 << 20]
        tensors = ["t", [["T", note("int64", n // 8, buffer=i)] for i, n in enumerate(lengths)]]
        payload = ["d", [[["s", "id"], ["i", "1"]], [["s", "args"], tensors]]]
        send_frame(theirs, Frame("callback", nonce, payload, tuple(map(bytes, lengths))))

    peer = threading.Thread(target=ask)
    peer.start()
    with ours, theirs:
        with pytest.raises(ProtocolError, match="too large"):
            Channel(ours).request("ops", torch.add, 60)
        peer.join()


@pytest.mark.parametrize(
    "data", [said(None, nonce="ready"), said({}, nonce="ready"), said(1), said(torch.ones(1), nonce="ready")]
)
def test_ready_is_said_properly(data: bytes) -> None:
    """Any other first frame is a breach of the protocol."""
    with scripted(data) as channel, pytest.raises(ProtocolError, match="ready"):
        channel.expect_ready(60)
    with scripted(said({"problem": None}, nonce="ready")) as channel:
        assert channel.expect_ready(60).problem is None


def test_a_value_that_is_no_tensor_needs_no_gradient() -> None:
    """A check's function may return a plain number if the worker passes it whole numbers."""
    call = said({"id": 1, "args": (torch.tensor([1, 2]),)}, "callback")
    with scripted(call + said(3)) as channel:
        assert channel.request("ops", lambda t: int(t.sum()), 60) == 3


def test_pictures_are_counted() -> None:
    """A hundred thousand attachments once took twenty seconds, measured."""
    pictures = {f"{n}.png": {"image/png": "aa"} for n in range(MAX_PICTURES)}
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": "", "attachments": given}
        for given in (pictures, {}, pictures)
    ]
    notes: list[Sentence] = []
    made = well_formed({"nbformat": 4, "nbformat_minor": 5, "cells": cells}, notes)
    assert [len(c.get("attachments", {})) for c in made.cells] == [MAX_PICTURES, 0, 0]
    assert len(notes) == 1
    assert "more than 500 attached pictures" in notes[0]
    notes.clear()
    well_formed({"nbformat": 4, "nbformat_minor": 5, "cells": cells[:2]}, notes)
    assert notes == []


def test_the_lines_of_a_module_are_pythons(tmp_path: Path) -> None:
    """Form feeds and Unicode's separators end no line."""
    path = tmp_path / "solution.py"
    path.write_text("X = '\x0c\u2028\x85'\n\n\ndef _f():\n    return 1\n", encoding="utf-8")
    assert read_module(path).prelude == "X = '\x0c\u2028\x85'\ndef _f():\n    return 1"
    path.write_bytes(b"\x00")
    with pytest.raises(AssignmentError, match=r"solution\.py"):
        read_module(path)


def test_reading_takes_no_more_memory_than_the_file(tmp_path: Path) -> None:
    """Twenty MiB were once allocated for each notebook, also for a small one."""
    import tracemalloc

    path = tmp_path / "a.ipynb"
    path.write_text(json.dumps({"cells": []}), encoding="utf-8")
    tracemalloc.start()
    try:
        assert read_bytes(path) == path.read_bytes()
        assert tracemalloc.get_traced_memory()[1] < 1 << 20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32-le", "utf-8-sig"])
def test_a_header_is_utf_8(encoding: str) -> None:
    """As documented; json by itself guesses the encoding."""
    header = {"type": "answer", "nonce": NONCE, "payload": ["n"], "buffers": []}
    text = json.dumps(header).encode(encoding)
    with delivered(struct.pack("<II", len(text), 0) + text) as sock, pytest.raises(FrameError, match="not JSON"):
        receive_frame(sock, deadline=time.monotonic() + 60)


def test_lengths_alone_allocate_no_more_than_a_frame() -> None:
    """Eight bytes may announce any length; above the limits nothing is allocated."""
    for lengths in ((4 << 20, 64 << 20), ((4 << 20) + 1, 0), (0, 2**32 - 1)):
        TARGETS["frames"](struct.pack("<II", *lengths))
