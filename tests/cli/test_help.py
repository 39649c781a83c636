"""`--help`: every command's text is pinned, has an example, and comes at once."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from autograder.cli import app

PINNED = Path(__file__).with_name("help")
COMMANDS = (
    *("init", "new", "exercise", "verify", "release", "check", "grade"),
    *("status", "diff", "report", "export", "doctor", "demo"),
)
#: What takes long to import, or belongs to students' code only.
HEAVY = {"torch", "numpy", "nbgrader", "nbformat", "pytest", "IPython", "matplotlib", "jinja2", "pydantic", "rich"}
#: Seconds of processor time; it takes about a quarter of one.
AT_ONCE_S = 1.0


def help_of(*command: str) -> str:
    """Return what `autograder COMMAND --help` prints, without spaces at the ends of lines."""
    environment = {"NO_COLOR": "1", "TERM": "dumb", "COLUMNS": "100", "TERMINAL_WIDTH": "100"}
    result = CliRunner().invoke(app, [*command, "--help"], prog_name="autograder", env=environment)
    assert result.exit_code == 0, result.output
    return "\n".join(line.rstrip() for line in result.stdout.splitlines()).strip() + "\n"


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_says_what_is_pinned(command: str) -> None:
    """A change of a command shows as a change of a file under tests/cli/help."""
    pinned = PINNED / f"{command or 'autograder'}.txt"
    found = help_of(*command.split())
    assert found == pinned.read_text(encoding="utf-8"), (
        f"The help of {command or 'autograder'} changed. If that is meant: write it to {pinned}, and look at "
        "docs/commands.md."
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_help_ends_with_an_example(command: str) -> None:
    """The example is a command line of that very command."""
    words = " ".join(help_of(command).split())
    assert "Example" in words
    assert f"autograder {command}" in words.rpartition("Example")[2]


def test_every_command_is_pinned() -> None:
    """No command is missing from this file."""
    assert {command.name for command in app.registered_commands} == set(COMMANDS)
    assert {path.stem for path in PINNED.glob("*.txt")} == {"autograder", *COMMANDS}


def test_help_loads_nothing_heavy_and_answers_at_once() -> None:
    """Neither torch nor nbgrader nor pytest is on the path of `--help`."""
    program = (
        "import sys\n"
        "from autograder.cli import main\n"
        "sys.argv = ['autograder', '--help']\n"
        "try:\n"
        "    main()\n"
        "except SystemExit as end:\n"
        "    assert end.code == 0\n"
        f"print(sorted({HEAVY!r} & set(sys.modules)))\n"
    )
    before = _children_s()
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
    assert _children_s() - before < AT_ONCE_S


def _children_s() -> float:
    """Return the processor time of the processes that ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_module_can_be_run() -> None:
    """`python -m autograder` is the same program."""
    done = subprocess.run([sys.executable, "-m", "autograder", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.strip().count(".") == 2
