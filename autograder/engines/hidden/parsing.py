"""Parses a student's code, if that costs little: a tree takes a kilobyte for each word of the code."""

from __future__ import annotations

import ast
import itertools
import re

__all__ = ["MAX_PIECES", "parse_cell", "pieces_of"]

#: The most words and signs of a cell that is parsed, ten times those of a long notebook's longest cell; a tree of them
#: takes about 80 MiB and half a second.
MAX_PIECES = 50_000
_PIECE = re.compile(r"\w+|[^\w\s]|\n")


def pieces_of(source: str) -> int:
    """Count the words, signs and lines of a text, up to one more than `MAX_PIECES`."""
    return sum(1 for _ in itertools.islice(_PIECE.finditer(source), MAX_PIECES + 1))


def parse_cell(source: str) -> ast.Module:
    """Parse a cell's text.

    Raises:
        SyntaxError: if it is not Python, or has more than `MAX_PIECES`.
        ValueError, RecursionError, MemoryError: as `ast.parse` does.
    """
    if pieces_of(source) > MAX_PIECES:
        raise SyntaxError("the cell is too long to be read")
    return ast.parse(source)
