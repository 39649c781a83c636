"""The wire protocol: values come back as they were sent, and nothing malformed gets through."""

from __future__ import annotations

import contextlib
import json
import math
import socket
import struct
import threading
import time
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from autograder.sandbox.wire.frames import (
    MAX_BODY_BYTES,
    MAX_HEADER_BYTES,
    Frame,
    FrameError,
    FrameReader,
    PeerClosed,
    PeerTimeout,
    TooLarge,
    parse_frame,
    receive_frame,
    send_frame,
)
from autograder.sandbox.wire.values import Codec, Opaque

scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**200), 2**200)
    | st.floats(allow_nan=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=5), inner, max_size=4)
    ),
    max_leaves=20,
)


def exchange(data: bytes) -> Frame:
    """Write bytes to one end and read a frame from the other."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.sendall(data)
        ours.shutdown(socket.SHUT_WR)
        return receive_frame(theirs, deadline=time.monotonic() + 5)


def packed(header: object, body: bytes = b"") -> bytes:
    """Make a frame out of any header."""
    text = json.dumps(header).encode()
    return struct.pack("<II", len(text), len(body)) + text + body


@given(values)
def test_values_come_back_as_they_were(value: Any) -> None:
    """Nested values survive the trip, types and all, floats bit for bit."""
    codec = Codec()
    node, buffers = codec.encode(value)
    assert codec.decode(json.loads(json.dumps(node)), buffers) == value


@pytest.mark.parametrize(
    "tensor",
    [
        torch.tensor(3.5, dtype=torch.float64),
        torch.tensor([math.nan, math.inf, -0.0]),
        torch.arange(6).reshape(2, 3).t(),
        torch.tensor([True, False]),
        torch.ones(2, dtype=torch.bfloat16),
        torch.tensor([1 + 2j]).conj(),
        torch.empty(0, 3),
    ],
    ids=str,
)
def test_tensors_come_back_bit_for_bit(tensor: torch.Tensor) -> None:
    """Every dtype and layout, NaN and the sign of zero included."""
    codec = Codec()
    node, buffers = codec.encode(tensor)
    back = codec.decode(node, buffers)
    assert back.dtype == tensor.dtype
    assert back.shape == tensor.shape
    expected = tensor.resolve_conj().reshape(-1)
    assert torch.equal(back.reshape(-1).view(torch.uint8), expected.view(torch.uint8))


def test_a_huge_view_is_not_materialised() -> None:
    """An expanded view of 2**40 elements becomes a label, not an allocation."""
    node, buffers = Codec().encode(torch.ones(1).expand(1 << 40))
    assert (node[0], buffers) == ("o", [])


@given(st.binary(max_size=200))
def test_arbitrary_bytes_are_refused_or_a_frame(data: bytes) -> None:
    """No bytes make the decoder raise anything but its own errors."""
    with contextlib.suppress(FrameError):
        exchange(data)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
        max_leaves=25,
    ),
    st.lists(st.binary(max_size=40), max_size=3),
)
def test_arbitrary_nodes_are_refused_or_a_value(node: Any, buffers: list[bytes]) -> None:
    """No JSON makes the value decoder raise anything but FrameError."""
    with contextlib.suppress(FrameError):
        Codec().decode(node, buffers)


@given(st.sampled_from(["T", "A"]), st.lists(st.integers(-2, 1 << 41), max_size=4), st.integers(-1, 2))
def test_tensor_claims_must_match_their_bytes(tag: str, shape: list[int], index: int) -> None:
    """A tensor is accepted only if its shape says exactly as many bytes as there are."""
    note = {"dtype": "float64", "shape": shape, "buffer": index, "device": "cpu", "requires_grad": False}
    try:
        found = Codec().decode([tag, note], [bytes(16)])
    except FrameError:
        return
    assert math.prod(found.shape) * 8 == 16


@pytest.mark.parametrize(
    "data",
    [
        struct.pack("<II", MAX_HEADER_BYTES + 1, 0),
        struct.pack("<II", 2, MAX_BODY_BYTES + 1) + b"{}",
        packed([]),
        packed({"type": "passed", "nonce": "", "payload": None, "buffers": []}),
        packed({"type": "answer", "nonce": 1, "payload": None, "buffers": []}),
        packed({"type": "answer", "nonce": "", "payload": None, "buffers": [1]}),
        packed({"type": "answer", "nonce": "", "payload": None, "buffers": [-1]}, b""),
        packed({"type": "answer", "nonce": "", "payload": None, "buffers": [], "more": 1}),
        packed({"type": [], "nonce": "", "payload": None, "buffers": []}),
        struct.pack("<II", 3, 0) + b"NaN",
        struct.pack("<II", 200_000, 0) + b"[" * 200_000,
    ],
    ids=range(11),
)
def test_malformed_frames_are_refused(data: bytes) -> None:
    """Sizes over the cap, unknown types, wrong keys and deep JSON are refused before anything is allocated."""
    with pytest.raises(FrameError):
        exchange(data)


def test_no_message_means_passed() -> None:
    """A worker cannot even say that it passed."""
    with pytest.raises(FrameError, match="unknown message type"):
        exchange(packed({"type": "passed", "nonce": "", "payload": None, "buffers": []}))


def test_silence_is_a_timeout_and_the_end_is_an_end() -> None:
    """A peer that says nothing is late; one that closes is gone."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        with pytest.raises(PeerTimeout):
            receive_frame(ours, deadline=time.monotonic() + 0.05)
        theirs.close()
        with pytest.raises(PeerClosed):
            receive_frame(ours, deadline=time.monotonic() + 1)
        with pytest.raises(PeerClosed):
            send_frame(ours, Frame("answer", "x"), deadline=time.monotonic() + 1)


@pytest.mark.parametrize("node", [["c", 1], ["r", "torch.nn.Linear"], ["T", None], ["t"], ["i", "9" * 5000], ["?", 1]])
def test_the_judge_resolves_nothing_on_the_workers_word(node: list[Any]) -> None:
    """Names and callables are refused in the direction from worker to judge."""
    with pytest.raises(FrameError):
        Codec().decode(node, [])


def test_what_cannot_cross_becomes_a_label() -> None:
    """Objects of unknown classes arrive as the name of their class and nothing else."""
    node, buffers = Codec().encode([object(), {1, 2}])
    assert Codec().decode(node, buffers) == [Opaque("object"), Opaque("set")]


def test_what_is_larger_than_its_room_is_passed_over() -> None:
    """It is not kept in memory, and the frame after it is read as usual."""
    ours, theirs = socket.socketpair()
    frames = [Frame("answer", "1", None, (bytes(30_000),)), Frame("answer", "2", ["n"])]

    def send() -> None:
        for frame in frames:
            send_frame(theirs, frame)

    peer = threading.Thread(target=send)
    peer.start()
    with ours, theirs:
        reader = FrameReader(ours)
        with pytest.raises(TooLarge, match="bytes"):
            reader.receive(max_bytes=1000)
        assert parse_frame(reader.receive(max_bytes=1000)).nonce == "2"
        peer.join()
