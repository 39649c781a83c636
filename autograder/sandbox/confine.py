"""How a process gives up what it does not need: first the zygote (namespaces, a root of its own), then a worker.

Runs only in the zygote and its children. Every function succeeds or raises OSError, and the probe runs this same code.
"""

from __future__ import annotations

import contextlib
import ctypes
import math
import os
import resource
import signal
import site
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.sandbox import landlock, seccomp, system
from autograder.sandbox.spec import WorkerLimits, ZygoteSpec
from autograder.sandbox.trees import TreeSize, copy_tree, plan_copy

__all__ = [
    "BESIDE_DIR",
    "PRIVATE_DIR",
    "allowed_paths",
    "confine_worker",
    "driver_paths",
    "enter_namespaces",
    "nested_pid_namespace",
    "unshare_mapped",
    "with_programs",
    "with_readable",
    "without",
]

NOBODY = 65534
#: A worker's own directory in tier A. Not /tmp: an environment installed beneath it would be covered.
PRIVATE_DIR = "/student"
#: In tier A, the directory of the files that came with a submission; links in `PRIVATE_DIR` lead there.
BESIDE_DIR = "/beside"
#: Seconds of processor time between the interrupt and the end.
CPU_GRACE_S = 3
#: Outside a namespace, the limit on processes counts those of all workers, which may start while this one runs.
SPARE_TASKS = 64
_DEVICES = ("null", "full", "random", "urandom")
_MOST_FILES = 1024
_SYSTEM_PATHS = (
    "/usr/lib",
    "/usr/lib32",
    "/usr/lib64",
    "/lib",
    "/lib64",
    "/usr/share/zoneinfo",
    "/usr/share/fonts",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/etc/fonts",
)
_PROGRAM_PATHS = ("/usr", "/bin", "/sbin", "/etc/alternatives", "/etc/R", "/etc/julia", "/etc/terminfo")
_CUDA_PATHS = ("/proc/driver/nvidia", "/sys/devices", "/sys/bus/pci", "/sys/module/nvidia")
#: Paths that the driver reads and writes only while it starts, to name its threads.
_CUDA_START_PATHS = ("/proc/self", "/proc/devices", "/proc/sys/vm/mmap_min_addr")
_CUDA_START_WRITES = ("/proc/self/task",)
_CUDA_DEVICES = ("nvidia*", "nvidia-caps/*")
_DRIVER = "libcuda.so.1"


def driver_paths() -> list[str]:
    """Load CUDA's driver library, without starting anything in it, and return the directories that it lies in.

    The directories differ between systems; once it is loaded, it is found again by its name.
    """
    try:
        ctypes.CDLL(_DRIVER)
        with open("/proc/self/maps", encoding="utf-8", errors="replace") as file:
            names = [line.split(maxsplit=5)[-1].strip() for line in file if "/libcuda.so" in line]
    except OSError:
        return []
    return sorted({os.path.dirname(p) for name in names for p in (name, os.path.realpath(name))})


def allowed_paths(*, device: str) -> list[str]:
    """The directories and files that a worker may read: Python, its libraries, the system's, CUDA's."""
    paths = [sys.base_prefix, sys.base_exec_prefix, sys.prefix, sys.exec_prefix, *site.getsitepackages()]
    for name in ("torch", "numpy", "IPython", "matplotlib"):
        origin = getattr(sys.modules.get(name), "__file__", None)
        if origin:
            paths.append(str(Path(origin).parent.parent))
    paths += _SYSTEM_PATHS
    if device == "cuda":
        paths += [*_CUDA_PATHS, *driver_paths()]
    kept: list[str] = []
    # A symbolic link such as /lib is needed under its own name and under its target's.
    for path in sorted({p for given in paths for p in (given, os.path.realpath(given))}, key=len):
        if os.path.exists(path) and not any(_beneath(path, other) for other in kept):
            kept.append(path)
    return kept


def with_programs(allowed: Sequence[str], more: Sequence[str]) -> list[str]:
    """Add the paths that a kernel's programs read: the system's, and those that the course names."""
    return with_readable(allowed, [*_PROGRAM_PATHS, *more])


