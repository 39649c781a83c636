"""An outer sandbox for tests: a hostile case that breaks out of ours stays in this one.

It has a pid namespace, whose end ends all its processes, a mount namespace with a size-capped tmpfs, and a limit on the
memory of all processes together: by a control group if one can be made, otherwise by each process's address space.
"""

from __future__ import annotations

import contextlib
import os
import resource
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

__all__ = ["enclosed", "needs_enclosure"]

MEMORY_BYTES = 10 << 30
DISK = "size=1536m,nr_inodes=400000"
_CONTROLLERS = (("/sys/fs/cgroup/memory", "memory.limit_in_bytes"), ("/sys/fs/cgroup", "memory.max"))


def needs_enclosure() -> None:
    """Skip if no enclosure can be made."""
    if os.geteuid() != 0:
        pytest.skip("hostile code runs only inside an outer pid namespace, which needs root here")


@contextlib.contextmanager
def _memory_group() -> Iterator[Path | None]:
    """Make a control group with a limit on memory; yield None if it cannot be made."""
    for base, limit in _CONTROLLERS:
        group = Path(base, f"autograder-test-{os.getpid()}")
        if not Path(base, "cgroup.procs").exists():
            continue
        try:
            group.mkdir()
            (group / limit).write_text(str(MEMORY_BYTES), encoding="ascii")
        except OSError:
            with contextlib.suppress(OSError):
                group.rmdir()
            continue
        try:
            yield group
        finally:
            with contextlib.suppress(OSError):
                group.rmdir()
        return
    yield None


def enclosed(
    command: Sequence[str], disk: Path, environment: Mapping[str, str], timeout_s: float
) -> subprocess.CompletedProcess[str]:
    """Run a command as the first process of a pid namespace.

    A capped tmpfs at /dev/shm holds a token, which is also open as descriptor 9.

    `disk` must lie in a directory that `capped_disk` mounted, or be small.
    """
    with _memory_group() as group:

        def prepare() -> None:
            if group is not None:
                (group / "cgroup.procs").write_text(str(os.getpid()), encoding="ascii")
            else:
                resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))

        outer = ["unshare", "--pid", "--fork", "--kill-child", "--mount", "--mount-proc", "--propagation", "private"]
        script = (
            "mount -t tmpfs -o size=256m none /dev/shm && "
            'printf %s "$AUTOGRADER_CANARY" > /dev/shm/autograder-hostile && '
            'exec 9< /dev/shm/autograder-hostile && exec "$@"'
        )
        return subprocess.run(
            [*outer, "sh", "-c", script, "sh", *command],
            cwd=disk,
            env=dict(environment),
            capture_output=os.environ.get("VERBOSE") != "2",
            text=True,
            timeout=timeout_s,
            check=False,
            preexec_fn=prepare,
        )


@contextlib.contextmanager
def capped_disk(target: Path) -> Iterator[Path]:
    """Mount a tmpfs of limited size at `target` for as long as this lasts."""
    target.mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", DISK, "none", str(target)], check=True)
    try:
        yield target
    finally:
        subprocess.run(["umount", "--lazy", str(target)], check=True)
