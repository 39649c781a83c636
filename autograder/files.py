"""Files that appear whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
import shutil
import tempfile
from pathlib import Path

import autograder

__all__ = [
    "PACKAGE_DIR",
    "RECEIPTS",
    "copy_receipts",
    "explain",
    "file_name",
    "file_sha256",
    "has_content",
    "have_receipts",
    "read_receipt",
    "remove_with_receipts",
    "sweep",
    "write_atomically",
]

#: The folder of this package.
PACKAGE_DIR = Path(autograder.__file__).resolve().parent

#: Around the name of a file that is not whole yet; hidden, so that no student's id can name it.
_PREFIX, _SUFFIX = ".", ".part"

#: The limit of all common file systems.
_MAX_NAME_BYTES = 255
_SHORTENED = re.compile(r"~[0-9a-f]{16}\Z")

#: What nbgrader's exchange keeps beside a submission; release_feedback needs the secret.
RECEIPTS = ("timestamp.txt", "submission_secret.txt")
_MAX_RECEIPT_BYTES = 4096


def write_atomically(path: Path, data: str | bytes, *, mode: int = 0o644) -> None:
    """Write a file through a temporary one beside it; make the folders above it.

    Raises:
        OSError: if it cannot be written; names the file. The file's earlier content is untouched.
    """
    content = data.encode("utf-8", "replace") if isinstance(data, str) else data
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fd, name = tempfile.mkstemp(prefix=_PREFIX, suffix=_SUFFIX, dir=path.parent)
        try:
            with os.fdopen(fd, "wb") as file:
                file.write(content)
            os.chmod(name, mode)
            os.replace(name, path)
        except BaseException:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(name)
            raise
    except OSError as error:
        # The error of a full disk comes from a descriptor, and names no file.
        raise OSError(error.errno, error.strerror, str(path)) from error


def file_name(stem: str, suffix: str) -> str:
    """Return `stem` with a suffix, shortened to what a file system takes.

    A student's folder may have the longest possible name. A shortened name ends in a digest, and so does a name that
    looks shortened, so that no two are the same.
    """
    whole = stem + suffix
    if len(os.fsencode(whole)) <= _MAX_NAME_BYTES and not _SHORTENED.search(stem):
        return whole
    digest = hashlib.sha256(stem.encode("utf-8", "surrogateescape")).hexdigest()[:16]
    room = _MAX_NAME_BYTES - len(suffix.encode()) - len(digest) - 1
    return f"{stem.encode('utf-8', 'surrogateescape')[:room].decode('utf-8', 'ignore')}~{digest}{suffix}"


def file_sha256(path: Path) -> str | None:
    """Return the digest of a plain file, None if it is something else or cannot be read."""
    try:
        if path.is_symlink() or not path.is_file():
            return None
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def has_content(path: Path) -> bool:
    """Whether it is a file with content: a file that was being written during a power cut may be empty."""
    return path.is_file() and path.stat().st_size > 0


def sweep(folder: Path) -> None:
    """Remove the unfinished files of a process that was killed; nobody may be writing to the folder."""
    with contextlib.suppress(FileNotFoundError, NotADirectoryError):
        for path in folder.glob(f"{_PREFIX}*{_SUFFIX}"):
            path.unlink(missing_ok=True)


def explain(error: OSError) -> str:
    """Say in which folder something could not be written or read, why, and what to do."""
    remedies = {
        errno.ENOSPC: "Make room there",
        errno.EDQUOT: "Make room there, or have the quota raised",
        errno.EROFS: "Make it writable",
        errno.EACCES: "Make it writable for this user",
        errno.EPERM: "Make it writable for this user",
    }
    where = f"{error.filename}: " if error.filename else ""
    remedy = remedies.get(error.errno or 0, "Correct that")
    return f"{where}{error.strerror or error}. {remedy} and run the command again; nothing is lost."


def read_receipt(submitted: Path, name: str) -> str | None:
    """Return the text of a small plain file beside a submission, None if it cannot be read."""
    source = submitted / name
    try:
        if source.is_symlink() or not source.is_file() or source.stat().st_size > _MAX_RECEIPT_BYTES:
            return None
        return source.read_text(encoding="utf-8").strip() or None
    except (OSError, UnicodeDecodeError):
        return None


def copy_receipts(submitted: Path, *targets: Path) -> None:
    """Copy nbgrader's time stamp and secret, if there are any, beside what we made of the submission.

    If there are none any more, remove those of an earlier attempt: formgrader would see another submission.
    """
    for name in RECEIPTS:
        source = submitted / name
        if source.is_symlink() or not source.is_file() or source.stat().st_size > _MAX_RECEIPT_BYTES:
            for target in targets:
                (target / name).unlink(missing_ok=True)
            continue
        for target in targets:
            target.mkdir(parents=True, exist_ok=True)
            with contextlib.suppress(FileNotFoundError):
                (target / name).unlink()
            try:
                shutil.copyfile(source, target / name)
            except OSError as error:
                raise OSError(error.errno, error.strerror, str(target / name)) from error


def have_receipts(submitted: Path, target: Path) -> bool:
    """Whether `copy_receipts` would change nothing; the same work may be handed in again, at another time."""
    return all(read_receipt(submitted, name) == read_receipt(target, name) for name in RECEIPTS)


def remove_with_receipts(path: Path) -> None:
    """Remove a file, what `copy_receipts` put beside it, and the folder if nothing else is there."""
    for name in (path.name, *RECEIPTS):
        (path.parent / name).unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        path.parent.rmdir()
        path.parent.parent.rmdir()
