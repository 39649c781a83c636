"""A seccomp filter as classic BPF: it refuses system calls that a student's Python never needs.

The filter is a deny-list of names per architecture; unknown calling conventions kill. Source for numbers:
the kernel's `arch/x86/entry/syscalls/syscall_64.tbl` and `include/uapi/asm-generic/unistd.h`.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct
from collections.abc import Mapping
from typing import Final

from autograder.sandbox.system import no_new_privileges, syscall

__all__ = ["build_filter", "install"]

_AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}

#: name: (x86_64, aarch64); -1 where the architecture has no such call.
_DENIED: Final = {
    "socket": (41, 198),
    "connect": (42, 203),
    "accept": (43, 202),
    "accept4": (288, 242),
    "bind": (49, 200),
    "listen": (50, 201),
    "execve": (59, 221),
    "execveat": (322, 281),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "process_madvise": (440, 440),
    "kcmp": (312, 272),
    "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438),
    "pidfd_send_signal": (424, 424),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "move_mount": (429, 429),
    "open_tree": (428, 428),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "setns": (308, 268),
    "unshare": (272, 97),
    "keyctl": (250, 219),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "reboot": (169, 142),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "syslog": (103, 116),
    "acct": (163, 89),
    "quotactl": (179, 60),
    "personality": (135, 92),
    "sethostname": (170, 161),
    "setdomainname": (171, 162),
    "iopl": (172, -1),
    "ioperm": (173, -1),
    "modify_ldt": (154, -1),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "vhangup": (153, 58),
    "clock_settime": (227, 112),
    "settimeofday": (164, 170),
    "adjtimex": (159, 171),
    "clock_adjtime": (305, 266),
    "mknod": (133, -1),
    "mknodat": (259, 33),
    "migrate_pages": (256, 238),
    "move_pages": (279, 239),
    "fanotify_init": (300, 262),
    # It tells which files another worker opens.
    "inotify_init": (253, -1),
    "inotify_init1": (294, 26),
    "inotify_add_watch": (254, 27),
    "memfd_secret": (447, 447),
    # Anonymous files count towards no limit on memory; the shell has opened the one that it needs.
    "memfd_create": (319, 279),
    # System V objects can be used by number, without being opened.
    "msgget": (68, 186),
    "msgsnd": (69, 189),
    "msgrcv": (70, 188),
    "msgctl": (71, 187),
    "shmget": (29, 194),
    "shmat": (30, 196),
    "shmctl": (31, 195),
    "semget": (64, 190),
    "semop": (65, 193),
    "semtimedop": (220, 192),
    "semctl": (66, 191),
    # A structure in memory names its signal, which may be 9: that death would look like one from outside.
    "timer_create": (222, 107),
    "mq_open": (240, 180),
    "mq_unlink": (241, 181),
    # Control messages carry descriptors, which are in no list of open files on their way. Options of sockets would
    # change the size of buffers, of which `footprint` counts the default.
    "sendmsg": (46, 211),
    "sendmmsg": (307, 269),
    "setsockopt": (54, 208),
}

#: The calls that start a program and talk to it.
_OF_PROGRAMS: Final = {
    "socket",
    "connect",
    "accept",
    "accept4",
    "bind",
    "listen",
    "execve",
    "pidfd_open",
    "memfd_create",
    "sendmsg",
    "sendmmsg",
    "setsockopt",
}

#: Refused too where no pid namespace keeps signals in, because a worker sees other processes there.
_DENIED_WITHOUT_PID_NAMESPACE: Final = {
    "kill": (62, 129),
    "tkill": (200, 130),
    "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
    "setsid": (112, 157),
    "setpgid": (109, 154),
    "setpriority": (141, 140),
    "sched_setaffinity": (203, 122),
    "sched_setscheduler": (144, 119),
    "sched_setparam": (142, 118),
    "sched_setattr": (314, 274),
    "ioprio_set": (251, 30),
    # Its flags are in a structure in memory, which a filter cannot read; nobody needs it.
    "openat2": (437, 437),
}

#: They tell which pages of a file were read before, so one run could pass information to the next.
_UNKNOWN: Final = {"mincore": (27, 232), "cachestat": (451, 451)}

#: Landlock does not cover these calls: workers that run as the grader's own user could change its files anywhere. They
#: do nothing and report success, so that `shutil.copy` and `tarfile` work in a worker's own directory.
_WITHOUT_EFFECT: Final = {
    "chmod": (90, -1),
    "fchmod": (91, 52),
    "fchmodat": (268, 53),
    "fchmodat2": (452, 452),
    "chown": (92, -1),
    "lchown": (94, -1),
    "fchown": (93, 55),
    "fchownat": (260, 54),
    "utime": (132, -1),
    "utimes": (235, -1),
    "futimesat": (261, -1),
    "utimensat": (280, 88),
    "setxattr": (188, 5),
    "lsetxattr": (189, 6),
    "fsetxattr": (190, 7),
    "setxattrat": (463, 463),
    "removexattr": (197, 14),
    "lremovexattr": (198, 15),
    "fremovexattr": (199, 16),
    "removexattrat": (466, 466),
}

#: Before its third version, Landlock did not cover truncation by a file's name.
_ABI_OF_TRUNCATE = 3
_TRUNCATE: Final = {"truncate": (76, 45)}

_CLONE = (56, 220)
_CLONE3 = (435, 435)
_PRLIMIT = (302, 261)
_TGKILL = (234, 131)
_PRCTL = (157, 167)
_FCNTL = (72, 25)
_FLOCK = (73, 32)
_IOCTL = (16, 29)
_SOCKETPAIR = (53, 199)
_SENDTO = (44, 206)
_MMAP = (9, 222)
_KILL_CALL = (62, 129)
_TKILL = (200, 130)
_QUEUE = (129, 138)
_TGQUEUE = (297, 240)
_FUTEX = (202, 98)
_SETRLIMIT = (160, 164)
_PREADV2 = (327, 286)
_FADVISE = (221, 223)
_MADVISE = (28, 233)
_OPEN = (2, -1)
_OPENAT = (257, 56)
_SECCOMP = (317, 277)
_SET_MODE_FILTER = 1
_TSYNC = 1
_PR_SET_PDEATHSIG = 1
#: With it a process could hide from the watch.
_PR_SET_DUMPABLE = 4
#: They send a descriptor's signals to any process of the user: F_SETOWN, F_SETSIG, F_SETOWN_EX, F_SETLEASE, F_NOTIFY.
_SIGNAL_COMMANDS = (8, 10, 15, 1024, 1026)
#: A lock on a file that two workers can read tells one what the other does. So locks are never set, and setting
#: one reports success: F_SETLK, F_SETLKW, F_OFD_SETLK, F_OFD_SETLKW.
_LOCK_COMMANDS = (6, 7, 37, 38)
#: A futex that is not private is known by its place in a file, also where that can only be read: at any library's pages
#: two workers could wait for each other. FUTEX_PRIVATE_FLAG, and the commands that wake: FUTEX_WAKE, FUTEX_REQUEUE,
#: FUTEX_CMP_REQUEUE, FUTEX_WAKE_OP, FUTEX_WAKE_BITSET.
_FUTEX_PRIVATE = 128
_FUTEX_COMMAND = 127
_FUTEX_WAKES = (1, 3, 4, 5, 10)
#: The newer calls have no such flag in a place that a filter can read; nothing needs them.
_FUTEX2: Final = {
    "futex_waitv": (449, 449),
    "futex_wake": (454, 454),
    "futex_wait": (455, 455),
    "futex_requeue": (456, 456),
}
#: The same by ioctl: FIOASYNC, FIOSETOWN, SIOCSPGRP; and TIOCSTI, which types into a terminal.
_SIGNAL_REQUESTS = (0x5452, 0x8901, 0x8902, 0x5412)
_SIGKILL = 9
#: The bits for the signal that a child's end sends to its parent: none for a thread, SIGCHLD for a process.
_EXIT_SIGNAL = 0xFF
_SIGCHLD = 17
_RLIMIT_CPU = 0
#: Reading without waiting tells whether a page is in memory (RWF_NOWAIT); advice can remove it from there
#: (POSIX_FADV_DONTNEED, MADV_COLD, MADV_PAGEOUT).
_RWF_NOWAIT = 8
_FADV_DONTNEED = 4
_MADV_AWAY = (20, 21)
_SOCK_TYPE = 0xF
_SOCK_DGRAM = 2
_MAP_SHARED_ANONYMOUS = 0x21
_O_ACCMODE_TRUNC = 0o1003
_O_RDONLY_TRUNC = 0o1000
_NEW_NAMESPACES = 0x7E020080  # CLONE_NEW{USER,PID,NET,IPC,UTS,CGROUP,NS,TIME}
_X32 = 0x40000000

_LOAD = 0x20
_JEQ = 0x15
_JGE = 0x35
_JSET = 0x45
_AND = 0x54
_RETURN = 0x06
#: Where the low half of each argument lies; the high half is four bytes further.
_ARGUMENT = (16, 24, 32, 40, 48, 56)
_ALLOW = 0x7FFF0000
_KILL = 0x80000000
_ERRNO = 0x00050000


def _ins(code: int, jt: int, jf: int, k: int) -> bytes:
    return struct.pack("<HBBI", code, jt, jf, k)


def build_filter(
    *,
    pid_namespace: bool,
    own_pid: int = 0,
    programs: bool = False,
    shared_maps: bool = False,
    landlock_abi: int = 0,
    machine: str | None = None,
) -> bytes:
    """Return the BPF program.

    Args:
        pid_namespace: whether a pid namespace confines signals and a root of its own the files. Without it, signals are
            refused except to `own_pid`, and so are calls that change files and that Landlock does not cover.
        own_pid: the process that may signal itself (`abort`), where there is no pid namespace.
        programs: whether programs may be started and sockets made, as a Jupyter kernel needs.
        shared_maps: whether memory may be shared without a file.
        landlock_abi: the version of Landlock, default the oldest.
        machine: the architecture, default this one.

    Raises:
        OSError: if there is no table for the architecture.
    """
    arch = machine or platform.machine()
    if arch not in _AUDIT_ARCH:
        raise OSError(errno.ENOSYS, f"seccomp: no system call table for {arch}")
    column = 0 if arch == "x86_64" else 1
    program = _preamble(arch, column)
    if not programs:
        program += _alone_with_its_futexes(column)
        program += _own_death(column)
    # prlimit64 on another process could change the grader's limits: only pid 0, the caller itself, is allowed.
    program += _only(_PRLIMIT[column], 0, 0)
    # A worker dies with its zygote and is visible to the watch, and may not change that.
    program += _never(_PRCTL[column], 0, (_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE))
    program += _never(_FCNTL[column], 1, _SIGNAL_COMMANDS, go_on=True)
    program += _never(_FCNTL[column], 1, _LOCK_COMMANDS, 0)
    program += _by_name({"flock": _FLOCK}, column, 0)
    program += _never(_IOCTL[column], 1, _SIGNAL_REQUESTS)
    if not programs:
        # With `sendto` and an address, a pair of datagram sockets reaches every socket in the file system.
        program += _never(_SOCKETPAIR[column], 1, (_SOCK_DGRAM,), mask=_SOCK_TYPE)
        program += _only(_SENDTO[column], 4, 0, whole=True)
    if not shared_maps:
        # Pages of a shared anonymous map can be hidden from every count: see autograder.sandbox.worker.files.
        program += _never(_MMAP[column], 3, (_MAP_SHARED_ANONYMOUS,), errno.ENOMEM, mask=_MAP_SHARED_ANONYMOUS)
    program += _page_cache(column)
    if not pid_namespace:
        program += _without_namespaces(column, own_pid, landlock_abi)
    program += _by_name(
        {name: numbers for name, numbers in _DENIED.items() if not (programs and name in _OF_PROGRAMS)}, column
    )
    program.append(_ins(_RETURN, 0, 0, _ALLOW))
    return b"".join(program)


def _preamble(arch: str, column: int) -> list[bytes]:
    """End other calling conventions; leave the call's number loaded, new namespaces refused."""
    program = [
        _ins(_LOAD, 0, 0, 4),
        _ins(_JEQ, 1, 0, _AUDIT_ARCH[arch]),
        _ins(_RETURN, 0, 0, _KILL),
        _ins(_LOAD, 0, 0, 0),
    ]
    if arch == "x86_64":
        program += [_ins(_JGE, 0, 1, _X32), _ins(_RETURN, 0, 0, _KILL)]
    # glibc falls back from clone3, whose flags sit in memory that a filter cannot read, to clone.
    return [
        *program,
        _ins(_JEQ, 0, 1, _CLONE3[column]),
        _ins(_RETURN, 0, 0, _ERRNO | errno.ENOSYS),
        _ins(_JEQ, 0, 7, _CLONE[column]),
        _ins(_LOAD, 0, 0, 16),
        _ins(_JSET, 3, 0, _NEW_NAMESPACES),
        # The end of a child may send any signal, 9 too, to the process that made it.
        _ins(_AND, 0, 0, _EXIT_SIGNAL),
        _ins(_JEQ, 2, 0, 0),
        _ins(_JEQ, 1, 0, _SIGCHLD),
        _ins(_RETURN, 0, 0, _ERRNO | errno.EPERM),
        _ins(_RETURN, 0, 0, _ALLOW),
    ]


