"""Frames on a stream socket: two lengths, a JSON header, raw buffers.

::

    u32 header bytes | u32 body bytes | header (UTF-8 JSON object) | body (the buffers, one after the other)

The header names its `type` (one of `MESSAGE_TYPES`), the `nonce` of the call it belongs to, and the length
of each buffer. Nothing is allocated before its length was checked against a cap, and nothing in a frame is
ever evaluated.
"""

from __future__ import annotations

import json
import select
import socket
import struct
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

__all__ = [
    "MAX_BODY_BYTES",
    "MAX_HEADER_BYTES",
    "MESSAGE_TYPES",
    "Frame",
    "FrameError",
    "FrameReader",
    "Packed",
    "PeerClosed",
    "PeerTimeout",
    "RawFrame",
    "TooLarge",
    "header_start",
    "parse_frame",
    "receive_frame",
    "receive_raw",
    "send_frame",
    "send_packed",
]

MAX_HEADER_BYTES = 4 << 20
MAX_BODY_BYTES = 64 << 20
MAX_BUFFERS = 8192

#: Everything that can be said. Requests go to the worker, the others come from it; none means "passed".
MESSAGE_TYPES = frozenset(
    {"cell", "draw", "ops", "scene", "lend", "script", "fork", "end", "quit", "answer", "callback", "callback_answer"}
)

_LENGTHS = struct.Struct("<II")
#: Bytes of a header that are kept for the type and the nonce.
_MAX_HEAD_BYTES = 1024
_CHUNK_BYTES = 1 << 16
#: What was sent in time may be read a little later.
_GRACE_S = 0.5


class FrameError(Exception):
    """The peer sent something that is not a frame; the connection is unusable from here on."""


class PeerClosed(FrameError):
    """The peer's end is closed: its process is gone."""


class TooLarge(FrameError):
    """The frame is larger than allowed; it was skipped, and the connection stays usable."""


class PeerTimeout(Exception):
    """The peer sent no whole frame before the deadline."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One message: its type, its call's nonce, a JSON payload, and the buffers that the payload refers to."""

    type: str
    nonce: str
    payload: Any = None
    buffers: tuple[bytes | bytearray | memoryview, ...] = field(default=())


#: `json.dumps` would make an encoder for every frame.
_ENCODE = json.JSONEncoder(separators=(",", ":"), allow_nan=False, check_circular=False).encode


@dataclass(frozen=True, slots=True)
class Packed:
    """A frame that is sent many times, each time with another nonce; all other parts are encoded once."""

    type: str
    tail: bytes
    body: bytes

    @classmethod
    def pack(cls, kind: str, payload: Any, buffers: Sequence[bytes | bytearray | memoryview]) -> Packed:
        """Encode everything but the nonce.

        Raises:
            FrameError: if the frame exceeds a cap.
        """
        rest = {"payload": payload, "buffers": [len(b) for b in buffers]}
        tail = _ENCODE(rest)[1:].encode()
        body = b"".join(buffers)
        if len(tail) > MAX_HEADER_BYTES - _MAX_HEAD_BYTES or len(body) > MAX_BODY_BYTES or len(buffers) > MAX_BUFFERS:
            raise FrameError(f"frame too large to send: {len(tail)} + {len(body)} bytes")
        return cls(kind, tail, body)


def header_start(kind: str, nonce: str) -> bytes:
    """Return the start of a header of ours, up to its payload."""
    return f'{{"type":"{kind}","nonce":{json.dumps(nonce)},'.encode()


def send_frame(sock: socket.socket, frame: Frame, *, deadline: float | None = None) -> None:
    """Send `frame`; `deadline` is a `time.monotonic()` value.

    Raises:
        FrameError: if the frame exceeds a cap.
        PeerClosed, PeerTimeout: as named.
    """
    send_packed(sock, Packed.pack(frame.type, frame.payload, frame.buffers), frame.nonce, deadline=deadline)


def send_packed(sock: socket.socket, packed: Packed, nonce: str, *, deadline: float | None = None) -> None:
    """Send a frame that was encoded before, under this nonce.

    Raises:
        PeerClosed, PeerTimeout: as named.
    """
    head = header_start(packed.type, nonce)
    lengths = _LENGTHS.pack(len(head) + len(packed.tail), len(packed.body))
    view = memoryview(b"".join((lengths, head, packed.tail, packed.body)))
    while view:
        try:
            sent = sock.send(view, _flags(deadline))
        except (BlockingIOError, InterruptedError):
            _wait(sock, deadline, write=True)
            continue
        except OSError as error:
            raise PeerClosed(str(error)) from None
        view = view[sent:]


def receive_frame(sock: socket.socket, *, deadline: float | None = None) -> Frame:
    """Receive one frame.

    Raises:
        FrameError: if what came is not a frame within the caps.
        PeerClosed: at the end of the stream.
        PeerTimeout: if it was not complete by `deadline` (`time.monotonic()`).
    """
    return parse_frame(receive_raw(sock, deadline=deadline))


@dataclass(frozen=True, slots=True)
class RawFrame:
    """The bytes of a frame; only its length was checked."""

    header: bytearray
    body: bytearray