def with_readable(allowed: Sequence[str], more: Sequence[str]) -> list[str]:
    """Add the paths that a course lets its notebooks read."""
    wanted = {p for given in more for p in (given, os.path.realpath(given))}
    kept: list[str] = []
    for path in sorted({*allowed, *wanted}, key=len):
        if os.path.exists(path) and not any(_beneath(path, other) for other in kept):
            kept.append(path)
    return kept


def _beneath(path: str, ancestor: str) -> bool:
    return path == ancestor or path.startswith(ancestor.rstrip("/") + "/")


# -- the zygote --------------------------------------------------------------------------------------------


def enter_namespaces(spec: ZygoteSpec, allowed: Sequence[str], masked: Sequence[str]) -> int:
    """Become the first process of a new pid namespace that sees an allow-listed, read-only root.

    The calling process waits outside and never returns. Root builds the file system with its own rights and then
    becomes `nobody`, because a limit on processes does not bind root.

    Args:
        spec: how the zygote is set up.
        allowed: the paths that may be read.
        masked: files that must look empty.

    Returns:
        A descriptor of the new pid namespace.
    """
    proc = os.open("/proc", os.O_RDONLY | os.O_DIRECTORY)
    flags = system.CLONE_NEWUSER | system.CLONE_NEWPID | system.CLONE_NEWNET
    flags |= system.CLONE_NEWIPC | system.CLONE_NEWUTS | system.CLONE_NEWNS
    if os.geteuid() == 0 and _privileged_root(spec, allowed, masked):
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
        system.make_dumpable()
        unshare_mapped(flags, proc)
    else:
        unshare_mapped(flags, proc)
        _build_root(spec, allowed, masked)
    if spec.kernel is not None:
        system.raise_loopback()
    child = os.fork()
    if child:
        _wait_and_follow(child)
    own = os.open("self/ns/pid", os.O_RDONLY | os.O_CLOEXEC, dir_fd=proc)
    os.close(proc)
    return own


def _privileged_root(spec: ZygoteSpec, allowed: Sequence[str], masked: Sequence[str]) -> bool:
    try:
        system.unshare(system.CLONE_NEWNS)
    except PermissionError:
        return False  # root of a container without CAP_SYS_ADMIN: take an ordinary user's way
    _build_root(spec, allowed, masked)
    return True


def unshare_mapped(flags: int, proc: int) -> None:
    """Leave the namespaces in `flags`, a user namespace among them, and stay the same user in the new one."""
    uid, gid = os.getuid(), os.getgid()
    system.unshare(flags)
    for name, text in (
        ("setgroups", "deny"),
        ("gid_map", f"{gid} {gid} 1"),
        ("uid_map", f"{uid} {uid} 1"),
    ):
        fd = os.open(f"self/{name}", os.O_WRONLY, dir_fd=proc)
        try:
            os.write(fd, text.encode())
        finally:
            os.close(fd)


def _wait_and_follow(child: int) -> None:
    """Close all descriptors, wait for the namespace's first process, and end with its exit code."""
    os.closerange(0, 1024)
    while True:
        try:
            _, status = os.waitpid(child, 0)
        except InterruptedError:
            continue
        os._exit(os.waitstatus_to_exitcode(status) & 0xFF)


