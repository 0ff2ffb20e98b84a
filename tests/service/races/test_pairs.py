"""Every pair of operations on one post at the same moment, in both orders, at each commit.

One is held after its first locks, or before its commit, until the other has finished or waits for
it. Whatever the order: no deadlock, no answer of 500, and what is left is whole.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from service.app import create_app
from service.erasure import erase_due
from service.parts import Parts
from service.tables import (
    Campaign,
    CampaignImage,
    Case,
    Control,
    Delivery,
    Draft,
    Embedding,
    Erasure,
    Image,
    Post,
    Review,
    User,
    Verdict,
)
from tests.service.console.rows import add_post
from tests.service.races.interleave import Interleaver, Point
from tests.service.races.operations import AGREES, NAMES, OPERATIONS, Operation, World
from tests.service.races.snapshot import Snapshot

pytestmark = pytest.mark.slow

PAIRS = list(itertools.combinations_with_replacement(OPERATIONS, 2))


@pytest.fixture(scope="module")
def told(parts: Parts) -> Parts:
    """A service that tells a platform, and has every answer and every pass looked at again."""
    changes = {
        "callback_url": "https://platform.example/callback",
        "double_share": 1.0,
        "spot_check_share": 1.0,
    }
    parts.screener.current()  # no operation waits for the network while another is held
    return replace(parts, config=parts.config.model_copy(update=changes))


@pytest.fixture(scope="module")
def app(told: Parts) -> Flask:
    return create_app(told.config, told)


@pytest.fixture(scope="module")
def snapshot(told: Parts) -> Iterator[Snapshot]:
    made = Snapshot(told.sessions.kw["bind"])
    yield made
    made.close()


@pytest.fixture
def interleaver(told: Parts) -> Iterator[Interleaver]:
    made = Interleaver(told.sessions.kw["bind"])
    with made.listening():
        yield made


@pytest.fixture
def world(
    told: Parts,
    snapshot: Snapshot,
    app: Flask,
    sign: Callable[..., dict[str, str]],
    bearer: dict[str, str],
    jpeg: Callable[..., bytes],
) -> Callable[[Operation, Operation], World]:
    """``world(one, other)``: a new post, prepared for both, and remembered in the database."""
    with told.sessions.begin() as session:
        made = {name: User(name=name, password_hash="-", role=_role(name)) for name in NAMES}
        session.add_all(made.values())
        session.flush()
        people = {name: user.id for name, user in made.items()}
    photograph = jpeg(size=(32, 32))

    def make(one: Operation, other: Operation) -> World:
        new = World(told, snapshot, app, people, sign, bearer, photograph)
        new.row = add_post(told, new.name, AGREES, (photograph,), revision=2)
        for operation in sorted({id(o): o for o in (one, other)}.values(), key=lambda o: o.last):
            operation.prepare(new)
        snapshot.save()
        return new

    return make


def _role(name: str) -> str:
    return "analyst" if name == "analyst" else "moderator"


def _points(operation: Operation) -> Iterator[Point]:
    yield from (Point("lock", 1), Point("lock", 2))
    for number in range(1, operation.commits + 1):
        yield Point("commit", number)


@pytest.mark.parametrize(("one", "other"), PAIRS, ids=[f"{a} + {b}" for a, b in PAIRS])
def test_two_at_once_leave_a_whole_post(
    world: Callable[[Operation, Operation], World], interleaver: Interleaver, one: str, other: str
) -> None:
    pair = OPERATIONS[one], OPERATIONS[other]
    prepared = world(*pair)
    for first, second in dict.fromkeys([pair, pair[::-1]]):
        for point in _points(first):
            made = prepared.again()
            interleaver.run(lambda m=made, o=first: o(m), lambda m=made, o=second: o(m), point)  # type: ignore[misc]
            check(made, tells="resend" not in (one, other))


def check(world: World, *, tells: bool) -> None:
    """What must hold of a post whatever happened to it."""
    with world.parts.sessions() as session:
        query = select(Post).where(Post.external_id == world.name).order_by(Post.revision)
        posts = session.scalars(query).all()
        states = [post.state for post in posts]
        ids = [post.id for post in posts]
        if world.deleted:
            assert set(states) == {"deleted"}, states
            assert {(p.author_id, p.caption, *p.hashtags) for p in posts} == {("", "")}
            for table in (Case, Control, Delivery, Image, Review, Verdict):
                owner = table.__table__.c.post_id
                assert session.scalar(select(func.count()).where(owner.in_(ids))) == 0, table
            for orphan in (Draft, Embedding):
                assert session.scalar(select(func.count()).select_from(orphan)) == 0, orphan
        else:
            assert sum(state in ("pending", "decided") for state in states) == 1, states
            assert states[-1] in ("pending", "decided"), states
        superseded = [post.id for post in posts if post.state == "superseded"]
        sent = select(Image.id).where(
            Image.post_id.in_(superseded), Image.source_bytes.is_not(None)
        )
        assert session.scalars(sent).all() == [], "bytes that nobody will look at"
        _check_cases(world, ids)
        if tells and not world.deleted:
            _check_told(world, posts[-1].id)
    _check_campaigns(world)
    _check_files(world, ids)


def _check_campaigns(world: World) -> None:
    """A campaign has the photographs of decided posts only, of two posts or more, and counts
    them."""
    members = func.count(CampaignImage.post_id.distinct())
    with world.parts.sessions() as session:
        states = select(Post.state).join(CampaignImage, CampaignImage.post_id == Post.id)
        assert set(session.scalars(states)) <= {"decided"}
        counted = (
            select(Campaign.posts, members)
            .outerjoin(CampaignImage, CampaignImage.campaign_id == Campaign.id)
            .group_by(Campaign.id)
        )
        for said, true in session.execute(counted):
            assert said == true >= 2


def _check_cases(world: World, ids: list[int]) -> None:
    with world.parts.sessions() as session:
        opened = select(Case, Post.state).join(Post, Post.id == Case.post_id)
        found = session.execute(opened.where(Case.post_id.in_(ids), Case.closed_at.is_(None))).all()
        assert {state for _, state in found} <= {"decided"}, "a case of a post that nobody has"
        kinds = [case.kind for case, _ in found]
        assert len(kinds) == len(set(kinds)), kinds
        learned = session.scalars(select(Control.origin).where(Control.post_id.in_(ids))).all()
        assert not ("third" in kinds and "agreed" in learned), "agreed, and a third look open"
        answered = (
            select(Review.id)
            .join(Case, Case.id == Review.case_id)
            .where(Review.post_id.in_(ids), Review.undone_at.is_(None), Case.closed_at.is_(None))
        )
        assert session.scalars(answered).all() == [], "answered, and still open"


def _check_told(world: World, row: int) -> None:
    """The last callback that goes out tells what the post is now."""
    with world.parts.sessions() as session:
        post = session.get_one(Post, row)
        query = select(Delivery.body).where(Delivery.post_id == row, Delivery.state != "withdrawn")
        told = session.scalars(query.order_by(Delivery.created_at.desc()).limit(1)).first()
        if told is None or post.decision is None:
            return
        data = told["data"]
        assert (data["decision"], data["decided_by"]) == (post.decision, post.decided_by)
        verdicts = {verdict.tag: verdict.verdict for verdict in post.verdicts}
        assert {tag["tag"]: tag["verdict"] for tag in data["hashtags"]} == verdicts


def _check_files(world: World, ids: list[int]) -> None:
    with world.parts.sessions.begin() as session:
        session.execute(update(Erasure).values(next_attempt_at=func.now()))
    erase_due(world.parts.sessions, world.parts.images)
    with world.parts.sessions() as session:
        assert session.scalar(select(func.count()).select_from(Erasure)) == 0
    if world.deleted:
        assert world.parts.images.get(f"test/{world.row}-0.jpg") is None
