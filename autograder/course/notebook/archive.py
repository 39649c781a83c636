"""A notebook inside an archive, read in bounded time and memory; nothing is unpacked into a folder."""

from __future__ import annotations

import io
import os
import zipfile
import zlib
from pathlib import Path

from autograder.course.notebook.bounds import Bounds
from autograder.course.notebook.file import read_bytes
from autograder.errors import SubmissionRejected, SubmissionTooLarge
from autograder.sentences import say, together

__all__ = ["members", "read_member"]

MAX_ARCHIVE = 64 << 20
_MAX_DIRECTORY = 4 << 20
_MAX_MEMBERS = 5000
#: Bytes of all notebooks in an archive together.
_MAX_UNPACKED = 512 << 20
_END = b"PK\x05\x06"
_END_64 = b"PK\x06\x07"
_BROKEN = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError, EOFError, ValueError)


def members(path: Path) -> list[str]:
    """Return the notebooks in an archive, none if it cannot be read."""
    try:
        data = read_bytes(path, most_bytes=MAX_ARCHIVE)
        if not _is_small(data):
            return []
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            found = {i.filename: i.file_size for i in archive.infolist()[:_MAX_MEMBERS] if not i.is_dir()}
    except (*_BROKEN, SubmissionRejected):
        return []
    names = []
    left = _MAX_UNPACKED
    for name in sorted(found):
        if name.casefold().endswith(".ipynb") and not _is_noise(name):
            # No more bytes are unpacked than the archive states here.
            left -= found[name]
            if left < 0:
                break
            names.append(name)
    return names


def _is_small(data: bytes) -> bool:
    """Whether the list of an archive's files is short: opening the archive makes a Python object of each entry."""
    end = data.rfind(_END)
    if data[max(0, end - 20) : end].startswith(_END_64):
        return False
    return end >= 0 and int.from_bytes(data[end + 12 : end + 16], "little") <= _MAX_DIRECTORY


def _is_noise(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return any(part.startswith(".") or part == "__MACOSX" for part in parts)


def read_member(data: bytes, name: str, bounds: Bounds) -> bytes:
    """Return a file of an archive, unpacked up to the limit.

    Raises:
        SubmissionRejected: if it cannot be unpacked.
        SubmissionTooLarge: if it is larger than a notebook may be.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open(name) as file:
            content = file.read(bounds.notebook_bytes + 1)
    except (*_BROKEN, KeyError) as error:
        short = os.path.basename(name)[:80]
        problem = type(error).__name__
        raise SubmissionRejected(say("reading.not-unpacked", name=ascii(short), problem=problem)) from None
    if len(content) > bounds.notebook_bytes:
        large = say("reading.archive-too-large", most=bounds.notebook_bytes >> 20)
        raise SubmissionTooLarge(together(large, bounds.remedy("notebook_mib")))
    return content
