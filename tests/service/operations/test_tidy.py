"""What has been kept for long enough is removed, in small transactions; the rest stays."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from sqlalchemy import select

from service.operations import tidy as upkeep
from service.operations.tidy import tidy
from service.parts import Parts
from service.tables import Delivery, Embedding
from tests.service.overview.rows import add_delivery, add_post


@pytest.fixture
def old(parts: Parts) -> datetime:
    """Before everything that is kept."""
    return datetime.now(UTC) - timedelta(days=parts.config.keep_embedding_days + 1)


def test_old_callbacks_that_were_told_lose_their_content(
    parts: Parts, old: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upkeep, "CHUNK", 2)
    states = ("delivered", "delivered", "delivered", "withdrawn", "pending", "dead")
    with parts.sessions.begin() as session:
        post = add_post(session, old)
        for state in states:
            add_delivery(session, post, state, old)
        add_delivery(session, post, "delivered", datetime.now(UTC))
        for row in session.scalars(select(Delivery)):
            row.body = {"type": "post.decided"}
    tidy(parts)
    with parts.sessions() as session:
        emptied = session.scalars(select(Delivery.state).where(Delivery.body == {})).all()
        kept = session.scalars(select(Delivery.state).where(Delivery.body != {})).all()
    assert sorted(emptied) == ["delivered", "delivered", "delivered", "withdrawn"]
    assert sorted(kept) == ["dead", "delivered", "pending"]


def test_embeddings_of_old_posts_are_dropped(
    parts: Parts, old: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upkeep, "CHUNK", 2)
    with parts.sessions.begin() as session:
        posts = [add_post(session, at, photographs=[{}]) for at in (old, old, old)]
        posts.append(add_post(session, datetime.now(UTC), photographs=[{}]))
        for post in posts:
            vector = np.ones(4)
            post.images[0].embeddings = [Embedding(made_by=by, vector=vector) for by in ("a", "b")]
    tidy(parts)
    with parts.sessions() as session:
        left = session.execute(select(Embedding.image_id, Embedding.made_by)).all()
    assert sorted(left) == [(4, "a"), (4, "b")]
