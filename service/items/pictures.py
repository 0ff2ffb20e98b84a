"""What is seen in the pictures of items: each is looked at once by a network, and kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from sqlalchemy import Row, select

from service.parts import Parts
from service.screen import Screen
from service.screening.gather import Failed, Gathered, Source, Unreadable, gather
from service.screening.pictures import Picture, look_pixels
from service.screening.sent import sent_bytes
from service.tables import ItemImage, Json
from similarity.duplicates import Floats


@dataclass(frozen=True)
class SeenPicture:
    """What a network saw in a picture, or why it saw nothing."""

    made_by: str
    vector: Floats | None
    error: Json | None


def pictures_of(
    parts: Parts, current: Screen, ids: Sequence[int], takes: str
) -> tuple[dict[int, list[Floats]], dict[int, SeenPicture]]:
    """The embeddings by ``takes`` of items' pictures, and what is new of pictures, by their rows.

    A picture that ``takes`` or the live network has looked at is not fetched again.

    Raises:
        Exception: of a part of the service that is away; the items wait.
    """
    columns = (ItemImage.id, ItemImage.item_id, ItemImage.source_url)
    query = select(*columns, ItemImage.made_by, ItemImage.vector)
    with parts.sessions() as session:
        rows = session.execute(query.where(ItemImage.item_id.in_(ids)).order_by(ItemImage.id)).all()
    known = (takes, current.bundle.embedding_id)
    new = _look(parts, current, [row for row in rows if row.made_by not in known])
    return _by_item(rows, new, takes), new


def _look(
    parts: Parts, current: Screen, rows: Iterable[Row[int, int, str | None, str | None, object]]
) -> dict[int, SeenPicture]:
    sources = [Source(row.id, row.source_url) for row in rows]
    found: dict[int, Gathered] = {}
    read = partial(sent_bytes, parts, ItemImage)
    for more in gather(sources, read, parts.config, look_pixels(current.bundle)):
        found.update(more)
    pictures: dict[int, Picture] = {}
    seen: dict[int, SeenPicture] = {}
    for row, got in found.items():
        if isinstance(got, Failed):
            raise got.error
        if isinstance(got, Unreadable):
            error = {"code": got.code, "message": got.message}
            seen[row] = SeenPicture(current.bundle.embedding_id, None, error)
        else:
            pictures[row] = got
    looks = current.see([picture.image for picture in pictures.values()]) if pictures else []
    for row, look in zip(pictures, looks, strict=True):
        seen[row] = SeenPicture(current.bundle.embedding_id, look.prediction.embedding, None)
    return seen


def _by_item(
    rows: Sequence[Row[int, int, str | None, str | None, object]],
    new: Mapping[int, SeenPicture],
    takes: str,
) -> dict[int, list[Floats]]:
    found: dict[int, list[Floats]] = {}
    for row in rows:
        seen = new.get(row.id)
        maker, vector = (seen.made_by, seen.vector) if seen else (row.made_by, row.vector)
        if maker == takes and vector is not None:
            found.setdefault(row.item_id, []).append(np.asarray(vector, np.float32))
    return found