def receive_raw(sock: socket.socket, *, deadline: float | None = None) -> RawFrame:
    """Receive the bytes of one frame.

    Raises:
        FrameError: if it is longer than the caps.
        PeerClosed, PeerTimeout: as for `receive_frame`.
    """
    header_bytes, body_bytes = _announced(_read(sock, _LENGTHS.size, deadline))
    data = _read(sock, header_bytes + body_bytes, deadline)
    return RawFrame(data[:header_bytes], data[header_bytes:])


def _announced(data: bytearray) -> tuple[int, int]:
    header_bytes, body_bytes = _LENGTHS.unpack_from(data)
    if header_bytes > MAX_HEADER_BYTES or body_bytes > MAX_BODY_BYTES:
        raise FrameError(f"frame announces {header_bytes} + {body_bytes} bytes")
    return header_bytes, body_bytes


class FrameReader:
    """Receives frames from a socket that carries nothing else, with few system calls even for short frames."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._data = bytearray()

    def receive(self, deadline: float | None = None, max_bytes: int | None = None) -> RawFrame:
        """Receive the bytes of one frame of at most `max_bytes`; see `receive_raw`.

        Raises:
            TooLarge: if there are more.
        """
        data = self._data
        while len(data) < _LENGTHS.size:
            self._fill(deadline)
        header_bytes, body_bytes = _announced(data)
        start, end = _LENGTHS.size + header_bytes, _LENGTHS.size + header_bytes + body_bytes
        if max_bytes is not None and header_bytes + body_bytes > max_bytes:
            self._pass_over(end, deadline)
            raise TooLarge(f"an answer of {header_bytes + body_bytes} bytes")
        while len(data) < end:
            self._fill(deadline)
        # The bytes after it stay; a large frame is not copied as a whole.
        rest = data[end:]
        body = data[start:end]
        header = data[_LENGTHS.size : start]
        self._data = rest
        return RawFrame(header, body)

    def _pass_over(self, count: int, deadline: float | None) -> None:
        while len(self._data) < count:
            count -= len(self._data)
            self._data.clear()
            self._fill(deadline)
        del self._data[:count]

    def _fill(self, deadline: float | None) -> None:
        while True:
            try:
                got = self._sock.recv(_CHUNK_BYTES, _flags(deadline))
            except (BlockingIOError, InterruptedError):
                _wait(self._sock, deadline, write=False)
                continue
            except OSError as error:
                raise PeerClosed(str(error)) from None
            if not got:
                raise PeerClosed("end of stream")
            self._data += got
            _check(deadline)
            return


def parse_frame(raw: RawFrame) -> Frame:
    """Read the bytes of a frame.

    Raises:
        FrameError: if they are none.
    """
    header = _parse(raw.header)
    lengths = header["buffers"]
    if sum(lengths) != len(raw.body):
        raise FrameError("buffer lengths do not add up to the body")
    body = memoryview(raw.body)
    buffers = []
    offset = 0
    for length in lengths:
        buffers.append(body[offset : offset + length])
        offset += length
    return Frame(header["type"], header["nonce"], header["payload"], tuple(buffers))


def _parse(data: bytearray) -> dict[str, Any]:
    try:
        # Without the decoding, json would accept UTF-16 and half surrogate pairs as text.
        header = json.loads(data.decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise FrameError(f"header is not JSON: {type(error).__name__}") from None
    if not isinstance(header, dict) or set(header) != {"type", "nonce", "payload", "buffers"}:
        raise FrameError("header has other keys than a frame's")
    if not all(isinstance(header[name], str) for name in ("type", "nonce")) or header["type"] not in MESSAGE_TYPES:
        raise FrameError("unknown message type")
    lengths = header["buffers"]
    if (
        not isinstance(lengths, list)
        or len(lengths) > MAX_BUFFERS
        or not all(type(n) is int and 0 <= n <= MAX_BODY_BYTES for n in lengths)
    ):
        raise FrameError("buffer lengths are not lengths")
    return header


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _read(sock: socket.socket, count: int, deadline: float | None) -> bytearray:
    data = bytearray(count)
    view = memoryview(data)
    done = 0
    while done < count:
        try:
            got = sock.recv_into(view[done:], 0, _flags(deadline))
        except (BlockingIOError, InterruptedError):
            _wait(sock, deadline, write=False)
            continue
        except OSError as error:
            raise PeerClosed(str(error)) from None
        if got == 0:
            raise PeerClosed("end of stream")
        done += got
        if done < count:
            _check(deadline)
    return data


def _flags(deadline: float | None) -> int:
    """Return the flags of a call: with a deadline it must not block, since `_wait` waits; without one it blocks."""
    return 0 if deadline is None else socket.MSG_DONTWAIT


def _check(deadline: float | None) -> None:
    """Stop listening to a peer that keeps sending a little."""
    if deadline is not None and time.monotonic() > deadline + _GRACE_S:
        raise PeerTimeout


def _wait(sock: socket.socket, deadline: float | None, *, write: bool) -> None:
    """Return when `sock` is ready; at once without a deadline, because the system call that follows blocks."""
    if deadline is None:
        return
    remaining = deadline - time.monotonic()
    poller = select.poll()
    poller.register(sock, select.POLLOUT if write else select.POLLIN)
    if remaining <= 0 or not poller.poll(remaining * 1000):
        raise PeerTimeout
