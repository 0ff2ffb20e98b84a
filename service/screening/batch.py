"""One batch: its posts are claimed, looked at, judged and written in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from rules import Judgement
from service.operations.metrics import BATCH_SIZE, SCREENING_FAILURES
from service.parts import Parts
from service.queue import DELIVER, hint
from service.screen import Look, Screen
from service.screening.claim import claim, count_attempt
from service.screening.gather import Source, gather, stage
from service.screening.pictures import Picture
from service.screening.write import Found, write
from service.tables import Image, Post

GAVE_UP = {
    "en": "Screening failed several times, so a person should look.",
    "ko": "자동 검사에 여러 번 실패해 사람이 확인해야 해요.",
}


def screen(parts: Parts, ids: Sequence[int]) -> None:
    """Decide posts. Those that are decided, superseded, deleted or somebody else's are left alone.

    The attempt is counted before the work, in a transaction of its own, so it counts even if the
    work takes the process down. A post that failed before is tried alone: it cannot sink others.
    """
    with parts.sessions.begin() as session:
        attempts = count_attempt(session, ids)
    fresh = [post_id for post_id, attempt in attempts.items() if attempt == 1]
    for group in [fresh, *([post_id] for post_id in attempts if post_id not in fresh)]:
        if not group:
            continue
        try:
            _screen_together(parts, group)
        except Exception:  # the posts stay pending, and the sweep tries them again
            SCREENING_FAILURES.inc()
            structlog.get_logger().exception("screening_failed", posts=group)


def _screen_together(parts: Parts, ids: Sequence[int]) -> None:
    with parts.sessions.begin() as session:
        posts = claim(session, ids)
        if not posts:
            return
        BATCH_SIZE.observe(len(posts))
        current = parts.screener.current()
        found = _look(parts, current, session, posts)
        with stage("rules"):
            judgements = {post.id: _judge(parts, current, post, found) for post in posts}
        with stage("write"):
            written = [
                write(parts, current, session, post, judgements[post.id], found) for post in posts
            ]
    for post, delivery in zip(posts, written, strict=True):
        structlog.get_logger().info(
            "screened", post=post.external_id, revision=post.revision, decision=post.decision
        )
        if delivery is not None:
            hint(parts.queue, DELIVER, str(delivery.id))
    decided = [post for post in posts if post.state == "decided"]
    sights = {post.id: [look.sight for look in _looks(post, found)] for post in decided}
    parts.shadows.watch(current, decided, sights)


def _look(
    parts: Parts, current: Screen, session: Session, posts: Sequence[Post]
) -> Mapping[int, Found]:
    """Every photograph of the batch by its row's id, looked at in one forward pass."""
    able = [p.id for p in posts if p.attempts <= parts.config.screening_attempts]
    rows = session.execute(
        select(Image.id, Image.source_url, Image.source_bytes).where(Image.post_id.in_(able))
    )
    gathered = gather([Source(*row) for row in rows], parts.config)
    readable = {key: got for key, got in gathered.items() if isinstance(got, Picture)}
    with stage("forward"):
        looks = current.see([picture.image for picture in readable.values()])
    seen: dict[int, Look] = dict(zip(readable, looks, strict=True))
    return {key: Found(got, seen.get(key)) for key, got in gathered.items()}


def _judge(parts: Parts, current: Screen, post: Post, found: Mapping[int, Found]) -> Judgement:
    judgement = current.judge(post.hashtags, _looks(post, found))
    if post.attempts > parts.config.screening_attempts:
        return Judgement(judgement.verdicts, judgement.decision, GAVE_UP)
    return judgement


def _looks(post: Post, found: Mapping[int, Found]) -> list[Look]:
    images = [found[image.id] for image in post.images if image.id in found]
    return [image.look for image in images if image.look is not None]
