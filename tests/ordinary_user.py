"""Lets tests that run as root try the same as an ordinary user."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

__all__ = ["ORDINARY", "readable_for_all"]

ROOT = Path(__file__).resolve().parents[1]
ORDINARY = 65534


def readable_for_all() -> Callable[[], None]:
    """Return a function that makes Python and this project readable for every user, in the child's mount namespace.

    An installation may lie in a home directory that nobody else may enter. For the child only, such a directory is
    replaced by an empty one that holds just what is needed.
    """
    from autograder.sandbox import system

    needed = sorted({str(ROOT), sys.prefix, sys.base_prefix})
    closed = {str(d) for p in needed for d in Path(p).parents if not os.stat(d).st_mode & 0o001}

    def prepare() -> None:
        system.unshare(system.CLONE_NEWNS)
        system.mount("none", "/", None, system.MS_REC | system.MS_PRIVATE)
        kept = {path: os.open(path, os.O_PATH | os.O_DIRECTORY) for path in needed}
        for directory in sorted(closed, key=len)[:1]:
            system.mount("tmpfs", directory, "tmpfs", 0, "mode=755")
            for path, fd in kept.items():
                if path.startswith(f"{directory}/"):
                    os.makedirs(path, exist_ok=True)
                    system.mount(f"/proc/self/fd/{fd}", path, None, system.MS_BIND | system.MS_REC)
        os.setgroups([])
        os.setresgid(ORDINARY, ORDINARY, ORDINARY)
        os.setresuid(ORDINARY, ORDINARY, ORDINARY)

    return prepare
