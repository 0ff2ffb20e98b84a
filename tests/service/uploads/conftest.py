"""A service with an image store of the test's own, and what a sender does with it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from werkzeug.test import TestResponse

from service.app import create_app
from service.config import Config
from service.erasure import erase_due
from service.imagestore import DRAFTS, ImageStore
from service.parts import Parts
from service.tables import Erasure, Upload
from tests.service.screening.conftest import change

Body = Callable[..., bytes]
Sign = Callable[[bytes], dict[str, str]]


@dataclass(frozen=True)
class Sender:
    """A platform and its users, talking to one service."""

    parts: Parts
    http: FlaskClient
    bearer: dict[str, str]
    sign: Sign
    body: Body

    def begin(self, data: bytes, content_type: str = "image/jpeg") -> dict[str, Any]:
        """Announce a file; what was answered."""
        sent = {"filename": "a.jpg", "content_type": content_type, "size": len(data)}
        answer = self.http.post("/v1/uploads", json=sent, headers=self.bearer)
        assert answer.status_code == 201, answer.text
        return dict(answer.json or {})

    def put(self, url: str, data: bytes, **headers: str) -> TestResponse:
        """Put a file, without a key."""
        parts = urlsplit(url)
        client = self.http.application.test_client()  # threads share none
        return client.put(f"{parts.path}?{parts.query}", data=data, headers=headers)

    def upload(self, data: bytes, content_type: str = "image/jpeg") -> str:
        """Announce a file and put it; its key."""
        begun = self.begin(data, content_type)
        answer = self.put(begun["url"], data)
        assert answer.status_code == 200, answer.text
        return str(begun["key"])

    def state(self, key: str) -> str:
        answer = self.http.get(f"/v1/uploads/{key}", headers=self.bearer)
        return str((answer.json or {}).get("state") or answer.status_code)

    def post(self, name: str, *keys: str, revision: int = 1) -> TestResponse:
        """Send a post with these uploads as its photographs."""
        images = [{"upload": key} for key in keys] or [{"base64": "AAAA"}]
        body = self.body(id=name, revision=revision, images=images)
        headers = self.sign(body) | {"Content-Type": "application/json"}
        client = self.http.application.test_client()
        return client.post("/v1/posts", data=body, headers=headers)

    def delete(self, name: str) -> dict[str, Any]:
        """Delete a post; its receipt."""
        answer = self.http.delete(f"/v1/posts/{name}", headers=self.bearer)
        assert answer.status_code in (200, 202), answer.text
        return dict((answer.json or {})["erasure"])


def code(answer: TestResponse) -> tuple[int, str]:
    assert answer.mimetype == "application/problem+json", answer.text
    return answer.status_code, (answer.json or {})["code"]


def rules(answer: TestResponse) -> list[tuple[str, str]]:
    """Which fields of a post broke which rules."""
    assert code(answer) == (422, "invalid-post")
    return [(error["pointer"], error["rule"]) for error in json.loads(answer.data)["errors"]]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the image store's folder is to be."""
    return tmp_path_factory.mktemp("store") / "images"


@pytest.fixture
def folder(store: Path) -> Path:
    """The same, and nothing is there yet."""
    if store.is_dir():
        shutil.rmtree(store)
    store.unlink(missing_ok=True)
    return store


@pytest.fixture(scope="module")
def own(parts: Parts, store: Path) -> Parts:
    """The parts of a service with an image store of its own."""
    return replace(parts, images=ImageStore(str(store)))


@pytest.fixture(scope="module")
def service(config: Config, own: Parts, bearer: dict[str, str], sign: Sign, body: Body) -> Sender:
    """Whoever talks to the service: making one takes a tenth of a second."""
    return Sender(own, create_app(config, own).test_client(), bearer, sign, body)


@pytest.fixture
def sender(service: Sender, folder: Path) -> Sender:
    """The same, and nothing was sent yet."""
    return service


def with_settings(sender: Sender, **settings: object) -> Sender:
    """The same with other settings."""
    parts = change(sender.parts, **settings)
    return replace(sender, parts=parts, http=create_app(parts.config, parts).test_client())


def files(folder: Path) -> list[bytes]:
    """What lies in the store, whole or not."""
    return sorted(file.read_bytes() for file in folder.rglob("*") if file.is_file())


def drafts(folder: Path) -> list[Path]:
    return list((folder / DRAFTS).glob("*"))


def run_out(parts: Parts, key: str) -> None:
    """Let an upload's time be over."""
    with parts.sessions.begin() as session:
        over = update(Upload).where(Upload.key == key)
        session.execute(over.values(expires_at=func.clock_timestamp()))


def erase_all(parts: Parts) -> None:
    """Let the sweep's time come for whatever is owed at once."""
    with parts.sessions.begin() as session:
        due = select(Erasure.id).where(Erasure.next_attempt_at <= func.clock_timestamp())
        session.execute(
            update(Erasure).where(Erasure.id.in_(due)).values(next_attempt_at=func.now())
        )
    erase_due(parts.sessions, parts.images)
