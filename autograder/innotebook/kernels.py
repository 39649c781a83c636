"""Which program runs a notebook: our shell, or a Jupyter kernel."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from autograder.errors import CourseError
from autograder.sandbox.spec import KernelCommand, Tier

__all__ = ["kernel_for"]

_OURS = frozenset({"", "python", "python2", "python3", "ipython", "ipykernel"})


def kernel_for(kernelspec: str | None, *, tier: Tier, always: bool = False) -> tuple[KernelCommand, Path] | None:
    """Return the kernel that a notebook's metadata name, and the directory of its files; None for our shell.

    Args:
        kernelspec: JSON, as the gradebook records it.
        tier: the isolation that is to be had.
        always: whether Python notebooks get a kernel too.

    Raises:
        CourseError: if it is not installed, or cannot be confined here.
    """
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    spec = json.loads(kernelspec) if kernelspec else {}
    name = str(spec.get("name", ""))
    # A name such as conda's says nothing about the language.
    if (name in _OURS or str(spec.get("language", "")).lower() == "python") and not always:
        return None
    manager = KernelSpecManager()
    try:
        found = manager.get_kernel_spec(name or "python3")
    except NoSuchKernel:
        known = ", ".join(sorted(manager.find_kernel_specs())) or "none"
        raise CourseError(
            f"The notebook needs the Jupyter kernel {name!r}, which is not installed here (there are: {known}). "
            "Install it into this environment, check with `jupyter kernelspec list`, and run the command again."
        ) from None
    if found.language.lower() == "python" and not always and _is_this_python(found.argv[0]):
        return None
    if tier is not Tier.A:
        raise CourseError(
            f"The kernel {name!r} is a program of its own and needs a network of its own: that takes isolation of "
            f"tier A, and this machine offers {tier.value}. `autograder doctor` says what is missing."
        )
    argv = [a.replace("{resource_dir}", found.resource_dir) for a in found.argv]
    return KernelCommand(name or "python3", argv, dict(found.env), found.interrupt_mode), Path(found.resource_dir)


def _is_this_python(program: str) -> bool:
    if not os.path.isabs(program):
        return True
    return os.path.realpath(program) == os.path.realpath(sys.executable)
