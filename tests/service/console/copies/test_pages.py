"""The page on which an analyst lets exact copies settle themselves."""

from __future__ import annotations

import pytest

from service.copies.figures import permissions
from service.copies.permit import allow
from service.parts import Parts
from tests.service.console.conftest import NewVisitor
from tests.service.console.visitor import Visitor

RULELESS = "travel"


@pytest.fixture
def ana(signed_in: NewVisitor) -> Visitor:
    return signed_in("ana", "analyst")


def test_an_analyst_switches_a_category_on_and_off(ana: Visitor, parts: Parts) -> None:
    answer = ana.send("/copies", {"category": "cafe", "on": "1", "checked": "25"})
    assert (answer.status_code, answer.location) == (303, "/copies?sort=category#category-cafe")
    page = ana.get("/copies").text
    assert "copies settle themselves from now on" in page
    assert "settle themselves; 25% are checked" in page
    ana.send("/copies", {"category": "cafe", "on": "0"})
    assert "a person looks at every copy again" in ana.get("/copies").text
    with parts.sessions() as session:
        assert not permissions(session)


def test_categories_whose_copies_settle_themselves_come_first_on_demand(ana: Visitor) -> None:
    ana.send("/copies", {"category": "food", "on": "1", "checked": "25"})
    for query, first in (("", "cafe"), ("?sort=-allowed", "food")):
        page = ana.get(f"/copies{query}").text
        places = {name: page.index(f'id="category-{name}"') for name in ("cafe", "food")}
        assert min(places, key=places.__getitem__) == first


@pytest.mark.parametrize("checked", ["0", "101", "-5", "², ", "", "9" * 30, "2.5"])
def test_a_share_that_is_none_gets_a_sentence(ana: Visitor, parts: Parts, checked: str) -> None:
    ana.send("/copies", {"category": "cafe", "on": "1", "checked": checked})
    assert "A whole percentage from 1 to 100 must be checked." in ana.get("/copies").text
    with parts.sessions() as session:
        assert not permissions(session)


def test_a_category_that_there_is_not_is_not_found(ana: Visitor) -> None:
    assert ana.send("/copies", {"category": "no", "on": "1", "checked": "9"}).status_code == 404


def test_a_category_without_a_rule_is_not_switched_on(ana: Visitor, parts: Parts) -> None:
    """Its hashtags get no verdict, so that there is nothing to take over."""
    fields = {"category": RULELESS, "on": "1", "checked": "9"}
    assert ana.send("/copies", fields).status_code == 404
    with parts.sessions() as session:
        assert not permissions(session)


def test_a_category_that_lost_its_rule_can_still_be_switched_off(
    ana: Visitor, parts: Parts
) -> None:
    for name in (RULELESS, "no"):  # a rule that went, and a category that went
        with parts.sessions.begin() as session:
            allow(session, name, 0.25, "bo")
        assert f'id="category-{name}"' in ana.get("/copies").text
        assert ana.send("/copies", {"category": name, "on": "0"}).status_code == 303
        with parts.sessions() as session:
            assert not permissions(session)
        assert f'id="category-{name}"' not in ana.get("/copies").text


def test_a_moderator_reads_and_changes_nothing(mina: Visitor) -> None:
    assert "Let them settle themselves" not in mina.get("/copies").text
    fields = {"category": "cafe", "on": "1", "checked": "10"}
    assert mina.send("/copies", fields).status_code == 403


def test_the_campaigns_lead_to_it_in_both_languages(signed_in: NewVisitor) -> None:
    visitor = signed_in("ana", "analyst", language="ko")
    assert 'href="/copies"' in visitor.get("/campaigns").text
    assert "똑같은 사진" in visitor.get("/copies").text
