"""Stored photographs get the live network's embedding, whoever is killed meanwhile."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as Pillow
from sqlalchemy import func, select, update

from service.bundles import reembed as work
from service.live_versions import Kind, make_live
from service.parts import Parts, make_parts
from service.screening.batch import screen
from service.tables import Embedding, Image, Reembedding
from tests.service.bundles.conftest import Another
from tests.service.screening.conftest import Add, add

__all__ = ["add"]

OTHER = "another-network-224-0123456789ab"
Jpeg = Callable[..., bytes]


@pytest.fixture
def own(parts: Parts) -> Iterator[Parts]:
    """Parts of a process of its own, so that nobody else's bundle changes."""
    made = make_parts(parts.config)
    yield made
    made.close()


@pytest.fixture
def switched(own: Parts, add: Add, jpeg: Jpeg, another: Another) -> Parts:
    """Five photographs screened by the starter, then a bundle that makes other embeddings."""
    screen(own, [add(jpeg(seed=1), jpeg(seed=2)), add(jpeg(seed=3), jpeg(seed=4), jpeg(seed=5))])
    _switch(own, another("other", _other_network))
    return own


def _other_network(manifest: dict[str, Any]) -> None:
    manifest["embedding_id"] = OTHER


def _switch(parts: Parts, folder: Path | None) -> None:
    with parts.sessions.begin() as session:
        make_live(session, Kind.BUNDLE, None if folder is None else str(folder))
    with parts.sessions.begin() as session:
        work.follow(session, parts.screener.current().bundle.embedding_id)


def _row(parts: Parts, made_by: str = OTHER) -> Reembedding:
    with parts.sessions() as session:
        return session.get_one(Reembedding, made_by)


def _count(parts: Parts, made_by: str = OTHER) -> int:
    with parts.sessions() as session:
        query = select(func.count()).select_from(Embedding).where(Embedding.made_by == made_by)
        return session.scalar(query) or 0


def _let_settle(parts: Parts) -> None:
    long_ago = datetime.now(UTC) - 2 * work.SETTLES_AFTER
    with parts.sessions.begin() as session:
        session.execute(update(Reembedding).values(started_at=long_ago))


def test_a_network_that_came_with_another_release_is_followed_once(
    own: Parts, add: Add, jpeg: Jpeg, another: Another
) -> None:
    screen(own, [add(jpeg(seed=1), jpeg(seed=2))])
    with own.sessions.begin() as session:
        make_live(session, Kind.BUNDLE, str(another("other", _other_network)))
    work.follow_live(own)
    work.reembed(own, OTHER)
    assert _count(own) == 2
    work.follow_live(own)
    assert _row(own).made == 2


@pytest.mark.slow
def test_every_stored_photograph_gets_it_and_keeps_the_other(switched: Parts) -> None:
    _let_settle(switched)
    work.reembed(switched, OTHER)
    row = _row(switched)
    assert (row.made, row.failed, row.finished_at is not None) == (5, 0, True)
    assert _count(switched) == 5
    with switched.sessions() as session:
        assert work.left(session, OTHER, work.kept_since(switched)) == 0
        vectors = session.execute(
            select(Embedding.made_by, Embedding.vector).where(Embedding.image_id == 1)
        ).all()
    assert len(vectors) == 2
    first, second = (np.asarray(vector) for _, vector in vectors)
    # The same network under two names: the copy of a photograph looks like the photograph.
    assert float(first @ second) > 0.98


def test_a_wide_photograph_is_looked_at_as_screening_did(
    own: Parts, add: Add, another: Another, repository: Path
) -> None:
    with Pillow.open(repository / "demo" / "photos" / "coffee.jpg") as whole:
        wide = whole.convert("RGB").crop((0, 0, whole.width, int(whole.width / 2.2)))
    file = io.BytesIO()
    wide.save(file, "JPEG", quality=92)
    screen(own, [add(file.getvalue())])
    _switch(own, another("other", _other_network))
    work.reembed(own, OTHER)
    with own.sessions() as session:
        first, second = (np.asarray(v) for v in session.scalars(select(Embedding.vector)))
    assert float(first @ second) > 0.998


def test_each_chunk_is_kept_and_the_next_begins_after_it(switched: Parts) -> None:
    assert work.step(switched, OTHER, chunk=2)
    assert (_count(switched), _row(switched).made) == (2, 2)
    assert work.step(switched, OTHER, chunk=2)
    assert (_count(switched), _row(switched).reached) == (4, 4)


def test_a_chunk_that_fails_leaves_nothing_and_is_done_again(
    switched: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(work, "_open", _raise)
        with pytest.raises(OSError, match="the store is away"):
            work.step(switched, OTHER)
    assert (_count(switched), _row(switched).reached) == (0, 0)
    work.reembed(switched, OTHER)
    assert _count(switched) == 5


def _raise(*_: object) -> None:
    raise OSError("the store is away")


def test_a_copy_that_cannot_be_read_is_counted_and_does_not_stop_the_rest(switched: Parts) -> None:
    with switched.sessions() as session:
        keys = session.scalars(select(Image.derivative).order_by(Image.id)).all()
    switched.images.delete([keys[0] or ""])
    switched.images.put(keys[1] or "", b"no photograph")
    _let_settle(switched)
    work.reembed(switched, OTHER)
    row = _row(switched)
    assert (row.made, row.failed, row.finished_at is not None) == (3, 2, True)


def test_what_late_batches_screened_with_the_old_network_is_found(
    switched: Parts, add: Add, jpeg: Jpeg
) -> None:
    work.reembed(switched, OTHER)
    assert _row(switched).finished_at is None, "a batch may still be at work"
    with switched.sessions.begin() as session:
        first = session.scalars(select(Embedding).where(Embedding.made_by == OTHER)).first()
        session.delete(first)
    _let_settle(switched)
    work.reembed(switched, OTHER)
    assert (_count(switched), _row(switched).finished_at is not None) == (5, True)


def test_nothing_is_made_for_a_network_that_is_not_live(switched: Parts) -> None:
    work.step(switched, OTHER, chunk=2)
    _switch(switched, None)
    assert not work.step(switched, OTHER)
    assert _count(switched) == 2


def test_a_network_that_comes_back_finds_its_embeddings(switched: Parts) -> None:
    _switch(switched, None)
    starter = switched.screener.current().bundle.embedding_id
    _let_settle(switched)
    work.reembed(switched, starter)
    row = _row(switched, starter)
    assert (row.made, row.finished_at is not None) == (0, True)


def test_two_do_not_work_on_the_same(switched: Parts) -> None:
    with switched.sessions.begin() as session:
        session.scalars(select(Reembedding).with_for_update()).one()
        assert not work.step(switched, OTHER)
    assert work.step(switched, OTHER)
