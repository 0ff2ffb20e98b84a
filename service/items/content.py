"""Whose content vectors are live, and what an item was looked at by."""

from __future__ import annotations

from service.items.encoders import Encoding
from service.parts import Parts
from service.screen import Screen


def made_by(parts: Parts) -> str:
    """The id of what makes content vectors at this moment.

    Empty where no item bundle could be used since the process began: then nothing is close to
    anything, and recommendations do without content.
    """
    found = parts.encoders.usable()
    return found.vector_id if found else ""


def looked_by(encoding: Encoding, current: Screen) -> str:
    """Everything that an item's vector depends on but the item. When it changes, all are renewed:
    which pictures count depends on whether the classifier is the one the item bundle belongs to."""
    return f"{encoding.vector_id} {current.bundle.embedding_id}"
