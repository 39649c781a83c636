"""Plain words: docstrings, comments and messages avoid constructions that a reader has to read twice."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
#: Each forbidden construction, a sentence that has it, and what to write instead.
CONSTRUCTIONS: dict[str, tuple[str, str]] = {
    r"\b(who|whom|what|which)ever\b": ("Whoever calls this gets a copy.", "Each caller gets a copy."),
    r"\b(what|than) is due\b": ("Not what is due: the velocity.", "The velocity differs from the expected one."),
    r"\bnothing of\b": ("Nothing of the reference is in it.", "No part of the reference is in it."),
    r"\b(in|out)side of\b": ("Inside of a cell it raises.", "Inside a cell it raises."),
    r", for (it|they|he|she|we|there|nobody)\b": (
        "It is copied, for it may change.",
        "It is copied, because it may change.",
    ),
    r"\bsuch as (is|are)\b": ("Errors such as are raised here.", "Errors that are raised here."),
    r"\bmend(s|ed|ing)?\b": ("Mend the check.", "Correct the check."),
    r"\bto be had\b": ("The library is not to be had.", "The library is not available."),
    r"\bof its own of\b": (
        "An exercise that it has a form of its own of.",
        "An exercise of which it has its own form.",
    ),
    r"\bsays? of (it|them)sel(f|ves)\b": ("What a wheel says of itself.", "A wheel's metadata."),
    r"\b(but|save) for\b": ("Everything but for the seed.", "Everything except the seed."),
    r"\blest\b": ("Lest it fails.", "So that it does not fail."),
}
FORBIDDEN = {construction: re.compile(construction, re.IGNORECASE) for construction in CONSTRUCTIONS}
#: Files and folders whose words keep the list.
KEEP = (
    ".ci/run",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "Makefile",
    "README.md",
    "autograder",
    "benchmarks",
    "docs",
    "packaging",
    "tests",
)


def files_of(entry: str) -> list[Path]:
    """Return the files with words in one of these places."""
    if (ROOT / entry).is_file():
        return [ROOT / entry]
    return sorted(p for kind in ("*.py", "*.sh", "*.md", "*.toml") for p in (ROOT / entry).rglob(kind))


def words_of(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the lines with words, and their numbers: docstrings, comments and, in the package, all other texts.

    In tests, other texts are mostly students' code.
    """
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        yield from enumerate(text.splitlines(), 1)
        return
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string
    tree = ast.parse(text)
    nodes = list(ast.walk(tree))
    if path.is_relative_to(ROOT / "tests"):
        owners = [n for n in nodes if isinstance(n, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef))]
        nodes = [n.body[0].value for n in owners if n.body and isinstance(n.body[0], ast.Expr)]
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from enumerate(node.value.splitlines(), node.lineno)


@pytest.mark.parametrize("entry", KEEP)
def test_no_forbidden_construction_is_used(entry: str) -> None:
    """The failure names each file and line, and shows what to write instead."""
    found = {
        f"{path.relative_to(ROOT)}:{number}: {line.strip()} (write as in: {CONSTRUCTIONS[construction][1]})"
        for path in files_of(entry)
        for number, line in words_of(path)
        for construction, pattern in FORBIDDEN.items()
        if pattern.search(line)
    }
    assert not found, "\n".join(sorted(found))


@pytest.mark.parametrize("construction", CONSTRUCTIONS)
def test_each_construction_is_found(construction: str) -> None:
    """The forbidden sentence has exactly this construction; the plain one has none."""
    forbidden, plain = CONSTRUCTIONS[construction]
    assert [c for c, pattern in FORBIDDEN.items() if pattern.search(forbidden)] == [construction]
    assert not [c for c, pattern in FORBIDDEN.items() if pattern.search(plain)]


def test_docstrings_comments_and_messages_are_read(tmp_path: Path) -> None:
    """Each of them, with its line."""
    path = tmp_path / "sample.py"
    path.write_text('"""Whoever\nmends."""\n# lest\nraise ValueError(f"save for {1}")\n', encoding="utf-8")
    found = [(number, line) for number, line in words_of(path) if any(p.search(line) for p in FORBIDDEN.values())]
    assert sorted(found) == [(1, "Whoever"), (2, "mends."), (3, "# lest"), (4, "save for ")]


def test_every_entry_exists() -> None:
    """A file that was moved is moved in the list, too."""
    assert not [entry for entry in KEEP if not (ROOT / entry).exists()]
