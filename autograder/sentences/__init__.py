"""What the grader says to students, as data: the id of a template, and the values that stand in it.

`say` takes a template from the English catalogue, the TOML files of `english/`, and returns a `Sentence`: a text that
also knows its id and its values. Results hold all three, so `feedback/language.py` can write the same sentence in
another language, and nothing has to run again.

A template names its values in braces, `{name}`; a brace that is meant itself is written twice. An entry of a
catalogue is a text, or a table with `by` and the forms `one` and `other`, where a number decides.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Callable, Mapping
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Self, TypeAlias, Union

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema

__all__ = [
    "TOGETHER",
    "Catalogue",
    "Sentence",
    "Value",
    "catalogue_in",
    "english",
    "from_said",
    "names_in",
    "said",
    "say",
    "together",
    "written",
]

Value: TypeAlias = Union[str, int, "Sentence", tuple[Union[str, "Sentence"], ...]]
#: An entry is a template, or templates by the form of a number.
Catalogue: TypeAlias = Mapping[str, str | Mapping[str, str]]

#: The id of several sentences that follow each other.
TOGETHER = "together"
#: Deeper than this no sentence is put together; a file that says so is damaged.
_DEEPEST = 8
_FIELD = re.compile(r"\{\{|\}\}|\{(\w+)\}")


class Sentence(str):
    """A text for students with the id of its template and the values in it; it can be used like any other text.

    The id is empty where a text has no place of its own: it was read from a result that an older version wrote.
    What an author of a course wrote, such as a hint, has the id of its place there and no values: `course.` and the
    place, for example `course.optimizers/misconceptions/adam.py:HINT`.
    """

    __slots__ = ("id", "values")

    id: str
    values: Mapping[str, Value]

    def __new__(cls, text: str = "", identifier: str = "", values: Mapping[str, Value] | None = None) -> Self:
        """Return the text, with the id of its template or of its place in a course."""
        made = super().__new__(cls, text)
        made.id = identifier
        made.values = dict(values or {})
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return Sentence, (str(self), self.id, self.values)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        from pydantic_core import core_schema as core

        def read(value: object) -> Sentence:
            if not isinstance(value, str):
                raise ValueError("a sentence must be a text")  # noqa: TRY004 - pydantic catches no TypeError
            return value if isinstance(value, Sentence) else Sentence(value)

        return core.no_info_plain_validator_function(
            read, serialization=core.plain_serializer_function_ser_schema(str, return_schema=core.str_schema())
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": "string"}


def say(identifier: str, /, **values: Value) -> Sentence:
    """Return a sentence of the English catalogue with these values in it.

    A value is a text, a whole number, another sentence, or several texts, which are joined with commas and “and”. It is
    stored as it is given, so it must hold no more than the sentence shows: round a number first.

    Raises:
        KeyError: if there is no such template, or one of the values that it names is missing.
    """
    for name, value in values.items():
        if type(value) not in {str, int, Sentence, tuple}:
            raise TypeError(f"{identifier}: the value {name} is a {type(value).__name__}; make it a text first")
    return Sentence(written(identifier, values, english()), identifier, values)


def together(*sentences: Sentence) -> Sentence:
    """Return sentences that follow each other as one; empty ones are left out."""
    parts = tuple(s for s in sentences if s)
    if len(parts) <= 1:
        return parts[0] if parts else Sentence()
    return Sentence(" ".join(parts), TOGETHER, {"parts": parts})


@functools.cache
def english() -> Catalogue:
    """Return the catalogue that all others are translations of."""
    return catalogue_in(files("autograder.sentences").joinpath("english"))


def catalogue_in(folder: Traversable) -> Catalogue:
    """Read a catalogue: each entry of `checks.toml` has an id that starts with `checks.`, and so on.

    Raises:
        ValueError: if a file is no TOML, or an entry is neither a text nor a table of texts; it names the file.
    """
    found: dict[str, str | Mapping[str, str]] = {}
    for file in sorted(folder.iterdir(), key=lambda f: f.name):
        if not file.name.endswith(".toml"):
            continue
        try:
            entries = tomllib.loads(file.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise ValueError(f"{file} cannot be read: {error}") from None
        for name, entry in entries.items():
            texts = list(entry.values()) if isinstance(entry, dict) else [entry]
            if not texts or not all(isinstance(text, str) for text in texts):
                raise ValueError(f"{file}: the entry {name!r} must be a text, or a table of texts")
            found[f"{file.name.removesuffix('.toml')}.{name}"] = entry
    return found


def names_in(entry: str | Mapping[str, str]) -> tuple[set[str], set[str]]:
    """Return the names of the values that an entry shows, and of the one that chooses its form, if it is a table."""
    if isinstance(entry, str):
        return {name for name in _FIELD.findall(entry) if name}, set()
    shown = {name for form, text in entry.items() if form != "by" for name in _FIELD.findall(text) if name}
    return shown, {entry["by"]}


def written(
    identifier: str,
    values: Mapping[str, Value],
    catalogue: Catalogue,
    put: Callable[[str | Sentence], str] = str,
) -> str:
    """Return the text of a catalogue's template with the values in it; `put` writes each text among the values.

    Raises:
        KeyError: if the catalogue has no such template, or one of the values that it names is missing.
    """

    def value(match: re.Match[str]) -> str:
        name = match.group(1)
        if name is None:
            return match.group()[0]
        given = values[name]
        if not isinstance(given, tuple):
            return put(given) if isinstance(given, str) else str(given)
        texts = [put(each) for each in given]
        if len(texts) <= 1:
            return "".join(texts)
        return ", ".join(texts[:-1]) + _entry(catalogue, "common.and", {}) + texts[-1]

    return _FIELD.sub(value, _entry(catalogue, identifier, values))


def _entry(catalogue: Catalogue, identifier: str, values: Mapping[str, Value]) -> str:
    entry = catalogue[identifier]
    if isinstance(entry, str):
        return entry
    return entry["one" if values[entry["by"]] == 1 and "one" in entry else "other"]


def said(sentence: Sentence) -> dict[str, Any] | None:
    """Return a sentence's id and values as a file holds them; None for a text without an id."""
    if not sentence.id:
        return None
    return {"message_id": sentence.id, "values": {name: _stored(value) for name, value in sentence.values.items()}}


