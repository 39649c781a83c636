"""Mutations that keep an input's form, so that fuzzing gets past the first length and the first brace.

A coverage-guided fuzzer flips bytes. In a frame that breaks the length, in JSON the syntax, and most of its effort ends
there. Here a stream is split into frames and JSON into its values; one of them is changed, and everything is put
together again with the right lengths. `plain` is the fuzzer's own mutation of bytes.
"""

from __future__ import annotations

import copy
import json
import random
import struct
from collections.abc import Callable
from typing import Any

__all__ = ["mutated", "pack", "unpack"]

_LENGTHS = struct.Struct("<II")
_HUGE = (2**31, 2**40, 2**61 - 1, 2**63, 2**64, 10**400)
_ODD: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, *_HUGE, *(-n for n in _HUGE), 0.5, 1e308, -0.0, float("nan"), float("inf"),
    "", "\x00", "\ud800", "\ud83d\ude00", "\u202e", "a" * 300, "9" * 1301, "0x1p+9999", "nan",
    [], {}, [[]], [None], {"": None},
    ["n"], ["b", True], ["i", "3"], ["i", str(2**61 - 1)], ["f", "0x1p+0"], ["f", "inf"], ["s", "x"],
    ["l", []], ["t", []], ["d", []],
    ["N", "int8", "300"], ["N", "float16", "0x1p+99"], ["y", "float32"], ["o", "object"], ["h", 1], ["c", 1],
    ["T", {"dtype": "float64", "shape": [1], "buffer": 0, "device": "cpu", "requires_grad": False}],
    ["A", {"dtype": "int8", "shape": [8], "buffer": 0}],
)  # fmt: skip


def pack(header: Any, body: bytes = b"") -> bytes:
    """Make a frame of any header."""
    text = json.dumps(header).encode()
    return _LENGTHS.pack(len(text), len(body)) + text + body


def unpack(data: bytes) -> tuple[list[tuple[Any, bytes]], bytes]:
    """Split a stream into headers and bodies; a rest that is no frame comes last."""
    found = []
    while len(data) >= _LENGTHS.size:
        header_bytes, body_bytes = _LENGTHS.unpack_from(data)
        end = _LENGTHS.size + header_bytes
        if end + body_bytes > len(data):
            break
        try:
            header = json.loads(data[_LENGTHS.size : end])
        except (ValueError, RecursionError):
            break
        found.append((header, data[end : end + body_bytes]))
        data = data[end + body_bytes :]
    return found, data


def mutated(form: str, data: bytes, max_size: int, seed: int, plain: Callable[[bytes, int], bytes]) -> bytes:
    """Return a changed input of at most `max_size` bytes."""
    rng = random.Random(seed)
    made = b""
    if form != "text" and rng.random() < 0.75:
        try:
            made = _stream(data, rng, plain) if form == "frames" else _document(data, rng)
        except (ValueError, RecursionError):
            made = b""
    return made if 0 < len(made) <= max_size else plain(data, max_size)


def _document(data: bytes, rng: random.Random) -> bytes:
    value = changed(json.loads(data), rng)
    return json.dumps(value, ensure_ascii=rng.random() < 0.8).encode("utf-8", "surrogatepass")


def _stream(data: bytes, rng: random.Random, plain: Callable[[bytes, int], bytes]) -> bytes:
    found, rest = unpack(data)
    if not found:
        return b""
    which = rng.randrange(len(found))
    header, body = found[which]
    choice = rng.random()
    if choice < 0.7:
        header = changed(header, rng)
    elif choice < 0.8:
        body = plain(body or b"\0", max(64, 2 * len(body)))
        if isinstance(header, dict):
            header["buffers"] = [len(body)]
    elif choice < 0.9:
        # A callback, or the same answer, once more.
        found.insert(which, copy.deepcopy(found[which]))
    else:
        lengths = _LENGTHS.pack(rng.choice([0, 1, len(body), 4 << 20, 2**32 - 1]), rng.choice([0, 64 << 20, 2**32 - 1]))
        return b"".join(pack(h, b) for h, b in found[:which]) + lengths + pack(header, body)[_LENGTHS.size :]
    found[which] = (header, body)
    return b"".join(pack(h, b) for h, b in found) + rest


def _places(value: Any, found: list[tuple[Any, Any]]) -> None:
    if isinstance(value, dict):
        for key in value:
            found.append((value, key))
            _places(value[key], found)
    elif isinstance(value, list):
        for index in range(len(value)):
            found.append((value, index))
            _places(value[index], found)


def changed(value: Any, rng: random.Random) -> Any:
    """Return a JSON value with one to three of its parts replaced, swapped, copied, nested, renamed or removed."""
    value = copy.deepcopy(value)
    for _ in range(rng.choice([1, 1, 1, 2, 3])):
        places: list[tuple[Any, Any]] = []
        _places(value, places)
        if not places:
            return rng.choice(_ODD)
        holder, key = rng.choice(places)
        _change(holder, key, places, rng)
    return value


def _change(holder: Any, key: Any, places: list[tuple[Any, Any]], rng: random.Random) -> None:
    number = type(holder[key]) is int
    # A length that is wrong, by a little or by much, is most likely to matter.
    choice = 7 if number and rng.random() < 0.4 else rng.randrange(8)
    other_holder, other_key = rng.choice(places)
    if choice <= 2:
        holder[key] = copy.deepcopy(rng.choice(_ODD))
    elif choice == 3:
        holder[key] = copy.deepcopy(other_holder[other_key])
    elif choice == 4:
        del holder[key]
    elif choice == 5:
        nested = holder[key]
        for _ in range(rng.choice([1, 3, 30])):
            nested = rng.choice((["l", [nested]], [nested], {"a": nested}))
        holder[key] = nested
    elif choice == 6 and isinstance(holder, list):
        holder[key:key] = [copy.deepcopy(holder[key]) for _ in range(rng.choice([1, 2, 50]))]
    elif choice == 6:
        holder[rng.choice(["", "cells", "type", "\ud800", "a" * 50])] = holder.pop(key)
    elif isinstance(holder[key], str):
        text = holder[key]
        at = rng.randrange(len(text) + 1)
        holder[key] = (
            text[:at] + rng.choice(["\x00", "\x1b[", "<", "\ud800", "\r", "9", "-", "&#", "javascript:"]) + text[at:]
        )
    elif number:
        holder[key] += rng.choice([-1, 1, 8, 2**20, 2**32])
