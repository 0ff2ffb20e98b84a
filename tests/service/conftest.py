"""Every test of the service begins with empty tables and an empty broker."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select, text

from rules.verdicts.ruleset import DEFAULT
from service.items import embed
from service.likeness.index import build_index, index_name
from service.parts import Parts
from service.rulesets import store
from service.rulesets.source import RulesetSource
from service.signing import BytesWebhook, as_text
from service.tables import ShadowVerdict
from tests.conftest import API_KEY, SECRETS

Variant = Callable[..., RulesetSource]

CAFE = "rule: food or drink\n    matches: [drink, food]\n    not_matches: [cat]"


@pytest.fixture(autouse=True)
def _clean(clean: None) -> None:
    return clean


@pytest.fixture(autouse=True)
def _unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker looks at all items that wait, however busy the machine is with other tests."""
    monkeypatch.setattr(embed, "BUSY_SECONDS", 600.0)


@pytest.fixture(scope="session")
def sign() -> Callable[..., dict[str, str]]:
    """``sign(body: bytes) -> headers`` of a delivery as Standard Webhooks prescribe."""

    def make(body: bytes, at: datetime | None = None, secret: str = SECRETS[0]) -> dict[str, str]:
        identity, at = f"msg_{uuid.uuid4().hex}", at or datetime.now(UTC)
        return {
            "webhook-id": identity,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": BytesWebhook(secret).sign(identity, at, as_text(body)),
        }

    return make


@pytest.fixture(scope="session")
def bearer() -> dict[str, str]:
    return {"Authorization": f"Bearer {API_KEY}"}


@pytest.fixture(scope="session")
def body() -> Callable[..., bytes]:
    """``body(**changes) -> bytes``: a valid post as JSON, with any field changed."""

    def make(**changes: Any) -> bytes:
        post = {
            "id": f"p-{uuid.uuid4().hex[:8]}",
            "revision": 1,
            "author": {"id": "u-7"},
            "caption": "오늘의 커피",
            "hashtags": ["카페", "ootd"],
            "created_at": "2026-11-20T12:00:00Z",
            "images": [{"url": "https://images.example/coffee.jpg"}],
            "metrics": {"reach": 1200},
        }
        return json.dumps(post | changes, ensure_ascii=False).encode()

    return make


@pytest.fixture(scope="session")
def variant() -> Variant:
    """``variant(cafe, matches, not_matches)``: the default with another rule for cafes."""

    def make(cafe: str, matches: str = "[drink]", not_matches: str = "[cat]") -> RulesetSource:
        text = DEFAULT.read_text(encoding="utf-8")
        assert CAFE in text
        rule = f"rule: {cafe}\n    matches: {matches}\n    not_matches: {not_matches}"
        return RulesetSource("new.yaml", text.replace(CAFE, rule).encode())

    return make


def watch_beside(parts: Parts, variant: Variant) -> None:
    """Put rules into shadow that differ from the live ones in what cafes show."""
    with parts.sessions.begin() as session:
        current = parts.screener.current()
        number = store.add(session, variant("flower", "[flower]"), "ana", "", current).id
        store.shadow(session, number, "ana", "", current)


def shadowed(parts: Parts) -> list[tuple[str, str]]:
    """What the live rules said of each hashtag, and what those in shadow said."""
    query = select(ShadowVerdict).order_by(ShadowVerdict.post_id, ShadowVerdict.position)
    with parts.sessions() as session:
        return [(row.live_verdict, row.verdict) for row in session.scalars(query)]


@pytest.fixture
def index(parts: Parts) -> Iterator[None]:
    """The live network's index of embeddings."""
    made_by = parts.screener.current().bundle.embedding_id
    build_index(parts, made_by)
    yield
    with parts.sessions.begin() as session:
        session.execute(text(f'DROP INDEX IF EXISTS "{index_name(made_by)}"'))
