"""From a path to JSON: a plain file of bounded size, read without following links or waiting for pipes."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any

from autograder.errors import SubmissionRejected

__all__ = ["parse_json", "read_bytes"]

MAX_BYTES = 20 << 20


def read_bytes(path: Path, *, may_be_empty: bool = False, max_bytes: int = MAX_BYTES) -> bytes:
    """Return the content of a file that was handed in.

    Raises:
        SubmissionRejected: if it is not there, no plain file, too big, or empty where that is not allowed.
    """
    try:
        if stat.S_ISLNK(os.lstat(path).st_mode):
            raise SubmissionRejected(f"{path.name} is a symbolic link; hand in the file itself.")
        # Without O_NONBLOCK opening a FIFO waits for its other end.
        fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            data = _read_plain(fd, path.name, max_bytes)
        finally:
            os.close(fd)
    except FileNotFoundError:
        raise SubmissionRejected(f"{path.name} is not there; hand in the notebook under that name.") from None
    except OSError as error:
        raise SubmissionRejected(f"{path.name} cannot be read ({error.strerror}); hand it in again.") from None
    if not may_be_empty and not data.strip():
        raise SubmissionRejected(f"{path.name} is empty; hand in the notebook again.")
    return data


def _read_plain(fd: int, name: str, max_bytes: int) -> bytes:
    status = os.fstat(fd)
    if not stat.S_ISREG(status.st_mode):
        raise SubmissionRejected(f"{name} is not a plain file; hand in the notebook itself.")
    if status.st_size > max_bytes:
        raise SubmissionRejected(
            f"{name} has {status.st_size / 1e6:.0f} MB; at most {max_bytes >> 20} MiB are read. "
            "Clear the outputs (Kernel → Restart & Clear Output), save, and hand it in again."
        )
    with os.fdopen(fd, "rb", closefd=False) as file:
        # To read max_bytes would set that much memory aside for each notebook.
        return file.read(status.st_size)


def parse_json(data: bytes) -> dict[str, Any]:
    """Return the JSON object in the bytes; it has cells of some kind.

    Raises:
        SubmissionRejected: if it is none.
    """
    try:
        parsed = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise SubmissionRejected(
            f"The file is not UTF-8 text (byte {error.start}), so it is no notebook; "
            "save it with Jupyter and hand it in again."
        ) from None
    except json.JSONDecodeError as error:
        raise SubmissionRejected(
            f"The file is not a notebook: it is no valid JSON at line {error.lineno} ({error.msg}). "
            "Open it with Jupyter; if it opens, save it and hand it in again."
        ) from None
    except (RecursionError, ValueError):
        raise SubmissionRejected(
            "The file is not a notebook: its JSON is nested or sized beyond reason. "
            "Save it with Jupyter and hand it in again."
        ) from None
    if not isinstance(parsed, dict) or not ("cells" in parsed or "worksheets" in parsed):
        raise SubmissionRejected(
            "The file is JSON, but not a notebook: it has no cells. Hand in the .ipynb file itself."
        )
    return parsed
