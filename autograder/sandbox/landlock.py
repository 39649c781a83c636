"""Landlock: a process gives up file access outside an allow-list, for itself and its children.

Source: kernel documentation, userspace-api/landlock.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
from collections.abc import Sequence

from autograder.sandbox.system import no_new_privileges, syscall

__all__ = ["abi_version", "restrict"]

_CREATE_RULESET = 444
_ADD_RULE = 445
_RESTRICT_SELF = 446
_CREATE_RULESET_VERSION = 1
_RULE_PATH_BENEATH = 1

_EXECUTE = 1 << 0
_WRITE_FILE = 1 << 1
_READ_FILE = 1 << 2
_READ_DIR = 1 << 3
_ALL_V1 = (1 << 13) - 1
_REFER = 1 << 13
_TRUNCATE = 1 << 14
_IOCTL_DEV = 1 << 15
_NET = 0b11
_SCOPE_ABSTRACT_UNIX_AND_SIGNAL = 0b11


class _Ruleset(ctypes.Structure):
    _fields_ = [
        ("handled_access_fs", ctypes.c_uint64),
        ("handled_access_net", ctypes.c_uint64),
        ("scoped", ctypes.c_uint64),
    ]


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = [("allowed_access", ctypes.c_uint64), ("parent_fd", ctypes.c_int32)]


def abi_version() -> int:
    """Return the Landlock ABI of this kernel, 0 where there is none."""
    try:
        return syscall(_CREATE_RULESET, 0, 0, _CREATE_RULESET_VERSION, what="landlock")
    except OSError:
        return 0


def restrict(
    readable: Sequence[str], writable: Sequence[str], listed: Sequence[str] = (), *, programs: bool = False
) -> int:
    """Allow reading beneath `readable`, all but executing beneath `writable`, listing beneath `listed`.

    Nothing else stays allowed. With `programs`, files that may be read may be executed too, and ports may be used:
    both for workers that run a Jupyter kernel, in a network namespace of their own.

    Returns:
        The version of Landlock.

    Raises:
        OSError: if this kernel has no Landlock.
    """
    abi = abi_version()
    if abi < 1:
        raise OSError(38, "landlock: not offered by this kernel")
    handled = _ALL_V1
    if abi >= 2:  # noqa: PLR2004 - ABI numbers are the documentation's
        handled |= _REFER
    if abi >= 3:  # noqa: PLR2004
        handled |= _TRUNCATE
    if abi >= 5:  # noqa: PLR2004
        handled |= _IOCTL_DEV
    network = _NET if abi >= 4 and not programs else 0  # noqa: PLR2004
    ruleset = _Ruleset(handled, network, _SCOPE_ABSTRACT_UNIX_AND_SIGNAL if abi >= 6 else 0)  # noqa: PLR2004
    size = 24 if abi >= 6 else 16 if abi >= 4 else 8  # noqa: PLR2004
    fd = syscall(_CREATE_RULESET, ctypes.byref(ruleset), size, 0, what="landlock_create_ruleset")
    try:
        for path in readable:
            _allow(fd, path, _READ_FILE | _READ_DIR | (_EXECUTE if programs else 0))
        for path in listed:
            _allow(fd, path, _READ_DIR)
        for path in writable:
            _allow(fd, path, handled & ~_EXECUTE)
        no_new_privileges()
        syscall(_RESTRICT_SELF, fd, 0, what="landlock_restrict_self")
    finally:
        os.close(fd)
    return abi


def _allow(ruleset_fd: int, path: str, access: int) -> None:
    try:
        target = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    with contextlib.ExitStack() as stack:
        stack.callback(os.close, target)
        if not os.path.isdir(path):
            access &= _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL_DEV
        rule = _PathBeneath(access, target)
        syscall(_ADD_RULE, ruleset_fd, _RULE_PATH_BENEATH, ctypes.byref(rule), 0, what=f"landlock_add_rule {path}")
