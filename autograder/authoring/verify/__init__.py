"""The proof that an assignment is sound, before it grades anybody.

The reference and every honest variant score 100 %, the untouched template scores nothing, each misconception loses
points where it should and is named as itself, every check catches something, and small changes of the reference
are noticed.
"""

from __future__ import annotations

from autograder.authoring.verify.findings import AssignmentReport, Finding, MutantReport, PairReport, Survivor
from autograder.authoring.verify.progress import SilentVerifyProgress, VerifyProgress
from autograder.authoring.verify.run import VerifyOptions, known_slugs, verify_assignment

__all__ = [
    "AssignmentReport",
    "Finding",
    "MutantReport",
    "PairReport",
    "SilentVerifyProgress",
    "Survivor",
    "VerifyOptions",
    "VerifyProgress",
    "known_slugs",
    "verify_assignment",
]
