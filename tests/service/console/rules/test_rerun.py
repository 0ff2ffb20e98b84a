"""Backtests from the page of rules, and judging stored posts again."""

from __future__ import annotations

import re
from html import unescape

import pytest
from sqlalchemy import select

from service.parts import Parts
from service.reruns.work import go_on
from service.rulesets import store
from service.tables import AuditEntry, Post, Rerun
from tests.service.conftest import Variant
from tests.service.console.conftest import NewVisitor
from tests.service.console.rows import add_post
from tests.service.console.visitor import Visitor

PICTURE = (b"no matter",)  # its labels are stored: food, and no sea


@pytest.fixture
def ana(signed_in: NewVisitor) -> Visitor:
    """An analyst who is signed in."""
    return signed_in("ana", "analyst")


def _draft(parts: Parts, variant: Variant) -> int:
    with parts.sessions.begin() as session:
        source = variant("sea", "[sea]", "[food]")
        return store.add(session, source, "ana", "", parts.screener.current()).id


def _words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", unescape(page)))


def _start(visitor: Visitor, **data: object) -> str:
    answer = visitor.send("/rules/reruns", {"days": ""} | data)
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def test_a_draft_is_backtested_with_a_table_examples_and_their_photographs(
    parts: Parts, ana: Visitor, variant: Variant
) -> None:
    row = add_post(parts, "p-1", {"카페": "relevant"}, PICTURE)
    add_post(parts, "p-2", {"카페": "irrelevant"}, PICTURE, decided_by="moderator")
    number = _draft(parts, variant)
    place = _start(ana, ruleset=str(number))
    assert "running" in _words(ana.get(place).text)
    assert ana.send(f"{place}/report.html", {}).status_code == 404
    go_on(parts, 1, 120)
    page = ana.get(place).text
    words = _words(page)
    assert "Backtest: new-" in words
    assert "Posts looked at: 2 of 2" in words
    assert "relevant 0 1 0 0" in words
    assert "Would change where nobody settled: posts 1, verdicts 1, decisions 1" in words
    assert "irrelevant 100% 21% to 100%, of 1" in words
    report = ana.send(f"{place}/report.html", {})
    assert report.headers["Content-Disposition"] == 'attachment; filename="backtest-1.html"'
    assert "p-1" in report.text
    with parts.sessions() as session:
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert last is not None
    assert (last.actor, last.action, last.subject) == ("ana", "rules.report_exported", "rerun:1")
    assert f'href="/posts/{row}"' in page
    assert re.search(r'<img src="/photographs/\d+/thumbnail"', page)
    assert "is not what is live" in words
    assert "new-" in _words(ana.get("/rules").text)
    assert f'href="{place}"' in ana.get(f"/rules/{number}").text


def test_stored_posts_are_judged_again_after_a_look(parts: Parts, ana: Visitor) -> None:
    add_post(parts, "p-1", {"카페": "irrelevant"}, PICTURE)
    place = _start(ana)
    go_on(parts, 1, 120)
    begun = ana.send(f"{place}/rejudge", {"reason": "better rules"})
    assert begun.location == "/rules/reruns/2"
    go_on(parts, 2, 120)
    words = _words(ana.get("/rules/reruns/2").text)
    assert "Judged again: default-" in words
    assert "Posts 1 Verdicts 1 Decisions 1" in words
    with parts.sessions() as session:
        assert session.scalars(select(Post.decision)).one() == "pass"
        started = AuditEntry.action == "rules.rejudging"
        entry = session.scalars(select(AuditEntry).where(started)).one()
    assert (entry.actor, entry.details["reason"]) == ("ana", "better rules")


def test_how_far_it_is_can_be_asked(parts: Parts, ana: Visitor) -> None:
    add_post(parts, "p-1", {"카페": "irrelevant"}, PICTURE)
    place = _start(ana)
    asked = ana.get(f"{place}/progress").json
    assert asked == {"seen": 0, "total": 1, "text": "Posts looked at: 0 of 1", "over": False}
    page = ana.get(place).text
    assert "progress.js" in page
    assert "No verdict has changed so far." in page
    assert "No verdict changes." not in page, "nothing was looked at yet"
    add_post(parts, "p-2", {"카페": "irrelevant"}, PICTURE)
    go_on(parts, 1, 120)
    assert "Posts looked at: 2 of 2" in ana.get(place).text, "one came meanwhile"
    over = ana.get(f"{place}/progress").json
    assert over is not None
    assert over["over"]
    assert "progress.js" not in ana.get(place).text


