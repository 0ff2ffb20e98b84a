"""A platform that takes callbacks, and posts it is to be told of."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from service.outbox.enqueue import enqueue
from service.outbox.order import DECIDED
from service.parts import Parts
from service.tables import Delivery, Post
from tests.conftest import SECRETS
from tests.service.receiver import Receiver, serve

Owe = Callable[..., uuid.UUID]


@pytest.fixture(params=SECRETS)
def receiver(request: pytest.FixtureRequest) -> Receiver:
    """A platform that knows one of the two live secrets: each must do."""
    return Receiver(request.param)


def telling(parts: Parts, url: str, **settings: object) -> Parts:
    """The parts of a service whose platform is at ``url``."""
    config = parts.config.model_copy(update={"callback_url": url, **settings})
    return Parts(**(vars(parts) | {"config": config}))


@pytest.fixture
def owing(parts: Parts, receiver: Receiver) -> Iterator[Parts]:
    with serve(post=receiver) as url:
        yield telling(parts, f"{url}/callback")


@pytest.fixture
def owe(parts: Parts) -> Owe:
    """``owe(name, revision, **more) -> id``: one more callback about a post."""

    def make(
        name: str = "p-1",
        revision: int = 1,
        kind: str = DECIDED,
        wait: timedelta = timedelta(0),
        decision: str = "pass",
        **more: object,
    ) -> uuid.UUID:
        with parts.sessions.begin() as session:
            known = select(Post).where(Post.external_id == name, Post.revision == revision)
            post = session.scalar(known)
            if post is None:
                post = Post(
                    external_id=name,
                    revision=revision,
                    author_id="u",
                    caption="",
                    hashtags=["카페"],
                    posted_at=datetime(2026, 11, 20, tzinfo=UTC),
                    reach=0,
                    state="decided",
                    decision=decision,
                    decided_by="model",
                    attempts=1,
                )
                session.add(post)
                session.flush()
            post.decision = decision
            delivery = enqueue(session, post, kind, wait=wait)
            for field, value in more.items():
                setattr(delivery, field, value)
            return delivery.id

    return make


@pytest.fixture
def delivery(owe: Owe) -> uuid.UUID:
    return owe()


def row(parts: Parts, delivery: uuid.UUID | None = None) -> Delivery:
    """A delivery, or the only one."""
    with parts.sessions() as session:
        query = select(Delivery)
        return session.scalars(
            query if delivery is None else query.where(Delivery.id == delivery)
        ).one()


def states(parts: Parts, *ids: uuid.UUID) -> list[str]:
    return [row(parts, one).state for one in ids]


def make_due(parts: Parts, **values: object) -> None:
    with parts.sessions.begin() as session:
        session.execute(update(Delivery).values(next_attempt_at=func.now(), **values))
