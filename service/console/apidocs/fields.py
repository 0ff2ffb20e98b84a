"""The fields of a JSON schema, one line for each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Schema = Mapping[str, Any]
REF = "#/components/schemas/"
LIMITS = {
    "minLength": "at least {} characters",
    "maxLength": "at most {} characters",
    "minItems": "at least {}",
    "maxItems": "at most {}",
    "minimum": "from {}",
    "maximum": "to {}",
    "default": "{} where it is left out",
}
NOT_EMPTY = "not empty"
BIG = 2**53  # what every JSON reader can tell exactly; a greater limit is none that matters


@dataclass(frozen=True)
class Field:
    """``path`` is as in ``images[].url``; ``kind`` a type, or the values that are allowed."""

    path: str
    kind: str
    required: bool
    description: str
    limits: str


def fields(schema: Schema, schemas: Mapping[str, Schema], path: str = "") -> Iterator[Field]:
    """The fields of an object and of what is in it, in the order of the schema."""
    schema = _resolved(schema, schemas)
    for choice in schema.get("oneOf", ()):
        yield from fields(choice, schemas, path)
    required = () if "oneOf" in schema else schema.get("required", ())
    for name, value in schema.get("properties", {}).items():
        inner = _resolved(value, schemas)
        here = f"{path}{name}"
        described = _told(value, inner)
        yield Field(here, kind(value, schemas), name in required, described, limits(value))
        items = _resolved(inner.get("items", {}), schemas)
        extra = inner.get("additionalProperties")
        yield from fields(inner, schemas, f"{here}.")
        yield from fields(items, schemas, f"{here}[].")
        if isinstance(extra, Mapping):
            yield from fields(extra, schemas, f"{here}.*.")


def kind(schema: Schema, schemas: Mapping[str, Schema]) -> str:
    """What a value is, in one or a few words."""
    if "anyOf" in schema:
        return " or ".join(kind(one, schemas) for one in schema["anyOf"])
    schema = _resolved(schema, schemas)
    if "enum" in schema:
        return ", ".join(map(str, schema["enum"]))
    if "const" in schema:
        return str(schema["const"])
    if "items" in schema:
        return f"list of {kind(schema['items'], schemas)}"
    return str(schema.get("format") or schema.get("type") or "object")


def limits(schema: Schema) -> str:
    """What else must hold of a value."""
    found = {name: schema[name] for name in LIMITS if name in schema}
    told = [
        NOT_EMPTY
        if (name, value) == ("minLength", 1)
        else LIMITS[name].format(f"{value:g}" if isinstance(value, float) else value)
        for name, value in found.items()
        if value != "" and not (isinstance(value, int | float) and abs(value) > BIG)
    ]
    return ", ".join(told)


def _resolved(schema: Schema, schemas: Mapping[str, Schema]) -> Schema:
    """The schema itself: of a reference, and of what may also be null."""
    kept = [one for one in schema.get("anyOf", ()) if one.get("type") != "null"]
    if len(kept) == 1:
        schema = kept[0]
    name = str(schema.get("$ref", "")).removeprefix(REF)
    return schemas[name] if name else schema


def _told(outer: Schema, inner: Schema) -> str:
    return str(outer.get("description") or inner.get("description", ""))
