"""Linux system calls that Python does not wrap, through ctypes; every failure is an OSError that names it."""

from __future__ import annotations

import ctypes
import os
import platform
import signal
import sys

__all__ = [
    "CAP_DAC_READ_SEARCH",
    "CLONE_NEWIPC",
    "CLONE_NEWNET",
    "CLONE_NEWNS",
    "CLONE_NEWPID",
    "CLONE_NEWUSER",
    "CLONE_NEWUTS",
    "MS_BIND",
    "MS_NODEV",
    "MS_NOEXEC",
    "MS_NOSUID",
    "MS_PRIVATE",
    "MS_RDONLY",
    "MS_REC",
    "become",
    "become_subreaper",
    "children",
    "die_with_parent",
    "drop_capabilities",
    "holds",
    "lacks",
    "make_dumpable",
    "make_read_only",
    "mount",
    "no_new_privileges",
    "out_of_memory_ends",
    "outlive_parent",
    "pivot_root",
    "raise_loopback",
    "remount_read_only",
    "setns",
    "syscall",
    "umount_detached",
    "unshare",
]

CLONE_NEWNS = 0x00020000
CLONE_NEWUTS = 0x04000000
CLONE_NEWIPC = 0x08000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000
_SIOCSIFFLAGS = 0x8914
_IFF_UP = 0x1
_IFF_RUNNING = 0x40

CAP_DAC_READ_SEARCH = 2
_CAP_COUNT = 64

MS_RDONLY = 1
MS_NOSUID = 2
MS_NODEV = 4
MS_NOEXEC = 8
MS_REMOUNT = 32
MS_BIND = 4096
MS_REC = 16384
MS_PRIVATE = 1 << 18
MNT_DETACH = 2

_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_PR_SET_KEEPCAPS = 8
_PR_CAPBSET_DROP = 24
_PR_SET_CHILD_SUBREAPER = 36
_PR_SET_NO_NEW_PRIVS = 38
_PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_CLEAR_ALL = 4

_AT_FDCWD = -100
_AT_RECURSIVE = 0x8000
_MOUNT_ATTR_RDONLY = 0x1
_MOUNT_ATTR_NOSUID = 0x2
_MOUNT_ATTR_NODEV = 0x4

# These four have one number on every architecture that postdates the common table.
NUMBERS = {
    "x86_64": {"pivot_root": 155, "mount_setattr": 442, "capset": 126},
    "aarch64": {"pivot_root": 41, "mount_setattr": 442, "capset": 91},
}

_libc = ctypes.CDLL(None, use_errno=True)


def _checked(result: int, what: str) -> int:
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{what}: {os.strerror(code)}")
    return result


def syscall(number: int, *args: object, what: str) -> int:
    """Call by number.

    Raises:
        OSError: with `what` in its message.
    """
    converted = [ctypes.c_long(a) if isinstance(a, int) else a for a in args]
    return _checked(_libc.syscall(ctypes.c_long(number), *converted), what)


def _number(name: str) -> int:
    try:
        return NUMBERS[platform.machine()][name]
    except KeyError:
        raise OSError(38, f"{name}: no system call table for {platform.machine()}") from None


def unshare(flags: int) -> None:
    """Leave the namespaces in `flags`."""
    _checked(_libc.unshare(ctypes.c_int(flags)), "unshare")


def setns(fd: int, kind: int) -> None:
    """Enter the namespace behind `fd`."""
    _checked(_libc.setns(ctypes.c_int(fd), ctypes.c_int(kind)), "setns")


def mount(source: str, target: str, fstype: str | None, flags: int, data: str | None = None) -> None:
    """Attach a file system, or a directory at a second place, as the manual's page of `mount` says."""
    _checked(
        _libc.mount(
            source.encode(),
            target.encode(),
            fstype.encode() if fstype else None,
            ctypes.c_ulong(flags),
            data.encode() if data else None,
        ),
        f"mount {target}",
    )


def make_read_only(target: str) -> None:
    """Make a mount and all below it read-only without devices or set-user-id, keeping locked flags."""

    class Attributes(ctypes.Structure):
        _fields_ = [
            ("set", ctypes.c_uint64),
            ("clear", ctypes.c_uint64),
            ("propagation", ctypes.c_uint64),
            ("userns", ctypes.c_uint64),
        ]

    attributes = Attributes(_MOUNT_ATTR_RDONLY | _MOUNT_ATTR_NOSUID | _MOUNT_ATTR_NODEV, 0, 0, 0)
    syscall(
        _number("mount_setattr"),
        _AT_FDCWD,
        ctypes.c_char_p(target.encode()),
        _AT_RECURSIVE,
        ctypes.byref(attributes),
        ctypes.sizeof(attributes),
        what=f"mount_setattr {target}",
    )


