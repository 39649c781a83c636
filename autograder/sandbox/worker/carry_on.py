"""Runs the rest of a cell after a statement that stopped.

A missing package, a mounted drive or an absent device stops one statement. In a notebook whose exercises are graded,
the imports and definitions below it still have to run. After a time-out, or after a statement that wanted to end
Python, only definitions are run: experiments had their time.
"""

from __future__ import annotations

import ast
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from autograder.sandbox.worker.statements import defines_only, readable_part

__all__ = ["REST_S", "CarryOn", "carry_on"]

#: How long the definitions after a time-out may take, in seconds.
REST_S = 2.0
_RING_AGAIN_S = 0.25
_MAX_TOLD = 200


@dataclass(slots=True)
class _Progress:
    """The state of a running cell; `first` is the first exception, which is the one that counts."""

    only_definitions: bool
    late: tuple[type[BaseException], ...]
    first: BaseException | None = None
    #: The line of the last statement that was started.
    line: int = 0
    over: bool = False
    tell: Callable[[str], None] = field(default=lambda _: None)

    def met(self, error: BaseException) -> None:
        """Note an exception, and what it means for the statements after it."""
        if isinstance(error, self.late):
            # The second time, the definitions themselves take too long.
            self.over = self.only_definitions and self.first is not None
            signal.setitimer(signal.ITIMER_REAL, REST_S, _RING_AGAIN_S)
        if isinstance(error, (SystemExit, *self.late)):
            self.only_definitions = True
        if self.first is None:
            self.first = error


class CarryOn:
    """Lets a shell carry on; stands before `InteractiveShell` among the base classes."""

    progress: _Progress | None = None

    async def run_ast_nodes(
        self,
        nodelist: list[ast.stmt],
        cell_name: str,
        interactivity: str = "last_expr",
        compiler: Any = compile,
        result: Any = None,
    ) -> bool | None:
        """Run statements one by one, also those after a statement that stopped."""
        run = super().run_ast_nodes  # type: ignore[misc]
        progress = self.progress
        if progress is None:
            stopped: bool | None = await run(nodelist, cell_name, interactivity, compiler, result)
            return stopped
        for node in nodelist:
            if progress.over:
                break
            if progress.only_definitions and not defines_only(node):
                continue
            progress.line = node.lineno
            shown = interactivity if node is nodelist[-1] else "none"
            if await run([node], cell_name, shown, compiler, result):
                progress.met(result.error_in_exec or result.error_before_exec)
                result.error_before_exec = result.error_in_exec = None
        return progress.first is not None

    def ask_exit(self) -> None:
        """Let `exit()` and `quit()` stop only the cell: this process goes on."""
        if self.progress is None:
            super().ask_exit()  # type: ignore[misc]
            return
        raise SystemExit

    def told_briefly(self, error: BaseException | None) -> bool:
        """Tell a second exception of a cell in one line: most often the first one led to it."""
        progress = self.progress
        if progress is None or progress.first is None or error is None:
            return False
        with suppress(Exception):
            told = f"{type(error).__name__}: {error}"[:_MAX_TOLD]
            progress.tell(f"line {progress.line}: {told}\n")
        return True


def carry_on(
    shell: Any, source: str, late: tuple[type[BaseException], ...], *, only_definitions: bool = False
) -> BaseException | None:
    """Run a cell to its end, even if statements stop; return the first exception.

    Args:
        shell: a `CarryOn` shell.
        source: the cell.
        late: the exceptions that mean that the cell's time is up.
        only_definitions: whether to run only definitions, because this cell ended its process before.
    """
    progress = shell.progress = _Progress(only_definitions, late, tell=_tell)
    try:
        magic = source.lstrip().startswith("%%")
        if magic and only_definitions:
            _run_again(shell, _below_magic(source))
            return progress.first
        result = shell.run_cell(source, store_history=True)
        error: BaseException | None = progress.first or result.error_in_exec or result.error_before_exec
        if error is None:
            return None
        if magic:
            # The whole cell was one statement.
            progress.met(error)
            progress.only_definitions = True
            _run_again(shell, _below_magic(source))
        elif isinstance(error, SyntaxError) and not progress.line:
            # Nothing ran: the cell as a whole cannot be parsed.
            progress.met(error)
            _run_again(shell, readable_part(source, lambda text: ast.parse(shell.transform_cell(text))))
        elif progress.first is None:
            # The exception came between two statements.
            progress.met(error)
            _run_again(shell, "#\n" * progress.line + "\n".join(source.split("\n")[progress.line :]))
        return progress.first
    finally:
        shell.progress = None


def _below_magic(source: str) -> str:
    """Return a cell without its magic; every line keeps its number."""
    before, _, below = source.partition("%%")
    return "#\n" * (before.count("\n") + 1) + below.partition("\n")[2]


def _run_again(shell: Any, source: str) -> None:
    """Run what is left of a cell, under the cell's number."""
    with suppress(SyntaxError, ValueError):
        if ast.parse(shell.transform_cell(source)).body:
            shell.execution_count -= 1
            shell.run_cell(source, store_history=True)


def _tell(text: str) -> None:
    print(text, end="", file=sys.stderr)  # noqa: T201 - to the student, in the cell's output
