"""What was found out about a post, written where it belongs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from rules import Judgement, TagVerdict
from service.cases import open_review
from service.imagestore import derivative_key
from service.outbox.enqueue import enqueue
from service.parts import Parts
from service.quality.audits import draw_audit
from service.screen import Look, Screen
from service.screening.gather import Unreadable
from service.screening.pictures import Picture
from service.tables import Delivery, Embedding, Image, Post, Verdict


@dataclass(frozen=True)
class Found:
    """One photograph: the picture and what was seen in it, or why it could not be read."""

    picture: Picture | Unreadable
    look: Look | None


def write(
    parts: Parts,
    current: Screen,
    session: Session,
    post: Post,
    judgement: Judgement,
    found: Mapping[int, Found],
) -> Delivery | None:
    """Decide a post, unless it was superseded or deleted while it was looked at.

    The update of its state comes first: it alone says whether the post is still ours, and it holds
    the row until the transaction ends.

    Returns:
        the callback owed, if there is one.
    """
    decided = session.execute(
        update(Post)
        .where(Post.id == post.id, Post.state == "pending")
        .values(
            state="decided",
            decision=judgement.decision.value,
            decided_by="model",
            decided_at=datetime.now(UTC),
            reason=dict(judgement.reason),
            bundle=current.bundle.id,
            ruleset=current.ruleset.id,
        )
        .returning(Post.id)
        .execution_options(synchronize_session=False)
    ).all()
    session.refresh(post)
    if not decided:
        return None
    for image in post.images:
        _write_image(parts, current, image, found.get(image.id))
    post.verdicts.extend(
        _verdict(position, verdict, current.bundle.id)
        for position, verdict in enumerate(judgement.verdicts)
    )
    session.flush()
    open_review(session, post, judgement.verdicts)
    draw_audit(session, post, parts.config)
    return enqueue(session, post) if parts.config.callback_url else None


def _write_image(parts: Parts, current: Screen, image: Image, found: Found | None) -> None:
    image.source_bytes = None
    if found is None:
        image.error = {"code": "not_screened", "message": "Screening failed several times."}
    elif isinstance(found.picture, Unreadable):
        image.error = {"code": found.picture.code, "message": found.picture.message}
    elif found.look is not None:
        prediction = found.look.prediction
        image.sha256 = found.picture.sha256
        image.width, image.height = found.picture.width, found.picture.height
        image.derivative = derivative_key(image.id)
        parts.images.put(image.derivative, found.picture.derivative)
        image.labels = {
            name: {"score": round(score, 4), "fact": prediction.facts[name]}
            for name, score in prediction.scores.items()
        }
        image.embeddings = [
            Embedding(made_by=current.bundle.embedding_id, vector=prediction.embedding)
        ]


def _verdict(position: int, verdict: TagVerdict, bundle: str) -> Verdict:
    return Verdict(
        position=position,
        tag=verdict.tag,
        normalised=verdict.normalised,
        verdict=verdict.verdict.value,
        model_verdict=verdict.verdict.value,
        category=verdict.category,
        resolved_by=verdict.resolved_by,
        confidence=verdict.confidence,
        reason=dict(verdict.reason),
        trace={"bundle": bundle, **verdict.trace},
    )
