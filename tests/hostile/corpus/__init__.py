"""The hostile corpus: every group of the catalogue as a list of cases."""

from __future__ import annotations

from hostile.case import Case
from hostile.corpus import forbidden, forging, honest, numbers, resources, submissions, theft

__all__ = ["CASES", "HONEST"]

HONEST: tuple[Case, ...] = honest.HONEST

CASES: tuple[Case, ...] = (
    *theft.CASES,
    *forging.CASES,
    *numbers.CASES,
    *forbidden.CASES,
    *resources.CASES,
    *submissions.CASES,
)
