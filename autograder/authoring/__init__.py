"""What an instructor does before and beside grading: scaffold, prove, release and show an assignment."""

from __future__ import annotations

__all__: list[str] = []
