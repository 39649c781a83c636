"""Magic and shell commands: if one is refused here, one line says so, and the cell goes on.

No program is started and nothing is installed, in any tier. Commands that only touch files work in the notebook's
directory, where it has one.
"""

from __future__ import annotations

import ast
import fnmatch
import pickle
import re
import sys
from collections.abc import Iterator, MutableMapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import IPython
from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.text import LSString, SList

from autograder.sandbox.worker.commands import CommandResult, run_commands
from autograder.sandbox.worker.keyboard import pass_debugger
from autograder.sandbox.worker.refusals import REFUSALS, decline

__all__ = ["ForgivingShell", "read_cell_magic"]

NO_PROGRAMS = "no other program can be started here"
NO_INSTALLING = "nothing can be installed here"
NOT_AVAILABLE = "this magic command is not available here"
CELL_ENDS = "The rest of this cell was not run either."
_PACKAGING = frozenset({"pip", "conda", "mamba", "micromamba", "uv"})
_INSTALLERS = frozenset({"pip", "pip3", "conda", "mamba", "micromamba", "uv", "poetry", "apt", "apt-get", "brew"})
#: They wait for somebody at a keyboard.
_DEBUGGERS = frozenset({"debug", "pdb"})
_SCREEN = frozenset({"autosave", "clear", "cls", "connect_info", "ed", "edit", "less", "man", "more", "qtconsole"})
_SCRIPTS = frozenset({"script", "sh", "bash", "perl", "ruby", "python", "python2", "python3", "pypy", "cmd"})
_SHELLS = frozenset({"sh", "bash"})
#: These run code: an error that they raise comes from that code.
_RUN_CODE = frozenset({"capture", "code_wrap", "debug", "macro", "prun", "rerun", "time", "timeit"})
#: A cell magic with such a name exists to keep its cell from running.
_LEAVES_OUT = re.compile(r"skip|ignore|comment|disable|exclude|no_?run", re.IGNORECASE)
_CELL_MAGIC = re.compile(r"\A(?:[ \t]*+\n)*+%%(\w[\w.]*+)(?:[ \t][^\n]*+)?+\n")
_KEEPS_OUTPUT = re.compile(r"--(?:out|err)[= ](\w+)")
_MAX_REASON = 300
_IPYTHON = str(Path(IPython.__file__).resolve().parent)


def read_cell_magic(cell: str) -> tuple[str, str] | None:
    """Return the name of the cell magic that a cell begins with, and the rest of the cell."""
    found = _CELL_MAGIC.match(cell)
    return (found[1], cell[found.end() :]) if found else None


class _Kept(MutableMapping[str, Any]):
    """What `%store` and `%bookmark` keep: copies, for this notebook, in memory."""

    def __init__(self) -> None:
        self._pickled: dict[str, bytes] = {}

    def __getitem__(self, key: str) -> Any:
        return pickle.loads(self._pickled[key])  # noqa: S301 - the notebook's own

    def __setitem__(self, key: str, value: Any) -> None:
        self._pickled[key] = pickle.dumps(value)

    def __delitem__(self, key: str) -> None:
        del self._pickled[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._pickled)

    def __len__(self) -> int:
        return len(self._pickled)

    def keys(self, pattern: str = "*") -> Any:
        """Return the keys that match; IPython's own store takes a pattern, too."""
        return fnmatch.filter(self._pickled, pattern)


