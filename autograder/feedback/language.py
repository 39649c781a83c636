"""Sentences in another language: a catalogue of templates in the place of the English one.

What a catalogue does not have stays English. A text among a sentence's values, such as “the new velocity”, is looked
up as an entry of `phrases.toml`, and what a course's author wrote as one of `course.toml`; both are taken as they
stand, without braces that mean something.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from markupsafe import Markup, escape

from autograder.errors import CourseError
from autograder.feedback.text import clean, one_line
from autograder.sentences import TOGETHER, Catalogue, Sentence, Value, catalogue_in, english, names_in, written

__all__ = ["ENGLISH", "Language", "read_language"]

#: What a course's authors wrote, and what stands among the values.
_COURSE, _PHRASES = "course.", "phrases."
#: The name of a language as HTML has it, such as `de` or `pt-BR`.
_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_BY, _ONE, _OTHER = "by", "one", "other"
_AND = "common.and"


@dataclass(frozen=True, slots=True)
class Language:
    """Writes sentences with a catalogue; without one they stay as they are."""

    catalogue: Catalogue = field(default_factory=dict)
    #: As HTML names the language.
    name: str = "en"

    def of(self, text: str) -> str:
        """Return a sentence in this language; English where the catalogue has no entry for it."""
        if not self.catalogue:
            return str(text)
        if not isinstance(text, Sentence):
            return self._phrase(text)
        if text.id == TOGETHER:
            parts = text.values.get("parts")
            return " ".join(map(self.of, parts)) if isinstance(parts, tuple) else str(text)
        entry = self.catalogue.get(text.id)
        if entry is None:
            return str(text)
        if text.id.startswith(_COURSE):
            return entry if isinstance(entry, str) else str(text)
        try:
            return written(text.id, text.values, {text.id: entry, _AND: self._entry(_AND)}, self.of)
        except KeyError:
            # Another version of the grader wrote it, with other values.
            return str(text)

    def clean(self, text: str, limit: int = 4000) -> str:
        """Return a sentence in this language, cleaned for a page and cut after `limit` characters."""
        return clean(self.of(text), limit)

    def one_line(self, text: str, limit: int = 500) -> str:
        """Return a sentence in this language, cleaned and on one line."""
        return one_line(self.of(text), limit)

    def markup(self, identifier: str, /, **values: Value) -> Markup:
        """Return a page's own words as HTML: all of it is escaped but the values that are markup already.

        Raises:
            KeyError: if there is no such template, or one of the values that it names is missing.
        """
        escaped = {name: _escaped(self._entry(name)) for name in (identifier, _AND)}
        return Markup(written(identifier, values, escaped, _put))  # noqa: S704 - each part is escaped

    def _entry(self, identifier: str) -> str | Mapping[str, str]:
        found = self.catalogue.get(identifier)
        return english()[identifier] if found is None else found

    def _phrase(self, text: str) -> str:
        found = self.catalogue.get(f"{_PHRASES}{text}", text)
        return found if isinstance(found, str) else text


def _escaped(entry: str | Mapping[str, str]) -> str | Mapping[str, str]:
    return _template(entry) if isinstance(entry, str) else {form: _template(text) for form, text in entry.items()}


def _put(text: str) -> str:
    return str(escape(text))


#: Every page has the same templates.
_template = functools.lru_cache(maxsize=2048)(_put)


#: What the grader speaks by itself.
ENGLISH = Language()


def read_language(folder: Path) -> Language:
    """Read a translation: files as in `autograder/sentences/english/`, as many of them as there are.

    Raises:
        CourseError: naming the entry, and what is wrong with it: it has no English one, or names other values.
    """
    name = folder.resolve().name
    if not _TAG.fullmatch(name):
        raise CourseError(
            f"The folder of a translation has the name of its language, such as de or pt-BR; {name!r} is none."
        )
    try:
        found = catalogue_in(folder)
    except (ValueError, OSError) as error:
        raise CourseError(f"The translation in {folder} cannot be used: {error}") from None
    if not found:
        raise CourseError(f"The translation in {folder} cannot be used: no file there is named like page.toml.")
    for identifier, entry in found.items():
        problem = _problem(identifier, entry)
        if problem:
            raise CourseError(f"The translation in {folder} cannot be used: {identifier} {problem}.")
    return Language(found, name)


def _problem(identifier: str, entry: str | Mapping[str, str]) -> str:
    """Return what is wrong with an entry, empty for nothing."""
    if identifier.startswith((_COURSE, _PHRASES)):
        return "" if isinstance(entry, str) else "must be one text"
    if identifier not in english():
        return "is unknown: English has no such entry"
    if not isinstance(entry, str) and not {_BY, _OTHER} <= entry.keys() <= {_BY, _ONE, _OTHER}:
        return "must be a text, or a table of by, other and perhaps one"
    shown, number = names_in(entry)
    due, due_number = names_in(english()[identifier])
    unknown = (shown | number) - (due | due_number)
    if unknown:
        return f"names {_listed(unknown)}; there is only {_listed(due | due_number)}"
    missing = due - shown
    return f"leaves out {_listed(missing)}" if missing else ""


def _listed(names: set[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in sorted(names)) or "none"
