"""The page of hashtags that neighbours vote on, and the neighbours of one post."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from sqlalchemy import select

from service.parts import Parts
from service.posts.delete import delete_post
from service.tables import AuditEntry, Poll, Post, UsualVotes, Verdict, Vote, VotePermission
from tests.service.console.conftest import NewVisitor
from tests.service.console.rows import add_post
from tests.service.console.visitor import Visitor

BALLOT: Mapping[str, object] = {
    "says": False,
    "decides": False,
    "voters": 14,
    "carrying": 1,
    "share": 0.07,
    "low": 0.01,
    "high": 0.3,
    "prior": 0.05,
}


@pytest.fixture
def ana(signed_in: NewVisitor) -> Visitor:
    return signed_in("ana", "analyst")


def learned(parts: Parts, tag: str = "sunset") -> None:
    right, other = {"posts": 40, "against": 2, "for": 30}, {"posts": 80, "against": 60, "for": 0}
    with parts.sessions.begin() as session:
        row = UsualVotes(normalised=tag, tag=tag, authors=57, figures={"right": right})
        row.figures = {"right": right, "other": other}
        row.prior, row.support, row.floor = 0.03, 0.5, 0.2
        session.add(row)


def poll(parts: Parts, name: str, answer: str | None, *voters: int) -> int:
    """A post whose votes spoke against #sunset; ``answer`` is a person's, None: nobody's yet."""
    verdict = {"sunset": answer or "uncertain"}
    row = add_post(parts, name, verdict, decided_by="moderator" if answer else "model")
    with parts.sessions.begin() as session:
        found = session.scalars(select(Verdict).where(Verdict.post_id == row)).one()
        found.trace = {"rules": {}, "votes": dict(BALLOT)}
        session.add(Poll(verdict_id=found.id, normalised="sunset", says=False, ballot=dict(BALLOT)))
        session.flush()
        for number, voter in enumerate(voters):
            one = Vote(verdict_id=found.id, post_id=voter, likeness=0.9, carries=number == 0)
            session.add(one)
    return row


def test_the_figures_stand_with_their_intervals(parts: Parts, mina: Visitor) -> None:
    learned(parts)
    for number, answer in enumerate(("irrelevant", "irrelevant", "relevant", None)):
        poll(parts, f"p-{number}", answer)
    page = mina.get("/votes").text
    assert "#sunset" in page
    for text in ("1% to 17%, of 40", "65% to 83%, of 80", "21% to 94%, of 3"):
        assert text in page
    assert "Let them decide" not in page  # a moderator reads


def test_the_table_is_sorted_by_any_column(parts: Parts, mina: Visitor) -> None:
    learned(parts, "sunset")
    learned(parts, "alley")
    with parts.sessions.begin() as session:
        session.scalars(select(UsualVotes).where(UsualVotes.tag == "alley")).one().authors = 21
    for query, first in (("", "sunset"), ("?sort=authors", "alley"), ("?sort=tag", "alley")):
        page = mina.get(f"/votes{query}").text
        assert (page.index("#alley") < page.index("#sunset")) == (first == "alley"), query
    assert 'aria-sort="ascending"' in page


def test_giving_leave_leads_back_to_the_same_row(parts: Parts, ana: Visitor) -> None:
    learned(parts)
    answer = ana.send("/votes?sort=prior", {"tag": "sunset", "decides": "1"})
    assert answer.location == "/votes?sort=prior#tag-sunset"


def test_an_analyst_gives_leave_and_takes_it_back(parts: Parts, ana: Visitor) -> None:
    learned(parts)
    answer = ana.send("/votes", {"tag": "#Sunset", "decides": "1"}, follow_redirects=True)
    assert "Neighbours decide on #Sunset" in answer.text
    with parts.sessions() as session:
        assert session.scalars(select(VotePermission.who)).all() == ["ana"]
    ana.send("/votes", {"tag": "sunset", "decides": "1"})
    ana.send("/votes", {"tag": "sunset", "decides": "0"})
    with parts.sessions() as session:
        assert session.scalars(select(VotePermission.who)).all() == []
        log = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    found = [(one.actor, one.action, one.subject) for one in log if one.action.startswith("votes")]
    assert found == [
        ("ana", "votes.allowed", "hashtag:sunset"),
        ("ana", "votes.forbidden", "hashtag:sunset"),
    ]


def test_a_hashtag_that_votes_are_not_asked_about_is_refused(parts: Parts, ana: Visitor) -> None:
    for tag in ("쀍쀍", "", "!!!"):
        answer = ana.send("/votes", {"tag": tag, "decides": "1"}, follow_redirects=True)
        assert "Neighbours do not vote on" in answer.text
    with parts.sessions() as session:
        assert session.scalars(select(VotePermission)).all() == []


def test_moderators_cannot_give_leave(parts: Parts, mina: Visitor) -> None:
    learned(parts)
    assert mina.send("/votes", {"tag": "sunset", "decides": "1"}).status_code == 403


def test_without_any_it_says_what_is_missing(mina: Visitor) -> None:
    assert "at least 20 authors" in mina.get("/votes").text


def test_a_post_shows_its_neighbours_without_those_that_are_gone(
    parts: Parts, mina: Visitor
) -> None:
    voters = [add_post(parts, f"voter-{n}", {"sunset": "unverifiable"}) for n in range(2)]
    row = poll(parts, "p-1", None, *voters)
    assert f"/posts/{row}/votes" in mina.get(f"/posts/{row}").text
    page = mina.get(f"/posts/{row}/votes").text
    assert "Of 14 neighbours 1 carry it: 7% (1% to 30%); of all posts 5%." in page
    assert "That speaks against it." in page
    assert (page.count("does not carry it"), page.count("Open post voter-")) == (1, 2)
    with parts.sessions.begin() as session:
        delete_post(session, "voter-0")
    assert "voter-0" not in mina.get(f"/posts/{row}/votes").text


def test_posts_without_votes_and_unknown_ones(parts: Parts, mina: Visitor) -> None:
    row = add_post(parts, "p-1", {"카페": "relevant"})
    assert f"/posts/{row}/votes" not in mina.get(f"/posts/{row}").text
    assert "Nobody voted" in mina.get(f"/posts/{row}/votes").text
    assert mina.get("/posts/999999/votes").status_code == 404
    with parts.sessions.begin() as session:
        session.get_one(Post, row).state = "deleted"
    assert mina.get(f"/posts/{row}/votes").status_code == 404
