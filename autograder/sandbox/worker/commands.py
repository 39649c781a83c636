"""The shell commands that only touch files, in Python: `!mkdir -p plots`, `%ls`, `!cat notes.txt`.

No program can be started here, but notebooks need these few commands for the files that they write. A text that
contains anything else (another program, a pipe, a variable of the shell) is not run at all.
"""

from __future__ import annotations

import glob
import os
import shlex
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["CommandResult", "run_commands"]

MAX_READ_BYTES = 1 << 20
_LINES = 10
_OPERATORS = ";&|<>()"


@dataclass(frozen=True, slots=True)
class CommandResult:
    """What commands printed, and the exit status of the last one."""

    output: str
    errors: str
    status: int


@dataclass(frozen=True, slots=True)
class _Call:
    """One command of a text."""

    name: str
    flags: str
    arguments: tuple[str, ...]
    #: Whether it runs only if the one before it succeeded.
    needs_success: bool


def run_commands(text: str) -> CommandResult | None:
    """Run a text of file commands; return None and do nothing if it contains anything else.

    As in a shell of its own, `cd` lasts to the end of the text.
    """
    calls = _read(text)
    if not calls:
        return None
    output, errors, status = "", "", 0
    before = os.getcwd()
    try:
        for call in calls:
            if call.needs_success and status:
                continue
            try:
                # Only now: the commands before may make what a pattern matches.
                paths = [found for word in call.arguments for found in _expand(word)]
                output += _COMMANDS[call.name].run(call.flags, paths)
                status = 0
            except OSError as error:
                status = 1
                place = f"{error.filename}: " if error.filename else ""
                errors += f"{call.name}: {place}{error.strerror or error}\n"
    finally:
        os.chdir(before)
    return CommandResult(output, errors, status)


def _read(text: str) -> list[_Call] | None:
    calls: list[_Call] = []
    try:
        for line in text.replace("\\\n", " ").splitlines():
            lexer = shlex.shlex(line, posix=True, punctuation_chars=_OPERATORS)
            lexer.whitespace_split = True
            words: list[str] = []
            needs_success = False
            for word in [*lexer, ";"]:
                if word not in {";", "&&"}:
                    words.append(word)
                    continue
                if words:
                    call = _call(words, needs_success=needs_success)
                    if call is None:
                        return None
                    calls.append(call)
                words, needs_success = [], word == "&&"
    except ValueError:
        return None
    return calls


def _call(words: Sequence[str], *, needs_success: bool) -> _Call | None:
    name, *rest = words
    command = _COMMANDS.get(name)
    if command is None or any(c in word for word in rest for c in "$`|&<>()"):
        return None
    flags = "".join(word[1:] for word in rest if _is_flag(word))
    arguments = [word for word in rest if not _is_flag(word)]
    if name in {"head", "tail"} and flags.startswith("n"):
        # `-n 5`, `-n5` and `-5` are the same.
        flags = flags[1:] or (arguments.pop(0) if arguments else "")
    if any(f not in command.flags for f in flags) or len(arguments) < command.least:
        return None
    return _Call(name, flags, tuple(arguments), needs_success)


def _is_flag(word: str) -> bool:
    return len(word) > 1 and word.startswith("-")


def _expand(word: str) -> list[str]:
    path = os.path.expanduser(word)
    return sorted(glob.glob(path)) or [path]


# -- the commands ----------------------------------------------------------------------------------------------


def _ls(flags: str, paths: Sequence[str]) -> str:
    printed = []
    for path in paths or ["."]:
        if not os.path.isdir(path):
            os.stat(path)
            printed.append([_entry(path, path, flags)])
            continue
        names = sorted(n for n in os.listdir(path) if not n.startswith(".") or set(flags) & set("aA"))
        title = [f"{path}:"] if len(paths) > 1 else []
        printed.append(title + [_entry(os.path.join(path, name), name, flags) for name in names])
    return "".join(f"{line}\n" for lines in printed for line in lines)


def _entry(path: str, name: str, flags: str) -> str:
    shown = name + ("/" if "F" in flags and os.path.isdir(path) else "")
    if not set(flags) & set("lo"):
        return shown
    found = os.lstat(path)
    kind = "d" if os.path.isdir(path) else "-"
    return f"{kind} {found.st_size:>10} {time.strftime('%b %d %H:%M', time.localtime(found.st_mtime))} {shown}"


def _text(path: str) -> str:
    with Path(path).open("rb") as file:
        return file.read(MAX_READ_BYTES).decode("utf-8", "replace")


def _cat(_flags: str, paths: Sequence[str]) -> str:
    return "".join(map(_text, paths))


def _head(flags: str, paths: Sequence[str]) -> str:
    return "".join("".join(_text(p).splitlines(keepends=True)[: int(flags or _LINES)]) for p in paths)


def _tail(flags: str, paths: Sequence[str]) -> str:
    count = int(flags or _LINES)
    return "".join("".join(_text(p).splitlines(keepends=True)[-count:] if count else "") for p in paths)


def _pwd(_flags: str, _words: Sequence[str]) -> str:
    return f"{os.getcwd()}\n"


def _cd(_flags: str, paths: Sequence[str]) -> str:
    os.chdir(paths[0] if paths else os.path.expanduser("~"))
    return ""


def _mkdir(flags: str, paths: Sequence[str]) -> str:
    for path in paths:
        Path(path).mkdir(parents="p" in flags, exist_ok="p" in flags)
    return ""


def _rmdir(_flags: str, paths: Sequence[str]) -> str:
    for path in paths:
        os.rmdir(path)
    return ""


def _rm(flags: str, paths: Sequence[str]) -> str:
    for path in paths:
        if os.path.isdir(path) and not os.path.islink(path) and set(flags) & set("rR"):
            shutil.rmtree(path)
        elif "f" not in flags or os.path.lexists(path):
            os.unlink(path)
    return ""


def _cp(flags: str, paths: Sequence[str]) -> str:
    *sources, target = paths
    for source in sources:
        if os.path.isdir(source) and set(flags) & set("rR"):
            inside = os.path.join(target, os.path.basename(source.rstrip("/")))
            shutil.copytree(source, inside if os.path.isdir(target) else target, dirs_exist_ok=True)
        else:
            shutil.copy(source, target)
    return ""


def _mv(_flags: str, paths: Sequence[str]) -> str:
    *sources, target = paths
    for source in sources:
        shutil.move(source, target)
    return ""


def _touch(_flags: str, paths: Sequence[str]) -> str:
    for path in paths:
        Path(path).touch()
    return ""


def _nothing(_flags: str, _words: Sequence[str]) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class _Command:
    run: Callable[[str, Sequence[str]], str]
    flags: str = ""
    #: The least number of arguments.
    least: int = 0


_COMMANDS = {
    "ls": _Command(_ls, "1aAFhlo"),
    "cat": _Command(_cat, "", 1),
    "head": _Command(_head, "0123456789", 1),
    "tail": _Command(_tail, "0123456789", 1),
    "pwd": _Command(_pwd),
    "cd": _Command(_cd),
    "mkdir": _Command(_mkdir, "pv", 1),
    "rmdir": _Command(_rmdir, "", 1),
    "rm": _Command(_rm, "rRfv", 1),
    "cp": _Command(_cp, "rRfv", 2),
    "mv": _Command(_mv, "fv", 2),
    "touch": _Command(_touch, "", 1),
    "clear": _Command(_nothing),
    "true": _Command(_nothing),
}