def _build_root(spec: ZygoteSpec, allowed: Sequence[str], masked: Sequence[str]) -> None:
    """Mount the allow-list below the stage, cover the hidden paths in it, and make it the root."""
    stage, hidden, cuda = spec.stage, spec.hidden, spec.device == "cuda"
    system.mount("none", "/", None, system.MS_REC | system.MS_PRIVATE)
    system.mount("tmpfs", stage, "tmpfs", system.MS_NOSUID | system.MS_NODEV, "size=1m,mode=755")
    if cuda:
        # Workers get a procfs of their own there. The kernel lets a process mount one only if it sees one.
        _bind("/proc", f"{stage}/proc")
        allowed = [p for p in allowed if not _beneath(p, "/proc")]
    _bind_read_only(stage, allowed)
    _cover(stage, [p for p in hidden if any(_beneath(p, a) for a in allowed)], masked)
    if spec.beside:
        # Files that the judge puts there later are seen here too.
        _bind(spec.beside, stage + BESIDE_DIR)
        system.make_read_only(stage + BESIDE_DIR)
    os.makedirs(f"{stage}/dev", exist_ok=True)
    if spec.kernel is not None:
        # Many kernels, such as those of shells, talk to their program through a terminal.
        os.makedirs(f"{stage}/dev/pts", exist_ok=True)
        flags = system.MS_NOSUID
        system.mount("devpts", f"{stage}/dev/pts", "devpts", flags, "newinstance,ptmxmode=0666,mode=620")
        os.symlink("pts/ptmx", f"{stage}/dev/ptmx")
    devices = list(_devices(programs=spec.kernel is not None))
    if cuda:
        devices += _cuda_devices()
    for name in devices:
        _bind(f"/dev/{name}", f"{stage}/dev/{name}")
    os.symlink(PRIVATE_DIR, f"{stage}/dev/shm")  # noqa: S108 - in a root of our own
    for name in (PRIVATE_DIR, "/etc", "/former"):
        os.makedirs(f"{stage}{name}", exist_ok=True)
    if not os.path.exists(f"{stage}/tmp"):  # noqa: S108 - as above
        os.symlink(PRIVATE_DIR, f"{stage}/tmp")  # noqa: S108 - as above
    Path(f"{stage}/etc/passwd").write_text(
        f"student:x:{os.getuid() or NOBODY}:{os.getgid() or NOBODY}::{PRIVATE_DIR}:/bin/false\n",
        encoding="ascii",
    )
    system.pivot_root(stage, f"{stage}/former")
    os.chdir("/")
    system.umount_detached("/former")
    os.rmdir("/former")
    # Not recursive: the devices beneath must stay writable.
    system.remount_read_only("/")


def _bind_read_only(stage: str, allowed: Sequence[str]) -> None:
    for path in allowed:
        target = stage + path
        if os.path.islink(path):
            os.makedirs(os.path.dirname(target), exist_ok=True)
            os.symlink(os.readlink(path), target)
            continue
        _bind(path, target)
        system.make_read_only(target)


