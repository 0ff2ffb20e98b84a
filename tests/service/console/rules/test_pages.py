"""The page of rules, as analysts and moderators see it."""

from __future__ import annotations

import io
import re
from html import unescape

import pytest
from sqlalchemy import select

from service.hourly.rollup import roll_up
from service.parts import Parts
from service.rulesets import store
from service.tables import AuditEntry, ShadowVerdict, StoredRuleset
from tests.service.conftest import Variant
from tests.service.console.conftest import NewVisitor
from tests.service.console.rows import add_post
from tests.service.console.visitor import Visitor

SEEN = re.compile(r'name="seen" value="(\d+)"')


@pytest.fixture
def ana(signed_in: NewVisitor) -> Visitor:
    """An analyst who is signed in."""
    return signed_in("ana", "analyst")


def _send(visitor: Visitor, path: str, **data: str) -> str:
    answer = visitor.send(path, data, follow_redirects=True)
    assert answer.status_code == 200, answer.text
    return unescape(answer.text)


def _words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", unescape(page)))


def _draft(parts: Parts, variant: Variant, cafe: str = "drink") -> int:
    with parts.sessions.begin() as session:
        return store.add(session, variant(cafe), "ana", "a note", parts.screener.current()).id


def _states(parts: Parts) -> list[str]:
    with parts.sessions() as session:
        return list(session.scalars(select(StoredRuleset.state).order_by(StoredRuleset.id)))


def test_every_rule_stands_there_with_what_it_did(parts: Parts, ana: Visitor) -> None:
    add_post(parts, "p-1", {"카페": "relevant", "커피": "irrelevant"})
    add_post(parts, "p-2", {"카페": "irrelevant"}, decided_by="moderator")
    roll_up(parts)
    words = _words(ana.get("/rules").text)
    assert "2 posts decided" in words
    assert "cafe food or drink 3" in words
    assert "relevant 33%" in words
    assert "irrelevant 67%" in words
    assert "100% 21% to 100%, of 1" in words


def test_before_any_post_the_page_says_what_will_be_there(ana: Visitor) -> None:
    words = _words(ana.get("/rules").text)
    assert "0 posts decided" in words
    assert "not met yet" in words
    assert "Nothing is in shadow" in words
    assert "the file that the settings name" in words
    assert "Roll back" not in words


def test_a_ruleset_goes_from_draft_to_live_and_back_by_its_buttons(
    parts: Parts, ana: Visitor, variant: Variant
) -> None:
    stored = _send(ana, "/rules", text=variant("drink").data.decode(), note="drinks only")
    assert "is stored as a draft" in stored
    assert "drinks only" in stored
    assert "is in shadow" in _send(ana, "/rules/1/shadow", reason="to see")
    assert "is live, for every post from now on" in _send(ana, "/rules/1/promote", reason="good")
    assert str(parts.screener.current().ruleset.categories["cafe"].rule) == "drink"
    assert "The rules of the settings are live again" in _send(ana, "/rules/rollback", reason="bad")
    assert str(parts.screener.current().ruleset.categories["cafe"].rule) == "food or drink"
    with parts.sessions() as session:
        changes = AuditEntry.action.in_(("ruleset.shadow", "ruleset.live", "ruleset.retired"))
        log = session.scalars(select(AuditEntry).where(changes).order_by(AuditEntry.id)).all()
    assert [(entry.actor, entry.details.get("reason")) for entry in log] == [
        ("ana", "to see"),
        ("ana", "good"),
        ("ana", "bad"),
    ]


def test_who_rolls_back_what_a_colleague_rolled_back_is_told(
    parts: Parts, ana: Visitor, signed_in: NewVisitor, variant: Variant
) -> None:
    for cafe in ("drink", "food and drink or drink"):
        _send(ana, f"/rules/{_draft(parts, variant, cafe)}/promote", reason="good")
    ben = signed_in("ben", "analyst")
    forms = [SEEN.findall(visitor.get("/rules").text) for visitor in (ana, ben)]
    assert forms[0] == forms[1] != []
    _send(ana, "/rules/rollback", reason="bad", seen=forms[0][0])
    page = _send(ben, "/rules/rollback", reason="bad", seen=forms[1][0])
    assert "Other rules went live since you opened the page" in page
    assert _states(parts) == ["live", "retired"]


@pytest.mark.parametrize("page", ["/rules", "/rules/2"])
def test_who_promotes_from_a_page_that_a_colleague_overtook_is_told(
    parts: Parts, ana: Visitor, signed_in: NewVisitor, variant: Variant, page: str
) -> None:
    for cafe in ("drink", "food and drink or drink"):
        _draft(parts, variant, cafe)
    ben = signed_in("ben", "analyst")
    seen = set(SEEN.findall(ben.get(page).text))
    assert seen == {"0"}, "nothing was promoted yet"
    _send(ana, "/rules/1/promote", reason="good", seen="0")
    told = _send(ben, "/rules/2/promote", reason="better", seen=seen.pop())
    assert "Other rules went live since you opened the page" in told
    assert _states(parts) == ["live", "draft"]
    newest = SEEN.findall(ben.get(page).text)[0]
    _send(ben, "/rules/2/promote", reason="better", seen=newest)
    assert _states(parts) == ["retired", "live"]


def test_a_file_can_be_sent_too(parts: Parts, ana: Visitor, variant: Variant) -> None:
    file = (io.BytesIO(variant("drink").data), "summer.yaml")
    ana.send("/rules", {"file": file, "text": ""})
    with parts.sessions() as session:
        assert session.scalars(select(StoredRuleset.file)).all() == ["summer.yaml"]


