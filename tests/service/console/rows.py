"""Posts as screening leaves them, written straight into the tables."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from rules import Verdict as Kind
from rules import decide, normalise
from service.cases import open_review
from service.parts import Parts
from service.tables import Image, Post, Verdict

REASON = {"en": "A plain reason.", "ko": "쉬운 이유예요."}


def add_post(
    parts: Parts,
    name: str,
    verdicts: Mapping[str, str],
    photographs: tuple[bytes | None, ...] = (),
    **changes: Any,
) -> int:
    """Add a decided post; a photograph of None is one that could not be read.

    Returns:
        the id of its row.
    """
    with parts.sessions.begin() as session:
        post = Post(
            external_id=name,
            author_id="u-1",
            caption="caption of " + name,
            hashtags=list(verdicts),
            posted_at=datetime(2026, 11, 20, 12, tzinfo=UTC),
        )
        settings = {
            "revision": 1,
            "state": "decided",
            "decision": decide(Kind(verdict) for verdict in verdicts.values()).value,
            "decided_by": "model",
            "reason": REASON,
            "bundle": parts.screener.current().bundle.id,
            "ruleset": "test",
        }
        for field, value in (settings | changes).items():
            setattr(post, field, value)
        session.add(post)
        session.flush()
        for position, (tag, verdict) in enumerate(verdicts.items()):
            post.verdicts.append(_verdict(position, tag, verdict))
        for position, data in enumerate(photographs):
            post.images.append(_image(parts, post.id, position, data))
        session.flush()
        if post.state == "decided" and post.decided_by == "model":
            open_review(session, post, ())
        return post.id


def _verdict(position: int, tag: str, verdict: str) -> Verdict:
    return Verdict(
        position=position,
        tag=tag,
        normalised=normalise(tag),
        verdict=verdict,
        model_verdict=verdict,
        category="cafe",
        resolved_by="lexicon",
        confidence=0.99,
        reason=REASON,
        trace={},
    )


def _image(parts: Parts, post_id: int, position: int, data: bytes | None) -> Image:
    if data is None:
        return Image(position=position, error={"code": "truncated", "message": "cut short"})
    key = f"test/{post_id}-{position}.jpg"
    parts.images.put(key, data)
    labels = {"food": {"score": 0.93, "fact": True}, "sea": {"score": 0.01, "fact": False}}
    return Image(
        position=position, derivative=key, sha256="0" * 64, width=320, height=240, labels=labels
    )