def _stored(value: Value) -> Any:
    if isinstance(value, tuple):
        return [_stored(each) for each in value]
    if isinstance(value, Sentence):
        return {"message": str(value), **(said(value) or {"message_id": "", "values": {}})}
    return value


def from_said(text: str, stored: object) -> Sentence:
    """Read a sentence back; where the id or the values are not what they should be, the text stands alone."""
    if not isinstance(stored, dict):
        return Sentence(text)
    identifier, values = stored.get("message_id"), stored.get("values", {})
    if not isinstance(identifier, str) or not isinstance(values, dict):
        return Sentence(text)
    try:
        return Sentence(text, identifier, {str(name): _read(value, _DEEPEST) for name, value in values.items()})
    except ValueError:
        return Sentence(text)


def _read(stored: object, deepest: int) -> Value:
    if isinstance(stored, bool) or deepest == 0:
        raise ValueError("no value of a sentence")
    if isinstance(stored, str | int):
        return stored
    if isinstance(stored, list):
        texts = (_read(each, deepest - 1) for each in stored)
        return tuple(text if isinstance(text, str) else str(text) for text in texts)
    if isinstance(stored, dict):
        text, identifier, values = (stored.get(key) for key in ("message", "message_id", "values"))
        if isinstance(text, str) and isinstance(identifier, str) and isinstance(values, dict):
            read = {str(name): _read(value, deepest - 1) for name, value in values.items()}
            return Sentence(text, identifier, read)
    raise ValueError("no value of a sentence")
