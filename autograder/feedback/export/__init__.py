"""Grades for other systems: manual scores and late penalties included, one module per format."""

from __future__ import annotations

from autograder.batch.export import FORMATS, ExportOptions, ExportReport, export_scores

__all__ = ["FORMATS", "ExportOptions", "ExportReport", "export_scores"]
