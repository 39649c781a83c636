"""Read a CSV that another system wrote, and write one that it reads and that no spreadsheet runs."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from autograder.errors import UsageError
from autograder.feedback.table import neutralise
from autograder.feedback.text import clean
from autograder.files import write_atomically

__all__ = ["Table", "identifier", "number", "read_table", "safe", "write_table"]

#: Signs that start no formula: an empty place, and plain numbers.
_HARMLESS = re.compile(r"-|[+-]?[0-9]+([.,][0-9]+)?")
_DELIMITERS = (",", ";", "\t")


@dataclass(frozen=True, slots=True)
class Table:
    """A header and rows, each as long as the header."""

    path: Path
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    delimiter: str

    def column(self, name: str) -> int:
        """Return where a column stands.

        Raises:
            UsageError: listing what there is.
        """
        if self.header.count(name) != 1:
            listed = ", ".join(repr(h) for h in self.header)
            raise UsageError(f"{self.path} has no single column {name!r}; it has: {listed}.")
        return self.header.index(name)


def read_table(path: Path) -> Table:
    """Read a table in UTF-8, with or without a byte order mark, separated by comma, semicolon or tab.

    Raises:
        UsageError: if it cannot be read as one.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}. Name the file that you downloaded.") from None
    except UnicodeDecodeError:
        raise UsageError(f"{path} is not UTF-8; download it again, and do not save it from a spreadsheet.") from None
    first = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    try:
        lines = [line for line in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True) if line]
    except csv.Error as error:
        raise UsageError(f"{path} is no CSV: {error}. Download it again.") from None
    if not lines or len(lines[0]) < 2:  # noqa: PLR2004 - one column is no table
        raise UsageError(f"{path} has no header with several columns; name the file that you downloaded.")
    width = len(lines[0])
    rows = tuple(tuple((line + [""] * width)[:width]) for line in lines[1:])
    return Table(path, tuple(lines[0]), rows, delimiter)


def write_table(path: Path, lines: Iterable[Sequence[str]], delimiter: str = ",") -> None:
    """Write lines of cells; what a spreadsheet would run is neutralised."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator="\n")
    writer.writerows([safe(cell) for cell in line] for line in lines)
    write_atomically(path, buffer.getvalue())


def safe(cell: str) -> str:
    """Neutralise a formula; numbers and a lone sign are none."""
    return cell if _HARMLESS.fullmatch(cell) else neutralise(cell)


def identifier(text: str) -> str:
    """Return an id for a cell, letter by letter; only what would break the line or its direction is replaced."""
    return clean(text, 500).replace("\n", "\ufffd").replace("\t", "\ufffd")


def number(value: Fraction) -> str:
    """Write points with at most four decimals, without trailing zeros and without an exponent."""
    return f"{float(value):.4f}".rstrip("0").rstrip(".")