def _alone_with_its_futexes(column: int) -> list[bytes]:
    """Let nobody wait at a futex that other workers may know, and wake nobody there.

    A wait ends at once, as if the value had changed: `pthread_join` then looks again until the thread has ended. Locks
    of `multiprocessing` are pipes, see autograder.sandbox.worker.processes.
    """
    body = [_ins(_LOAD, 0, 0, _ARGUMENT[1]), _ins(_JSET, 0, 1, _FUTEX_PRIVATE), _ins(_RETURN, 0, 0, _ALLOW)]
    body.append(_ins(_AND, 0, 0, _FUTEX_COMMAND))
    for command in _FUTEX_WAKES:
        body += [_ins(_JEQ, 0, 1, command), _ins(_RETURN, 0, 0, _ERRNO)]
    body.append(_ins(_RETURN, 0, 0, _ERRNO | errno.EAGAIN))
    return [_ins(_JEQ, 0, len(body), _FUTEX[column]), *body, *_by_name(_FUTEX2, column, errno.ENOSYS)]


def _page_cache(column: int) -> list[bytes]:
    """Refuse calls that ask or change which pages of files are in memory, because that outlives a run."""
    program = _by_name(_UNKNOWN, column, errno.ENOSYS)
    program += _never(_PREADV2[column], 5, (_RWF_NOWAIT,), errno.EOPNOTSUPP, mask=_RWF_NOWAIT)
    # The advice counts as followed, and nothing happens.
    program += _never(_FADVISE[column], 3, (_FADV_DONTNEED,), 0)
    return program + _never(_MADVISE[column], 2, _MADV_AWAY, 0)


