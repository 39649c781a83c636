"""The published schema of `results/<slug>/<student>.json`, which the classes of `autograder.verdict` declare.

`make schema` writes the file that is published.
"""

from __future__ import annotations

import functools
import json
from importlib.resources import files
from typing import Any

from autograder.verdict import SCHEMA_VERSION, Grade

__all__ = ["declared_schema", "result_schema", "validate"]

_DESCRIPTION = (
    "The verdict on one submission; times in seconds, points rounded to a ten-thousandth. Readers ignore keys that "
    "they do not know. A key may be added to any object, and `schema_minor` grows when one is; `schema` grows when a "
    "key is taken away or gets another meaning."
)


@functools.cache
def result_schema() -> dict[str, Any]:
    """Return the JSON schema (draft 2020-12)."""
    text = files("autograder.feedback").joinpath("result.schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def validate(data: object) -> None:
    """Check a result against the schema.

    Raises:
        jsonschema.ValidationError: naming the place.
    """
    import jsonschema

    jsonschema.validate(data, result_schema())


def declared_schema() -> dict[str, Any]:
    """Return the schema as the classes declare it; the published file is a copy of it."""
    from pydantic import TypeAdapter

    found = TypeAdapter(Grade).json_schema()
    classes = found.pop("$defs")
    grade = _plain(found, classes)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "autograder result",
        "description": _DESCRIPTION,
        "type": "object",
        "additionalProperties": True,
        "required": ["schema", *grade["required"]],
        "properties": {
            "schema": {"const": SCHEMA_VERSION},
            "schema_minor": {
                "type": "integer",
                "minimum": 0,
                "description": "Grows where keys are added; a result without it was written before there were any.",
            },
            **grade["properties"],
        },
    }


def _plain(node: Any, classes: dict[str, Any]) -> Any:
    """Put each class where it is referred to, and leave out pydantic's titles and our constructors' defaults."""
    if isinstance(node, list):
        return [_plain(each, classes) for each in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        node = classes[node["$ref"].rpartition("/")[2]] | {k: v for k, v in node.items() if k != "$ref"}
    # Names of keys are no words of the schema: a key may be called "title".
    return {
        word: {name: _plain(each, classes) for name, each in value.items()}
        if word == "properties"
        else _plain(value, classes)
        for word, value in node.items()
        if word not in {"title", "default"}
    }


if __name__ == "__main__":
    print(json.dumps(declared_schema(), indent=2))  # noqa: T201 - the text of the published file
