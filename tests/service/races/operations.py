"""Everything that can be done to a post, as a table: a new operation joins by a row."""

from __future__ import annotations

import base64
import itertools
import json
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from flask import Flask
from sqlalchemy import select

from service.backtest.stored import chosen
from service.cases import open_case, release, renew, take
from service.cases.hand_over import HandOverError, hand_over
from service.clusters.members import join
from service.outbox.dead import resend
from service.outbox.enqueue import enqueue
from service.parts import Parts
from service.posts.lock import hold_posts
from service.quality.controls import ControlError, choose, put_aside
from service.reruns.rejudge import judge_stored
from service.reruns.write import Change, write
from service.reviews import SettleError
from service.screening.batch import screen
from service.settlement import GoneError, LeaseLostError, UndoError, answer, correct, undo
from service.similar.together import answer_together
from service.tables import Case, Image, Post, Review, User
from tests.service.console.rows import add_post
from tests.service.races.snapshot import Snapshot

AGREES = {"카페": "irrelevant", "맛집": "relevant"}
DIFFERS = {"카페": "relevant", "맛집": "relevant"}
NAMES = ("mina", "ada", "ben", "cleo", "analyst")
REFUSED = (GoneError, LeaseLostError, SettleError, UndoError, ControlError, HandOverError)

numbers = itertools.count()


@dataclass
class World:
    """One post at revision 2, decided, with everything that a pair of operations needs."""

    parts: Parts
    snapshot: Snapshot
    app: Flask
    people: Mapping[str, int]
    headers: Callable[[bytes], dict[str, str]]
    bearer: Mapping[str, str]
    photograph: bytes
    name: str = field(default_factory=lambda: f"p-{next(numbers)}")
    row: int = 0
    pending: int = 0
    other: int = 0
    twin: int = 0
    review: int = 0
    cases: dict[str, int] = field(default_factory=dict)
    delivery: Any = None
    deleted: bool = False

    def again(self) -> World:
        """The world as it was when it was remembered: its rows and its photograph."""
        self.snapshot.restore()
        self.parts.images.put(f"test/{self.row}-0.jpg", self.photograph)
        return replace(self, cases=dict(self.cases))

    def call(self, method: str, path: str, body: bytes = b"", signed: bool = False) -> int:
        """Call the API; an answer of 500 and above fails the test."""
        headers = self.headers(body) if signed else dict(self.bearer)
        made = self.app.test_client().open(
            path, method=method, data=body, headers=headers, content_type="application/json"
        )
        assert made.status_code < 500, made.text
        return made.status_code

    def send(self, revision: int) -> None:
        """Send a revision of the post with a photograph in it."""
        body = {
            "id": self.name,
            "revision": revision,
            "author": {"id": "u-1"},
            "caption": "a caption",
            "hashtags": ["카페", "맛집"],
            "created_at": "2026-11-20T12:00:00Z",
            "images": [{"base64": base64.b64encode(self.photograph).decode()}],
        }
        assert self.call("POST", "/v1/posts", json.dumps(body).encode(), signed=True) == 202

    def take(self, who: str, case_id: int) -> None:
        with self.parts.sessions.begin() as session:
            assert take(session, [case_id], self.people[who], self.parts.config.lease)

    def answer(self, who: str, case_id: int, answers: Mapping[str, str]) -> int:
        with self.parts.sessions.begin() as session:
            case, user = session.get(Case, case_id), session.get_one(User, self.people[who])
            if case is None:
                raise GoneError
            return answer(session, case, user, answers, self.parts.config).id

    def case(self, kind: str) -> int:
        with self.parts.sessions() as session:
            query = select(Case.id).where(Case.post_id == self.row, Case.kind == kind)
            return session.scalars(query.order_by(Case.id.desc())).first() or 0


def _nothing(world: World) -> None:
    return


def _settled(world: World) -> None:
    """Ada has answered; a second look waits, because every answer gets one here."""
    if world.review:
        return
    case = world.case("review")
    world.take("ada", case)
    world.review = world.answer("ada", case, AGREES)


def _prepare_answer(world: World) -> None:
    if "spot_check" in world.cases:
        return
    with world.parts.sessions.begin() as session:
        post = session.get_one(Post, world.row)
        world.cases["spot_check"] = open_case(session, post, "spot_check", 1.0).id
    world.take("mina", world.cases["spot_check"])


def _prepare_double(world: World) -> None:
    _settled(world)
    if "double" not in world.cases:
        world.cases["double"] = world.case("double")
        world.take("ben", world.cases["double"])


def _prepare_third(world: World) -> None:
    _prepare_double(world)
    world.answer("ben", world.cases["double"], DIFFERS)
    world.cases["third"] = world.case("third")
    world.take("cleo", world.cases["third"])


def _prepare_batch(world: World) -> None:
    world.other = add_post(world.parts, f"{world.name}-other", AGREES)


def _prepare_resend(world: World) -> None:
    with world.parts.sessions.begin() as session:
        delivery = enqueue(session, session.get_one(Post, world.row))
        delivery.state = "dead"
        session.flush()
        world.delivery = delivery.id


