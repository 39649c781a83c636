"""The Python of another environment, which a Jupyter kernel names: what it has, and where."""

from __future__ import annotations

import functools
import json
import os
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from autograder.errors import CourseError

__all__ = ["NEEDED", "OwnPython", "editable_projects", "look_at"]

#: Packages that a Python needs to be kept warm; without one of these its notebooks run in the Jupyter kernel.
NEEDED = ("IPython", "matplotlib", "matplotlib_inline", "numpy")
_LOOK_S = 60.0
_LOOK = """
import importlib.metadata, importlib.util, json, sys
found = [d.read_text("direct_url.json") for d in importlib.metadata.distributions()]
missing = [name for name in {needed!r} if importlib.util.find_spec(name) is None]
old = "IPython" not in missing and __import__("IPython").version_info[0] < {ipython}
lacks = missing + ["a newer IPython"] * old
print(json.dumps([sys.prefix, sys.path, list(sys.version_info[:2]), lacks, [t for t in found if t]]))
"""


@dataclass(frozen=True, slots=True)
class OwnPython:
    """A kernel's interpreter.

    `path` is where it looks for modules, with the directories of editable installations; `lacks` names what it would
    need to be kept warm.
    """

    name: str
    program: str
    prefix: str
    path: tuple[str, ...]
    lacks: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)


@functools.cache
def look_at(name: str, program: str) -> OwnPython:
    """Run an interpreter once, and return what it has.

    Args:
        name: the kernel's.
        program: its interpreter.

    Raises:
        CourseError: if that does not run.
    """
    from IPython import version_info

    text = _LOOK.format(needed=NEEDED, ipython=version_info[0])
    environment = {k: v for k, v in os.environ.items() if k not in {"PYTHONPATH", "PYTHONHOME"}}
    try:
        done = subprocess.run(
            [program, "-s", "-c", text],
            capture_output=True,
            text=True,
            check=True,
            timeout=_LOOK_S,
            env=environment,
            cwd="/",
        )
        prefix, path, version, lacks, sources = json.loads(done.stdout.strip().splitlines()[-1])
    except (OSError, subprocess.SubprocessError, ValueError, IndexError) as error:
        raise CourseError(
            f"The Jupyter kernel {name!r} names the program {program}, which does not run ({type(error).__name__}). "
            "Install the kernel again, check with `jupyter kernelspec list`, and run the command again."
        ) from None
    old = () if (version[0], version[1]) >= (3, 11) else ("Python 3.11",)
    there = (*filter(None, path), *editable_projects(sources))
    return OwnPython(name, program, prefix, there, (*old, *lacks))


def editable_projects(sources: Iterable[str]) -> Iterator[str]:
    """Yield the directories of packages that were installed with `pip install -e`.

    Args:
        sources: the texts of their `direct_url.json`.
    """
    for text in sources:
        data = json.loads(text)
        url = urlsplit(str(data.get("url", "")))
        if data.get("dir_info", {}).get("editable") and url.scheme == "file":
            yield unquote(url.path)
