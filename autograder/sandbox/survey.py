"""Which features of each tier this machine offers; each is tried in a process of its own."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import SandboxError
from autograder.files import PACKAGE_DIR
from autograder.sandbox.host import ZygoteProcess
from autograder.sandbox.probe import try_cuda
from autograder.sandbox.spec import Tier, WorkerLimits

__all__ = ["Feature", "survey", "survey_cuda", "survey_tiers"]

_USERNS = (
    "sysctl -w kernel.unprivileged_userns_clone=1 (Debian), kernel.apparmor_restrict_unprivileged_userns=0 "
    "(Ubuntu), or user.max_user_namespaces=10000 (Red Hat); in a container: --security-opt seccomp=unconfined"
)


@dataclass(frozen=True, slots=True)
class Feature:
    """One thing that the kernel may offer; `detail` is what was found, `remedy` how to get it if it is missing."""

    name: str
    tiers: str
    available: bool
    detail: str
    remedy: str = ""


def survey() -> list[Feature]:
    """Try each feature in a child process, so that this one stays unchanged."""
    found = []
    for name, (tiers, remedy) in _FEATURES.items():
        available, detail = _try(name)
        found.append(Feature(name, tiers, available, detail, "" if available else remedy))
    return found


def survey_tiers() -> dict[Tier, str | None]:
    """Set up a worker in each tier; return None for those where that works, and for others what prevented it."""
    found: dict[Tier, str | None] = {}
    for tier in Tier:
        if tier is not Tier.C and not sys.platform.startswith("linux"):
            found[tier] = f"{sys.platform} has no namespaces, Landlock or seccomp"
            continue
        try:
            with ZygoteProcess(tier, warm=False) as zygote, zygote.spawn(WorkerLimits()):
                found[tier] = None
        except SandboxError as error:
            found[tier] = str(error)
    return found


def survey_cuda(tiers: Mapping[Tier, str | None]) -> dict[Tier, str]:
    """Start CUDA inside a worker of each tier that can be set up; return the outcome in words.

    Args:
        tiers: what `survey_tiers` found.
    """
    found = {}
    for tier, problem in tiers.items():
        if problem is not None:
            continue
        try:
            device = try_cuda(tier)
        except SandboxError as error:
            found[tier] = f"does NOT start: {error}"
        else:
            free, total = (device[name] / (1 << 30) for name in ("free_bytes", "total_bytes"))
            found[tier] = f"starts: {device['name']}, {free:.1f} of {total:.1f} GiB free"
    return found


def _try(name: str) -> tuple[bool, str]:
    root = str(PACKAGE_DIR.parent)
    code = f"import sys; sys.path.insert(0, {root!r}); from autograder.sandbox.survey import _report; _report({name!r})"
    try:
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=False, cwd="/"
        )
        available, detail = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError) as error:
        return False, f"could not be tried ({type(error).__name__})"
    return bool(available), str(detail)


def _report(name: str) -> None:
    """Try one feature in this process and print the outcome."""
    try:
        answer = (True, _TRIALS[name]())
    except Exception as error:  # noqa: BLE001 - after any error the feature cannot be used
        answer = (False, f"{type(error).__name__}: {error}")
    print(json.dumps(answer))  # noqa: T201 - read by the parent


def _unshared(flags: int) -> None:
    from autograder.sandbox import confine, system

    proc = os.open("/proc", os.O_RDONLY | os.O_DIRECTORY)
    if os.geteuid() == 0:
        try:
            system.unshare(flags)
        except PermissionError:
            pass
        else:
            return
    confine.unshare_mapped(flags | system.CLONE_NEWUSER, proc)


def _user_namespace() -> str:
    from autograder.sandbox import confine, system

    confine.unshare_mapped(system.CLONE_NEWUSER, os.open("/proc", os.O_RDONLY | os.O_DIRECTORY))
    return f"as user {os.getuid()}"


def _namespaces() -> str:
    from autograder.sandbox import system

    _unshared(system.CLONE_NEWPID | system.CLONE_NEWNET | system.CLONE_NEWIPC | system.CLONE_NEWUTS)
    return "pid, net, ipc, uts"


def _mounts() -> str:
    from autograder.sandbox import system

    _unshared(system.CLONE_NEWNS)
    system.mount("none", "/", None, system.MS_REC | system.MS_PRIVATE)
    system.mount("tmpfs", "/tmp", "tmpfs", system.MS_NOSUID | system.MS_NODEV, "size=64k")  # noqa: S108 - over it, in a namespace of its own
    return "a private tmpfs could be mounted"


def _landlock() -> str:
    from autograder.sandbox import landlock

    version = landlock.abi_version()
    landlock.restrict(["/usr"], [])
    return f"version {version}"


def _seccomp() -> str:
    from autograder.sandbox import seccomp

    seccomp.install(seccomp.build_filter(pid_namespace=True))
    return f"a filter for {platform.machine()}"


def _watched() -> str:
    text = Path("/proc/self/smaps_rollup").read_text(encoding="ascii")
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii")
    return "memory of all processes of a worker together" if text and children is not None else ""


_TRIALS: dict[str, Callable[[], str]] = {
    "user namespaces": _user_namespace,
    "other namespaces": _namespaces,
    "mounts": _mounts,
    "Landlock": _landlock,
    "seccomp": _seccomp,
    "memory watch": _watched,
}
_FEATURES = {
    "user namespaces": ("A", _USERNS),
    "other namespaces": ("A", "the same as for user namespaces"),
    "mounts": (
        "A",
        "the same as for user namespaces; AppArmor may forbid mounts alone: allow `userns` for this Python",
    ),
    "Landlock": (
        "A, B",
        "Linux 5.13 or newer with landlock among the modules of /sys/kernel/security/lsm (boot: lsm=…)",
    ),
    "seccomp": ("A, B", "Linux with CONFIG_SECCOMP_FILTER on x86_64 or aarch64"),
    "memory watch": ("all", "mount /proc; a kernel with CONFIG_PROC_CHILDREN"),
}
