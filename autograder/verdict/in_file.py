"""How declared results are read from a file, written to it, and described by its schema.

A class derives from `InFile`, and its fields are in the file's order. `key` describes what a field's type does not say
about its key. A `Sentence` has a second key beside its own, which holds its id and its values. Nothing here loads
pydantic: pydantic calls these hooks when it makes a form.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import fields
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any, get_args, get_type_hints

from autograder.sentences import Sentence, from_said, said

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema

__all__ = ["Digests", "InFile", "Points", "Seconds", "arrange", "key"]

_SAID = {
    "message_id": {"type": "string", "description": "The id of the sentence's template."},
    "values": {"type": "object", "description": "What stands in the template: texts, numbers, sentences and lists."},
}


def key(
    description: str = "",
    *,
    always: bool = False,
    omitted: bool = False,
    last: bool = False,
    strict: bool | None = None,
    **schema: Any,
) -> dict[str, Any]:
    """Return a field's metadata: how its key is written to a file, and what the schema says about it.

    Words of the schema, such as `minimum`, are not checked on reading: a result with an unusual value is a result.

    Args:
        description: for the schema.
        always: every version of the grader wrote the key: an object without it is not read, although the field has a
            default.
        omitted: the key is not written if the value is empty or None.
        last: the key is written after all others, although the field is not the last argument of the constructor.
        strict: nothing is converted on reading, for example "1" to 1.
        schema: further words of the schema.
    """
    said = {"description": description} if description else {}
    return {**said, "strict": strict, "json_schema_extra": schema, "always": always, "omitted": omitted, "last": last}


class InFile:
    """An object in a file. Unknown keys are ignored, so that additions break no reader."""

    __slots__ = ()

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        from pydantic_core import core_schema as core

        always = _marked(cls, "always")
        sentences = _sentences_of(cls)  # type: ignore[arg-type]  # mypy takes no class for hashable

        def complete(data: object) -> object:
            if not isinstance(data, dict):
                return data
            if not all(name in data for name in always):
                raise ValueError(f"each of the keys {', '.join(always)} must be there")
            return data | {name: _with_said(name, data) for name in sentences if name in data}

        schema = handler(source)
        return core.no_info_before_validator_function(complete, schema) if always or sentences else schema

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        found = handler.resolve_ref_schema(handler(schema))
        last, omitted = _marked(cls, "last"), _marked(cls, "omitted")
        names = [*(name for name in found["properties"] if name not in last), *last]
        found["required"] = [name for name in names if name not in omitted]
        sentences = _sentences_of(cls)  # type: ignore[arg-type]  # as above
        properties: dict[str, Any] = {}
        for name in names:
            properties[name] = _never_null(found["properties"][name]) if name in omitted else found["properties"][name]
            if name in sentences:
                properties |= _said_schema(name, several=properties[name].get("type") == "array")
        found["properties"] = properties
        found["additionalProperties"] = True
        # A class's docstring is for readers of Python.
        found.pop("description", None)
        return found


def _never_null(schema: JsonSchemaValue) -> JsonSchemaValue:
    """Return the schema of a key that is left out instead of being null."""
    kinds = [kind for kind in schema.get("anyOf", ()) if kind != {"type": "null"}]
    return {**{word: said for word, said in schema.items() if word != "anyOf"}, **kinds[0]} if kinds else schema


def arrange(value: InFile, data: dict[str, Any]) -> None:
    """Put the keys of an object that pydantic wrote into the file's order, and remove those that are omitted.

    Each sentence of the object gets its id and its values beside it.
    """
    kind: Any = type(value)
    omitted, last, below = _arrangement(kind)
    for name in below:
        inner = getattr(value, name)
        for each, written in zip(inner, data[name], strict=True) if isinstance(inner, tuple) else [(inner, data[name])]:
            if each is not None:
                arrange(each, written)
    for name in _sentences_of(kind):
        _put_said(name, getattr(value, name), data)
    for name in omitted:
        if not data[name]:
            del data[name]
    for name in last:
        data[name] = data.pop(name)


@functools.cache
def _sentences_of(kind: Any) -> tuple[str, ...]:
    """Return the names of the fields that hold a sentence, or several."""
    hints = get_type_hints(kind)
    return tuple(f.name for f in fields(kind) if Sentence in (hints[f.name], *get_args(hints[f.name])))


def _beside(name: str) -> str:
    return f"{name}_said"


def _put_said(name: str, value: str | Sentence | tuple[Sentence, ...] | None, data: dict[str, Any]) -> None:
    """Put ids and values behind the key of a sentence; a list of sentences gets a list, with null for no id."""
    if not isinstance(value, Sentence | tuple):
        return
    several = isinstance(value, tuple)
    found: Any = [_said(each) for each in value] if isinstance(value, tuple) else said(value)
    if not (any(found) if several else found):
        return
    keys = list(data)
    behind = {key: data.pop(key) for key in keys[keys.index(name) + 1 :]}
    data |= found if name == "message" else {_beside(name): found}
    data |= behind


def _said(text: str) -> dict[str, Any] | None:
    # A text that is no sentence has no id; it must not keep a result from being written.
    return said(text) if isinstance(text, Sentence) else None


def _with_said(name: str, data: Mapping[str, Any]) -> object:
    """Return the value of a sentence's key, with the id and the values from the key beside it."""
    value = data[name]
    if name == "message":
        return from_said(value, data) if isinstance(value, str) else value
    stored = data.get(_beside(name))
    if isinstance(value, list):
        each = stored if isinstance(stored, list) and len(stored) == len(value) else [None] * len(value)
        return [from_said(v, s) if isinstance(v, str) else v for v, s in zip(value, each, strict=True)]
    return from_said(value, stored) if isinstance(value, str) else value


