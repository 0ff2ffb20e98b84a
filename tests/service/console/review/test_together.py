"""The same answer for near-duplicates: shown first, given as one, taken back as one."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from service.accounts import create
from service.cases import take
from service.parts import Parts
from service.tables import Case, Post, Review
from tests.service.console.visitor import Visitor
from tests.service.similar.rows import add_seen

NewVisitor = Callable[..., Visitor]


@pytest.fixture
def posts(parts: Parts, jpeg: Callable[..., bytes]) -> dict[str, int]:
    """Four posts that show the same; of the last one a hashtag of its own is uncertain."""
    tags = {
        "p-1": {"카페": "irrelevant", "ootd": "relevant"},
        "p-2": {"카페": "irrelevant", "맛집": "relevant"},
        "p-3": {"카페": "uncertain"},
        "p-doubt": {"카페": "irrelevant", "pet": "uncertain"},
    }
    return {
        name: add_seen(parts, name, verdicts, (number,), jpeg())
        for number, (name, verdicts) in enumerate(tags.items())
    }


def _ticked(page: str) -> list[int]:
    return [int(n) for n in re.findall(r'name="post" value="(\d+)" checked', page)]


def _decisions(parts: Parts) -> dict[str, tuple[str | None, str | None]]:
    with parts.sessions() as session:
        posts = session.scalars(select(Post)).all()
        return {post.external_id: (post.decision, post.decided_by) for post in posts}


def test_it_is_shown_first_what_each_gets(mina: Visitor, posts: dict[str, int]) -> None:
    page = mina.get(f"/posts/{posts['p-1']}/together?verdict-0=relevant").text
    assert _ticked(page) == [posts["p-1"], posts["p-2"], posts["p-3"]]
    gets = re.findall(r"<bdi>#(\w+)</bdi>\s*<span>\s*([^<]+?)</span>", page)
    assert gets == [
        ("카페", "irrelevant → relevant"),
        ("ootd", "relevant"),
        ("카페", "irrelevant → relevant"),
        ("맛집", "stays relevant"),
        ("카페", "uncertain → relevant"),
    ]
    assert "#pet would stay uncertain" in page


def test_what_is_unticked_keeps_its_verdict(
    mina: Visitor, parts: Parts, posts: dict[str, int]
) -> None:
    path = f"/posts/{posts['p-1']}/together"
    chosen = [posts["p-1"], posts["p-3"]]
    answer = mina.send(path, {"verdict-0": "relevant", "post": chosen})
    assert answer.status_code == 303
    assert _decisions(parts) == {
        "p-1": ("pass", "moderator"),
        "p-2": ("flag", "model"),
        "p-3": ("pass", "moderator"),
        "p-doubt": ("flag", "model"),
    }


def test_a_reason_and_a_note_go_with_every_answer(
    mina: Visitor, parts: Parts, posts: dict[str, int]
) -> None:
    path, chosen = f"/posts/{posts['p-1']}/together", [posts["p-1"], posts["p-3"]]
    form = {"verdict-0": "relevant", "post": chosen, "reason": "advertisement"}
    refused = mina.send(path, form | {"note": "n" * 501})
    assert refused.status_code == 422
    assert "The note is too long" in refused.text
    assert '<option value="advertisement" selected>' in refused.text
    assert mina.send(path, form | {"note": "the same poster"}).status_code == 303
    with parts.sessions() as session:
        said = session.execute(select(Review.post_id, Review.reason, Review.note)).all()
    assert sorted(said) == [(row, "advertisement", "the same poster") for row in sorted(chosen)]


def test_one_undo_takes_all_back(mina: Visitor, parts: Parts, posts: dict[str, int]) -> None:
    before = _decisions(parts)
    chosen = [posts[name] for name in ("p-1", "p-2", "p-3")]
    mina.send(f"/posts/{chosen[0]}/together", {"verdict-0": "relevant", "post": chosen})
    with parts.sessions() as session:
        review = session.scalars(select(Review.id)).first()
    assert "3 posts settled." in mina.get("/posts").text
    mina.send(f"/reviews/{review}/undo", {})
    assert _decisions(parts) == before


def test_what_somebody_took_meanwhile_is_left_out_and_said(
    mina: Visitor, parts: Parts, posts: dict[str, int]
) -> None:
    with parts.sessions.begin() as session:
        minji, _ = create(session, "minji", "moderator")
        case = session.scalars(select(Case.id).where(Case.post_id == posts["p-2"])).one()
        take(session, [case], minji.id, timedelta(hours=1))
    chosen = [posts["p-1"], posts["p-2"]]
    answer = mina.send(
        f"/posts/{chosen[0]}/together",
        {"verdict-0": "relevant", "post": chosen},
        follow_redirects=True,
    )
    assert "p-2 was left out: minji is looking at it." in answer.text
    assert _decisions(parts)["p-1"] == ("pass", "moderator")
    assert _decisions(parts)["p-2"] == ("flag", "model")


@pytest.mark.parametrize(("data", "status"), [({}, 422), ({"post": ["999"]}, 409)])
def test_an_answer_for_nobody_says_so(
    mina: Visitor, parts: Parts, posts: dict[str, int], data: dict[str, object], status: int
) -> None:
    answer = mina.send(f"/posts/{posts['p-1']}/together", data)
    assert answer.status_code == status
    assert 'role="alert"' in answer.text
    assert {by for _, by in _decisions(parts).values()} == {"model"}


def test_an_analyst_cannot_answer_together(signed_in: NewVisitor, posts: dict[str, int]) -> None:
    assert signed_in("ana", "analyst").get(f"/posts/{posts['p-1']}/together").status_code == 403
