"""The published schema of `results/<slug>/<student>.json`."""

from __future__ import annotations

import functools
import json
from importlib.resources import files
from typing import Any

__all__ = ["result_schema", "validate"]


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
