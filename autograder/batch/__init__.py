"""Grade a whole class: what is left to do, in parallel judges, with one writer at home."""

from __future__ import annotations

from autograder import lean  # noqa: F401 - before nbformat, wherever that is imported
from autograder.batch.classbook import rewrite_reports
from autograder.batch.options import BatchOptions, BatchReport, Progress, SilentProgress, Tls
from autograder.batch.outlook import Outlook, Pending, outlook
from autograder.batch.run import grade_batch

__all__ = [
    "BatchOptions",
    "BatchReport",
    "Outlook",
    "Pending",
    "Progress",
    "SilentProgress",
    "Tls",
    "grade_batch",
    "outlook",
    "rewrite_reports",
]
