"""An analyst names examples, sees what they would do, and takes the steps of a prototype."""

from __future__ import annotations

from html import unescape

import pytest
from sqlalchemy import select

from service.parts import Parts
from service.tables import AuditEntry, Prototype
from tests.service.console.conftest import NewVisitor
from tests.service.console.visitor import Visitor
from tests.service.votes.conftest import AddNear, add_near, colour, seen

__all__ = ["add_near", "colour", "seen"]
PAGE = "/hashtags/sunset/prototype"


@pytest.fixture
def ana(signed_in: NewVisitor) -> Visitor:
    return signed_in("ana", "analyst")


def send(visitor: Visitor, path: str, **data: str) -> str:
    answer = visitor.send(path, data, follow_redirects=True)
    return unescape(answer.text)


@pytest.fixture
def sides(add_near: AddNear) -> dict[str, str]:
    """Ten posts of each side, one a line, as the form sends them."""
    for number in range(10):
        add_near(f"for-{number}", {"sunset": "unverifiable"}, 25, number)
        add_near(f"against-{number}", {"일상": "unverifiable"}, 110, 100 + number)
    return {side: "\r\n".join(f"{side}-{n}" for n in range(10)) for side in ("for", "against")}


@pytest.mark.slow
def test_from_examples_to_live_and_away(
    parts: Parts, ana: Visitor, mina: Visitor, sides: dict[str, str]
) -> None:
    assert PAGE in ana.get("/hashtags/sunset").text
    assert "No prototype is in use." in mina.get("/prototypes").text
    tried = send(ana, PAGE, action="try", **sides)
    assert "72% to 100%, of 10" in tried
    assert "10 relevant, 0 irrelevant, 0 in doubt" in tried
    assert "is in shadow" in send(ana, PAGE, action="shadow", **sides)
    with parts.sessions() as session:
        number = session.scalars(select(Prototype.id)).one()
    place = f"/prototypes/{number}"
    assert "is live now" in send(ana, place, state="live")
    assert "Back in shadow" in ana.get("/prototypes").text
    assert "Back in shadow" not in mina.get("/prototypes").text  # a moderator reads
    assert mina.send(place, {"state": "retired"}).status_code == 403
    assert "Somebody changed it since." in send(ana, place, state="live")
    assert "is retired now" in send(ana, place, state="retired")
    assert "There is no such prototype." in send(ana, "/prototypes/999999", state="live")
    with parts.sessions() as session:
        log = session.execute(
            select(AuditEntry.actor, AuditEntry.action)
            .where(AuditEntry.subject == f"prototype:{number}")
            .order_by(AuditEntry.id)
        ).all()
    assert log == [("ana", f"prototype.{state}") for state in ("shadow", "live", "retired")]


def test_examples_that_cannot_be_used_are_said(ana: Visitor, sides: dict[str, str]) -> None:
    assert "Name at least ten posts" in send(ana, PAGE, **{**sides, "for": "for-1"})
    assert "not known, or not decided: nobody" in send(
        ana, PAGE, **{**sides, "for": sides["for"] + "\nnobody"}
    )
    assert ana.get("/hashtags/!!!/prototype").status_code == 404


def test_settled_posts_are_filled_in_and_moderators_do_not_make_any(
    ana: Visitor, mina: Visitor, add_near: AddNear
) -> None:
    add_near("right-one", {"sunset": "relevant"}, decided_by="moderator")
    assert "right-one" in ana.get(PAGE).text
    assert mina.get(PAGE).status_code == 403


def test_a_hashtag_that_a_rule_covers_is_said_to_need_none(ana: Visitor) -> None:
    assert "A rule covers this hashtag" in ana.get("/hashtags/카페/prototype").text
    assert "/prototype" not in ana.get("/hashtags/카페").text


@pytest.mark.slow
def test_it_is_said_on_both_pages_that_another_networks_prototype_is_not_asked(
    parts: Parts, ana: Visitor, sides: dict[str, str]
) -> None:
    send(ana, PAGE, action="shadow", **sides)
    with parts.sessions.begin() as session:
        row = session.scalars(select(Prototype)).one()
        places, told = ("/prototypes", f"/prototypes/{row.id}"), "another network: not asked"
        assert [told in ana.get(place).text for place in places] == [False, False]
        row.made_by = "another"
    assert [told in ana.get(place).text for place in places] == [True, True]


@pytest.mark.slow
def test_the_page_shows_the_examples_and_more_are_added_to_them(
    parts: Parts, ana: Visitor, mina: Visitor, sides: dict[str, str], add_near: AddNear
) -> None:
    send(ana, PAGE, action="shadow", **sides)
    with parts.sessions() as session:
        number = session.scalars(select(Prototype.id)).one()
    place, again = f"/prototypes/{number}", f"{PAGE}?again={number}"
    assert place in mina.get("/prototypes").text
    shown = mina.get(place).text
    assert "against-9" in shown
    assert again not in shown  # a moderator reads
    assert again in ana.get(place).text
    assert all(name in ana.get(again).text for name in ("for-0", "against-9", "that ana made"))
    add_near("for-new", {"sunset": "unverifiable"}, 25, 50)
    more = {**sides, "for": sides["for"] + "\nfor-new", "again": str(number)}
    assert "of 11" in send(ana, PAGE, action="try", **more)
    assert "is in shadow" in send(ana, PAGE, action="shadow", **more)
    assert "for-new" in ana.get(f"/prototypes/{number + 1}").text
    send(ana, place, state="retired")
    assert "None is kept." in ana.get(place).text
    assert again not in ana.get(place).text


@pytest.mark.parametrize("number", ["999", "99999999999999999999"])
def test_an_unknown_prototype_is_not_there_to_begin_with(ana: Visitor, number: str) -> None:
    assert ana.get(f"/prototypes/{number}").status_code == 404
    assert "are filled in." in ana.get(f"{PAGE}?again={number}").text