def _bind(source: str, target: str) -> None:
    if os.path.isdir(source):
        os.makedirs(target, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        if not os.path.exists(target):
            Path(target).touch()
    system.mount(source, target, None, system.MS_BIND | system.MS_REC)


def _cover(stage: str, hidden: Sequence[str], masked: Sequence[str]) -> None:
    """Let directories and files look empty."""
    flags = system.MS_NOSUID | system.MS_NODEV | system.MS_RDONLY
    for path in hidden:
        if os.path.islink(stage + path):
            continue  # its target is hidden under its own name
        if os.path.isdir(stage + path):
            system.mount("tmpfs", stage + path, "tmpfs", flags, "size=0,nr_inodes=1")
        elif os.path.isfile(stage + path):
            system.mount("/dev/null", stage + path, None, system.MS_BIND)
    for path in masked:
        if os.path.isfile(stage + path):
            system.mount("/dev/null", stage + path, None, system.MS_BIND)


@contextlib.contextmanager
def nested_pid_namespace(own: int | None) -> Iterator[None]:
    """Let the next fork start a pid namespace of its own, where this tier has them."""
    if own is None:
        yield
        return
    system.unshare(system.CLONE_NEWPID)
    try:
        yield
    finally:
        # In the child, which is that namespace's first process, this is refused and does not matter.
        with contextlib.suppress(OSError):
            system.setns(own, system.CLONE_NEWPID)


# -- a worker ----------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Driver:
    """CUDA in a worker: the function that starts it, and what it holds from then on, which the student did not use."""

    start: Callable[[], object] | None
    cpu_s: int = 0
    threads: int = 0
    files: int = 0

    @property
    def writes(self) -> tuple[str, ...]:
        """What it writes to while it starts."""
        return _CUDA_START_WRITES if self.start else ()

    def enter(self) -> None:
        """Start it."""
        if self.start is None:
            return
        self.start()
        self.cpu_s = math.ceil(time.process_time())
        self.threads = len(os.listdir("/proc/self/task"))
        self.files = sum(1 for fd in range(_MOST_FILES) if _is_open(fd))


def _is_open(fd: int) -> bool:
    try:
        os.fstat(fd)
    except OSError:
        return False
    return True


def confine_worker(
    spec: ZygoteSpec,
    limits: WorkerLimits,
    allowed: Sequence[str],
    listed: Sequence[str],
    room: str,
    start: Callable[[], object] | None = None,
) -> str:
    """Give up, for good, everything that a student's notebook does not need.

    CUDA starts after files are closed and before system calls are: its driver makes a socket, a file in memory and
    threads, and the filter that comes later binds those threads too. The files that only its start needs are closed
    after it.

    Args:
        spec: how the zygote is set up.
        limits: what the kernel enforces.
        allowed: the paths that may be read, if the worker has no root of its own.
        listed: directories that may be listed, though not everything in them may be read.
        room: the worker's own directory, if no mount gives it one; empty if it has none.
        start: starts CUDA; None if the worker has none.

    Returns:
        The worker's own directory, which is the current one; the root if it has none.

    Raises:
        OSError: if something cannot be given up.
        Exception: what `start` raises.
    """
    tier, driver = spec.tier, _Driver(start)
    if tier == "A":
        private = PRIVATE_DIR
        abi = _close_in_root(spec, limits, driver)
    else:
        private = room or "/"
        abi = _close_without_root(spec, allowed, listed, room, driver)
    _set_limits(tier, limits, driver)
    if tier in {"A", "B"}:
        programs = spec.kernel is not None
        program = seccomp.build_filter(
            pid_namespace=tier == "A",
            own_pid=os.getpid(),
            programs=programs,
            shared_maps=programs or start is not None,
            landlock_abi=abi,
        )
        seccomp.install(program)
    return private


def _close_in_root(spec: ZygoteSpec, limits: WorkerLimits, driver: _Driver) -> int:
    """Close the files of a worker that sees the zygote's root; return Landlock's version."""
    private, programs = PRIVATE_DIR, spec.kernel is not None
    given, copied = plan_copy(BESIDE_DIR) if spec.beside else (TreeSize(), frozenset())
    system.unshare(system.CLONE_NEWNS)
    size, entries = limits.file_bytes + given.stored_bytes, limits.files + given.entries + 1
    options = f"size={size},nr_inodes={entries},mode=700"
    # A library that a notebook brings along or writes could call torch's kernels past all that is refused in Python.
    no_code = 0 if programs else system.MS_NOEXEC
    system.mount("tmpfs", private, "tmpfs", system.MS_NOSUID | system.MS_NODEV | no_code, options)
    os.chdir(private)
    if spec.beside:
        copy_tree(BESIDE_DIR, private, copied)
    if driver.start:
        # It shows only the worker's own processes: the driver looks up its threads there.
        system.mount("proc", "/proc", "proc", system.MS_NOSUID | system.MS_NODEV | system.MS_NOEXEC)
    system.drop_capabilities()
    devices = _writable_devices("cuda" if driver.start else "cpu", programs=programs)
    writable = [private, *devices, *(["/dev/pts"] if programs else [])]
    abi = landlock.restrict(["/"], [*writable, *driver.writes], programs=programs)
    driver.enter()
    if spec.device == "cuda":
        # Close what the driver does not need any more, and the zygote's procfs if this worker has none of its own.
        readable, closed = without(["/"], ["/proc"])
        landlock.restrict([*readable, *_CUDA_PATHS], writable, closed)
    return abi


def _close_without_root(
    spec: ZygoteSpec, allowed: Sequence[str], listed: Sequence[str], room: str, driver: _Driver
) -> int:
    """Close the files of a worker that sees the system's own, in tier B; return Landlock's version, 0 without it."""
    tier, programs = spec.tier, spec.kernel is not None
    os.setpgid(0, 0)
    if os.geteuid() == 0:
        # In tier B Landlock decides what may be read. In tier C only the files' own permissions do, unless Python
        # itself lies where only root may look.
        everything = tier == "B" or not _open_to_all(allowed)
        keep = (system.CAP_DAC_READ_SEARCH,) if everything and system.holds(system.CAP_DAC_READ_SEARCH) else ()
        if tier == "B" and not keep and not _open_to_all(allowed):
            raise PermissionError("Python lies where only root may look, and root lacks CAP_DAC_READ_SEARCH here")
        system.become(NOBODY, keep=keep)
    os.chdir(room or "/")
    if spec.beside and room:
        copy_tree(spec.beside, room, plan_copy(spec.beside)[1])
    if tier != "B":
        driver.enter()
        return 0
    devices = _writable_devices("cuda" if driver.start else "cpu", programs=programs)
    writable = [*devices, *([room] if room else [])]
    if driver.start:
        landlock.restrict([*allowed, *_CUDA_START_PATHS], [*writable, *driver.writes], listed)
    driver.enter()
    return landlock.restrict(allowed, writable, listed)


def _open_to_all(paths: Sequence[str]) -> bool:
    """Whether every user may enter these directories and all above them."""
    directories = {str(d) for p in paths for d in (Path(p), *Path(p).parents) if d.is_dir()}
    return all(os.stat(d).st_mode & 0o001 for d in directories)


def _devices(*, programs: bool) -> tuple[str, ...]:
    """Return the devices; only kernels have /dev/zero, because nobody counts the memory of a shared map of it."""
    return (*_DEVICES, "zero") if programs else _DEVICES


def _writable_devices(device: str, *, programs: bool) -> list[str]:
    found = [f"/dev/{name}" for name in _devices(programs=programs)]
    if device == "cuda":
        found += [f"/dev/{name}" for name in _cuda_devices()]
    return found


def _cuda_devices() -> list[str]:
    """Return NVIDIA's device files, as seen from /dev."""
    dev = Path("/dev")
    return sorted({str(p.relative_to(dev)) for pattern in _CUDA_DEVICES for p in dev.glob(pattern) if not p.is_dir()})


def without(allowed: Sequence[str], hidden: Sequence[str]) -> tuple[list[str], list[str]]:
    """Split an allow-list around hidden and masked paths in it; return what may be read, and what only listed.

    Landlock has no exceptions beneath an allowed directory, so such a directory is replaced by its entries. An allowed
    directory inside a hidden one, such as an environment in a course's folder, stays.
    """
    readable, listed = [], []
    for path in allowed:
        if any(_beneath(h, path) for h in hidden):
            listed.append(path)
            entries = (os.path.join(path, name) for name in sorted(os.listdir(path)))
            inner, inner_listed = without([e for e in entries if not _leads_to(e, hidden)], hidden)
            readable += inner
            listed += inner_listed
        else:
            readable.append(path)
    return readable, listed


def _leads_to(path: str, hidden: Sequence[str]) -> bool:
    """Whether a path is hidden, or is a link (such as lib64 in an environment) to a folder with something hidden."""
    target = os.path.realpath(path)
    return path in hidden or (target != path and any(_beneath(h, target) for h in hidden))


def _set_limits(tier: str, limits: WorkerLimits, driver: _Driver) -> None:
    def limit(kind: int, value: int) -> None:
        hard = resource.getrlimit(kind)[1]
        if hard != resource.RLIM_INFINITY:
            value = min(value, hard)
        resource.setrlimit(kind, (value, value))

    limit(resource.RLIMIT_CORE, 0)
    # The soft limit sends a signal that interrupts the cell, which says so; the hard limit, a little later, kills.
    signal.signal(signal.SIGXCPU, signal.SIG_IGN)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    soft = limits.cpu_s + driver.cpu_s
    end = soft + CPU_GRACE_S
    resource.setrlimit(resource.RLIMIT_CPU, (soft, end if hard == resource.RLIM_INFINITY else min(end, hard)))
    limit(resource.RLIMIT_FSIZE, limits.file_bytes)
    limit(resource.RLIMIT_NOFILE, limits.open_files + driver.files)
    if driver.start is None:
        # Libraries reserve much more than they use; the memory in use is watched from outside.
        limit(resource.RLIMIT_AS, limits.address_bytes)
    if sys.platform == "linux":
        # All workers share the zygote's namespace, and a worker in reserve has as many threads of the driver.
        others = 2 * driver.threads if tier == "A" else _tasks_of_user() + SPARE_TASKS
        limit(resource.RLIMIT_NPROC, limits.processes + others)


def _tasks_of_user() -> int:
    """Count the threads that this user runs already: outside a namespace the limit includes them."""
    uid = os.getuid()
    total = 0
    with contextlib.suppress(OSError):
        for entry in os.scandir("/proc"):
            if entry.name.isdigit():
                with contextlib.suppress(OSError):
                    if entry.stat().st_uid == uid:
                        total += len(os.listdir(f"/proc/{entry.name}/task"))
    return total
