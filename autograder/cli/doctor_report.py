"""What this machine offers the grader, and what is missing."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import shutil
from dataclasses import asdict, dataclass
from typing import Any

from autograder.sandbox.spec import Tier
from autograder.sandbox.survey import Feature, survey, survey_cuda, survey_tiers

__all__ = ["Findings", "examine_machine"]

#: Until somebody has run `make test-gpu` on one: see docs/security.md.
_UNTRIED = "Grading on CUDA has been tested on a simulated device only, never on a real one."
_PACKAGES = (
    "torch-autograder",
    "torch-autograder-check",
    "torch",
    "numpy",
    "nbgrader",
    "pytest",
    "jinja2",
    "ipython",
    "matplotlib",
)


@dataclass(frozen=True, slots=True)
class Findings:
    """The machine as the grader sees it; `problems` says for each tier why it could not be set up.

    `cuda_by_tier` says for each tier whether CUDA starts in a worker; empty if torch finds no GPU.
    """

    tier: Tier
    problems: dict[str, str]
    features: tuple[Feature, ...]
    machine: dict[str, str]
    packages: dict[str, str]
    cuda: str
    cuda_by_tier: dict[str, str]
    remarks: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {**asdict(self), "tier": self.tier.value}


def examine_machine() -> Findings:
    """Try every feature and every tier; takes a few seconds."""
    tiers = survey_tiers()
    tier = next(t for t, problem in tiers.items() if problem is None or t is Tier.C)
    packages = {name: _version(name) for name in _PACKAGES}
    cuda, there = _cuda()
    by_tier = survey_cuda(tiers) if there else {}
    remarks = []
    if by_tier and all(told.startswith("does NOT") for told in by_tier.values()):
        remarks.append("CUDA starts in no worker: `grade --device cuda` ends at once, and --device auto takes the CPU.")
    if tier is Tier.C:
        remarks.append("Tier C is no security boundary: grade only code that you would run yourself.")
    if tiers[Tier.C] is not None:
        remarks.append(f"Not even a plain worker can be started: {tiers[Tier.C]}")
    if (shutil.disk_usage(os.getcwd()).free >> 30) < 1:
        remarks.append("Less than 1 GiB is free on this disk.")
    missing = [name for name, version in packages.items() if not version]
    remarks += [f"{name} is not installed: pip install {name}" for name in missing]
    return Findings(
        tier=tier,
        problems={t.value: problem for t, problem in tiers.items() if problem is not None},
        features=tuple(survey()),
        machine=_machine(),
        packages=packages,
        cuda=cuda,
        cuda_by_tier={tier.value: told for tier, told in by_tier.items()},
        remarks=tuple(remarks),
    )


def _machine() -> dict[str, str]:
    found = {
        "system": f"{platform.system()} {platform.release()} ({platform.machine()})",
        "python": platform.python_version(),
        "cores": str(os.cpu_count()),
        "user": "root" if hasattr(os, "geteuid") and os.geteuid() == 0 else "an ordinary user",
    }
    if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        found["memory"] = f"{os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE') / (1 << 30):.1f} GiB"
    return found


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _cuda() -> tuple[str, bool]:
    """Return what torch says about CUDA, and whether there is a device to try."""
    try:
        import torch
    except ImportError as error:
        return f"torch cannot be imported: {error}", False
    if torch.version.cuda is None:
        return f"this torch is a build without CUDA: grading runs on the CPU. {_UNTRIED}", False
    if not torch.cuda.is_available():
        told = f"torch is built for CUDA {torch.version.cuda}, but finds no usable NVIDIA driver or device"
        return f"{told}. {_UNTRIED}", False
    names = ", ".join(torch.cuda.get_device_name(i) for i in range(torch.cuda.device_count()))
    return f"CUDA {torch.version.cuda}: {names}. {_UNTRIED}", True
