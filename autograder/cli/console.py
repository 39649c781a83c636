"""Where commands print."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["error_console", "examples", "output_console"]


def examples(*commands: str) -> str:
    """Return the end of a command's help: its examples, one per line, ready to copy."""
    # This mark keeps each example on its own line.
    return "\n".join(["\b", "Examples:" if len(commands) > 1 else "Example:", *(f"  {c}" for c in commands)])


def output_console() -> Console:
    """Standard output."""
    from rich.console import Console

    return Console(highlight=False, soft_wrap=True)


def error_console() -> Console:
    """Standard error, where progress and errors go."""
    from rich.console import Console

    return Console(stderr=True, highlight=False, soft_wrap=True)
