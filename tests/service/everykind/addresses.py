"""Where the pages of the console are found in the world."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from service.console.posts.tabs import TABS
from service.tables import (
    Campaign,
    CampaignImage,
    Case,
    Delivery,
    Image,
    Item,
    Post,
    Prototype,
    Rerun,
    StoredRuleset,
    ThumbnailJob,
    Verdict,
    Video,
)
from tests.service.everykind.world import World

Rows = Callable[[Session], Sequence[Any]]


def kinds(session: Session) -> Sequence[int]:
    """One decided post of each sort that pages around posts tell apart."""
    first: dict[tuple[object, ...], int] = {}
    together = set(session.scalars(select(CampaignImage.post_id)))
    for post in session.scalars(select(Post).where(Post.state == "decided").order_by(Post.id)):
        seen = any(image.derivative for image in post.images), bool(post.videos)
        answered = post.decided_by != "model"
        first.setdefault((*seen, answered, bool(post.verdicts), post.id in together), post.id)
    return list(first.values())


def shown(session: Session) -> Sequence[int]:
    """The same, and one post with each decision, error, reason, kind of case and state."""
    each: list[tuple[Any, Sequence[Any]]] = [
        (Post.id, (Post.state, Post.decision, Post.decided_by)),
        (Verdict.post_id, (Verdict.reason["code"].astext,)),
        (Verdict.post_id, (Verdict.resolved_by,)),
        (Case.post_id, (Case.kind, Case.closed_at.is_(None), Case.handed_to_id)),
        (Image.post_id, (Image.error["code"].astext,)),
        (Video.post_id, (Video.error["code"].astext,)),
    ]
    found = set(kinds(session))
    for row, by in each:
        living = row.in_(select(Post.id).where(Post.state != "deleted"))
        found |= set(session.scalars(select(func.min(row)).where(living).group_by(*by)))
    return sorted(found)


def cases(session: Session) -> Sequence[int]:
    """The open cases of the same posts; one that measures somebody is that person's alone."""
    of = Case.post_id.in_(shown(session)), Case.closed_at.is_(None), Case.for_id.is_(None)
    return session.scalars(select(Case.id).where(*of)).all()


def authors(session: Session) -> Sequence[str]:
    """Those of the same posts."""
    its = Post.id.in_(kinds(session))
    return session.scalars(select(Post.author_id).where(its).distinct()).all()


def names(session: Session) -> Sequence[str]:
    """What the platform calls the same posts."""
    return session.scalars(select(Post.external_id).where(Post.id.in_(kinds(session)))).all()


def _(column: Any, *where: ColumnElement[bool]) -> Rows:
    query: Select[Any] = select(column).where(*where).distinct()
    return lambda session: session.scalars(query).all()


def _is(*values: str) -> Rows:
    return lambda session: values


STORED = Image.derivative.is_not(None)
TAGS = _(Verdict.normalised, Verdict.normalised != "")
# By the endpoint: the name of the one part of its address, or of its query, and what it may be.
EACH: Mapping[str, tuple[str, Rows]] = {
    "ask_to_resend": ("delivery_id", _(Delivery.id, Delivery.state == "dead")),
    "author": ("?id", authors),
    "beside": ("row_id", kinds),
    "campaign": ("campaign_id", _(Campaign.id)),
    "case": ("case_id", cases),
    "edit_rules": ("?from", _(StoredRuleset.id)),
    "find": ("?q", names),
    "hashtag": ("tag", TAGS),
    "item": ("row_id", _(Item.id, Item.kind == "item")),
    "item_state": ("row_id", _(Item.id, Item.kind == "item")),
    "one_prototype": ("number", _(Prototype.id)),
    "photograph": ("image_id", _(Image.id, STORED, Image.video_id.is_not(None))),
    "post": ("row_id", shown),
    "post_votes": ("row_id", kinds),
    "posts": ("?tab", _is(*TABS)),
    "preview_campaign": ("campaign_id", _(Campaign.id)),
    "prototype": ("tag", _is("sunset", "카페", "bokeh")),
    "request_for_thumbnails": ("key", _(ThumbnailJob.key)),
    "rerun": ("row_id", _(Rerun.id)),
    "rerun_progress": ("row_id", _(Rerun.id)),
    "revealed": ("image_id", _(Image.id, STORED, Image.video_id.is_not(None))),
    "ruleset": ("row_id", _(StoredRuleset.id)),
    "selected": ("?post", kinds),
    "similar": ("row_id", kinds),
    "similar_authors": ("?id", authors),
    "suggest": ("?q", names),
    "thumbnail": ("image_id", _(Image.id, STORED, Image.video_id.is_not(None))),
    "thumbnails_state": ("key", _(ThumbnailJob.key)),
    "together": ("row_id", kinds),
    "video_revealed": ("video_id", _(Video.id, Video.error.is_(None))),
    "video": ("video_id", _(Video.id, Video.error.is_(None))),
    "watch": ("?viewer", _is("viewer", "another", "nobody")),
}
ONCE = frozenset(
    {
        "audit",
        "ask_to_resend_all",
        "callbacks",
        "campaigns",
        "copies",
        "hashtags",
        "lexicon_file",
        "live_rules",
        "overview",
        "produce",
        "prototypes",
        "quality",
        "quality_file",
        "rules",
        "thumbnails",
        "votes",
    }
)
# These name no post, or are drawn from one photograph or thumbnail.
WITHOUT_POSTS = frozenset(
    {
        "api_docs",
        "api_keys",
        "ask_to_revoke",
        "asset",
        "chosen_thumbnail",
        "home",
        "item_bundles",
        "item_bundles_state",
        "next_case",
        "overview_file",
        "own_password",
        "people",
        "person",
        "places",
        "settings",
        "sign_in",
        "similar_to",
        "thumbnail_candidate",
        "try_it",
        "upload_lexicon",
        "watch_list",
        "watch_picture",
        "watch_why",
    }
)


def addresses(app: Flask, world: World, endpoint: str) -> Iterator[str]:
    """Each address of a page."""
    build = app.url_map.bind("localhost").build
    if endpoint in ONCE:
        yield build(f"console.{endpoint}")
        return
    argument, rows = EACH[endpoint]
    with world.parts.sessions() as session:
        values = rows(session)
    for value in values:
        if argument.startswith("?"):
            yield f"{build(f'console.{endpoint}')}?{urlencode({argument[1:]: value})}"
        else:
            yield build(f"console.{endpoint}", {argument: value})
