"""Every page of the console, with something difficult on it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

import numpy as np
from sqlalchemy import select

from rules.verdicts.ruleset import DEFAULT
from service.apikeys.store import make, revoke
from service.clusters.members import join
from service.console.posts.tabs import TABS
from service.items.put import NewItem, put_item
from service.parts import Parts
from service.posts.accept import NewImage
from service.recommend.events import Event
from service.recommend.record import record_events
from service.reruns.start import start_backtest, start_rejudgement
from service.reruns.work import go_on
from service.rulesets import store
from service.rulesets.source import RulesetSource
from service.tables import (
    CopyRule,
    Delivery,
    Image,
    ItemVector,
    Poll,
    Prototype,
    PrototypeExample,
    Rerun,
    ThumbnailFrame,
    ThumbnailJob,
    ThumbnailPicture,
    UsualVotes,
    Verdict,
    Vote,
    VotePermission,
)
from tests.service.console.rows import add_post

LONG = "a-very-long-hashtag-without-any-end" * 3
VERDICTS = ("uncertain", "irrelevant", "relevant", "unverifiable")
THIRTY = {LONG: "irrelevant"} | {f"해시태그{n}": VERDICTS[n % 4] for n in range(29)}
ARABIC = "مرحبا بكم في المقهى الجديد ☕️🍰 " * 12

DEAD = uuid.UUID(int=7)

STATES = ("pending", "failed", "done")

# Endpoints that answer with a file or another address, not with a page.
NO_PAGES = {
    "console.asset",
    "console.chosen_thumbnail",
    "console.home",
    "console.item_bundles_state",
    "console.item_state",
    "console.lexicon_file",
    "console.live_rules",
    "console.next_case",
    "console.overview_file",
    "console.photograph",
    "console.places",
    "console.quality_file",
    "console.rerun_progress",
    "console.revealed",
    "console.suggest",
    "console.thumbnail",
    "console.thumbnail_candidate",
    "console.thumbnails_state",
    "console.video",
    "console.video_revealed",
    "console.watch_list",
    "console.watch_picture",
}

# Where each page is found among the rows of ``difficult``, which are numbered from 1.
PAGES: Mapping[str, tuple[str, ...]] = {
    "console.api_docs": ("/docs",),
    "console.api_keys": ("/api-keys",),
    "console.ask_to_revoke": ("/api-keys/1/revoke",),
    "console.audit": ("/audit",),
    "console.ask_to_resend": (f"/callbacks/{DEAD}/resend",),
    "console.ask_to_resend_all": ("/callbacks/resend",),
    "console.author": ("/author?id=u-1", f"/author?id={LONG}"),
    "console.beside": ("/posts/1/beside",),
    "console.callbacks": ("/callbacks", "/callbacks?state=dead", "/callbacks?state=withdrawn"),
    "console.campaign": ("/campaigns/1",),
    "console.campaigns": ("/campaigns", "/campaigns?order=newest&after=1"),
    "console.case": ("/cases/1",),
    "console.copies": ("/copies",),
    "console.find": ("/find", "/find?q=p-1111", f"/find?q={LONG}", "/find?q=%EC%B9%B4%ED%8E%98"),
    "console.edit_rules": ("/rules/edit", "/rules/edit?from=1"),
    "console.hashtag": ("/hashtags/카페", f"/hashtags/{LONG}"),
    "console.hashtags": ("/hashtags", "/hashtags?search=카페", "/hashtags?search=쀍"),
    "console.overview": ("/overview",),
    "console.own_password": ("/password",),
    "console.people": ("/people",),
    "console.person": ("/people/1",),
    "console.post": ("/posts/1", "/posts/2", "/posts/3", "/posts/999"),
    "console.posts": (
        "/posts?filters=1",
        f"/posts?filters=1&author=u-1&older=1&hashtag={LONG}",
        *(f"/posts?tab={tab}" for tab in TABS),
    ),
    "console.post_votes": ("/posts/1/votes", "/posts/2/votes"),
    "console.item_bundles": ("/item-bundles",),
    "console.item": ("/produce/items/2",),
    "console.produce": ("/produce",),
    "console.prototype": (f"/hashtags/{LONG}/prototype", "/hashtags/카페/prototype"),
    "console.prototypes": ("/prototypes",),
    "console.one_prototype": ("/prototypes/1", "/prototypes/2", "/prototypes/999"),
    "console.votes": ("/votes",),
    "console.preview_campaign": ("/campaigns/1/settle", "/campaigns/1/settle?all=irrelevant"),
    "console.quality": ("/quality",),
    "console.rerun": ("/rules/reruns/1", "/rules/reruns/2"),
    "console.rules": ("/rules",),
    "console.ruleset": ("/rules/1",),
    "console.settings": ("/settings",),
    "console.sign_in": ("/sign-in",),
    "console.upload_lexicon": ("/lexicon",),
    "console.selected": ("/posts/selected?post=1&post=2", "/posts/selected?post=2"),
    "console.together": ("/posts/1/together",),
    "console.similar": ("/posts/1/similar", "/posts/2/similar?decision=flag&days=7"),
    "console.similar_to": ("/similar",),
    "console.similar_authors": ("/author/similar?id=u-1", f"/author/similar?id={LONG}"),
    "console.thumbnails": ("/thumbnails",),
    "console.request_for_thumbnails": tuple(f"/thumbnails/{state}" for state in STATES),
    "console.try_it": ("/try",),
    "console.watch": ("/watch", f"/watch?viewer={LONG}&to=item:{LONG}"),
    "console.watch_why": (f"/watch/why?viewer={LONG}&item=item:i-2",),
}

EVERY = [path for paths in PAGES.values() for path in paths]


def difficult(parts: Parts, jpeg: Callable[..., bytes]) -> None:
    """Thirty hashtags on ten photographs, one of which cannot be read; right-to-left text; emoji;
    a post that nobody screened; one that passed; hashtags that nobody understands; a draft."""
    photographs = tuple(jpeg(seed=number) for number in range(9))
    add_post(parts, "p-" + "1" * 60, THIRTY, (*photographs, None), caption=ARABIC, reach=12000)
    add_post(parts, "p-2", {"카페": "relevant", "🍰": "unverifiable"}, (jpeg(seed=0),), caption="")
    add_post(parts, "p-3", {}, state="pending", decision=None, decided_by=None, hashtags=["카페"])
    settled = {"decided_by": "moderator", "posted_at": datetime.now(UTC)}
    add_post(parts, "p-4", {"쀍쀍": "unverifiable", LONG: "irrelevant"}, (None,), **settled)
    _callbacks(parts)
    with parts.sessions.begin() as session:
        make(session, "W" * 64, timedelta(days=30), "ana")
        revoke(session, make(session, "다른 플랫폼", None, "ana")[0].id, "ana")
    text = "# another\n" + DEFAULT.read_text(encoding="utf-8")
    with parts.sessions.begin() as session:
        current = parts.screener.current()
        store.add(session, RulesetSource("new.yaml", text.encode()), "ana", "", current)
    _reruns(parts)
    _campaign(parts, jpeg)
    _judged_by_likeness(parts)
    _thumbnails(parts, jpeg)
    _items(parts, jpeg)


def _items(parts: Parts, jpeg: Callable[..., bytes]) -> None:
    """Items with difficult words; a person with a long name who liked the first; a picture."""
    live, at = parts.encoders.current(), datetime.now(UTC)
    picture = NewImage(None, jpeg(seed=7))
    sent = [
        NewItem(LONG, LONG, ARABIC, (LONG, "카페"), "https://example.org/" + LONG),
        NewItem("i-2", ARABIC, "", (), ""),
        NewItem("i-3", "", "", (), ""),
    ]
    with parts.sessions.begin() as session:
        for number, item in enumerate(sent):
            row = put_item(session, item, [picture] if number else []).row
            vector = np.eye(live.dimension, dtype=np.float32)[0]
            session.add(ItemVector(item_id=row, made_by=live.vector_id, vector=vector))
        liked = [Event(f"e-{who}", who, "item", LONG, "like", None, at) for who in (LONG, "u")]
        record_events(session, [*liked, Event("e-1", "u", "item", "i-2", "like", None, at)])


def _thumbnails(parts: Parts, jpeg: Callable[..., bytes]) -> None:
    """A request in each state; of the one that is done a picture could not be read."""
    error = {"code": "never_heard_of", "message": ""}
    stored = "test/thumbnail.jpg"
    parts.images.put(stored, jpeg(size=(640, 360), seed=1))
    with parts.sessions.begin() as session:
        for state in STATES:
            job = ThumbnailJob(key=state, made_by="console:ada", wanted=2, state=state)
            job.expires_at, job.channel = datetime.now(UTC) + timedelta(hours=1), LONG
            job.error = error if state == "failed" else None
            session.add(job)
        session.flush()
        session.add(ThumbnailPicture(job_id=job.id, role="reference", position=0, error=error))
        for position in range(30):
            frame = ThumbnailFrame(job_id=job.id, position=position, time=0.5 * position)
            frame.small, frame.width, frame.height = jpeg(size=(160, 90)), 640, 360
            if position < 2:
                frame.rank, frame.stored, frame.score = position + 1, stored, 0.5
                frame.reason = {"en": "A reason. " * 20, "ko": "이유예요. " * 20}
                frame.focus_x = frame.focus_y = 0.2
            session.add(frame)


def _judged_by_likeness(parts: Parts) -> None:
    """A hashtag that neighbours vote on and may decide, one whose votes are not known any more, a
    post that was voted on, a prototype in shadow with examples, and a live one of another
    network."""
    counts = {"posts": 40, "for": 30, "against": 2}
    ballot = {"says": False, "decides": False, "voters": 14, "carrying": 1, "share": 0.07}
    ballot |= {"low": 0.01, "high": 0.3, "prior": 0.05}
    with parts.sessions.begin() as session:
        usual = UsualVotes(normalised=LONG, tag=LONG, authors=57, figures={"right": counts})
        usual.prior, usual.support, usual.floor = 0.03, 0.5, 0.2
        session.add(usual)
        session.add_all(VotePermission(normalised=tag, who="ana") for tag in (LONG, "쀍"))
        session.add(CopyRule(category="cafe", checked=0.1, who="ana"))
        voted = session.scalars(select(Verdict).where(Verdict.post_id == 1)).all()[0]
        session.add(Poll(verdict_id=voted.id, normalised=LONG, says=False, ballot=ballot))
        session.flush()
        for row in (1, 2, 4):
            session.add(Vote(verdict_id=voted.id, post_id=row, likeness=0.9, carries=row == 2))
        figures = {name: [9, 10] for name in ("right_for", "right_against", "answered")}
        for state, made_by in (("shadow", "x"), ("live", "another")):
            one = Prototype(normalised=LONG, tag=LONG, state=state, made_by=made_by, bias=0.0)
            one.weights, one.figures = [0.0, 1.0], figures
            one.created_by = one.changed_by = "ana"
            session.add(one)
        session.flush()
        for row in (1, 2, 4):
            named = PrototypeExample(prototype_id=1, post_id=row, bears_out=row < 3, named_by=LONG)
            session.add(named)


def _campaign(parts: Parts, jpeg: Callable[..., bytes]) -> None:
    """One photograph in three posts."""
    names = [f"p-{n}-" + "8" * 50 for n in range(3)]
    rows = [
        add_post(
            parts, name, {LONG: "irrelevant", "카페": "uncertain"}, (jpeg(seed=9),), author_id=LONG
        )
        for name in names
    ]
    with parts.sessions.begin() as session:
        first, *others = session.scalars(select(Image.id).where(Image.post_id.in_(rows)))
        join(session, first, others)


def _reruns(parts: Parts) -> None:
    """A backtest that is over, in which verdicts change, and posts that are being judged again."""
    current = parts.screener.current()
    with parts.sessions.begin() as session:
        seen = start_backtest(session, None, None, "ana", current).id
    go_on(parts, seen, seconds=120)
    with parts.sessions.begin() as session:
        preview = session.get_one(Rerun, seen)
        start_rejudgement(session, preview, "ana", "a reason " * 30, current)


def _callbacks(parts: Parts) -> None:
    """One in each state but the last; what the receiver said of one is long and is markup."""
    with parts.sessions.begin() as session:
        for state in ("pending", "delivered", "overtaken"):
            session.add(Delivery(post_id=1, type="post.decided", body={}, state=state))
        session.add(
            Delivery(
                id=DEAD,
                post_id=1,
                type="appeal.decided",
                body={},
                state="dead",
                attempts=99,
                last_error="<b>garbage" + "x" * 300,
            )
        )
