"""Recognise a notebook's cells by their texts if an editor has dropped the metadata that named them.

A cell of a submission is named by its grade_id. Some editors and converters drop it, and a cell that a student made
anew never had it. Then the text decides: an exercise is the cell that defines its name, a test has the text of the
template, and the answer to a question comes after the question.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from nbformat import NotebookNode

from autograder.course.assignment import Assignment
from autograder.course.notebook.cells import grade_id, is_solution, nbgrader_metadata
from autograder.sentences import Sentence, say

__all__ = ["Recognised", "defines", "identify", "is_filled", "recognise"]

#: The share of lines that a student's cell must have in common with a released cell to count as that cell.
_ALIKE = 0.6
_MAX_LINES = 2000
_ANY_NAME = re.compile(r"^(?:async[ \t]+def|def|class)[ \t]+([A-Za-z_]\w*)", re.MULTILINE)
_ASSIGNED = re.compile(r"^([A-Za-z_]\w*)[ \t]*(?::[^=\n]{0,200})?=(?!=)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Recognised:
    """The parts of an assignment that are in a notebook.

    `named` are the exercises whose cells have their grade_id, `defined` those that some cell defines, `filled` those
    that were worked on. `prose` counts the template's texts that are there.
    """

    named: frozenset[str] = frozenset()
    defined: frozenset[str] = frozenset()
    filled: frozenset[str] = frozenset()
    prose: int = 0

    @property
    def exercises(self) -> frozenset[str]:
        """The exercises that are there, by their grade_ids or by their texts."""
        return self.named | self.defined

    @property
    def weight(self) -> tuple[int, int]:
        """How much the notebook has of this assignment: exercises first, then prose."""
        return len(self.exercises), self.prose


def defines(source: str) -> frozenset[str]:
    """Return the functions, classes and names that a cell defines at its top level, as far as its lines tell.

    Nothing is parsed, because any notebook comes here, and none may end this process.
    """
    return frozenset(_ANY_NAME.findall(source)) | frozenset(_ASSIGNED.findall(source))


def recognise(cells: Sequence[Mapping[str, Any]], assignment: Assignment, template: NotebookNode) -> Recognised:
    """Return which exercises of an assignment are in a notebook's cells."""
    originals = {identifier: cell for cell in template.cells if (identifier := grade_id(cell))}
    tests = {e.test_cell: e.id for e in assignment.exercises}
    answers: dict[str, list[str]] = {}
    named: set[str] = set()
    texts = set()
    for cell in cells:
        source = cell["source"]
        texts.add(_plain(source))
        identifier = grade_id(cell)
        if identifier in tests:
            named.add(tests[identifier])
        if identifier in originals and is_solution(originals[identifier]):
            answers.setdefault(identifier, []).append(source)
            named.add(identifier)
        if cell["cell_type"] == "code":
            for name in defines(source):
                answers.setdefault(name, []).append(source)
    ids = {e.id for e in assignment.exercises}
    coded = {e.id for e in assignment.coded}
    filled = {e for e, found in answers.items() if e in ids and any(is_filled(text, originals[e]) for text in found)}
    prose = sum(_plain(c.source) in texts for c in template.cells if c.cell_type == "markdown" and c.source.strip())
    return Recognised(frozenset(named & ids), frozenset(answers) & coded, frozenset(filled), prose)


def is_filled(source: str, stub: NotebookNode) -> bool:
    """Whether an answer holds more than the released text; comments and blank lines in code do not count."""
    if stub.cell_type != "code":
        return _plain(source) not in {_plain(stub.source), ""}
    return _code(source) not in {_code(stub.source), ""}


def identify(
    notebook: NotebookNode, assignment: Assignment, template: NotebookNode, notes: list[Sentence]
) -> frozenset[str]:
    """Give cells of a notebook the grade_ids that they have lost, in place; existing ones stay.

    Args:
        notebook: the submission, well formed.
        assignment: the assignment with the exercises.
        template: its notebook.
        notes: notes about cells that were recognised by their text are appended here.

    Returns:
        The exercises without a cell of their own, because another exercise's cell defines them.
    """
    search = _Search(notebook, assignment, template)
    search.run(notes)
    return frozenset(search.elsewhere)


