"""From a path to JSON: a plain file of bounded size, read without following links or waiting for pipes."""

from __future__ import annotations

import codecs
import functools
import json
import operator
import os
import stat
from pathlib import Path
from typing import Any

from autograder.course.notebook.bounds import Bounds, megabytes
from autograder.course.notebook.slim import slim
from autograder.errors import SubmissionRejected, SubmissionTooLarge
from autograder.sentences import Sentence, say, together

__all__ = ["parse_json", "read_bytes", "read_notebook", "read_start", "slimmed"]

#: A notebook up to this size is parsed as it is; a larger one first loses its outputs.
WHOLE_BYTES = 20 << 20
#: Without O_NONBLOCK opening a FIFO waits for its other end. Windows, where students check, has O_BINARY alone.
_FLAGS = ("O_RDONLY", "O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY")
_READING = functools.reduce(operator.or_, (getattr(os, name, 0) for name in _FLAGS))


def read_notebook(path: Path, bounds: Bounds, notes: list[Sentence]) -> bytes:
    """Return the bytes of a notebook that was handed in; a large one without its outputs.

    Args:
        path: the file.
        bounds: how large it may be.
        notes: what was left out is appended here.

    Raises:
        SubmissionRejected: if it does not exist, is no plain file, is empty, or is large and no JSON.
        SubmissionTooLarge: if it is beyond the bounds.
    """
    data = read_bytes(path, most_bytes=bounds.notebook_bytes, remedy=bounds.remedy("notebook_mib"))
    return slimmed(data, path.name, bounds, notes)


def slimmed(data: bytes, name: str, bounds: Bounds, notes: list[Sentence]) -> bytes:
    """Return a notebook's bytes, without its outputs and surplus pictures where it is large."""
    if len(data) <= min(WHOLE_BYTES, bounds.text_bytes, bounds.pictures_bytes):
        return data
    found = slim(data, name, bounds)
    if found.left_out:
        most, gone = bounds.pictures_bytes >> 20, megabytes(found.left_out)
        left_out = say("reading.pictures-left-out", name=name, most=most, size=gone)
        notes.append(together(left_out, bounds.remedy("pictures_mib")))
    return found.data


def read_bytes(
    path: Path, *, may_be_empty: bool = False, most_bytes: int | None = None, remedy: Sentence | None = None
) -> bytes:
    """Return the content of a file that was handed in.

    Args:
        path: the file.
        may_be_empty: whether an empty file is allowed.
        most_bytes: the limit on its size.
        remedy: the sentence that says where that limit stands.

    Raises:
        SubmissionRejected: if it does not exist, is no plain file, or is empty and must not be.
        SubmissionTooLarge: if it is larger.
    """
    bounds = Bounds()
    most = bounds.notebook_bytes if most_bytes is None else most_bytes
    try:
        if stat.S_ISLNK(os.lstat(path).st_mode):
            raise SubmissionRejected(say("reading.link", name=path.name))
        fd = os.open(path, _READING)
        try:
            data = _read_plain(fd, path.name, most, remedy or bounds.remedy("notebook_mib"))
        finally:
            os.close(fd)
    except FileNotFoundError:
        raise SubmissionRejected(say("reading.not-there", name=path.name)) from None
    except OSError as error:
        problem = error.strerror or type(error).__name__
        raise SubmissionRejected(say("reading.unreadable", name=path.name, problem=problem)) from None
    if not may_be_empty and not data[:4096].strip() and not data.strip():
        raise SubmissionRejected(say("reading.empty", name=path.name))
    return data


def _read_plain(fd: int, name: str, most: int, remedy: Sentence) -> bytes:
    status = os.fstat(fd)
    if not stat.S_ISREG(status.st_mode):
        raise SubmissionRejected(say("reading.not-plain", name=name))
    if status.st_size > most:
        allowed = f"{most >> 20} MiB" if most >= 1 << 20 else f"{most} bytes"
        large = say("reading.file-too-large", name=name, size=megabytes(status.st_size), most=allowed)
        raise SubmissionTooLarge(together(large, remedy))
    with os.fdopen(fd, "rb", closefd=False) as file:
        # Reading more would reserve that much memory for each notebook.
        return file.read(status.st_size)


def parse_json(data: bytes) -> dict[str, Any]:
    """Return the JSON object in the bytes, which has cells of some kind.

    Raises:
        SubmissionRejected: if there is none.
    """
    # Editors on Windows save text in this encoding.
    encoding = "utf-16" if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    try:
        parsed = json.loads(data.decode(encoding))
    except UnicodeDecodeError as error:
        raise SubmissionRejected(say("reading.not-utf8", position=error.start)) from None
    except json.JSONDecodeError as error:
        raise SubmissionRejected(say("reading.not-json", line=error.lineno, problem=error.msg)) from None
    except (RecursionError, ValueError):
        raise SubmissionRejected(say("reading.json-beyond-reason")) from None
    if not isinstance(parsed, dict) or not ("cells" in parsed or "worksheets" in parsed):
        raise SubmissionRejected(say("reading.no-cells"))
    return parsed


def read_start(path: Path, count: int) -> bytes:
    """Return the first bytes of a plain file; none if it is something else or cannot be read."""
    try:
        fd = os.open(path, _READING)
        try:
            return os.read(fd, count) if stat.S_ISREG(os.fstat(fd).st_mode) else b""
        finally:
            os.close(fd)
    except OSError:
        return b""