def _prepare_screen(world: World) -> None:
    world.send(3)
    with world.parts.sessions() as session:
        query = select(Post.id).where(Post.external_id == world.name, Post.revision == 3)
        world.pending = session.scalars(query).one()


def _delete(world: World) -> None:
    assert world.call("DELETE", f"/v1/posts/{world.name}") in (200, 202)
    world.deleted = True


def _prepare_campaign(world: World) -> None:
    world.twin = add_post(world.parts, f"{world.name}-twin", AGREES, (world.photograph,))


def _campaign(world: World) -> None:
    """As ``place`` does, once it has compared the photographs."""
    both = select(Image.id).where(Image.post_id.in_([world.row, world.twin]))
    with world.parts.sessions() as session:
        images = session.scalars(both.order_by(Image.id)).all()
    with world.parts.sessions.begin() as session:
        hold_posts(session, {world.row, world.twin})
        for image in images:
            join(session, image, [other for other in images if other != image])


def _judge_again(world: World) -> None:
    """As a rejudgement does: what is read is judged with no transaction open, and written then."""
    current = world.parts.screener.current()
    with world.parts.sessions() as session:
        posts = chosen(session, [world.row])
    changes = [Change(post, judge_stored(current, post)) for post in posts if not post.settled]
    with world.parts.sessions.begin() as session:
        write(session, world.parts.config, changes, current, Counter())


def _appeal(world: World) -> None:
    body = json.dumps({"id": f"a-{world.name}", "text": "No.", "revision": 2}).encode()
    assert world.call("POST", f"/v1/posts/{world.name}/appeals", body) in (202, 409, 410)


def _undo(world: World) -> None:
    with world.parts.sessions.begin() as session:
        review = session.get(Review, world.review)
        if review is not None:
            undo(session, review, session.get_one(User, world.people["ada"]), world.parts.config)


def _correct(world: World) -> None:
    with world.parts.sessions.begin() as session:
        post = session.get_one(Post, world.row)
        correct(
            session, post, session.get_one(User, world.people["mina"]), DIFFERS, world.parts.config
        )


def _batch(world: World) -> None:
    with world.parts.sessions.begin() as session:
        user = session.get_one(User, world.people["mina"])
        rows = [row for row in (world.other, world.row) if row]
        answer_together(session, rows, DIFFERS, user, world.parts.config)


def _resend(world: World) -> None:
    with world.parts.sessions.begin() as session:
        resend(session, [world.delivery])


def _lease(world: World) -> None:
    """Hold on to a case, then skip it."""
    held, mina = list(world.cases.values()), world.people["mina"]
    with world.parts.sessions.begin() as session:
        renew(session, held, mina, world.parts.config.lease)
    with world.parts.sessions.begin() as session:
        release(session, held, mina, skip=True)


def _hand_over(world: World) -> None:
    with world.parts.sessions.begin() as session:
        mina = session.get_one(User, world.people["mina"])
        hand_over(session, world.cases["spot_check"], mina, world.people["cleo"], "a note")


def _control(world: World) -> None:
    with world.parts.sessions.begin() as session:
        choose(session, world.name, session.get_one(User, world.people["analyst"]))
    with world.parts.sessions.begin() as session:
        put_aside(session, world.row, session.get_one(User, world.people["analyst"]))


@dataclass(frozen=True)
class Operation:
    """Something that is done to a post: what it needs before, and in how many transactions."""

    run: Callable[[World], None]
    prepare: Callable[[World], None] = _nothing
    commits: int = 1
    last: bool = False
    """Whether its preparation replaces the revision that the others are prepared for."""

    def __call__(self, world: World) -> None:
        with suppress(*REFUSED):
            self.run(world)


OPERATIONS: Mapping[str, Operation] = {
    "newer revision": Operation(lambda world: world.send(4)),
    "older revision": Operation(lambda world: world.send(1)),
    "delete": Operation(_delete, commits=3),
    # The draw of spot checks is part of it: every post that passes is drawn here.
    "screen": Operation(
        lambda world: screen(world.parts, [world.pending]), _prepare_screen, 2, True
    ),
    "answer": Operation(
        lambda world: void(world.answer("mina", world.cases["spot_check"], DIFFERS)),
        _prepare_answer,
    ),
    "undo": Operation(_undo, _settled),
    "appeal": Operation(_appeal),
    "correct": Operation(_correct),
    "second look": Operation(
        lambda world: void(world.answer("ben", world.cases["double"], AGREES)), _prepare_double
    ),
    "third look": Operation(
        lambda world: void(world.answer("cleo", world.cases["third"], DIFFERS)), _prepare_third
    ),
    "batch answer": Operation(_batch, _prepare_batch),
    "resend": Operation(_resend, _prepare_resend),
    "lease": Operation(_lease, _prepare_answer, commits=2),
    "hand over": Operation(_hand_over, _prepare_answer),
    "control": Operation(_control, _settled, commits=2),
    "campaign": Operation(_campaign, _prepare_campaign),
    "judge again": Operation(_judge_again),
}


def void(_: object) -> None:
    """What an operation returns does not matter."""
