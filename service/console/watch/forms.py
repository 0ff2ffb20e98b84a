"""Read a person and an item from an address or a form."""

from __future__ import annotations

from typing import Literal, cast, get_args

from flask import abort, request

from service.items.cards import Name

LONGEST_NAME = 200  # as on the wire
Opinion = Literal["like", "dislike"]


def viewer_asked() -> str:
    """The platform's id of the person that a request is about; empty where it names none."""
    name = request.values.get("viewer", "").strip()
    if len(name) > LONGEST_NAME:
        abort(404)
    return name


def item_asked(field: str) -> Name | None:
    """The item that a field names as ``kind:id``; None where it names none."""
    kind, _, name = request.values.get(field, "").partition(":")
    return (kind, name) if kind in ("item", "post") and name else None


def opinion_given() -> Opinion:
    """Which button was pressed."""
    said = request.form.get("opinion")
    if said not in get_args(Opinion):
        abort(404)
    return cast(Opinion, said)
