"""Which program runs a notebook: our shell, or a Jupyter kernel."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import replace
from pathlib import Path

from autograder.engines.innotebook.pythons import OwnPython, look_at
from autograder.engines.innotebook.release_record import Recorded
from autograder.errors import CourseError
from autograder.sandbox.spec import KernelCommand, Tier

__all__ = ["Found", "kernel_for", "kernels_of", "not_installed"]

#: A kernel and the directory of its files, or a Python that is kept warm like ours.
Found = tuple[KernelCommand, Path] | OwnPython
_OURS = frozenset({"", "python", "python2", "python3", "ipython", "ipykernel"})


def kernels_of(recorded: Recorded, *, tier: Tier, always: bool = False) -> dict[str, Found | None]:
    """Return the kernel of each notebook, None for our shell.

    Raises:
        CourseError: as `kernel_for`.
    """
    return {n.name: kernel_for(n.kernelspec, n.name, tier=tier, always=always) for n in recorded.notebooks}


def kernel_for(kernelspec: str | None, notebook: str, *, tier: Tier, always: bool = False) -> Found | None:
    """Return what runs a notebook by its metadata; None for our shell.

    An installed kernel may name the Python of another environment: that one is kept warm like ours if it has the
    packages that this takes (`pythons.NEEDED`). Any other kernel runs as a program of its own.

    Args:
        kernelspec: JSON, as the gradebook records it.
        notebook: its name, for messages.
        tier: the isolation that this machine offers.
        always: whether Python notebooks get a kernel too.

    Raises:
        CourseError: if it is not installed, or cannot be confined here.
    """
    spec = json.loads(kernelspec) if kernelspec else {}
    name = str(spec.get("name", ""))
    # A name such as conda's says nothing about the language.
    is_python = name in _OURS or str(spec.get("language", "")).lower() == "python"
    if is_python and name in _OURS and not always:
        return None
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    manager = KernelSpecManager()
    if is_python and name not in manager.find_kernel_specs():
        # As in Jupyter: a notebook that names an unknown Python runs in the one that is here.
        if not always:
            return None
        name = "python3"
    try:
        found = manager.get_kernel_spec(name)
    except NoSuchKernel:
        known = ", ".join(sorted(manager.find_kernel_specs())) or "none"
        raise CourseError(
            f"{notebook}.ipynb needs the Jupyter kernel {name!r}, which is not installed here (there are: {known}). "
            "Install it into this environment, check with `jupyter kernelspec list`, and run the command again."
        ) from None
    if found.language.lower() == "python" and not always:
        if _is_this_python(found.argv[0]):
            return None
        own = look_at(name, found.argv[0])
        if not own.lacks:
            return replace(own, environment=dict(found.env))
    if tier is not Tier.A:
        raise CourseError(
            f"{notebook}.ipynb: the kernel {name!r} is a program of its own and needs a network of its own: that "
            f"takes isolation of tier A, and this machine offers {tier.value}. `autograder doctor` says what is "
            "missing."
        )
    argv = [a.replace("{resource_dir}", found.resource_dir) for a in found.argv]
    return KernelCommand(name, argv, dict(found.env), found.interrupt_mode), Path(found.resource_dir)


def _is_this_python(program: str) -> bool:
    if not os.path.isabs(program):
        return True
    # Interpreters of many environments are links to one program: the place tells them apart.
    here, there = (os.path.join(os.path.realpath(os.path.dirname(p)), "") for p in (sys.executable, program))
    return here == there


def not_installed(recorded: Recorded) -> tuple[str, ...]:
    """Return the kernels of Python that the notebooks name and this machine lacks: ours runs in their place."""
    from jupyter_client.kernelspec import KernelSpecManager

    named = {str((json.loads(n.kernelspec) if n.kernelspec else {}).get("name", "")) for n in recorded.notebooks}
    return tuple(sorted(named - _OURS - set(KernelSpecManager().find_kernel_specs())))