class ForgivingShell(InteractiveShell):
    """`InteractiveShell` that goes on where something is refused."""

    @property
    def db(self) -> _Kept:
        """Where IPython keeps what outlives a session; here nothing does."""
        kept: _Kept = self.__dict__.setdefault("_kept", _Kept())
        return kept

    @db.setter
    def db(self, _value: object) -> None:
        """Keep ours: some versions of IPython assign theirs."""

    def ask_exit(self) -> None:
        """Stand for `exit` and `quit()`."""
        decline("The command to leave Python", "the whole notebook is graded")

    # -- shell commands

    def system(self, cmd: str) -> None:
        """Stand for `!cmd`; the names in it are those of the caller."""
        done = _command(self.var_expand(cmd, depth=1))
        sys.stdout.write(done.output)
        sys.stderr.write(done.errors)
        self.user_ns["_exit_code"] = done.status

    system_piped = system_raw = system

    def getoutput(self, cmd: str, split: bool = True, depth: int = 0) -> Any:  # noqa: FBT001, FBT002 - IPython's signature
        """Stand for `x = !cmd`."""
        done = _command(self.var_expand(cmd, depth=depth + 1))
        self.user_ns["_exit_code"] = done.status
        text = done.output + done.errors
        return SList(text.splitlines()) if split else LSString(text)

    # -- magic commands

    def run_line_magic(self, magic_name: str, line: str, _stack_depth: int = 1) -> Any:
        """Run a line magic; skip one of IPython's own that fails."""
        written = f"%{magic_name} {line}"
        if magic_name in _PACKAGING:
            return decline(written, NO_INSTALLING)
        if magic_name in _DEBUGGERS:
            return pass_debugger()
        magic = self._find_with_lazy_load("line", magic_name)
        if (magic is None or magic_name in _SCREEN) and not REFUSALS.strict:
            return decline(written, NOT_AVAILABLE)
        try:
            return super().run_line_magic(magic_name, line, _stack_depth=_stack_depth + 1)
        except Exception as error:
            if not _forgivable(error, magic_name, magic):
                raise
            return decline(written, _reason(error))

    def magic(self, arg_s: str) -> Any:
        """Run a line magic given as one text, as IPython did before its version 9; converted notebooks still do so."""
        name, _, line = arg_s.strip().lstrip("%").partition(" ")
        return self.run_line_magic(name, line.strip(), _stack_depth=2)

    def run_cell_magic(self, magic_name: str, line: str, cell: str) -> Any:
        """Run a cell magic; one that is not available ends the cell."""
        written = f"%%{magic_name} {line}"
        if magic_name in _SCRIPTS:
            return self._script(magic_name, line, cell)
        magic = self._find_with_lazy_load("cell", magic_name)
        if magic is None and not REFUSALS.strict:
            return decline(written, NOT_AVAILABLE, CELL_ENDS)
        try:
            return super().run_cell_magic(magic_name, line, cell)
        except Exception as error:
            if not _forgivable(error, magic_name, magic):
                raise
            return decline(written, _reason(error), CELL_ENDS)

    def _script(self, name: str, line: str, cell: str) -> None:
        done = run_commands(cell) if name in _SHELLS and not line.strip() else None
        if done is None:
            for variable in _KEEPS_OUTPUT.findall(line):
                self.user_ns[variable] = ""
            decline(f"%%{name} {line}", NO_PROGRAMS, CELL_ENDS)
            return
        sys.stdout.write(done.output)
        sys.stderr.write(done.errors)

    # -- cell magics that are not here

    def passes_by(self, magic_name: str, body: str) -> bool:
        """Whether to run a cell as if its first line, a cell magic, were not there.

        Magics such as `%%memit` look at how the cell runs, and run it. If such a magic is not installed, the exercise
        below it still counts.

        Args:
            magic_name: the cell magic.
            body: the rest of the cell, as Python.
        """
        if REFUSALS.strict or _LEAVES_OUT.search(magic_name):
            return False
        known = magic_name in _SCRIPTS or self._find_with_lazy_load("cell", magic_name) is not None
        if known and magic_name not in _DEBUGGERS:
            return False
        with suppress(SyntaxError, ValueError, RecursionError, MemoryError):
            return bool(ast.parse(body).body)
        return False

    def say_passed_by(self, magic_name: str) -> None:
        """Say that a cell runs without its magic."""
        decline(f"%%{magic_name}", NOT_AVAILABLE, "The rest of the cell was run without it.")


def _installs(text: str) -> bool:
    """Whether a command installs packages; `python -m pip` does, too."""
    words = text.split(maxsplit=3)
    if len(words) > 2 and "python" in words[0] and words[1] == "-m":  # noqa: PLR2004 - python -m pip
        words = words[2:]
    first = words[0] if words else ""
    return first in _INSTALLERS or first.rstrip("0123456789.") == "pip"


def _command(text: str) -> CommandResult:
    done = run_commands(text)
    if done is None:
        decline(f"!{text}", NO_INSTALLING if _installs(text) else NO_PROGRAMS)
        # A shell's status for a program that it may not run.
        done = CommandResult("", "", 126)
    return done


def _forgivable(error: Exception, name: str, magic: Any) -> bool:
    """Whether one of IPython's own magics failed itself, and not the student's code that it runs."""
    if REFUSALS.strict:
        return False
    if isinstance(error, UsageError):
        return True
    # `%alias_magic` gives a magic a second name.
    if getattr(magic, "magic_name", name) in _RUN_CODE or not str(getattr(magic, "__module__", "")).startswith(
        "IPython."
    ):
        return False
    return name != "run" or _raised_by_ipython(error)


def _reason(error: Exception) -> str:
    text = " ".join(str(error).split())[:_MAX_REASON].rstrip(".")
    return text or type(error).__name__


def _raised_by_ipython(error: BaseException) -> bool:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return trace is not None and trace.tb_frame.f_code.co_filename.startswith(_IPYTHON)
