"""Drafts become shadows, shadows become live, and what was live can be had back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from rules import RulesetError
from service.live_versions import live_versions
from service.parts import Parts
from service.rulesets import store
from service.rulesets.figures import newest_promotion
from service.tables import AuditEntry, StoredRuleset
from tests.service.conftest import Variant

Draft = Callable[[str], int]


@pytest.fixture
def draft(parts: Parts, variant: Variant) -> Draft:
    def make(cafe: str) -> int:
        with parts.sessions.begin() as session:
            screen = parts.screener.current()
            return store.add(session, variant(cafe), "ana", "a note", screen).id

    return make


def _promote(parts: Parts, number: int) -> None:
    with parts.sessions.begin() as session:
        store.promote(session, number, "ana", "because", parts.screener.current())


def _roll_back(parts: Parts) -> int | None:
    with parts.sessions.begin() as session:
        back = store.roll_back(session, "ana", "too strict")
        return back.id if back else None


def _live(parts: Parts) -> str:
    return str(parts.screener.current().ruleset.categories["cafe"].rule)


def _states(parts: Parts) -> list[str]:
    with parts.sessions() as session:
        return list(session.scalars(select(StoredRuleset.state).order_by(StoredRuleset.id)))


def test_a_draft_changes_nothing(parts: Parts, draft: Draft) -> None:
    draft("drink")
    assert _states(parts) == ["draft"]
    assert _live(parts) == "food or drink"


def test_the_same_text_is_stored_once(parts: Parts, draft: Draft) -> None:
    number = draft("drink")
    with pytest.raises(store.StateError, match=f"stored already: number {number}, draft"):
        draft("drink")


def test_a_text_that_the_live_bundle_cannot_serve_is_refused_with_its_place(
    parts: Parts, variant: Variant
) -> None:
    with parts.sessions.begin() as session, pytest.raises(RulesetError) as refused:
        store.add(session, variant("drnik"), "ana", "", parts.screener.current())
    assert str(refused.value).startswith("new.yaml:")
    assert "^" in str(refused.value)
    assert "Did you mean 'drink'?" in str(refused.value)
    assert _states(parts) == []


def test_what_is_promoted_decides_and_can_be_rolled_back_step_by_step(
    parts: Parts, draft: Draft
) -> None:
    first, second = draft("drink"), draft("food and drink or drink")
    _promote(parts, first)
    assert _live(parts) == "drink"
    _promote(parts, second)
    _promote(parts, first)
    assert _states(parts) == ["live", "retired"]
    assert _roll_back(parts) == second
    assert _states(parts) == ["retired", "live"]
    assert _roll_back(parts) == first
    assert _live(parts) == "drink"
    assert _roll_back(parts) is None
    assert _live(parts) == "food or drink"
    assert _states(parts) == ["retired", "retired"]
    with parts.sessions() as session:
        assert live_versions(session).ruleset is None
    with pytest.raises(store.StateError, match="Nothing to roll back to"):
        _roll_back(parts)


def test_two_who_roll_the_same_rules_back_go_back_once(parts: Parts, draft: Draft) -> None:
    first, second = draft("drink"), draft("food and drink or drink")
    _promote(parts, first)
    _promote(parts, second)
    with parts.sessions() as session:
        seen = newest_promotion(session)
    with parts.sessions.begin() as session:
        store.roll_back(session, "ana", "too strict", seen)
    with parts.sessions.begin() as session, pytest.raises(store.StateError) as refused:
        store.roll_back(session, "ben", "too strict", seen)
    assert refused.value.code == "changed_since"
    assert _live(parts) == "drink"


def test_what_is_live_is_neither_retired_nor_put_in_shadow(parts: Parts, draft: Draft) -> None:
    number = draft("drink")
    _promote(parts, number)
    with parts.sessions.begin() as session:
        with pytest.raises(store.StateError, match="is live; promote another, or roll back"):
            store.retire(session, number, "ana", "")
        with pytest.raises(store.StateError, match="is live already"):
            store.shadow(session, number, "ana", "", parts.screener.current())


def test_few_rulesets_are_in_shadow_at_once(parts: Parts, draft: Draft) -> None:
    rules = ["drink", "food and drink or drink", "drink or drink", "drink or drink or drink"]
    numbers = [draft(rule) for rule in rules]
    with parts.sessions.begin() as session:
        screen = parts.screener.current()
        for number in numbers[:3]:
            store.shadow(session, number, "ana", "", screen)
        with pytest.raises(store.StateError, match="3 rulesets are in shadow"):
            store.shadow(session, numbers[3], "ana", "", screen)
        store.retire(session, numbers[0], "ana", "")
        store.shadow(session, numbers[3], "ana", "", screen)
    assert _states(parts) == ["retired", "shadow", "shadow", "shadow"]


def test_every_change_says_who_and_why(parts: Parts, draft: Draft) -> None:
    number = draft("drink")
    _promote(parts, number)
    _roll_back(parts)
    with parts.sessions() as session:
        log = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [(entry.actor, entry.action, entry.subject) for entry in log] == [
        ("ana", "ruleset.added", f"ruleset:{number}"),
        ("ana", "ruleset.live", f"ruleset:{number}"),
        ("ana", "ruleset.retired", f"ruleset:{number}"),
    ]
    assert log[1].details["before"] == "draft"
    assert log[2].details["reason"] == "too strict"


def test_a_number_that_nobody_has_is_a_sentence(parts: Parts) -> None:
    with parts.sessions.begin() as session, pytest.raises(store.StateError, match="number 7"):
        store.retire(session, 7, "ana", "")
