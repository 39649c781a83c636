"""What judge and zygote agree on before anything runs: plain values that travel as JSON."""

from __future__ import annotations

import enum
import json
from dataclasses import asdict, dataclass

__all__ = ["LIBRARIES", "KernelCommand", "Tier", "WorkerLimits", "ZygoteSpec"]

#: What notebooks of a course with torch import. seaborn, with pandas, loads in a sixth of torch's time; every notebook,
#: and every copy of one that a check runs in, would load it again.
LIBRARIES = ("torch", "seaborn")


class Tier(enum.StrEnum):
    """How strong the isolation is; see docs/security.md."""

    A = "A"
    B = "B"
    C = "C"

    @property
    def explanation(self) -> str:
        """One line for people."""
        return {
            Tier.A: "namespaces, Landlock, seccomp and resource limits",
            Tier.B: "Landlock, seccomp and resource limits, no namespaces",
            Tier.C: "resource limits only: not a security boundary",
        }[self]

    def satisfies(self, minimum: Tier) -> bool:
        """Whether this tier is at least as strong as `minimum`."""
        return self.value <= minimum.value


@dataclass(frozen=True, slots=True)
class KernelCommand:
    """A Jupyter kernel: its name, its command line and environment, and how it is interrupted."""

    name: str
    argv: list[str]
    env: dict[str, str]
    interrupt_mode: str = "signal"


@dataclass(frozen=True, slots=True)
class ZygoteSpec:
    """How a zygote is set up.

    `hidden`: directories that no worker may read, even if they lie beneath an allowed one (this package, the course).
    `forbidden`: dotted names that raise when they are used. `forbidden_lists`: lists of names; a copy of a notebook's
    process can be made in which one list raises too. `stage`: an empty directory for the new root. `warm`: whether
    libraries and the shell are loaded; a probe leaves them out. `libraries`: what is loaded besides numpy and
    matplotlib. `beside`: a directory whose files workers find where the notebook runs. `kernel`: a Jupyter kernel, as
    JSON, that runs cells in the place of the shell. `readable`: what notebooks may read besides the system's
    directories. `rooms`: the directory of the workers' own directories, in tiers where they have no file system of
    their own; the zygote removes it if the judge is gone. `share`: the part of a GPU's memory that a worker may have.
    """

    tier: str
    device: str
    hidden: tuple[str, ...]
    stage: str
    forbidden: tuple[str, ...] = ()
    forbidden_lists: tuple[tuple[str, ...], ...] = ()
    warm: bool = True
    libraries: tuple[str, ...] = LIBRARIES
    beside: str = ""
    kernel: KernelCommand | None = None
    readable: tuple[str, ...] = ()
    rooms: str = ""
    share: float = 1.0

    def to_json(self) -> str:
        """Return one line of JSON."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> ZygoteSpec:
        """Read `to_json` back."""
        data = json.loads(text)
        return cls(
            tier=data["tier"],
            device=data["device"],
            hidden=tuple(data["hidden"]),
            stage=data["stage"],
            forbidden=tuple(data["forbidden"]),
            forbidden_lists=tuple(map(tuple, data["forbidden_lists"])),
            warm=data["warm"],
            libraries=tuple(data["libraries"]),
            beside=data["beside"],
            kernel=KernelCommand(**data["kernel"]) if data["kernel"] else None,
            readable=tuple(data["readable"]),
            rooms=data["rooms"],
            share=data["share"],
        )


@dataclass(frozen=True, slots=True)
class WorkerLimits:
    """What one worker may use; sizes in bytes, `cpu_s` in seconds of processor time.

    `memory_bytes` bounds the memory of all its processes together, `address_bytes` the address space of each;
    `file_bytes` and `files` bound what it adds to its own directory.
    """

    memory_bytes: int = 4 << 30
    cpu_s: int = 120
    file_bytes: int = 64 << 20
    files: int = 10_000
    processes: int = 64
    open_files: int = 256
    address_bytes: int = 132 << 30

    def to_json(self) -> dict[str, int]:
        """Return plain numbers."""
        return asdict(self)
