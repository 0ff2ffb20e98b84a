"""Posts that wait, made without the webhook."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from service.config import Config
from service.parts import Parts
from service.tables import Image, Post

Add = Callable[..., int]


def change(parts: Parts, **config: object) -> Parts:
    """The same parts with other settings."""
    changed = Config.model_validate(parts.config.model_dump() | config)
    return Parts(**(vars(parts) | {"config": changed}))


def state(parts: Parts, row_id: int) -> tuple[str, str | None, int]:
    """A post's state, decision and failed attempts."""
    columns = select(Post.state, Post.decision, Post.attempts).where(Post.id == row_id)
    with parts.sessions() as session:
        row = session.execute(columns).one()
    return row.state, row.decision, row.attempts


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """No log is drawn: a traceback with its locals, framed for a terminal, takes seconds."""
    with capture_logs():
        yield


@pytest.fixture
def add(parts: Parts) -> Add:
    """``add(*images, hashtags=…, **columns) -> row id``: images as bytes or URLs."""
    made = iter(range(10_000))

    def make(*images: bytes | str, hashtags: tuple[str, ...] = ("카페",), **columns: object) -> int:
        values: dict[str, object] = {
            "external_id": f"p-{next(made)}",
            "revision": 1,
            "author_id": "u",
            "caption": "",
            "hashtags": list(hashtags),
            "posted_at": datetime(2026, 11, 20, tzinfo=UTC),
            "reach": 0,
            "attempts": 0,
        }
        post = Post(**(values | columns))
        post.images = [
            Image(
                position=position,
                source_url=image if isinstance(image, str) else None,
                source_bytes=image if isinstance(image, bytes) else None,
            )
            for position, image in enumerate(images)
        ]
        with parts.sessions.begin() as session:
            session.add(post)
            session.flush()
            return post.id

    return make
