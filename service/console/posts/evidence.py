"""Which photographs bear a hashtag out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from service.tables import Post


def looked_at(post: Post) -> Sequence[int]:
    """The numbers, from 1, of the photographs that screening could look at, in its order."""
    return [number for number, image in enumerate(post.images, 1) if image.labels is not None]


def borne_out_by(trace: Mapping[str, Any], numbers: Sequence[int]) -> Sequence[int]:
    """The photographs whose facts make one of the rules of a hashtag true.

    Args:
        trace: of the verdict, as it was stored when the post was screened.
        numbers: of the photographs that screening looked at. A trace of another number of
            photographs says nothing of these.
    """
    found: set[int] = set()
    for rule in (trace.get("rules") or {}).values():
        values = [image["value"] for image in rule["images"]]
        if len(values) == len(numbers):
            found.update(n for n, value in zip(numbers, values, strict=True) if value is True)
    return sorted(found)