def raise_loopback() -> None:
    """Bring up the loopback device of a new network namespace, which only its own processes can use."""
    import fcntl
    import socket
    import struct

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        up = struct.pack("16sh", b"lo", _IFF_UP | _IFF_RUNNING)
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, up.ljust(40, b"\0"))


def remount_read_only(target: str) -> None:
    """Make one mount read-only, but not the mounts beneath it."""
    mount("none", target, None, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV)


def pivot_root(new: str, old: str) -> None:
    """Make `new` the root directory; the former one appears at `old`."""
    syscall(
        _number("pivot_root"),
        ctypes.c_char_p(new.encode()),
        ctypes.c_char_p(old.encode()),
        what="pivot_root",
    )


def umount_detached(target: str) -> None:
    """Unmount lazily: no new access reaches it."""
    _checked(_libc.umount2(target.encode(), MNT_DETACH), f"umount {target}")


def _prctl(option: int, *args: int) -> None:
    values = [ctypes.c_ulong(a) for a in (*args, 0, 0, 0, 0)[:4]]
    _checked(_libc.prctl(ctypes.c_int(option), *values), f"prctl {option}")


def no_new_privileges() -> None:
    """Give up for good gaining privileges by exec."""
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)


def make_dumpable() -> None:
    """Own this process's files under /proc again, which a change of the user takes away."""
    _prctl(_PR_SET_DUMPABLE, 1)


def become_subreaper() -> None:
    """Become the parent of every descendant whose own parent ends; does nothing on other systems than Linux."""
    if sys.platform == "linux":
        _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def out_of_memory_ends() -> int:
    """Return how many processes this machine's kernel has ended for lack of memory; 0 if it does not say."""
    try:
        with open("/proc/vmstat", encoding="ascii") as file:
            return next((int(line.split()[1]) for line in file if line.startswith("oom_kill ")), 0)
    except OSError:
        return 0


def die_with_parent() -> None:
    """Be killed when the parent ends, for any reason; does nothing on other systems than Linux."""
    if sys.platform == "linux":
        _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def outlive_parent() -> None:
    """Take `die_with_parent` back."""
    if sys.platform == "linux":
        _prctl(_PR_SET_PDEATHSIG, 0)


def children() -> list[int]:
    """Return the child processes of this one, with those that have ended but were not waited for."""
    found = []
    own = os.getpid()
    try:
        entries = [e.name for e in os.scandir("/proc") if e.name.isdigit()]
    except OSError:
        return []
    for name in entries:
        try:
            with open(f"/proc/{name}/stat", "rb") as file:
                stat = file.read()
        except OSError:
            continue
        # The program's name, in parentheses, may hold anything.
        if int(stat.rpartition(b")")[2].split()[1]) == own:
            found.append(int(name))
    return found


def drop_capabilities(keep: tuple[int, ...] = ()) -> None:
    """Drop every capability from every set; those in `keep` stay effective and permitted."""
    _prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL)
    for capability in range(_CAP_COUNT):
        try:
            _prctl(_PR_CAPBSET_DROP, capability)
        except OSError:
            break  # beyond the last one that this kernel knows, or not allowed to drop any
    kept = sum(1 << capability for capability in keep)
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    data = (ctypes.c_uint32 * 6)(kept, kept, 0, 0, 0, 0)
    syscall(_number("capset"), header, data, what="capset")


def lacks(capability: int) -> bool:
    """Whether this process is root without this capability; root in a container lacks many."""
    return os.geteuid() == 0 and sys.platform == "linux" and not holds(capability)


def holds(capability: int) -> bool:
    """Whether this process may use a capability."""
    with open("/proc/self/status", encoding="ascii", errors="replace") as file:
        found = [line.split()[1] for line in file if line.startswith("CapPrm:")]
    return bool(found) and bool(int(found[0], 16) >> capability & 1)


def become(user: int, keep: tuple[int, ...] = ()) -> None:
    """Change from root to `user` for good, keeping only the capabilities in `keep`."""
    _prctl(_PR_SET_KEEPCAPS, 1)
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
    drop_capabilities(keep)
