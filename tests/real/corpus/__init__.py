"""Right notebooks, each with one ordinary habit."""

from __future__ import annotations

from real.corpus import (
    commands,
    elsewhere,
    filenames,
    files,
    forms,
    leftovers,
    limits,
    plots,
    redefined,
    scratch,
    slow,
    styles,
    together,
)
from real.habit import Habit

__all__ = ["HABITS"]

HABITS: tuple[Habit, ...] = (
    *commands.HABITS,
    *plots.HABITS,
    *elsewhere.HABITS,
    *scratch.HABITS,
    *leftovers.HABITS,
    *redefined.HABITS,
    *slow.HABITS,
    *filenames.HABITS,
    *forms.HABITS,
    *files.HABITS,
    *limits.HABITS,
    *together.HABITS,
    *styles.HABITS,
)
