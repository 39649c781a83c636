"""Shows how far a proof is."""

from __future__ import annotations

from typing import Protocol

__all__ = ["SilentVerifyProgress", "VerifyProgress"]


class VerifyProgress(Protocol):
    """Is told of each part of a proof and of each step in it."""

    def part(self, slug: str, what: str, steps: int) -> None:
        """A part begins, with that many steps."""

    def step(self) -> None:
        """A step is done."""

    def finish(self) -> None:
        """Everything is done, or was given up."""


class SilentVerifyProgress:
    """Says nothing."""

    def part(self, slug: str, what: str, steps: int) -> None:
        """Ignore it."""

    def step(self) -> None:
        """Ignore it."""

    def finish(self) -> None:
        """Ignore it."""
