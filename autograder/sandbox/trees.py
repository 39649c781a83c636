"""Measure, copy and remove directory trees of untrusted origin, without recursion and within bounds."""

from __future__ import annotations

import contextlib
import itertools
import os
import secrets
import stat
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["MAX_DEPTH", "TreeSize", "copy_tree", "measure", "plan_copy", "remove_tree"]

#: Folders within each other; honest work has a handful.
MAX_DEPTH = 64
#: Files up to this size are copied, so that they can be changed, up to a sum of bytes; all others become links.
MAX_COPIED_FILE_BYTES = 64 << 20
MAX_COPIED_BYTES = 128 << 20
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_BLOCK = 512
_PAGE = 4096


@dataclass(frozen=True, slots=True)
class TreeSize:
    """The size of a directory: bytes as they are stored, entries, and whether the walk met a bound."""

    stored_bytes: int = 0
    entries: int = 0
    too_deep: bool = False


class _TooDeep(Exception):
    """Folders are nested beyond the bound, or one cannot be entered."""


def _walk(folder: str, max_entries: int) -> Iterator[tuple[str, int, str, os.stat_result]]:
    """Yield each entry's path from the folder, its parent's descriptor, name and state; a folder before its contents.

    Raises:
        _TooDeep: if the walk ends before everything was seen.
        OSError: if the folder itself cannot be opened.
    """
    opened = [os.open(folder, _FOLDER)]
    try:
        listings = [("", iter(_names(opened[0], max_entries)))]
        while listings:
            above, names = listings[-1]
            name = next(names, None)
            if name is None:
                listings.pop()
                os.close(opened.pop())
                continue
            try:
                found = os.stat(name, dir_fd=opened[-1], follow_symlinks=False)
            except OSError:
                continue  # gone again
            path = f"{above}{name}"
            yield path, opened[-1], name, found
            if not stat.S_ISDIR(found.st_mode):
                continue
            if len(opened) > MAX_DEPTH:
                raise _TooDeep
            try:
                inner = os.open(name, _FOLDER, dir_fd=opened[-1])
            except FileNotFoundError:
                continue
            except OSError:
                raise _TooDeep from None
            opened.append(inner)
            listings.append((f"{path}/", iter(_names(inner, max_entries))))
    finally:
        for fd in opened:
            os.close(fd)


def _names(folder: int, most: int) -> list[str]:
    with os.scandir(folder) as entries:
        return [entry.name for entry in itertools.islice(entries, most + 1)]


def measure(folder: str, *, max_bytes: int, max_entries: int) -> TreeSize:
    """Return the size of a folder's contents; measuring ends at the first bound that is passed."""
    total, entries = 0, 0
    linked: set[int] = set()
    try:
        for _, _, _, found in _walk(folder, max_entries):
            entries += 1
            if found.st_nlink == 1 or stat.S_ISDIR(found.st_mode) or found.st_ino not in linked:
                total += found.st_blocks * _BLOCK
            if found.st_nlink > 1:
                linked.add(found.st_ino)
            if total > max_bytes or entries > max_entries:
                break
    except _TooDeep:
        return TreeSize(total, entries, too_deep=True)
    except OSError:
        return TreeSize()
    return TreeSize(total, entries)


def plan_copy(source: str) -> tuple[TreeSize, frozenset[str]]:
    """Return the size of a folder's copy, and the files that are copied; `copy_tree` links the others."""
    total, entries = 0, 0
    copied = []
    for path, _, _, found in _walk(source, 1 << 30):
        entries += 1
        stored = -(-found.st_size // _PAGE) * _PAGE
        if (
            stat.S_ISREG(found.st_mode)
            and found.st_size <= MAX_COPIED_FILE_BYTES
            and total + stored <= MAX_COPIED_BYTES
        ):
            total += stored
            copied.append(path)
    return TreeSize(total, entries), frozenset(copied)


def copy_tree(source: str, target: str, copied: frozenset[str]) -> None:
    """Make the folders of `source` in `target`, with copies of the files in `copied` and links to all others."""
    for path, folder, name, found in _walk(source, 1 << 30):
        there = os.path.join(target, path)
        if stat.S_ISDIR(found.st_mode):
            os.mkdir(there, 0o755)
        elif path in copied:
            _copy_file(folder, name, found.st_size, there)
        else:
            os.symlink(os.path.join(source, path), there)


def _copy_file(folder: int, name: str, size: int, there: str) -> None:
    given = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder)
    try:
        new = os.open(there, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644)
        try:
            while size > 0:
                block = os.read(given, min(size, 1 << 20))
                if not block:
                    break
                size -= len(block)
                while block:
                    block = block[os.write(new, block) :]
        finally:
            os.close(new)
    finally:
        os.close(given)


def remove_tree(folder: str) -> None:
    """Remove a folder and everything in it, at any depth and with any permissions; nobody may still write there.

    Each inner folder is first moved into the outermost one, so that no path grows long and no descriptor stays open.
    What cannot be removed stays.
    """
    with contextlib.suppress(OSError):
        root = os.open(folder, _FOLDER)
        try:
            waiting = _empty(root, root)
            while waiting:
                name = waiting.pop()
                inner = os.open(name, _FOLDER, dir_fd=root)
                try:
                    waiting += _empty(inner, root)
                finally:
                    os.close(inner)
                os.rmdir(name, dir_fd=root)
        finally:
            os.close(root)
        os.rmdir(folder)


def _empty(folder: int, root: int) -> list[str]:
    """Unlink the files in a folder, and move its folders to the root, open to their owner; return their new names."""
    folders = []
    with os.scandir(folder) as found:
        entries = list(found)
    for entry in entries:
        if not entry.is_dir(follow_symlinks=False):
            os.unlink(entry.name, dir_fd=folder)
            continue
        os.chmod(entry.name, 0o700, dir_fd=folder)
        name = entry.name
        if folder != root:
            name = secrets.token_hex(16)
            os.rename(entry.name, name, src_dir_fd=folder, dst_dir_fd=root)
        folders.append(name)
    return folders
