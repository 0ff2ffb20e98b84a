"""Write a post's decision, verdicts, embeddings and callback to the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from rules import Judgement, TagVerdict
from service.authors import under_watch
from service.campaigns.place import owe_place
from service.cases import open_review
from service.config import Config
from service.copies.follow import follow, keep_checks
from service.copies.settled import photographs_key
from service.outbox.enqueue import enqueue
from service.quality.spot_checks import draw_spot_check
from service.screen import Screen, SeenImage
from service.screening.frames import FoundVideo, write_videos
from service.screening.gather import Unreadable
from service.screening.pictures import Picture
from service.tables import Delivery, Embedding, Image, Post, Verdict


@dataclass(frozen=True)
class Found:
    """One photograph: the picture, what was seen in it, its perceptual hash and the key of its
    copy, or why it could not be read."""

    picture: Picture | Unreadable
    look: SeenImage | None = None
    hash: int | None = None
    key: str | None = None


def write(
    session: Session,
    config: Config,
    current: Screen,
    post: Post,
    judgement: Judgement,
    found: Mapping[int, Found],
    videos: Mapping[int, FoundVideo | Unreadable],
    now: datetime,
) -> Delivery | None:
    """Decide a post whose row the caller's transaction holds, and finds pending and its own.

    Returns:
        the callback owed, if there is one.
    """
    post.photographs = _photographs(post, found)
    followed = follow(session, config, post, judgement)
    said, judgement = judgement, under_watch(session, post.author_id, followed.judgement)
    post.state = "decided"
    post.decision = judgement.decision.value
    post.decided_by = "model"
    post.decided_at = now
    post.reason = dict(judgement.reason)
    post.bundle = current.bundle.id
    post.ruleset = current.ruleset.id
    post.claimed_by = post.claimed_at = post.claimed_until = None
    for image in post.images:
        _write_image(current, image, found.get(image.id))
    write_videos(current, post, videos)
    post.verdicts.extend(
        _verdict(position, verdict, rules.verdict.value, current.bundle.id)
        for position, (verdict, rules) in enumerate(
            zip(judgement.verdicts, said.verdicts, strict=True)
        )
    )
    session.flush()
    keep_checks(session, post, followed.checks)
    open_review(session, post, judgement.verdicts)
    owe_place(session, post)
    draw_spot_check(session, post, config)
    return enqueue(session, post, hinted=True) if config.callback_url else None


def _photographs(post: Post, found: Mapping[int, Found]) -> str | None:
    """What exact copies have in common; None where a photograph could not be had, or beside a
    video, which others with these photographs may not have."""
    pictures = [found[image.id].picture for image in post.images if image.id in found]
    hashes = [picture.sha256 for picture in pictures if isinstance(picture, Picture)]
    if post.videos or not hashes or len(hashes) < len(post.images):
        return None
    return photographs_key(hashes)


def _write_image(current: Screen, image: Image, found: Found | None) -> None:
    image.source_bytes = None
    if found is None:
        image.error = {"code": "not_screened", "message": "Screening failed several times."}
    elif isinstance(found.picture, Unreadable):
        image.error = {"code": found.picture.code, "message": found.picture.message}
    elif found.look is not None:
        prediction = found.look.prediction
        image.sha256 = found.picture.sha256
        image.width, image.height = found.picture.width, found.picture.height
        image.derivative, image.hash = found.key, found.hash
        image.labels = {
            name: {"score": round(score, 4), "fact": prediction.facts[name]}
            for name, score in prediction.scores.items()
        }
        image.embeddings = [
            Embedding(made_by=current.bundle.embedding_id, vector=prediction.embedding)
        ]


def _verdict(position: int, verdict: TagVerdict, said: str, bundle: str) -> Verdict:
    return Verdict(
        position=position,
        tag=verdict.tag,
        normalised=verdict.normalised,
        verdict=verdict.verdict.value,
        model_verdict=said,
        category=verdict.category,
        resolved_by=verdict.resolved_by,
        confidence=verdict.confidence,
        reason=dict(verdict.reason),
        trace={"bundle": bundle, **verdict.trace},
    )