def _said_schema(name: str, *, several: bool) -> dict[str, Any]:
    if name == "message":
        return _SAID
    one = {"type": "object", "properties": _SAID, "required": [*_SAID]}
    words = f"The ids and values of the texts in `{name}`, in the same order." if several else f"The same for `{name}`."
    many = {"type": "array", "items": {"anyOf": [one, {"type": "null"}]}}
    return {_beside(name): {**(many if several else one), "description": words}}


def _marked(kind: type[InFile], word: str) -> tuple[str, ...]:
    return tuple(f.name for f in fields(kind) if f.metadata.get(word))  # type: ignore[arg-type]


@functools.cache
def _arrangement(kind: type[InFile]) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Return the fields that are omitted, those that come last, and those that hold objects."""
    hints = get_type_hints(kind)
    below = tuple(f.name for f in fields(kind) if _classes(hints[f.name]))  # type: ignore[arg-type]
    return _marked(kind, "omitted"), _marked(kind, "last"), below


def _classes(hint: object) -> list[type[InFile]]:
    """Return the classes of objects in a type such as `tuple[X, ...]` or `X | None`."""
    found = [i for argument in get_args(hint) for i in _classes(argument)]
    return [hint, *found] if isinstance(hint, type) and issubclass(hint, InFile) else found


def _points(value: Fraction) -> float:
    """Round points for display, to a ten-thousandth."""
    return round(float(value), 4)


@functools.lru_cache(maxsize=1024)
def _exact(value: float) -> Fraction:
    return Fraction(str(value))


def _read_points(value: object) -> Fraction:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise ValueError("points must be a number")  # noqa: TRY004 - pydantic catches no TypeError
    return _exact(value)


def _round_seconds(value: float) -> float:
    return round(value, 4)


def _read_digests(value: object) -> dict[str, str]:
    """Read the digests; anything else counts as no digest, so that no part of the result is reused."""
    return {str(k): v for k, v in value.items() if isinstance(v, str)} if isinstance(value, dict) else {}


class _Positive:
    """A number that is not negative."""

    @staticmethod
    def __get_pydantic_json_schema__(schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": "number", "minimum": 0}


class _Points(_Positive):
    @staticmethod
    def __get_pydantic_core_schema__(source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        from pydantic_core import core_schema as core

        written = core.plain_serializer_function_ser_schema(_points, return_schema=core.float_schema())
        return core.no_info_plain_validator_function(_read_points, serialization=written)


class _Seconds(_Positive):
    @staticmethod
    def __get_pydantic_core_schema__(source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        from pydantic_core import core_schema as core

        return core.float_schema(
            strict=True,
            serialization=core.plain_serializer_function_ser_schema(_round_seconds, return_schema=core.float_schema()),
        )


class _Digests:
    @staticmethod
    def __get_pydantic_core_schema__(source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        from pydantic_core import core_schema as core

        return core.no_info_before_validator_function(_read_digests, handler(source))


#: Exact points; in a file they are a rounded number.
Points = Annotated[Fraction, _Points]
#: A duration; in a file it is rounded.
Seconds = Annotated[float, _Seconds]
#: Digests by name; other values are left out on reading.
Digests = Annotated[Mapping[str, str], _Digests]