def _own_death(column: int) -> list[bytes]:
    """Refuse the ways in which a process can SIGKILL itself, which would look like a SIGKILL from outside.

    `kill` of one process stays allowed: with a pid namespace, the notebook's process needs it to end its copies, and is
    itself the first process of the namespace, which nothing inside can kill.
    """
    program = []
    for number, argument in ((_TKILL, 1), (_TGKILL, 2), (_QUEUE, 1), (_TGQUEUE, 2)):
        program += _never(number[column], argument, (_SIGKILL,), go_on=True)
    # The kernel sends it at a lowered limit on processor time; reading the limit stays allowed.
    program += _never(_SETRLIMIT[column], 0, (_RLIMIT_CPU,))
    body = [
        _ins(_LOAD, 0, 0, _ARGUMENT[1]),
        _ins(_JEQ, 0, 5, _RLIMIT_CPU),
        _ins(_LOAD, 0, 0, _ARGUMENT[2]),
        _ins(_JEQ, 0, 2, 0),
        _ins(_LOAD, 0, 0, _ARGUMENT[2] + 4),
        _ins(_JEQ, 1, 0, 0),
        _ins(_RETURN, 0, 0, _ERRNO | errno.EPERM),
        _ins(_LOAD, 0, 0, 0),
    ]
    return [*program, _ins(_JEQ, 0, len(body), _PRLIMIT[column]), *body]


