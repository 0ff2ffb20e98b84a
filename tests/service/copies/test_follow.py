"""A copy takes the verdicts of what a person settled, where an analyst allowed it."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import select, update
from sqlalchemy.orm import selectinload

from service.copies.figures import agreement
from service.copies.follow import LOTTERY
from service.copies.permit import CopiesError, allow, forbid
from service.parts import Parts
from service.posts.delete import delete_post
from service.quality.draw import drawn
from service.screening.batch import screen
from service.tables import AuditEntry, Author, Case, CopyCheck, CopyRule, Post, Verdict
from tests.service.screening.conftest import Add, change

Jpeg = Callable[..., bytes]
TAG, SHARE = "카페", 0.5

Decided = Callable[..., Post]
Settled = Callable[..., int]


@pytest.fixture
def allowed(parts: Parts) -> None:
    """Copies of cafes settle themselves, and every other one is checked."""
    with parts.sessions.begin() as session:
        allow(session, "cafe", SHARE, "ana")


@pytest.fixture
def settled(parts: Parts, add: Add, jpeg: Jpeg) -> Callable[..., int]:
    """``settled("irrelevant", *photographs)``: a post that a person answered, and its row."""

    def make(verdict: str, *photographs: bytes) -> int:
        row = add(*(photographs or (jpeg(seed=1),)))
        screen(parts, [row])
        with parts.sessions.begin() as session:
            given = {"decision": "flag" if verdict == "irrelevant" else "pass"}
            session.execute(
                update(Post).where(Post.id == row).values(decided_by="moderator", **given)
            )
            session.execute(update(Verdict).where(Verdict.post_id == row).values(verdict=verdict))
        return row

    return make


@pytest.fixture
def decided(parts: Parts, add: Add, jpeg: Jpeg) -> Decided:
    """``decided(*photographs, checked=False, **columns)``: a post that was just screened, by a key
    with which its lot falls so."""

    def make(*photographs: bytes, checked: bool = False, **columns: Any) -> Post:
        row = add(*(photographs or (jpeg(seed=1),)), **columns)
        keys = (SecretStr(f"{number:032}") for number in itertools.count())
        key = next(key for key in keys if drawn(key, LOTTERY, row, SHARE) is checked)
        screen(change(parts, secret_key=key, spot_check_share=0), [row])
        with parts.sessions() as session:
            return session.get_one(Post, row, options=[selectinload(Post.verdicts)])

    return make


def cases(parts: Parts, post: Post) -> list[str]:
    with parts.sessions() as session:
        return list(session.scalars(select(Case.kind).where(Case.post_id == post.id)))


@pytest.mark.usefixtures("allowed")
@pytest.mark.parametrize(("said", "decision"), [("irrelevant", "flag"), ("relevant", "pass")])
def test_a_copy_takes_the_verdict_and_waits_for_nobody(
    parts: Parts, settled: Settled, decided: Decided, said: str, decision: str
) -> None:
    settled(said)
    post = decided()
    (verdict,) = post.verdicts
    assert (post.decision, post.decided_by, verdict.verdict) == (decision, "model", said)
    assert verdict.reason["code"] == "settled"
    assert "#카페" in verdict.reason["en"]
    assert "#카페" in verdict.reason["ko"]
    assert cases(parts, post) == []


@pytest.mark.usefixtures("allowed")
@pytest.mark.parametrize("said", ["irrelevant", "relevant"])
def test_what_the_rules_said_is_kept_beside_it(
    settled: Settled, decided: Decided, said: str
) -> None:
    before = decided(author_id="other").verdicts[0].verdict
    settled(said)
    assert decided().verdicts[0].model_verdict == before


def test_without_leave_a_person_looks_at_it(settled: Settled, decided: Decided) -> None:
    settled("irrelevant")
    assert decided().verdicts[0].reason["code"] != "settled"


@pytest.mark.usefixtures("allowed")
def test_leave_for_one_category_is_none_for_another(settled: Settled, decided: Decided) -> None:
    settled("irrelevant")
    first, other = decided(hashtags=(TAG, "강아지")).verdicts
    assert first.reason["code"] == "settled"
    assert other.reason["code"] != "settled"


@pytest.mark.usefixtures("allowed")
def test_other_photographs_or_one_more_are_no_copy(
    jpeg: Jpeg, settled: Settled, decided: Decided
) -> None:
    settled("irrelevant")
    for photographs in ([jpeg(seed=2)], [jpeg(seed=1), jpeg(seed=2)], [jpeg(seed=1), b"broken"]):
        assert decided(*photographs).verdicts[0].reason["code"] != "settled"


@pytest.mark.usefixtures("allowed")
def test_where_persons_differ_a_person_looks_again(settled: Settled, decided: Decided) -> None:
    settled("irrelevant")
    settled("relevant")
    assert decided().verdicts[0].reason["code"] != "settled"


@pytest.mark.usefixtures("allowed")
def test_what_another_copy_took_settles_nothing(
    parts: Parts, settled: Settled, decided: Decided
) -> None:
    first = settled("irrelevant")
    assert decided().verdicts[0].reason["code"] == "settled"
    with parts.sessions.begin() as session:
        delete_post(session, session.get_one(Post, first).external_id)
    assert decided().verdicts[0].reason["code"] != "settled"


@pytest.mark.usefixtures("allowed")
def test_a_watched_author_s_copy_goes_to_a_person(
    parts: Parts, settled: Settled, decided: Decided
) -> None:
    settled("irrelevant")
    with parts.sessions.begin() as session:
        session.add(Author(author_id="spam", watched=True, changed_by="ana"))
    post = decided(author_id="spam")
    assert cases(parts, post) == ["review"]


@pytest.mark.usefixtures("allowed")
def test_one_that_is_drawn_goes_to_a_person_who_is_not_told_the_verdict(
    parts: Parts, settled: Settled, decided: Decided
) -> None:
    settled("irrelevant")
    post = decided(checked=True)
    assert post.decision in ("review", "flag")
    assert post.verdicts[0].reason["code"] != "settled"
    assert cases(parts, post) == ["review"]
    with parts.sessions() as session:
        check = session.scalars(select(CopyCheck)).one()
    assert (check.category, check.expected) == ("cafe", "irrelevant")


@pytest.mark.usefixtures("allowed")
def test_the_page_counts_how_often_a_person_agrees(
    parts: Parts, settled: Settled, decided: Decided
) -> None:
    settled("irrelevant")
    for answer in ("irrelevant", "relevant", None):
        post = decided(checked=True)
        if answer is None:
            continue
        with parts.sessions.begin() as session:
            session.get_one(Post, post.id).decided_by = "moderator"
            session.get_one(Verdict, post.verdicts[0].id).verdict = answer
            if answer == "relevant":  # persons differ from here on, and none follows
                session.get_one(Post, post.id).decided_by = "appeal"
        with parts.sessions() as session:
            shares = agreement(session, ["cafe", "pet"])
    assert shares.keys() == {"cafe"}
    assert (shares["cafe"].hits, shares["cafe"].of) == (1, 2)


@pytest.mark.parametrize("checked", [0, 0.001, 1.01, -1, float("nan")])
def test_some_must_be_checked_always(parts: Parts, checked: float) -> None:
    with pytest.raises(CopiesError), parts.sessions.begin() as session:
        allow(session, "cafe", checked, "ana")


def test_leave_is_changed_taken_back_and_logged(parts: Parts) -> None:
    with parts.sessions.begin() as session:
        allow(session, "cafe", 0.1, "ana")
        allow(session, "cafe", 0.2, "ben")
        assert forbid(session, "cafe", "ana")
        assert not forbid(session, "cafe", "ana")
    with parts.sessions() as session:
        log = session.execute(
            select(AuditEntry.action, AuditEntry.details).order_by(AuditEntry.id)
        ).all()
        assert session.get(CopyRule, "cafe") is None
    assert [tuple(row) for row in log] == [
        ("copies.allowed", {"checked": 0.1}),
        ("copies.allowed", {"checked": 0.2}),
        ("copies.forbidden", {}),
    ]


@pytest.mark.usefixtures("allowed")
def test_many_copies_at_once_all_follow(
    parts: Parts, add: Add, jpeg: Jpeg, settled: Settled
) -> None:
    settled("irrelevant")
    rows = [add(jpeg(seed=1), author_id=f"u-{number}") for number in range(12)]
    with parts.sessions.begin() as session:
        allow(session, "cafe", 0.01, "ana")
    calm = change(parts, secret_key=_never(rows))
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda some: screen(calm, some), [rows[n::4] for n in range(4)]))
    with parts.sessions() as session:
        verdicts = session.scalars(select(Verdict.verdict).where(Verdict.post_id.in_(rows))).all()
        assert session.scalars(select(Case.id).where(Case.post_id.in_(rows))).all() == []
    assert verdicts == ["irrelevant"] * 12


def _never(rows: list[int]) -> SecretStr:
    """A key with which none of these posts is drawn."""
    keys = (SecretStr(f"{number:032}") for number in itertools.count())
    return next(key for key in keys if not any(drawn(key, LOTTERY, row, 0.01) for row in rows))
