"""Grade a whole class: what is left to do, in parallel judges, with one writer at home."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograder.batch.class_report import rewrite_reports
    from autograder.batch.options import BatchOptions, BatchReport, Progress, SilentProgress, Tls
    from autograder.batch.run import grade_batch
    from autograder.batch.status import Outlook, Pending

__all__ = [
    "BatchOptions",
    "BatchReport",
    "Outlook",
    "Pending",
    "Progress",
    "SilentProgress",
    "Tls",
    "grade_batch",
    "rewrite_reports",
]

_HOMES = {
    "BatchOptions": "options",
    "BatchReport": "options",
    "Outlook": "status",
    "Pending": "status",
    "Progress": "options",
    "SilentProgress": "options",
    "Tls": "options",
    "grade_batch": "run",
    "rewrite_reports": "class_report",
}


def __getattr__(name: str) -> Any:
    """Load what is asked for: a judge takes its messages from this package and needs nothing else of it."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