def _without_namespaces(column: int, own_pid: int, landlock_abi: int) -> list[bytes]:
    """Refuse calls that reach other processes, and those that change files and that Landlock does not cover."""
    program = _only(_TGKILL[column], 0, own_pid)
    # Opening for reading can empty a file: before its third version, Landlock saw only the reading.
    for number, flags in ((_OPEN[column], 1), (_OPENAT[column], 2)):
        if number >= 0:
            program += _never(number, flags, (_O_RDONLY_TRUNC,), mask=_O_ACCMODE_TRUNC)
    program += _by_name(_WITHOUT_EFFECT, column, 0)
    program += _by_name(_DENIED_WITHOUT_PID_NAMESPACE, column)
    return program + (_by_name(_TRUNCATE, column) if landlock_abi < _ABI_OF_TRUNCATE else [])


def _by_name(calls: Mapping[str, tuple[int, int]], column: int, code: int = errno.EPERM) -> list[bytes]:
    """Answer calls with an error; with the code 0 they do nothing and report success."""
    program = []
    for numbers in calls.values():
        if numbers[column] >= 0:
            program += [_ins(_JEQ, 0, 1, numbers[column]), _ins(_RETURN, 0, 0, _ERRNO | code)]
    return program


def _only(number: int, argument: int, value: int, *, whole: bool = False) -> list[bytes]:
    """Refuse a call unless an argument has this value; with `whole` the upper half of it must be zero."""
    refuse = _ins(_RETURN, 0, 0, _ERRNO | errno.EPERM)
    body = [_ins(_LOAD, 0, 0, _ARGUMENT[argument]), _ins(_JEQ, 1, 0, value), refuse]
    if whole:
        body += [_ins(_LOAD, 0, 0, _ARGUMENT[argument] + 4), _ins(_JEQ, 1, 0, 0), refuse]
    body.append(_ins(_RETURN, 0, 0, _ALLOW))
    return [_ins(_JEQ, 0, len(body), number), *body]


