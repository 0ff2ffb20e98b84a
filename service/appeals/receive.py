"""Receive an author's appeal: one committed row, and a case for a moderator who did not settle the
post.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from rules import Decision, Verdict
from service.audit import record
from service.cases import open_case
from service.lexicon.tagged import name_of
from service.locks import Lock, lock
from service.posts.find import find_post
from service.posts.lock import hold_post
from service.reviews.settling import settlers
from service.tables import Appeal, Post

HARMFUL = frozenset({Verdict.IRRELEVANT, Verdict.UNCERTAIN})  # verdicts that keep a post back

URGENCY = 2.0  # an uncertain hashtag counts at most 1: somebody is waiting for this answer


class Refusal(StrEnum):
    """Why an appeal is refused."""

    UNKNOWN = "unknown"
    PENDING = "pending"
    SUPERSEDED = "superseded"
    DELETED = "deleted"
    ALREADY = "already"
    NO_HARM = "no_harm"
    ANOTHER_POST = "another_post"


@dataclass
class AppealError(Exception):
    """An appeal was refused; nothing was stored."""

    why: Refusal


@dataclass
class HashtagError(Exception):
    """An appeal names a hashtag that the post does not have: the one at ``position``."""

    position: int
    tag: str


@dataclass(frozen=True)
class SentAppeal:
    """An appeal as the platform sends it. ``id`` is the platform's; no ``hashtags``: all of them;
    no ``revision``: the newest."""

    id: str
    text: str
    hashtags: Sequence[str] = ()
    revision: int | None = None


def receive(session: Session, post_id: str, sent: SentAppeal, who: str) -> Appeal:
    """Add an appeal to a post in the caller's transaction, or find the one with its id.

    ``post_id`` is the platform's, ``who`` is named in the audit log. The same appeal again changes
    nothing, so that it can be sent until it is answered.

    Raises:
        AppealError: there is no such post, nothing is decided on it, the author has appealed, or
            what was decided does the author no harm.
        HashtagError: the post has no such hashtag.
    """
    # First the post's lock, so that a newer revision comes entirely before or after this.
    lock(session, Lock.POST, post_id)
    lock(session, Lock.APPEAL, sent.id)
    known = session.scalar(select(Appeal).where(Appeal.external_id == sent.id))
    if known is not None:
        if known.post.external_id != post_id:
            raise AppealError(Refusal.ANOTHER_POST)
        return known
    post = _decided(session, post_id, sent.revision)
    if session.scalar(select(Appeal.id).where(Appeal.post_id == post.id)) is not None:
        raise AppealError(Refusal.ALREADY)
    hashtags = _as_sent(post, sent.hashtags)
    if not _harms(post, hashtags):
        raise AppealError(Refusal.NO_HARM)
    case = open_case(
        session,
        post,
        "appeal",
        URGENCY * max(post.reach, 1),
        not_for=settlers(session, post.id),
        details={"text": sent.text, "hashtags": hashtags},
    )
    appeal = Appeal(external_id=sent.id, post=post, case=case)
    session.add(appeal)
    subject = f"post:{post.external_id}@{post.revision}"
    record(session, who, "appeal.received", subject, {"appeal": sent.id})
    session.flush()
    return appeal


def _decided(session: Session, post_id: str, revision: int | None) -> Post:
    post = find_post(session, post_id, revision)
    if post is None:
        raise AppealError(Refusal.UNKNOWN)
    # A moderator's answer that is being written is seen, or waits for this.
    hold_post(session, post.id)
    if post.state != "decided":
        raise AppealError(Refusal(post.state))
    return post


def _harms(post: Post, hashtags: Sequence[str]) -> bool:
    """Whether a verdict on one of the hashtags (the decision, if none is named) keeps the post
    back. A post that passed does its author no harm.
    """
    if not hashtags:
        return post.decision != Decision.PASS
    return any(one.verdict in HARMFUL for one in post.verdicts if one.tag in hashtags)


def _as_sent(post: Post, hashtags: Sequence[str]) -> list[str]:
    """The post's own spellings of each hashtag, once."""
    spellings: dict[str, list[str]] = {}
    for verdict in post.verdicts:
        spellings.setdefault(name_of(verdict.tag), []).append(verdict.tag)
    found: dict[str, None] = {}
    for position, tag in enumerate(hashtags):
        own = spellings.get(name_of(tag))
        if own is None:
            raise HashtagError(position, tag)
        found |= dict.fromkeys(own)
    return list(found)
