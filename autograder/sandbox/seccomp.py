"""A seccomp filter as classic BPF: what a student's Python never needs is refused.

The filter is a deny-list of names per architecture; unknown calling conventions kill. Source for numbers:
the kernel's `arch/x86/entry/syscalls/syscall_64.tbl` and `include/uapi/asm-generic/unistd.h`.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct
from typing import Final

from autograder.sandbox.system import no_new_privileges

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
    "memfd_secret": (447, 447),
    # Anonymous files count towards no limit of memory; the shell opened the one it needs before.
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
    "mq_open": (240, 180),
    "mq_unlink": (241, 181),
}

#: What starting a program and talking to it takes.
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
}

#: Refused as well where no pid namespace keeps the signals in: other processes are in sight there.
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
    "ioprio_set": (251, 30),
}

_CLONE = (56, 220)
_CLONE3 = (435, 435)
_PRLIMIT = (302, 261)
_TGKILL = (234, 131)
_PRCTL = (157, 167)
_PR_SET_PDEATHSIG = 1
_NEW_NAMESPACES = 0x7E020080  # CLONE_NEW{USER,PID,NET,IPC,UTS,CGROUP,NS,TIME}
_X32 = 0x40000000

_LOAD = 0x20
_JEQ = 0x15
_JGE = 0x35
_JSET = 0x45
_RETURN = 0x06
_ALLOW = 0x7FFF0000
_KILL = 0x80000000
_ERRNO = 0x00050000


def _ins(code: int, jt: int, jf: int, k: int) -> bytes:
    return struct.pack("<HBBI", code, jt, jf, k)


def build_filter(*, pid_namespace: bool, own_pid: int = 0, programs: bool = False, machine: str | None = None) -> bytes:
    """Return the BPF program.

    Args:
        pid_namespace: whether one confines signals; without it they are refused but to `own_pid`.
        own_pid: the process that may signal itself (`abort`), where there is no pid namespace.
        programs: whether programs may be started and sockets made, as a Jupyter kernel needs.
        machine: the architecture, default this one.

    Raises:
        OSError: if there is no table for the architecture.
    """
    arch = machine or platform.machine()
    if arch not in _AUDIT_ARCH:
        raise OSError(errno.ENOSYS, f"seccomp: no system call table for {arch}")
    column = 0 if arch == "x86_64" else 1
    denied = {name: numbers for name, numbers in _DENIED.items() if not (programs and name in _OF_PROGRAMS)}
    if not pid_namespace:
        denied |= _DENIED_WITHOUT_PID_NAMESPACE
    refuse = _ERRNO | errno.EPERM
    program = [
        _ins(_LOAD, 0, 0, 4),
        _ins(_JEQ, 1, 0, _AUDIT_ARCH[arch]),
        _ins(_RETURN, 0, 0, _KILL),
        _ins(_LOAD, 0, 0, 0),
    ]
    if arch == "x86_64":
        program += [_ins(_JGE, 0, 1, _X32), _ins(_RETURN, 0, 0, _KILL)]
    # glibc falls back from clone3, whose flags sit in memory that a filter cannot read, to clone.
    program += [_ins(_JEQ, 0, 1, _CLONE3[column]), _ins(_RETURN, 0, 0, _ERRNO | errno.ENOSYS)]
    program += [
        _ins(_JEQ, 0, 4, _CLONE[column]),
        _ins(_LOAD, 0, 0, 16),
        _ins(_JSET, 0, 1, _NEW_NAMESPACES),
        _ins(_RETURN, 0, 0, refuse),
        _ins(_RETURN, 0, 0, _ALLOW),
    ]
    # prlimit64 on another process would change the grader's limits: only pid 0, oneself, is allowed.
    program += _only_first_argument(_PRLIMIT[column], 0, refuse)
    # A worker dies with its zygote, and may not change its mind.
    program += _not_first_argument(_PRCTL[column], _PR_SET_PDEATHSIG, refuse)
    if not pid_namespace:
        program += _only_first_argument(_TGKILL[column], own_pid, refuse)
    for numbers in denied.values():
        if numbers[column] >= 0:
            program += [_ins(_JEQ, 0, 1, numbers[column]), _ins(_RETURN, 0, 0, refuse)]
    program.append(_ins(_RETURN, 0, 0, _ALLOW))
    return b"".join(program)


def _only_first_argument(number: int, value: int, refuse: int) -> list[bytes]:
    return [
        _ins(_JEQ, 0, 4, number),
        _ins(_LOAD, 0, 0, 16),
        _ins(_JEQ, 1, 0, value),
        _ins(_RETURN, 0, 0, refuse),
        _ins(_RETURN, 0, 0, _ALLOW),
    ]


def _not_first_argument(number: int, value: int, refuse: int) -> list[bytes]:
    return [
        _ins(_JEQ, 0, 4, number),
        _ins(_LOAD, 0, 0, 16),
        _ins(_JEQ, 0, 1, value),
        _ins(_RETURN, 0, 0, refuse),
        _ins(_RETURN, 0, 0, _ALLOW),
    ]


def install(program: bytes) -> None:
    """Install the filter for this process and its children.

    Raises:
        OSError: if the kernel refuses.
    """

    class Program(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]

    no_new_privileges()
    buffer = ctypes.create_string_buffer(program, len(program))
    described = Program(len(program) // 8, ctypes.cast(buffer, ctypes.c_void_p))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(22, 2, ctypes.byref(described), 0, 0) != 0:
        code = ctypes.get_errno()
        raise OSError(code, "seccomp: the filter was refused")
