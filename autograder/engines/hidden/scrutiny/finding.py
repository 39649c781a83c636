"""What reading a notebook found, and the sentence about it for the student and the instructor."""

from __future__ import annotations

import ast
import enum
from dataclasses import dataclass

from autograder.sentences import Sentence, say

__all__ = ["CodeFinding", "Level", "finding_at", "in_order"]

MAX_FINDINGS = 8
MAX_CODE = 80


class Level(enum.Enum):
    """The level of a finding, see `find`."""

    PLAIN = "plain"
    PROVEN = "proven"
    DOUBTFUL = "doubtful"


#: The order in which findings are shown.
_ORDER = (Level.PROVEN, Level.DOUBTFUL, Level.PLAIN)


@dataclass(frozen=True, slots=True)
class CodeFinding:
    """One place in a student's code; `target` is the forbidden or flagged name, empty where it is not known.

    `cell` and `code` are the student's texts, or Sentences of ours. `unread`: it imports a module that nobody can read;
    whether there is such a module shows when the cell runs.
    """

    level: Level
    cell: str
    line: int
    code: str
    target: str
    unread: bool = False

    @property
    def proven(self) -> bool:
        """Whether this is an evasion beyond doubt."""
        return self.level is Level.PROVEN

    @property
    def doubtful(self) -> bool:
        """Whether a person has to decide."""
        return self.level is Level.DOUBTFUL

    @property
    def sentence(self) -> Sentence:
        """The sentence for the student and the instructor."""
        cell, line, code, target = self.cell, self.line, self.code, self.target
        if self.level is Level.PLAIN:
            return say("exercise.code-forbidden", cell=cell, line=line, code=code, target=target)
        if self.level is Level.PROVEN:
            return say("exercise.code-roundabout", cell=cell, line=line, code=code, target=target)
        if target:
            return say("exercise.code-flagged", cell=cell, line=line, code=code, target=target)
        return say("exercise.code-doubtful", cell=cell, line=line, code=code)


def finding_at(level: Level, node: ast.AST, cell: str, target: str = "") -> CodeFinding:
    """Return a finding with the code of a node, shortened."""
    try:
        code = ast.unparse(node)
    except (RecursionError, ValueError, AttributeError):
        code = type(node).__name__
    code = " ".join(code.split())
    short = code if len(code) <= MAX_CODE else f"{code[: MAX_CODE - 3]}..."
    return CodeFinding(level, cell, getattr(node, "lineno", 1), short, target)


def in_order(findings: list[CodeFinding]) -> list[CodeFinding]:
    """Return the findings that are shown: each once, the most serious first."""
    return sorted(dict.fromkeys(findings), key=lambda f: _ORDER.index(f.level))[:MAX_FINDINGS]
