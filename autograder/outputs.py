"""Files that appear whole or not at all."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from pathlib import Path

__all__ = ["copy_receipts", "read_receipt", "write_atomically"]

#: What nbgrader's exchange keeps beside a submission; release_feedback needs the secret.
_RECEIPTS = ("timestamp.txt", "submission_secret.txt")
_MAX_RECEIPT_BYTES = 4096


def write_atomically(path: Path, data: str | bytes, *, mode: int = 0o644) -> None:
    """Write a file through a temporary neighbour; makes the folders above it.

    Raises:
        OSError: if it cannot be written; what stood there before is untouched.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    content = data.encode("utf-8", "replace") if isinstance(data, str) else data
    fd, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(fd, "wb") as file:
            file.write(content)
        os.chmod(name, mode)
        os.replace(name, path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(name)
        raise


def read_receipt(submitted: Path, name: str) -> str | None:
    """Return the text of a small plain file beside a submission, None if there is none that can be read."""
    source = submitted / name
    try:
        if source.is_symlink() or not source.is_file() or source.stat().st_size > _MAX_RECEIPT_BYTES:
            return None
        return source.read_text(encoding="utf-8").strip() or None
    except (OSError, UnicodeDecodeError):
        return None


def copy_receipts(submitted: Path, *targets: Path) -> None:
    """Copy nbgrader's time stamp and secret, where there are any, beside what we made of the submission."""
    for name in _RECEIPTS:
        source = submitted / name
        if source.is_symlink() or not source.is_file() or source.stat().st_size > _MAX_RECEIPT_BYTES:
            continue
        for target in targets:
            target.mkdir(parents=True, exist_ok=True)
            with contextlib.suppress(FileNotFoundError):
                (target / name).unlink()
            shutil.copyfile(source, target / name)