def test_while_some_posts_wait_it_tells_how_far_the_others_are(parts: Parts, ana: Visitor) -> None:
    place = _start(ana)
    with parts.sessions.begin() as session:
        rerun = session.get_one(Rerun, 1)
        rerun.kind, rerun.seen, rerun.total, rerun.waiting = "rejudgement", 5, 9, [1, 2]
    told = "Posts looked at: 5 of 9 · Waiting for posts that somebody has open: 2"
    asked = ana.get(f"{place}/progress").json
    assert asked is not None
    assert asked["text"] == told
    assert told in ana.get(place).text


def test_it_is_stopped_by_its_button(parts: Parts, ana: Visitor) -> None:
    place = _start(ana)
    stopped = ana.send(f"{place}/stop", {}, follow_redirects=True)
    assert "It is stopped" in stopped.text
    assert "Stopped by ana." in stopped.text
    again = ana.send(f"{place}/stop", {}, follow_redirects=True)
    assert "It is not running" in again.text


def test_nothing_is_judged_again_without_a_reason_or_by_other_rules(
    parts: Parts, ana: Visitor, variant: Variant
) -> None:
    add_post(parts, "p-1", {"카페": "relevant"}, PICTURE)
    place = _start(ana, ruleset=str(_draft(parts, variant)))
    go_on(parts, 1, 120)

    def rejudge(reason: str) -> str:
        sent = ana.send(f"{place}/rejudge", {"reason": reason}, follow_redirects=True)
        return sent.text

    assert "Give a reason" in rejudge(" ")
    assert "Other rules or another lexicon are live" in rejudge("x")
    with parts.sessions() as session:
        assert session.scalars(select(Rerun.kind)).all() == ["backtest"]


@pytest.mark.parametrize("days", ["8", "x", "-1"])
def test_only_the_periods_of_the_form_can_be_asked(ana: Visitor, days: str) -> None:
    assert ana.send("/rules/reruns", {"days": days}).status_code == 400


@pytest.mark.parametrize("number", ["x", "0", "9" * 30])
def test_what_is_no_number_is_no_ruleset(ana: Visitor, number: str) -> None:
    sent = ana.send("/rules/reruns", {"days": "", "ruleset": number})
    assert sent.status_code == 400


def test_a_fourth_backtest_waits(ana: Visitor) -> None:
    for _ in range(3):
        _start(ana)
    refused = ana.send("/rules/reruns", {"days": ""}, follow_redirects=True)
    assert "Three backtests are running" in refused.text


def test_a_post_that_was_deleted_since_is_no_example(
    parts: Parts, ana: Visitor, variant: Variant
) -> None:
    row = add_post(parts, "p-secret", {"카페": "relevant"}, PICTURE)
    place = _start(ana, ruleset=str(_draft(parts, variant)))
    go_on(parts, 1, 120)
    with parts.sessions.begin() as session:
        assert "p-secret" not in str(session.get_one(Rerun, 1).result)
        session.delete(session.get_one(Post, row))
    page = ana.get(place)
    assert page.status_code == 200
    assert "p-secret" not in page.text


def test_a_moderator_reads_and_starts_nothing(parts: Parts, ana: Visitor, mina: Visitor) -> None:
    place = _start(ana)
    page = mina.get(place).text
    assert "Stop</button>" not in page
    for path in ("/rules/reruns", f"{place}/stop", f"{place}/rejudge"):
        assert mina.send(path, {"days": ""}).status_code == 403
    assert mina.get("/rules/reruns/9").status_code == 404


def test_the_pages_speak_korean(parts: Parts, signed_in: NewVisitor) -> None:
    add_post(parts, "p-1", {"카페": "irrelevant"}, PICTURE)
    analyst = signed_in("ana", "analyst", "ko")
    place = _start(analyst)
    go_on(parts, 1, 120)
    assert "확인한 게시물: 1개 중 1개" in analyst.get(place).text