def test_what_is_wrong_with_a_draft_is_shown_with_its_place_and_the_text_is_kept(
    parts: Parts, ana: Visitor, variant: Variant
) -> None:
    text = variant("drnik").data.decode()
    answer = ana.send("/rules", {"text": text})
    page = unescape(answer.text)
    assert answer.status_code == 422
    error = re.search(r'<pre class="compiler"[^>]*>(.*?)</pre>', page, re.DOTALL)
    assert error
    assert re.match(r"pasted\.yaml:\d+:\d+: no label is called 'drnik'", error[1])
    assert "^" in error[1]
    assert "Did you mean 'drink'?" in error[1]
    assert text in page
    assert _states(parts) == []


@pytest.mark.parametrize("data", [{}, {"text": "  "}])
def test_nothing_is_no_draft(ana: Visitor, data: dict[str, str]) -> None:
    answer = ana.send("/rules", data)
    assert answer.status_code == 422
    assert "Choose a file, or paste a ruleset" in answer.text


@pytest.mark.parametrize("data", [b"\xff\xfe", b"a: \x00", b"- just\n- a list", b"{"])
def test_a_file_that_is_no_ruleset_is_a_message(parts: Parts, ana: Visitor, data: bytes) -> None:
    sent = {"file": (io.BytesIO(data), "new.yaml")}
    assert ana.send("/rules", sent).status_code == 422
    assert _states(parts) == []


def test_a_shadow_is_compared_with_what_is_live(
    parts: Parts, ana: Visitor, variant: Variant
) -> None:
    number = _draft(parts, variant)
    row = add_post(parts, "p-1", {"카페": "relevant", "커피": "relevant"})
    with parts.sessions.begin() as session:
        store.shadow(session, number, "ana", "", parts.screener.current())
        for position, verdict in enumerate(("irrelevant", "relevant")):
            session.add(
                ShadowVerdict(
                    ruleset_id=number,
                    post_id=row,
                    position=position,
                    verdict=verdict,
                    live_verdict="relevant",
                )
            )
    page = ana.get("/rules").text
    words = _words(page)
    assert "The same verdict as the live rules gave: 1 of 2." in words
    assert "relevant 1 1 0 0" in words
    assert f'href="/posts/{row}"' in page


def test_a_moderator_reads_and_changes_nothing(
    parts: Parts, mina: Visitor, variant: Variant
) -> None:
    number = _draft(parts, variant)
    page = mina.get("/rules").text
    assert "new-" in page
    assert "<details" not in page
    assert "<textarea" not in page
    assert mina.send(f"/rules/{number}/promote", {"reason": "x"}).status_code == 403
    assert mina.send("/rules", {"text": "x"}).status_code == 403
    assert _states(parts) == ["draft"]


def test_what_cannot_be_done_is_said_in_the_language_of_the_page(
    parts: Parts, signed_in: NewVisitor, variant: Variant
) -> None:
    _draft(parts, variant)
    analyst = signed_in("ana", "analyst", "ko")
    assert "되돌릴 규칙이 없어요" in _send(analyst, "/rules/rollback", reason="x")
    assert "그런 규칙이 없어요" in _send(analyst, "/rules/9/retire", reason="x")
    assert analyst.send("/rules/1/explode", {}).status_code == 404


def test_nothing_is_changed_without_a_reason(parts: Parts, ana: Visitor, variant: Variant) -> None:
    number = _draft(parts, variant)
    assert "Give a reason" in _send(ana, f"/rules/{number}/promote", reason=" ")
    assert "Give a reason" in _send(ana, "/rules/rollback")
    assert _states(parts) == ["draft"]


def test_the_page_of_a_ruleset_shows_its_text_and_what_is_odd(
    parts: Parts, ana: Visitor, variant: Variant
) -> None:
    number = _draft(parts, variant)
    page = unescape(ana.get(f"/rules/{number}").text)
    assert variant("drink").data.decode() in page
    assert ana.get("/rules/9").status_code == 404
    with parts.sessions.begin() as session:
        found = session.get_one(StoredRuleset, number)
        found.source = found.source.replace("rule: drink\n", "rule: drnik\n")
    assert "no label is called 'drnik'" in unescape(ana.get(f"/rules/{number}").text)
    broken = ana.send(f"/rules/{number}/promote", {"reason": "x"})
    assert broken.location == f"/rules/{number}"
    assert _states(parts) == ["draft"]


def test_the_live_rules_can_be_had_as_a_file(parts: Parts, ana: Visitor) -> None:
    answer = ana.get("/rules/live.yaml")
    assert answer.data == parts.config.ruleset.read_bytes()
    assert "attachment" in answer.headers["Content-Disposition"]


def test_the_page_has_no_script_or_style_inside(ana: Visitor) -> None:
    page = ana.get("/rules").text
    assert "<style" not in page
    assert " style=" not in page
    assert page.count("<script") == page.count('<script type="module" src=')


def test_live_rules_that_cannot_be_used_are_told_with_the_place(
    parts: Parts, ana: Visitor, variant: Variant
) -> None:
    number = _draft(parts, variant)
    with parts.sessions.begin() as session:
        store.promote(session, number, "ana", "because", parts.screener.current())
        session.get_one(StoredRuleset, number).source += "\nnonsense: 1\n"
    vars(parts.screener)["_made"] = None  # as in a process that begins
    words = _words(ana.get("/rules").text)
    assert f"Until others are live, {parts.screener.current().ruleset.name} decides." in words
    assert "'nonsense' stands beside the categories" in words
    assert ana.get("/rules/edit").status_code == 200
    _send(ana, "/rules/rollback", reason="repaired")
    assert "cannot be used" not in _words(ana.get("/rules").text)
