"""Write decisions with their verdicts, embeddings and callbacks to the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from rules import Judgement, TagVerdict
from service.authors import to_a_person, watched_among
from service.campaigns.place import owe_places
from service.cases import open_review
from service.config import Config
from service.copies.follow import Followed, follow, keep_checks, shares_checked
from service.copies.settled import photographs_key
from service.outbox.enqueue import enqueue_decided
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


@dataclass(frozen=True)
class Writing:
    """What the posts of one transaction have in common; ``found`` and ``videos`` by their rows."""

    session: Session
    config: Config
    current: Screen
    found: Mapping[int, Found]
    videos: Mapping[int, FoundVideo | Unreadable]
    now: datetime


def write(
    writing: Writing, posts: Sequence[Post], judgements: Mapping[int, Judgement]
) -> list[Delivery | None]:
    """Decide posts whose rows the caller's transaction holds, and finds pending and its own.

    Rows of a kind are written for all posts at once: most of what writing costs are the database's
    answers, one by one.

    Returns:
        for each post the callback owed, if there is one.
    """
    session = writing.session
    if not posts:  # all were superseded or deleted meanwhile
        return []
    shares = shares_checked(session)
    watched = watched_among(session, {post.author_id for post in posts})
    with session.no_autoflush:
        followed = [
            _decide(writing, post, judgements[post.id], shares, post.author_id in watched)
            for post in posts
        ]
    session.flush()
    for post, one in zip(posts, followed, strict=True):
        keep_checks(session, post, one.checks)
        open_review(session, post, one.judgement.verdicts)
        draw_spot_check(session, post, writing.config)
    owe_places(session, posts)
    if not writing.config.callback_url:
        return [None] * len(posts)
    return [*enqueue_decided(session, posts, writing.current.bundle.embedding_id)]


def _decide(
    writing: Writing,
    post: Post,
    judgement: Judgement,
    shares: Mapping[str, float],
    is_watched: bool,
) -> Followed:
    """Write a decision and its verdicts into the session.

    Returns:
        what the decision became by what persons said before.
    """
    session, config, current = writing.session, writing.config, writing.current
    found = writing.found
    post.photographs = _photographs(post, found)
    followed = follow(session, config, post, judgement, {} if is_watched else shares)
    said, judgement = judgement, followed.judgement
    if is_watched:
        judgement = to_a_person(judgement)
    post.state = "decided"
    post.decision = judgement.decision.value
    post.decided_by = "model"
    post.decided_at = writing.now
    post.reason = dict(judgement.reason)
    post.bundle = current.bundle.id
    post.ruleset = current.ruleset.id
    post.claimed_by = post.claimed_at = post.claimed_until = None
    for image in post.images:
        _write_image(session, current, image, found.get(image.id))
    write_videos(current, post, writing.videos)
    rows = [
        _verdict(post.id, position, verdict, rules.verdict.value, current.bundle.id)
        for position, (verdict, rules) in enumerate(
            zip(judgement.verdicts, said.verdicts, strict=True)
        )
    ]
    session.add_all(rows)
    # A pending post has none, so the database need not be asked.
    set_committed_value(post, "verdicts", rows)
    return replace(followed, judgement=judgement)


def _photographs(post: Post, found: Mapping[int, Found]) -> str | None:
    """What exact copies have in common; None where a photograph could not be had, or beside a
    video, which others with these photographs may not have."""
    pictures = [found[image.id].picture for image in post.images if image.id in found]
    hashes = [picture.sha256 for picture in pictures if isinstance(picture, Picture)]
    if post.videos or not hashes or len(hashes) < len(post.images):
        return None
    return photographs_key(hashes)


def _write_image(session: Session, current: Screen, image: Image, found: Found | None) -> None:
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
        # By its key: to put it into ``image.embeddings``, those would be read first.
        made_by, vector = current.bundle.embedding_id, prediction.embedding
        session.add(Embedding(image_id=image.id, made_by=made_by, vector=vector))


def _verdict(post_id: int, position: int, verdict: TagVerdict, said: str, bundle: str) -> Verdict:
    return Verdict(
        post_id=post_id,
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