def _never(
    number: int,
    argument: int,
    values: tuple[int, ...],
    code: int = errno.EPERM,
    *,
    mask: int = 0,
    go_on: bool = False,
) -> list[bytes]:
    """Refuse a call if an argument, masked with `mask`, has one of these values.

    Otherwise the call is allowed, or with `go_on` left to the rules that follow.
    """
    body = [_ins(_LOAD, 0, 0, _ARGUMENT[argument])]
    if mask:
        body.append(_ins(_AND, 0, 0, mask))
    for value in values:
        body += [_ins(_JEQ, 0, 1, value), _ins(_RETURN, 0, 0, _ERRNO | code)]
    body.append(_ins(_LOAD, 0, 0, 0) if go_on else _ins(_RETURN, 0, 0, _ALLOW))
    return [_ins(_JEQ, 0, len(body), number), *body]


def install(program: bytes) -> None:
    """Install the filter for this process, all its threads and its children.

    A driver's threads may run already, and a filter of one thread alone would not bind them.

    Raises:
        OSError: if the kernel refuses, or a thread cannot be bound.
    """

    class Program(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]

    no_new_privileges()
    buffer = ctypes.create_string_buffer(program, len(program))
    described = Program(len(program) // 8, ctypes.cast(buffer, ctypes.c_void_p))
    number = _SECCOMP[0 if platform.machine() == "x86_64" else 1]
    # A positive result is the number of a thread that has another filter.
    thread = syscall(number, _SET_MODE_FILTER, _TSYNC, ctypes.byref(described), what="seccomp: the filter was refused")
    if thread:
        raise OSError(errno.ESRCH, f"seccomp: thread {thread} cannot be bound by the filter")
