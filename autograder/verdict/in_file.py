"""How declared results stand in a file: what pydantic has to know to read them, to write them and to describe them.

A class derives from `InFile`, and its fields stand in the file's order. What a field's type does not say of its key,
`key` says. Nothing here loads pydantic: it asks for these hooks when a form is made.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import fields
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any, get_args, get_type_hints

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema

__all__ = ["Digests", "InFile", "Points", "Seconds", "arrange", "key"]


def key(
    description: str = "",
    *,
    always: bool = False,
    omitted: bool = False,
    last: bool = False,
    strict: bool | None = None,
    **schema: Any,
) -> dict[str, Any]:
    """Return a field's metadata: how its key stands in a file, and what the schema says of it.

    The words of the schema, such as `minimum`, are not tried on reading: a result with an unusual value is a result.

    Args:
        description: for the schema.
        always: every version of the grader wrote the key: an object without it is not read, though the field has a
            default.
        omitted: the key is not written where the value is empty or None.
        last: the key is written after all others, wherever the field stands among the constructor's arguments.
        strict: nothing is converted on reading, such as "1" to 1.
        schema: further words of the schema.
    """
    said = {"description": description} if description else {}
    return {**said, "strict": strict, "json_schema_extra": schema, "always": always, "omitted": omitted, "last": last}


class InFile:
    """An object of a file. Keys that it does not know are ignored, so that additions break no reader."""

    __slots__ = ()

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        from pydantic_core import core_schema as core

        always = _marked(cls, "always")

        def complete(data: object) -> object:
            if isinstance(data, dict) and not all(name in data for name in always):
                raise ValueError(f"each of the keys {', '.join(always)} must be there")
            return data

        schema = handler(source)
        return core.no_info_before_validator_function(complete, schema) if always else schema

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        found = handler.resolve_ref_schema(handler(schema))
        last, omitted = _marked(cls, "last"), _marked(cls, "omitted")
        names = [*(name for name in found["properties"] if name not in last), *last]
        found["required"] = [name for name in names if name not in omitted]
        properties = {name: found["properties"][name] for name in names}
        found["properties"] = properties | {name: _never_null(properties[name]) for name in omitted}
        found["additionalProperties"] = True
        # A class's docstring speaks to readers of Python.
        found.pop("description", None)
        return found


def _never_null(schema: JsonSchemaValue) -> JsonSchemaValue:
    """Return the schema of a key that is left out instead of being null."""
    kinds = [kind for kind in schema.get("anyOf", ()) if kind != {"type": "null"}]
    return {**{word: said for word, said in schema.items() if word != "anyOf"}, **kinds[0]} if kinds else schema


def arrange(kind: type[InFile], data: dict[str, Any]) -> None:
    """Put the keys of an object that pydantic wrote in a file's order, and take out those that are omitted."""
    omitted, last, below = _arrangement(kind)  # type: ignore[arg-type]  # mypy takes no class for hashable
    for name, inner in below:
        value = data[name]
        for each in value if isinstance(value, list) else [value] if value is not None else ():
            arrange(inner, each)
    for name in omitted:
        if not data[name]:
            del data[name]
    for name in last:
        data[name] = data.pop(name)


def _marked(kind: type[InFile], word: str) -> tuple[str, ...]:
    return tuple(f.name for f in fields(kind) if f.metadata.get(word))  # type: ignore[arg-type]


@functools.cache
def _arrangement(kind: type[InFile]) -> tuple[tuple[str, ...], tuple[str, ...], tuple[tuple[str, type[InFile]], ...]]:
    """Return the names that are omitted and that are last, and the fields below which there is something to arrange."""
    hints = get_type_hints(kind)
    inner = ((f.name, i) for f in fields(kind) for i in _classes(hints[f.name]))  # type: ignore[arg-type]
    below = tuple((name, i) for name, i in inner if any(_arrangement(i)))  # type: ignore[arg-type]
    return _marked(kind, "omitted"), _marked(kind, "last"), below


def _classes(hint: object) -> list[type[InFile]]:
    """Return the classes of objects in a type such as `tuple[X, ...]` or `X | None`."""
    found = [i for argument in get_args(hint) for i in _classes(argument)]
    return [hint, *found] if isinstance(hint, type) and issubclass(hint, InFile) else found


def _points(value: Fraction) -> float:
    """Round once, for display, to a ten-thousandth of a point."""
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
    """Read the digests; whatever else stands there only means that nothing of the result holds."""
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


#: Exact points, which a file gives as a number that is rounded once.
Points = Annotated[Fraction, _Points]
#: A duration, which a file gives rounded.
Seconds = Annotated[float, _Seconds]
#: Digests by name; what is none is left out on reading.
Digests = Annotated[Mapping[str, str], _Digests]
