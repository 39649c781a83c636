"""Every file of a submission's directory, by nbgrader's rules and within bounds."""

from __future__ import annotations

import fnmatch
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from autograder.course.notebook.bounds import Bounds, megabytes
from autograder.course.notebook.file import read_bytes, read_notebook
from autograder.course.notebook.listing import shown
from autograder.errors import SubmissionRejected, SubmissionTooLarge
from autograder.sentences import Sentence, say, together

__all__ = ["MAX_FILES", "HandedFiles", "read_handed"]

MAX_FILES = 10_000
#: Folders within each other.
MAX_DEPTH = 32
#: Files that other programs leave beside a notebook.
_LITTER = ("__MACOSX", ".DS_Store", ".git", "Thumbs.db", "desktop.ini")
_RECEIPTS = frozenset({"timestamp.txt", "submission_secret.txt"})
#: How many of the files that were left out are named.
_NAMED = 5


@dataclass(frozen=True, slots=True)
class HandedFiles:
    """Files by their path beneath the submission's directory; `notes` say what was left out, and why.

    `unread` are the notebooks that could not be read, with the reason; `too_large` says that one is beyond a limit.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    notes: tuple[Sentence, ...] = ()
    unread: dict[str, Sentence] = field(default_factory=dict)
    too_large: bool = False


def read_handed(root: Path, ignored: Iterable[str], bounds: Bounds, *, wanted: Callable[[str], bool]) -> HandedFiles:
    """Read what was handed in; a file that cannot be read is left out with a note.

    Args:
        root: the submission's directory.
        ignored: names and patterns that are no part of a submission.
        bounds: how large notebooks, and the files beside them together, may be.
        wanted: whether to read a notebook, by its path. Other notebooks are left out: they are no data.
    """
    files: dict[str, bytes] = {}
    notes: list[Sentence] = []
    unread: dict[str, Sentence] = {}
    beyond: list[str] = []
    too_large = False
    room = bounds.files_bytes
    walk = _Walk(root, (*ignored, *_LITTER))
    found = [name for name in walk.names() if name not in _RECEIPTS and (not name.endswith(".ipynb") or wanted(name))]
    # Notebooks first, then the files near them: where there is too little room, data is left out.
    for name in sorted(found, key=lambda name: (not name.endswith(".ipynb"), name.count("/"), name)):
        if len(files) >= MAX_FILES:
            walk.many = True
            break
        path = root / name
        try:
            if name.endswith(".ipynb"):
                files[name] = read_notebook(path, bounds, notes)
                continue
            content = read_bytes(path, may_be_empty=True, most_bytes=room)
        except SubmissionTooLarge as error:
            if name.endswith(".ipynb"):
                unread[name], too_large = error.reason, True
                notes.append(error.reason)
            else:
                beyond.append(f"{shown(name)} ({megabytes(path.lstat().st_size)})")
            continue
        except SubmissionRejected as error:
            if name.endswith(".ipynb"):
                unread[name] = error.reason
            notes.append(error.reason)
            continue
        except OSError as error:
            notes.append(say("exercise.file-unreadable", file=shown(name), why=str(error.strerror)))
            continue
        room -= len(content)
        files[name] = content
    return HandedFiles(files, (*notes, *_left_out(beyond, bounds), *walk.notes()), unread, too_large)


def first_of(names: Sequence[str]) -> tuple[str | Sentence, ...]:
    """Return the first names of some, and how many more there are."""
    more = len(names) - _NAMED
    return (*names[:_NAMED], *([say("exercise.more-files", count=more)] if more > 0 else []))


def _left_out(names: list[str], bounds: Bounds) -> Iterator[Sentence]:
    if names:
        left_out = say("exercise.files-beyond", files=first_of(names), limit=bounds.files_bytes >> 20)
        yield together(left_out, bounds.remedy("beside_mib"))


class _Walk:
    """Goes through a directory without recursion, and stops at bounds."""

    def __init__(self, root: Path, ignored: tuple[str, ...]) -> None:
        self._root = root
        self._ignored = ignored
        self._deep = False
        self.many = False

    def names(self) -> list[str]:
        """Return the files beneath the root, by their path from there; links to directories are not followed."""
        found: list[str] = []
        waiting = [""]
        while waiting:
            folder = waiting.pop()
            for name, is_folder in self._entries(folder):
                path = f"{folder}{name}"
                if not is_folder:
                    found.append(path)
                elif path.count("/") + 1 > MAX_DEPTH:
                    self._deep = True
                else:
                    waiting.append(f"{path}/")
            if len(found) > 2 * MAX_FILES or len(waiting) > MAX_FILES:
                self.many = True
                break
        return found

    def _entries(self, folder: str) -> Iterator[tuple[str, bool]]:
        try:
            with os.scandir(self._root / folder) as entries:
                for entry in entries:
                    if any(_matches(entry.name, pattern) for pattern in self._ignored):
                        continue
                    if entry.is_dir(follow_symlinks=False):
                        yield entry.name, True
                    elif not (entry.is_symlink() and entry.is_dir()):
                        yield entry.name, False
        except OSError:
            return

    def notes(self) -> Iterator[Sentence]:
        """Say which bound was reached."""
        if self.many:
            yield say("exercise.too-many-files", limit=MAX_FILES)
        if self._deep:
            yield say("exercise.too-deep", limit=MAX_DEPTH)


def _matches(name: str, pattern: str) -> bool:
    """Whether a name matches as in a shell: hidden files match only patterns that begin with a dot."""
    return fnmatch.fnmatchcase(name, pattern) and (not name.startswith(".") or pattern.startswith("."))
