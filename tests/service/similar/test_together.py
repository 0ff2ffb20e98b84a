"""One answer for posts that show the same."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from rules import normalise
from service.accounts import create
from service.cases import open_case, take
from service.config import Config
from service.parts import Parts
from service.settlement import undo
from service.similar.together import LeftOut, Part, answer_together, plan
from service.tables import Case, Delivery, Post, Review, User, Verdict
from tests.growth.recorder import recorded
from tests.service.console.rows import add_post

FAR = timedelta(hours=1)


@pytest.fixture
def mina(parts: Parts) -> int:
    return _user(parts, "mina")


def _user(parts: Parts, name: str) -> int:
    with parts.sessions.begin() as session:
        return create(session, name, "moderator")[0].id


def _plan(parts: Parts, user_id: int, rows: list[int], answers: dict[str, str]) -> list[Part]:
    with parts.sessions() as session:
        return plan(session, rows, answers, user_id)


def _case(session: Session, row: int) -> Case:
    return session.scalars(select(Case).where(Case.post_id == row)).one()


def test_only_hashtags_written_alike_take_the_answer(parts: Parts, mina: int) -> None:
    row = add_post(parts, "p-1", {"카페": "irrelevant", "ootd": "relevant"})
    (part,) = _plan(parts, mina, [row], {"#카페": "relevant", "맛집": "irrelevant"})
    assert part.why is None
    assert part.answers == {"카페": "relevant", "ootd": "relevant"}
    assert part.taken == {"카페"}


def test_hashtags_of_emoji_alone_have_nothing_in_common(parts: Parts, mina: int) -> None:
    row = add_post(parts, "p-1", {"🍰": "unverifiable"})
    with parts.sessions.begin() as session:
        session.query(Verdict).filter_by(post_id=row).one().normalised = normalise("🍰")
        session.get_one(Post, row).decision = "flag"
        open_case(session, session.get_one(Post, row), "review", 1.0)
    (part,) = _plan(parts, mina, [row], {"☕": "relevant"})
    assert part.why is LeftOut.NOTHING_SHARED


def test_a_post_where_a_hashtag_would_stay_uncertain_is_left_out(parts: Parts, mina: int) -> None:
    row = add_post(parts, "p-1", {"카페": "irrelevant", "ootd": "uncertain"})
    (part,) = _plan(parts, mina, [row], {"카페": "irrelevant"})
    assert (part.why, part.because) == (LeftOut.UNCERTAIN, "ootd")
    (part,) = _plan(parts, mina, [row], {"카페": "irrelevant", "OOTD": "relevant"})
    assert part.why is None


def test_a_post_without_any_of_the_hashtags_is_left_out(parts: Parts, mina: int) -> None:
    row = add_post(parts, "p-1", {"ootd": "irrelevant"})
    assert _plan(parts, mina, [row], {"카페": "relevant"})[0].why is LeftOut.NOTHING_SHARED


@pytest.mark.parametrize("changes", [{"decided_by": "moderator"}, {"decision": "pass"}])
def test_a_post_that_waits_for_nobody_is_left_out(
    parts: Parts, mina: int, changes: dict[str, Any]
) -> None:
    row = add_post(parts, "p-1", {"카페": "irrelevant"}, **changes)
    assert _plan(parts, mina, [row], {"카페": "relevant"})[0].why is LeftOut.NOT_WAITING


def test_a_plan_asks_no_more_of_the_database_for_more_posts(parts: Parts, mina: int) -> None:
    rows = [add_post(parts, f"p-{number}", {"카페": "irrelevant"}) for number in range(12)]
    asked = []
    for some in (rows[:2], rows):
        with recorded(parts.sessions.kw["bind"]) as queries:
            assert len(_plan(parts, mina, some, {"카페": "relevant"})) == len(some)
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_a_post_that_another_looks_at_is_left_out_by_name(parts: Parts, mina: int) -> None:
    row = add_post(parts, "p-1", {"카페": "irrelevant"})
    minji = _user(parts, "minji")
    with parts.sessions.begin() as session:
        take(session, [_case(session, row).id], minji, FAR)
    (part,) = _plan(parts, mina, [row], {"카페": "relevant"})
    assert (part.why, part.because) == (LeftOut.HELD, "minji")
    assert _plan(parts, minji, [row], {"카페": "relevant"})[0].why is None


def test_a_case_that_is_not_ones_own_to_take_is_left_out(parts: Parts, mina: int) -> None:
    row = add_post(parts, "p-1", {"카페": "irrelevant"})
    with parts.sessions.begin() as session:
        _case(session, row).not_for = [mina]
    assert _plan(parts, mina, [row], {"카페": "relevant"})[0].why is LeftOut.NOT_WAITING


def test_a_post_that_is_gone_is_not_in_the_plan(parts: Parts, mina: int) -> None:
    gone = add_post(parts, "p-1", {"카페": "irrelevant"}, state="deleted")
    assert _plan(parts, mina, [gone, 999], {"카페": "relevant"}) == []


@pytest.fixture
def answer_all(parts: Parts, mina: int) -> Callable[[list[int]], tuple[list[int], list[Part]]]:
    """``answer_all(rows)``: 카페 is relevant in all; the ids of the reviews, and who was left."""

    def act(rows: list[int]) -> tuple[list[int], list[Part]]:
        with parts.sessions.begin() as session:
            user = session.get_one(User, mina)
            reviews, left = answer_together(
                session, rows, {"카페": "relevant"}, user, _told(parts.config)
            )
            return [review.id for review in reviews], list(left)

    return act


def _told(config: Config) -> Config:
    """Settings with a platform that is told."""
    return config.model_copy(update={"callback_url": "https://platform.example/hook"})


AnswerAll = Callable[[list[int]], tuple[list[int], list[Part]]]


def test_all_that_can_take_it_are_settled_as_one_batch(
    parts: Parts, mina: int, answer_all: AnswerAll
) -> None:
    rows = [add_post(parts, f"p-{n}", {"카페": "irrelevant"}) for n in range(3)]
    rows.append(add_post(parts, "p-doubt", {"카페": "irrelevant", "ootd": "uncertain"}))
    reviews, left = answer_all(rows)
    assert [(part.post.external_id, part.why) for part in left] == [("p-doubt", LeftOut.UNCERTAIN)]
    with parts.sessions() as session:
        posts = session.scalars(select(Post).order_by(Post.id)).all()
        assert [post.decision for post in posts] == ["pass"] * 3 + ["flag"]
        assert [post.decided_by for post in posts] == ["moderator"] * 3 + ["model"]
        batches = set(session.scalars(select(Review.batch).where(Review.id.in_(reviews))))
        assert len(batches) == 1
        assert None not in batches
        waits = session.scalars(select(Delivery.next_attempt_at)).all()
    assert len(waits) == 3
    assert all(wait > datetime.now(UTC) + timedelta(seconds=30) for wait in waits)


def test_one_undo_takes_all_of_them_back(parts: Parts, mina: int, answer_all: AnswerAll) -> None:
    rows = [add_post(parts, f"p-{n}", {"카페": "irrelevant"}) for n in range(12)]
    reviews, _ = answer_all(rows)
    with parts.sessions.begin() as session:
        last = session.get_one(Review, reviews[5])
        undone = undo(session, last, session.get_one(User, mina), _told(parts.config))
        assert len(undone) == 12
    with parts.sessions() as session:
        posts = session.scalars(select(Post)).all()
        assert {(post.decision, post.decided_by) for post in posts} == {("flag", "model")}
        assert {v.verdict for post in posts for v in post.verdicts} == {"irrelevant"}
        assert set(session.scalars(select(Delivery.state))) == {"withdrawn"}
        assert set(session.scalars(select(Case.closed_at))) == {None}


def test_what_another_is_taking_at_this_moment_is_left_out(
    parts: Parts, answer_all: AnswerAll
) -> None:
    rows = [add_post(parts, f"p-{n}", {"카페": "irrelevant"}) for n in range(2)]
    with parts.sessions.begin() as other:
        other.scalars(select(Case).where(Case.post_id == rows[0]).with_for_update()).one()
        reviews, left = answer_all(rows)
    assert len(reviews) == 1
    assert [(part.post.id, part.why) for part in left] == [(rows[0], LeftOut.HELD)]


def test_the_order_in_which_posts_are_ticked_means_nothing(
    parts: Parts, answer_all: AnswerAll
) -> None:
    rows = [add_post(parts, f"p-{n}", {"카페": "irrelevant"}) for n in range(3)]
    reviews, _ = answer_all([*reversed(rows), rows[0]])
    with parts.sessions() as session:
        answered = session.scalars(
            select(Review.post_id).where(Review.id.in_(reviews)).order_by(Review.id)
        ).all()
    assert answered == rows


def test_two_who_answer_at_once_settle_each_post_once(parts: Parts, mina: int) -> None:
    rows = [add_post(parts, f"p-{n}", {"카페": "irrelevant"}) for n in range(10)]
    people = [mina, _user(parts, "minji")]

    def act(user_id: int) -> int:
        with parts.sessions.begin() as session:
            user = session.get_one(User, user_id)
            reviews, _ = answer_together(session, rows, {"카페": "relevant"}, user, parts.config)
            return len(reviews)

    with ThreadPoolExecutor() as pool:
        assert sum(pool.map(act, people)) == 10
    with parts.sessions() as session:
        answered = session.scalars(select(Review.post_id).order_by(Review.post_id)).all()
    assert answered == rows
