"""Posts with embeddings whose cosines are known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from service.parts import Parts
from service.tables import Embedding, Post
from tests.service.console.rows import add_post


def add_seen(
    parts: Parts,
    name: str,
    verdicts: Mapping[str, str],
    degrees: tuple[float | None, ...] = (0,),
    photograph: bytes = b"",
    **changes: Any,
) -> int:
    """Add a decided post with a photograph for each angle; None: one without an embedding.

    Returns:
        the id of its row.
    """
    row = add_post(parts, name, verdicts, (photograph,) * len(degrees), **changes)
    bundle = parts.screener.current().bundle
    with parts.sessions.begin() as session:
        images = session.get_one(Post, row).images
        for image, angle in zip(images, degrees, strict=True):
            if angle is not None:
                vector = at(angle, bundle.dimension)
                session.add(
                    Embedding(image_id=image.id, made_by=bundle.embedding_id, vector=vector)
                )
    return row


def at(degrees: float, dimension: int) -> list[float]:
    """A unit vector at an angle from the first axis: cosines are those of the angles between."""
    vector = np.zeros(dimension)
    vector[:2] = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return vector.tolist()
