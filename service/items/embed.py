"""Look at the pictures of items: claim a few, look with no transaction open, write."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import timedelta

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from classifiers import BundleError
from rules import RulesetError
from service import waits
from service.config import Config
from service.items.claim import claim_items, give_back, hold_mine
from service.items.content import content_vector, made_by
from service.parts import Parts
from service.screen import Screen
from service.screening.gather import Failed, Gathered, Source, Unreadable, gather, longest_seconds
from service.screening.pictures import Picture
from service.tables import ItemImage, ItemVector, Upload
from service.uploads import opened
from similarity.duplicates import Floats

AT_ONCE = 4  # items, of ten pictures at most
PICTURES = 10
MOST_ATTEMPTS = 5  # then an item stays without a vector
SPARE_SECONDS = 60.0
MOST_TURNS = 25  # in one task: a hundred items, if the time is enough


def seconds_of_turn(config: Config) -> float:
    """How long one turn may take if each picture takes as long as it may."""
    return longest_seconds(AT_ONCE * PICTURES, config) + SPARE_SECONDS


def embed_items(parts: Parts, *_: int) -> int:
    """Give vectors to the items that wait; any number of workers may.

    Returns:
        how many were looked at.
    """
    done = 0
    for _turn in range(MOST_TURNS):
        worker = uuid.uuid4()
        with parts.sessions.begin() as session:
            lease = timedelta(seconds=seconds_of_turn(parts.config))
            ids = claim_items(session, worker, AT_ONCE, lease)
        if not ids or not _try(parts, worker, ids):
            break
        done += len(ids)
    return done


def _try(parts: Parts, worker: uuid.UUID, ids: Sequence[int]) -> bool:
    try:
        _look(parts, worker, ids)
    except SoftTimeLimitExceeded:
        raise
    except Exception as error:  # the items stay pending, and the sweep tries them again
        outage = waits.outage_of(error)
        structlog.get_logger().exception("items_not_looked_at", items=ids, exc_info=error)
        if outage is not None:
            waits.note(parts.sessions, outage)
        with parts.sessions.begin() as session:
            give_back(session, worker, ids, counted=outage is None)
        return False
    return True


def _look(parts: Parts, worker: uuid.UUID, ids: Sequence[int]) -> None:
    try:
        current = parts.screener.current()
    except (BundleError, RulesetError, OSError) as error:  # no item's fault
        raise waits.OutageError("model", error) from error
    columns = select(ItemImage.id, ItemImage.item_id, ItemImage.source_url)
    with parts.sessions() as session:
        rows = session.execute(columns.where(ItemImage.item_id.in_(ids))).all()
    owners = {row.id: row.item_id for row in rows}
    sources = [Source(row.id, row.source_url) for row in rows]
    found: dict[int, Gathered] = {}
    for more in gather(sources, lambda image_id: _bytes(parts, image_id), parts.config):
        found.update(more)
    for got in found.values():
        if isinstance(got, Failed):
            raise got.error
    _write(parts, worker, ids, _vectors(current, found, owners), found, made_by(current))


def _bytes(parts: Parts, image_id: int) -> bytes | None:
    ask = select(ItemImage.source_bytes, Upload.path).where(ItemImage.id == image_id)
    with parts.sessions() as session:
        row = session.execute(ask.outerjoin(Upload, Upload.key == ItemImage.source_upload)).first()
    if row is None:
        return None
    data, path = row
    return opened.read(parts.images, path) if path else data


def _vectors(
    current: Screen, found: Mapping[int, Gathered], owners: Mapping[int, int]
) -> dict[int, Floats]:
    """The content vector of each item of which a picture could be seen."""
    pictures = {key: one.image for key, one in found.items() if isinstance(one, Picture)}
    looks = current.see(list(pictures.values())) if pictures else []
    seen: dict[int, list[Floats]] = {}
    for image_id, look in zip(pictures, looks, strict=True):
        seen.setdefault(owners[image_id], []).append(look.prediction.embedding)
    made = {item: content_vector(embeddings) for item, embeddings in seen.items()}
    return {item: vector for item, vector in made.items() if vector is not None}


def _write(
    parts: Parts,
    worker: uuid.UUID,
    ids: Sequence[int],
    vectors: Mapping[int, Floats],
    found: Mapping[int, Gathered],
    maker: str,
) -> None:
    with parts.sessions.begin() as session:
        mine = hold_mine(session, worker, ids)
        for item in mine:
            item.state, item.claimed_by, item.claimed_until = "ready", None, None
            if item.id in vectors:
                row = insert(ItemVector).values(
                    item_id=item.id, made_by=maker, vector=vectors[item.id]
                )
                changed = {"vector": row.excluded.vector}
                session.execute(
                    row.on_conflict_do_update(index_elements=["item_id", "made_by"], set_=changed)
                )
        kept = {item.id for item in mine}
        images = select(ItemImage).where(ItemImage.item_id.in_(kept))
        for image in session.scalars(images):
            got = found.get(image.id)
            if isinstance(got, Unreadable):
                image.error = {"code": got.code, "message": got.message}
            else:
                image.error = None