@dataclass(slots=True)
class _Search:
    notebook: NotebookNode
    assignment: Assignment
    template: NotebookNode
    originals: dict[str, NotebookNode] = field(init=False)
    found: dict[str, int] = field(init=False)
    by_text: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.originals = {identifier: cell for cell in self.template.cells if (identifier := grade_id(cell))}
        self.found = {}
        for position, cell in enumerate(self.notebook.cells):
            identifier = grade_id(cell)
            if identifier in self.originals and identifier is not None:
                self.found[identifier] = position

    def run(self, notes: list[Sentence]) -> None:
        if len(self.found) == len(self.originals):
            return
        self._exact()
        self._exercises(notes)
        self._questions()
        self._alike()
        if not self.by_text:
            return
        named = f"{', '.join(self.by_text[:3])}{', …' if len(self.by_text) > 3 else ''}"  # noqa: PLR2004 - a few
        notes.append(say("reading.recognised", n=len(self.by_text), names=named))

    def _free(self) -> Iterable[tuple[int, NotebookNode]]:
        taken = set(self.found.values())
        return ((i, c) for i, c in enumerate(self.notebook.cells) if i not in taken)

    def _lost(self) -> list[str]:
        return [identifier for identifier in self.originals if identifier not in self.found]

    def _name(self, identifier: str, position: int) -> None:
        self.found[identifier] = position
        self.by_text.append(identifier)
        self.notebook.cells[position].metadata["nbgrader"] = dict(nbgrader_metadata(self.originals[identifier]))

    def _exact(self) -> None:
        """Find released cells with unchanged text; if two have the same text, their order decides."""
        places: dict[tuple[str, str], list[int]] = {}
        for position, cell in self._free():
            places.setdefault((cell.cell_type, _plain(cell.source)), []).append(position)
        for identifier in self._lost():
            original = self.originals[identifier]
            waiting = places.get((original.cell_type, _plain(original.source)))
            # The placeholder of an answer fits any question, so `_questions` finds it by its place.
            if waiting and original.source.strip() and not (is_solution(original) and original.cell_type != "code"):
                self._name(identifier, waiting.pop(0))

    def _exercises(self, notes: list[Sentence]) -> None:
        """Find the cells that define what the exercises ask for."""
        coded = [e.id for e in self.assignment.coded]
        definers: dict[str, list[int]] = {}
        for position, cell in enumerate(self.notebook.cells):
            if cell.cell_type == "code":
                for name in defines(cell.source):
                    definers.setdefault(name, []).append(position)
        taken = {position: identifier for identifier, position in self.found.items()}
        for identifier in coded:
            places = definers.get(identifier, [])
            if identifier in self.found or not places:
                continue
            stub = _lines(self.originals[identifier].source)
            # An experiment may define it again: the cell with most lines of the stub is the exercise's own.
            free = [p for p in places if p not in taken]
            if free:
                best = max(free, key=lambda p: (len(stub & _lines(self.notebook.cells[p].source)), p))
                taken[best] = identifier
                self._name(identifier, best)
            else:
                self.elsewhere.append(identifier)
                notes.append(say("reading.elsewhere", exercise=identifier, cell=taken[places[-1]]))

    def _questions(self) -> None:
        """Find the answers to written questions: the cell after the question that is not a released one."""
        released = {_plain(c.source) for c in self.template.cells if not is_solution(c)}
        at = {_plain(c.source): i for i, c in reversed(list(enumerate(self.notebook.cells)))}
        for number, original in enumerate(self.template.cells):
            identifier = grade_id(original)
            if identifier is None or identifier in self.found or not is_solution(original):
                continue
            if original.cell_type == "code" or number == 0:
                continue
            question = at.get(_plain(self.template.cells[number - 1].source))
            if question is None and grade_id(self.template.cells[number - 1]) in self.found:
                question = self.found[str(grade_id(self.template.cells[number - 1]))]
            taken = set(self.found.values())
            for position in range(question + 1, len(self.notebook.cells)) if question is not None else ():
                cell = self.notebook.cells[position]
                if _plain(cell.source) in released or position in taken:
                    break
                if cell.cell_type != "code" and cell.source.strip():
                    self._name(identifier, position)
                    break

    def _alike(self) -> None:
        """Find locked cells that were edited; one that is not found is put back later."""
        free = [(position, cell.cell_type, _lines(cell.source)) for position, cell in self._free()]
        for identifier in self._lost():
            original = self.originals[identifier]
            wanted = _lines(original.source)
            if is_solution(original) or not wanted:
                continue
            best, share = -1, _ALIKE
            for position, kind, lines in free:
                if kind == original.cell_type and position not in self.found.values():
                    alike = len(wanted & lines) / len(wanted | lines)
                    if alike > share:
                        best, share = position, alike
            if best >= 0:
                self._name(identifier, best)


def _plain(source: str) -> str:
    return " ".join(source.split())


def _lines(source: str) -> frozenset[str]:
    lines = (line.strip() for line in source.split("\n", _MAX_LINES)[:_MAX_LINES])
    return frozenset(line for line in lines if line)


def _code(source: str) -> str:
    lines = (" ".join(line.split()) for line in source.split("\n"))
    return "\n".join(line for line in lines if line and not line.startswith("# "))
