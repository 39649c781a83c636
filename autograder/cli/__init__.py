"""The command line: one file per command; each parses, calls, prints and exits.

Nothing heavy is imported here: `--help` answers at once.
"""

from __future__ import annotations

import importlib
import os
import sys
from importlib.util import find_spec
from typing import Annotated

import typer

import autograder
from autograder.cli.console import error_console
from autograder.course import fast_imports  # noqa: F401 - before nbformat, wherever that is imported
from autograder.errors import AutograderError, GraderFault, Interrupted, UsageError
from autograder.files import explain

__all__ = ["app", "main"]

FINDINGS, USAGE, FAULT, INTERRUPTED = 1, 2, 3, 130
#: In the order of `--help`. Students install `check` alone, which is a distribution of its own.
COMMANDS = (
    "init",
    "new",
    "exercise",
    "verify",
    "release",
    "check",
    "grade",
    "status",
    "diff",
    "report",
    "export",
    "doctor",
    "demo",
)

_CHECK_ALONE = find_spec("autograder.cli.grade") is None
_FIRST_LOOK = "Example: autograder check NOTEBOOK." if _CHECK_ALONE else "A first look: autograder demo."

app = typer.Typer(
    name="autograder",
    help="Grade PyTorch notebooks: safely, in parallel, with a diagnosis instead of “wrong”.",
    epilog=f"{_FIRST_LOOK} Exit codes: 0 fine, 1 findings, 2 usage, 3 the grader itself failed.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _not_installed(context: typer.Context) -> None:
    """A command for those who grade."""
    raise UsageError(f"`autograder {context.info_name}` is for those who grade: pip install torch-autograder")


for _command in COMMANDS:
    if find_spec(f"autograder.cli.{_command}") is None:
        anything = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}
        app.command(name=_command, hidden=True, context_settings=anything)(_not_installed)
    else:
        _module = importlib.import_module(f"autograder.cli.{_command}")
        app.command(name=_module.NAME, epilog=_module.EXAMPLE)(_module.run)


def _version(value: bool) -> None:
    if value:
        typer.echo(autograder.__version__)
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    pass


def _read_names_as_utf8() -> None:
    """Restart in UTF-8 mode if Python would read names of files as ASCII: a course may have any name.

    Judges and all other programs that are started from here get the same mode from the environment.
    """
    if sys.getfilesystemencoding().lower().replace("-", "") == "utf8" or sys.flags.utf8_mode:
        return
    os.environ["PYTHONUTF8"] = "1"
    os.execv(sys.executable, [sys.executable, "-X", "utf8", "-P", "-m", "autograder", *sys.argv[1:]])  # noqa: S606 - this very program


def main() -> None:
    """Run the command line; an error becomes one message and an exit code, never a traceback."""
    _read_names_as_utf8()
    try:
        # Also under `python -m autograder`: this is the name that a shell completes.
        app(prog_name="autograder")
    except Interrupted as stop:
        error_console().print(str(stop), markup=False, highlight=False)
        sys.exit(INTERRUPTED)
    except AutograderError as error:
        error_console().print(f"error: {error}", markup=False, highlight=False)
        sys.exit(FAULT if isinstance(error, GraderFault) else USAGE)
    except (KeyboardInterrupt, SystemExit) as end:
        # Typer turns Ctrl-C into an exit without a message.
        if isinstance(end, SystemExit) and end.code != INTERRUPTED:
            raise
        error_console().print("Interrupted. What is done is kept; run the same command again for the rest.")
        sys.exit(INTERRUPTED)
    except OSError as error:
        error_console().print(f"error: {explain(error)}", markup=False, highlight=False)
        sys.exit(FAULT)
