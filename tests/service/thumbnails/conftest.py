"""Videos to choose from, and a service to ask."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient
from PIL import Image as Pillow
from sqlalchemy import select
from structlog.testing import capture_logs
from werkzeug.test import TestResponse

from service.parts import Parts
from service.tables import ThumbnailJob
from service.thumbnails.make import make_thumbnails
from service.uploads.ticket import Ticket, tickets_of
from tests.videos.clips import clip, plain, shot

SIZE = (320, 180)
PHOTOS = Path(__file__).parents[3] / "demo" / "photos"


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """No log is drawn: a traceback with its locals, framed for a terminal, takes seconds."""
    with capture_logs():
        yield


def photo(name: str) -> np.ndarray[Any, np.dtype[np.uint8]]:
    with Pillow.open(PHOTOS / name) as image:
        return np.asarray(image.convert("RGB").resize(SIZE))


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., bytes]:
    """``film(*photographs) -> bytes``: a second of black, then a second of each photograph."""
    folder = tmp_path_factory.mktemp("films")

    def make(*names: str) -> bytes:
        path = folder / f"{'-'.join(names)}.mp4"
        if not path.exists():
            frames = shot(plain(0, SIZE), 1)
            for name in names:
                frames += shot(photo(name), 1)
            clip(path, frames)
        return path.read_bytes()

    return make


@dataclass(frozen=True)
class Asker:
    """A platform that asks for thumbnails."""

    parts: Parts
    http: FlaskClient
    bearer: dict[str, str]

    def upload(self, data: bytes, content_type: str = "video/mp4") -> str:
        """Put a file; its key."""
        sent = {"filename": "a.mp4", "content_type": content_type, "size": len(data)}
        begun = self.http.post("/v1/uploads", json=sent, headers=self.bearer).json or {}
        ticket = tickets_of(self.parts.config).write(Ticket(begun["key"], len(data)))
        address = f"/v1/uploads/{begun['key']}/content?ticket={ticket}"
        assert self.http.put(address, data=data).status_code == 200
        return str(begun["key"])

    def ask(self, **body: Any) -> TestResponse:
        return self.http.post("/v1/thumbnails", json=body, headers=self.bearer)

    def asked(self, **body: Any) -> str:
        """Ask; the key of the request."""
        answer = self.ask(**body)
        assert answer.status_code == 202, answer.text
        told: dict[str, str] = answer.json or {}
        assert told["status_url"].endswith(f"/v1/thumbnails/{told['id']}")
        return told["id"]

    def make(self, key: str) -> bool:
        """What a worker does with the hint."""
        return make_thumbnails(self.parts, self.row(key).id)

    def read(self, key: str) -> dict[str, Any]:
        answer = self.http.get(f"/v1/thumbnails/{key}", headers=self.bearer)
        return dict(answer.json or {})

    def file(self, url: str) -> TestResponse:
        return self.http.get(f"/v1/{url.partition('/v1/')[2]}", headers=self.bearer)

    def row(self, key: str) -> ThumbnailJob:
        with self.parts.sessions() as session:
            return session.scalars(select(ThumbnailJob).where(ThumbnailJob.key == key)).one()


@pytest.fixture
def asker(parts: Parts, client: FlaskClient, bearer: dict[str, str]) -> Asker:
    return Asker(parts, client, bearer)
