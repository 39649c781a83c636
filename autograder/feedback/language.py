"""Sentences of results in another language: a catalogue of templates in the place of the English one.

What a catalogue does not have stays English. A text among a sentence's values, such as “the new velocity”, is looked
up as an entry `phrases` of the catalogue, by itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from autograder.errors import CourseError
from autograder.sentences import TOGETHER, Catalogue, Sentence, catalogue_in, english, written

__all__ = ["Language", "read_language"]

#: What a course's authors wrote, and what stands among the values.
_FREE = ("course.", "phrases.")


@dataclass(frozen=True, slots=True)
class Language:
    """Writes sentences with a catalogue; without one they stay as they are."""

    catalogue: Catalogue = field(default_factory=dict)

    def of(self, text: str) -> str:
        """Return a sentence in this language; English where the catalogue has no entry for it."""
        if not self.catalogue:
            return str(text)
        if not isinstance(text, Sentence):
            return self._phrase(text)
        if text.id == TOGETHER:
            parts = text.values.get("parts")
            return " ".join(map(self.of, parts)) if isinstance(parts, tuple) else str(text)
        if text.id not in self.catalogue:
            return str(text)
        try:
            return written(text.id, text.values, {**english(), **self.catalogue}, self.of)
        except KeyError:
            # Another version of the grader wrote it, with other values.
            return str(text)

    def _phrase(self, text: str) -> str:
        found = self.catalogue.get(f"phrases.{text}", text)
        return found if isinstance(found, str) else text


def read_language(folder: Path) -> Language:
    """Read a translation: files as in `autograder/sentences/english/`, as many of them as there are.

    Raises:
        CourseError: naming the file, and what is wrong with it: it cannot be read, or an entry has no English one.
    """
    try:
        found = catalogue_in(folder)
    except (ValueError, OSError) as error:
        raise CourseError(f"The translation in {folder} cannot be used: {error}") from None
    unknown = [i for i in found if i not in english() and not i.startswith(_FREE)]
    if unknown:
        raise CourseError(f"The translation in {folder} has the entry {unknown[0]!r}, which English has not.")
    return Language(found)
