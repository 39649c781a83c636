"""Where commands print."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["error_console", "output_console"]


def output_console() -> Console:
    """Standard output."""
    from rich.console import Console

    return Console(highlight=False, soft_wrap=True)


def error_console() -> Console:
    """Standard error, where progress and errors go."""
    from rich.console import Console

    return Console(stderr=True, highlight=False, soft_wrap=True)
