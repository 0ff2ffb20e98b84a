"""A rule's life through the real service: draft, shadow, live, rolled back."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from structlog.testing import capture_logs

from service.parts import Parts
from service.posts.delete import delete_post
from service.rulesets import store
from service.screener import Screener
from service.screening.batch import screen
from service.tables import Post, ShadowVerdict
from tests.service.conftest import Variant, watch_beside
from tests.service.screening.conftest import Add, add

__all__ = ["add"]

Send = Callable[[], int]


@pytest.fixture
def send(
    client: FlaskClient,
    parts: Parts,
    sign: Callable[..., dict[str, str]],
    body: Callable[..., bytes],
    repository: Path,
) -> Send:
    """A post with a photograph of a coffee and one hashtag, through the webhook and the worker."""
    photograph = repository / "demo" / "photos" / "coffee.jpg"
    image = {"base64": base64.b64encode(photograph.read_bytes()).decode()}

    def make() -> int:
        data = body(hashtags=["카페"], images=[image])
        headers = sign(data) | {"Content-Type": "application/json"}
        answer = client.post("/v1/posts", data=data, headers=headers)
        assert answer.status_code == 202, answer.text
        with parts.sessions() as session:
            name = answer.get_json()["id"]
            row = session.scalars(select(Post.id).where(Post.external_id == name)).one()
        screen(parts, [row])
        return row

    return make


def _verdict(parts: Parts, row: int) -> str:
    with parts.sessions() as session:
        return session.get_one(Post, row).verdicts[0].verdict


def _shadow(parts: Parts) -> list[tuple[int, str, str]]:
    with parts.sessions() as session:
        rows = session.scalars(select(ShadowVerdict).order_by(ShadowVerdict.post_id))
        return [(row.post_id, row.live_verdict, row.verdict) for row in rows]


def test_a_shadow_rules_life_from_draft_to_live_and_back(
    parts: Parts, send: Send, variant: Variant
) -> None:
    with parts.sessions.begin() as session:
        number = store.add(
            session, variant("flower", "[flower]"), "ana", "", parts.screener.current()
        ).id
    assert _verdict(parts, send()) == "relevant"
    assert _shadow(parts) == [], "a draft is not asked"

    with parts.sessions.begin() as session:
        store.shadow(session, number, "ana", "", parts.screener.current())
    watched = send()
    assert _verdict(parts, watched) == "relevant", "a shadow acts on nothing"
    assert _shadow(parts) == [(watched, "relevant", "irrelevant")]

    with parts.sessions.begin() as session:
        store.promote(session, number, "ana", "", parts.screener.current())
    decided = send()
    assert _verdict(parts, decided) == "irrelevant"
    with parts.sessions() as session:
        post = session.get_one(Post, decided)
        assert post.decision == "flag"
        assert (post.ruleset or "").startswith("new-")
    assert len(_shadow(parts)) == 1, "what is live is not in shadow any more"

    with parts.sessions.begin() as session:
        store.roll_back(session, "ana", "")
    assert _verdict(parts, send()) == "relevant"


def test_nothing_of_a_shadow_is_left_of_a_deleted_post(
    parts: Parts, send: Send, variant: Variant
) -> None:
    with parts.sessions.begin() as session:
        current = parts.screener.current()
        number = store.add(session, variant("flower", "[flower]"), "ana", "", current).id
        store.shadow(session, number, "ana", "", current)
    row = send()
    with parts.sessions.begin() as session:
        delete_post(session, session.get_one(Post, row).external_id)
    assert _shadow(parts) == []


def test_of_a_post_without_verdicts_a_shadow_says_nothing_and_fails_at_nothing(
    parts: Parts, variant: Variant, add: Add, jpeg: Callable[..., bytes]
) -> None:
    watch_beside(parts, variant)
    row = add(jpeg(), attempts=parts.config.screening_attempts + 1)
    with capture_logs() as log:
        screen(parts, [row])
    assert _shadow(parts) == []
    assert [entry for entry in log if entry["log_level"] == "error"] == []


def test_a_shadow_that_breaks_leaves_the_post_decided(
    parts: Parts, send: Send, variant: Variant
) -> None:
    with parts.sessions.begin() as session:
        current = parts.screener.current()
        number = store.add(session, variant("flower", "[flower]"), "ana", "", current).id
        found = store.shadow(session, number, "ana", "", current)
        found.name, found.source = (
            "broken",
            found.source.replace("rule: flower", "rule: no_such_label"),
        )
    assert _verdict(parts, send()) == "relevant"
    assert _shadow(parts) == []


def test_a_new_version_is_used_by_the_next_request_of_another_process(
    parts: Parts, variant: Variant
) -> None:
    other = Screener(parts.config, parts.sessions)
    before = other.current().ruleset.id
    with parts.sessions.begin() as session:
        current = parts.screener.current()
        number = store.add(session, variant("flower", "[flower]"), "ana", "", current).id
        store.promote(session, number, "ana", "", current)
    assert other.current().ruleset.id != before
