"""An environment that holds what a distribution declares, and nothing else that is installed here."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from importlib.metadata import packages_distributions, requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

__all__ = ["FreshEnvironment", "declared", "fresh_environment"]

#: In the environment: makes the modules of all distributions that were not declared impossible to import.
_GUARD = """
import sys
from importlib.machinery import PathFinder

REFUSED = frozenset({refused!r})


class Guard(PathFinder):
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        return None if name.partition(".")[0] in REFUSED else PathFinder.find_spec(name, path, target)


sys.meta_path[:] = [Guard if finder is PathFinder else finder for finder in sys.meta_path]
"""


@dataclass(frozen=True)
class FreshEnvironment:
    """A virtual environment; its command line is run outside the checkout."""

    home: Path

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.home / "venv" / "bin" / "python"

    @property
    def packages(self) -> Path:
        """Where distributions are installed."""
        return self.home / "venv" / "lib" / f"python{sysconfig.get_python_version()}" / "site-packages"

    @property
    def command(self) -> Path:
        """The command `autograder`."""
        return self.home / "venv" / "bin" / "autograder"

    def install(self, *wheels: Path) -> None:
        """Install wheels, without their dependencies and without the network."""
        self._pip("install", "--quiet", "--no-deps", "--no-index", "--ignore-installed", *map(str, wheels))

    def remove(self, name: str) -> None:
        """Remove a distribution."""
        self._pip("uninstall", "--quiet", "--yes", name)

    def run(self, *arguments: object) -> subprocess.CompletedProcess[str]:
        """Run the command."""
        return self._run(str(self.command), *map(str, arguments))

    def evaluate(self, code: str) -> str:
        """Run a line of Python and return what it prints."""
        done = self._run(str(self.python), "-c", code)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def _run(self, *command: str) -> subprocess.CompletedProcess[str]:
        clean = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
        clean["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), clean.get("PATH", os.defpath)])
        return subprocess.run(command, cwd=self.home, env=clean, capture_output=True, text=True, check=False)

    def _pip(self, *arguments: str) -> None:
        command = [sys.executable, "-m", "pip", "--python", str(self.python), "--disable-pip-version-check", *arguments]
        subprocess.run(command, check=True, cwd=self.home)


def declared(*wanted: str) -> set[str]:
    """Return the names of these distributions and of all that they require, with the wanted extras."""
    found: set[str] = set()
    open_: list[Requirement] = [Requirement(text) for text in wanted]
    seen: set[tuple[str, tuple[str, ...]]] = set()
    while open_:
        requirement = open_.pop()
        key = (canonicalize_name(requirement.name), tuple(sorted(requirement.extras)))
        if key in seen:
            continue
        seen.add(key)
        found.add(key[0])
        for text in requires(requirement.name) or []:
            more = Requirement(text)
            extras = ("", *requirement.extras)
            if more.marker is None or any(more.marker.evaluate({"extra": extra}) for extra in extras):
                open_.append(more)
    return found


def fresh_environment(home: Path, requirements: list[str]) -> FreshEnvironment:
    """Make an environment in which these requirements, and what they require, can be imported, and nothing else.

    Packages that are installed beside these tests are borrowed, so that nothing is downloaded.

    Args:
        home: an empty folder.
        requirements: as a distribution declares them.
    """
    environment = FreshEnvironment(home)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(home / "venv")], check=True)
    # pip is not declared, but needed there.
    allowed = declared(*requirements) | {"pip"}
    borrowed = Path(sysconfig.get_path("purelib"))
    refused = {
        module
        for module, owners in packages_distributions().items()
        if re.fullmatch(r"\w+", module)
        and module != "autograder"
        # What setuptools brings along, and puts on the path when it is imported, belongs to setuptools.
        and any(borrowed.glob(f"{module}*"))
        and not {canonicalize_name(o) for o in owners} & allowed
    }
    (environment.packages / "guard.py").write_text(_GUARD.format(refused=sorted(refused)), encoding="utf-8")
    # Python reads no path file in a directory that a path file adds: the checkout stays out.
    (environment.packages / "borrowed.pth").write_text(f"import guard\n{borrowed}\n", encoding="utf-8")
    return environment
