"""Grade a whole class: what is left to do, in parallel judges, with one writer at home."""

from __future__ import annotations

from autograder.batch.options import BatchOptions, BatchReport, Progress, SilentProgress, Tls
from autograder.batch.run import grade_batch, rewrite_reports

__all__ = ["BatchOptions", "BatchReport", "Progress", "SilentProgress", "Tls", "grade_batch", "rewrite_reports"]
