"""A platform that sends signed posts, and how many rows are stored."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import func, select

from service.parts import Parts

Sign = Callable[..., dict[str, str]]
Body = Callable[..., bytes]
JSON = "application/json"


def count(parts: Parts, table: Any) -> int:
    with parts.sessions() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def send(client: FlaskClient, sign: Sign, body: bytes, **headers: str) -> Any:
    return client.post("/v1/posts", data=body, content_type=JSON, headers=sign(body) | headers)
