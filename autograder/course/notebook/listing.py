"""List a student's folder: names, sizes and kinds, in bounded time and without following links."""

from __future__ import annotations

import itertools
import os
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from autograder.course.notebook.bounds import megabytes
from autograder.course.notebook.file import read_start
from autograder.sentences import Sentence, say

__all__ = ["ListedFile", "Listing", "described", "kind_of", "list_folder", "looks_like_notebook", "shown"]

MAX_ENTRIES = 20_000
MAX_DEPTH = 8
_MAX_NAMED = 8
_MAX_NAME = 80
#: What systems, editors and nbgrader put beside a student's files.
_NOISE = ("__MACOSX", "__pycache__", "node_modules", "Thumbs.db", "desktop.ini")
_RECEIPTS = ("timestamp.txt", "submission_secret.txt")
_SNIFFED = 4096


@dataclass(frozen=True, slots=True)
class ListedFile:
    """An entry of a student's folder that is no folder.

    `name` is its path in the folder, `kind` is `file`, `link` or `other` (a pipe, a socket, a device), and `noise` says
    that no student put it there on purpose.
    """

    name: str
    path: Path
    kind: str
    size: int
    depth: int
    noise: bool


@dataclass(frozen=True, slots=True)
class Listing:
    """All entries of a folder that are no folders; `cut` says that there are more."""

    entries: tuple[ListedFile, ...]
    cut: bool

    @property
    def files(self) -> list[ListedFile]:
        """The plain files that a student put there."""
        return [e for e in self.entries if e.kind == "file" and not e.noise]


def list_folder(folder: Path, ignored: Sequence[str] = ()) -> Listing:
    """Return what is in a folder and its subfolders, outer folders first, by name.

    Links are named and never followed. Folders more than `MAX_DEPTH` deep and entries beyond `MAX_ENTRIES` are not
    looked at.
    """
    found: list[ListedFile] = []
    waiting = deque([(folder, "", 0, False)])
    left = MAX_ENTRIES
    cut = False
    while waiting and left > 0:
        path, prefix, depth, noise = waiting.popleft()
        try:
            with os.scandir(path) as scanned:
                entries = sorted(itertools.islice(scanned, left), key=lambda e: e.name)
        except OSError:
            continue
        left -= len(entries)
        for entry in entries:
            name = f"{prefix}{entry.name}"
            beside = noise or entry.name.startswith(".") or entry.name in _NOISE or _is_ignored(entry.name, ignored)
            if _is_folder(entry):
                if depth < MAX_DEPTH:
                    waiting.append((Path(entry.path), f"{name}/", depth + 1, beside))
                else:
                    cut = True
            elif name not in _RECEIPTS:
                kind, size = _kind(entry)
                found.append(ListedFile(name, Path(entry.path), kind, size, depth, beside))
    return Listing(tuple(found), cut or left <= 0)


def _is_ignored(name: str, ignored: Sequence[str]) -> bool:
    return any(fnmatch(name, pattern) for pattern in ignored)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


def _kind(entry: os.DirEntry[str]) -> tuple[str, int]:
    try:
        if entry.is_symlink():
            return "link", 0
        if entry.is_file(follow_symlinks=False):
            return "file", entry.stat(follow_symlinks=False).st_size
    except OSError:
        pass
    return "other", 0


# -- words -------------------------------------------------------------------------------------------------


def shown(name: str) -> str:
    """Return a file's name in printable form, short and in quotes."""
    plain = name if name.isprintable() else ascii(name)[1:-1]
    return f"“{plain if len(plain) <= _MAX_NAME else plain[: _MAX_NAME - 1] + '…'}”"


def described(listing: Listing) -> Sentence:
    """Say in a sentence what is in a folder: each file with its size, and what it is."""
    entries = sorted((e for e in listing.entries if not e.noise), key=lambda e: (e.depth, -e.size, e.name))
    if not entries:
        return say("reading.folder-empty")
    files = [_named(e) for e in entries[:_MAX_NAMED]]
    if len(entries) > len(files):
        files.append(say("reading.more-files", n=len(entries) - len(files)))
    if listing.cut:
        return say("reading.folder-in-part", files=tuple(files))
    return say("reading.folder", files=tuple(files))


def _named(entry: ListedFile) -> Sentence:
    name = shown(entry.name)
    if entry.kind == "link":
        return say("reading.file-link", name=name)
    if entry.kind == "other":
        return say("reading.file-not-plain", name=name)
    if entry.size == 0:
        return say("reading.file-empty", name=name)
    return say("reading.file", name=name, size=megabytes(entry.size), kind=kind_of(entry))


_SUFFIXES = {
    ".py": "reading.kind-script",
    ".html": "reading.kind-page",
    ".htm": "reading.kind-page",
    ".pdf": "reading.kind-pdf",
    ".md": "reading.kind-text",
    ".txt": "reading.kind-text",
    ".tex": "reading.kind-text",
    ".docx": "reading.kind-document",
    ".doc": "reading.kind-document",
    ".odt": "reading.kind-document",
    ".csv": "reading.kind-data",
    ".npy": "reading.kind-data",
    ".npz": "reading.kind-data",
    ".pkl": "reading.kind-data",
    ".pt": "reading.kind-model",
    ".pth": "reading.kind-model",
    ".ckpt": "reading.kind-model",
    ".safetensors": "reading.kind-model",
    ".onnx": "reading.kind-model",
    ".h5": "reading.kind-data",
    ".json": "reading.kind-json",
}
_MAGIC = (
    (b"%PDF", "reading.kind-pdf"),
    (b"\x89PNG", "reading.kind-picture"),
    (b"\xff\xd8\xff", "reading.kind-picture"),
    (b"GIF8", "reading.kind-picture"),
    (b"Rar!", "reading.kind-archive"),
    (b"7z\xbc\xaf", "reading.kind-archive"),
    (b"\x1f\x8b", "reading.kind-archive"),
    (b"<!DOCTYPE html", "reading.kind-page"),
    (b"<html", "reading.kind-page"),
)


def kind_of(entry: ListedFile) -> Sentence:
    """Return the kind of a plain file, by its first bytes and its name."""
    start = read_start(entry.path, _SNIFFED)
    if looks_like_notebook(start):
        return say("reading.kind-notebook")
    for magic, words in _MAGIC:
        if start.lower().startswith(magic.lower()):
            return say(words)
    suffix = Path(entry.name.casefold()).suffix
    if start.startswith(b"PK\x03\x04") and suffix not in _SUFFIXES:
        return say("reading.kind-archive")
    if suffix == ".ipynb":
        return say("reading.kind-unreadable-notebook")
    return say(_SUFFIXES.get(suffix, "reading.kind-other"))


def looks_like_notebook(start: bytes) -> bool:
    """Whether a file that begins with these bytes may be a notebook."""
    return start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{") and any(
        key in start for key in (b'"cells"', b'"cell_type"', b'"nbformat"', b'"worksheets"')
    )
