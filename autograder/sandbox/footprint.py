"""What processes hold together: their own and shared memory, buffers of sockets, files that were unlinked.

Read from /proc, from outside. What cannot be read there is not counted; the filter keeps workers from hiding it.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Nameless", "at_most_bytes", "descendants", "nameless_files", "proportional_bytes", "socket_bytes"]

#: Maps of unlinked files that honest libraries make; how much further ones keep cannot be told.
_ORDINARY_MAPS = 8
_COUNTED = re.compile(r"^Pss_(?:Anon|Shmem):\s*(\d+) kB", re.MULTILINE)
_RESIDENT = re.compile(r"^Rss(?:Anon|Shmem):\s*(\d+) kB", re.MULTILINE)
_FALLBACK_SOCKET_BYTES = 212_992


def descendants(pid: int) -> list[int]:
    """Return the processes beneath `pid`, parents before children."""
    found: list[int] = []
    waiting = [pid]
    while waiting:
        current = waiting.pop()
        with contextlib.suppress(OSError, ValueError):
            for task in os.listdir(f"/proc/{current}/task"):
                text = Path(f"/proc/{current}/task/{task}/children").read_text(encoding="ascii")
                children = [int(p) for p in text.split()]
                found += children
                waiting += children
    return found


def at_most_bytes(pid: int) -> int:
    """Return what a process has in memory, with the pages that it shares: fast, and an upper bound."""
    return sum(int(kib) << 10 for kib in _RESIDENT.findall(_text(f"/proc/{pid}/status")))


def proportional_bytes(pid: int) -> int:
    """Return what a process has in memory, with its part of each shared page: exact, and slow."""
    text = _text(f"/proc/{pid}/smaps_rollup")
    if not text:
        return at_most_bytes(pid)
    return sum(int(kib) << 10 for kib in _COUNTED.findall(text))


def socket_bytes(pids: Collection[int]) -> int:
    """Return the most that the buffers of all sockets of these processes can hold."""
    sockets = {link for pid in pids for _, link in _open_files(pid) if link.startswith("socket:")}
    # What is queued at one end counts for its sender; the kernel's own records take about as much again.
    return len(sockets) * 2 * _default_buffer_bytes()


def _default_buffer_bytes() -> int:
    text = _text("/proc/sys/net/core/wmem_default").strip()
    return int(text) if text.isdigit() else _FALLBACK_SOCKET_BYTES


@dataclass(frozen=True, slots=True)
class Nameless:
    """Files that were unlinked and are still open or mapped."""

    stored_bytes: int = 0
    entries: int = 0


def nameless_files(pids: Collection[int], folder: str, most_each_bytes: int) -> Nameless:
    """Return what unlinked files that lay beneath a folder still take.

    Args:
        pids: the processes that may hold them.
        folder: where they lay.
        most_each_bytes: the most that one file can have; it is counted for files that are only mapped.
    """
    sizes: dict[tuple[int, int], int] = {}
    mapped: set[tuple[int, int]] = set()
    for pid in pids:
        for name, link in _open_files(pid):
            if link.endswith(" (deleted)") and link.startswith(f"{folder}/"):
                with contextlib.suppress(OSError):
                    found = os.stat(f"/proc/{pid}/fd/{name}")
                    sizes[found.st_dev, found.st_ino] = found.st_blocks * 512
        for line in _text(f"/proc/{pid}/maps").splitlines():
            if line.endswith(" (deleted)") and f" {folder}/" in line:
                fields = line.split(maxsplit=5)
                major, _, minor = fields[3].partition(":")
                mapped.add((os.makedev(int(major, 16), int(minor, 16)), int(fields[4])))
    only_mapped = len(mapped - set(sizes))
    hidden = max(0, only_mapped - _ORDINARY_MAPS) * most_each_bytes
    return Nameless(sum(sizes.values()) + hidden, len(sizes) + only_mapped)


def _open_files(pid: int) -> Iterator[tuple[str, str]]:
    """Yield number and target of the open files of a process."""
    with contextlib.suppress(OSError):
        for name in os.listdir(f"/proc/{pid}/fd"):
            with contextlib.suppress(OSError):
                yield name, os.readlink(f"/proc/{pid}/fd/{name}")


def _text(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
