"""Admins see what became of each callback, and send again what was given up."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import event, func, select

from service.console.callbacks.pages import SHOWN
from service.outbox.log import held_until
from service.outbox.receivers import HOLD
from service.parts import Parts
from service.tables import AuditEntry, Delivery, Receiver, ThumbnailJob
from tests.service.console.conftest import NewVisitor
from tests.service.console.rows import add_post
from tests.service.console.visitor import Visitor

STATES = ("pending", "dead", "delivered", "overtaken", "withdrawn")


@pytest.fixture
def ada(signed_in: NewVisitor) -> Visitor:
    return signed_in("ada", "admin")


@pytest.fixture
def post(parts: Parts) -> int:
    return add_post(parts, "p-1", {"카페": "relevant"})


def add(parts: Parts, post: int, state: str, **values: object) -> uuid.UUID:
    with parts.sessions.begin() as session:
        delivery = Delivery(post_id=post, type="post.decided", body={}, state=state, **values)
        session.add(delivery)
        session.flush()
        return delivery.id


def items(visitor: Visitor, query: str = "") -> list[str]:
    page = visitor.get(f"/callbacks{query}")
    assert page.status_code == 200
    found = re.findall(r'<li class="callback .*?</li>', page.text, re.DOTALL)
    return [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", unescape(item))) for item in found]


def state_of(parts: Parts, delivery: uuid.UUID) -> str:
    with parts.sessions() as session:
        return session.get_one(Delivery, delivery).state


@pytest.mark.parametrize("role", ["moderator", "analyst"])
@pytest.mark.parametrize("path", ["/callbacks", "/callbacks/resend"])
def test_it_is_for_admins(signed_in: NewVisitor, role: str, path: str) -> None:
    visitor = signed_in("mina", role)
    assert visitor.get(path).status_code == 403
    assert 'href="/callbacks"' not in visitor.get("/overview").text
    token = visitor.token("/settings")
    assert visitor.client.post("/callbacks/resend", data={"csrf_token": token}).status_code == 403


def test_the_newest_comes_first_with_state_attempts_and_error(
    ada: Visitor, parts: Parts, post: int
) -> None:
    add(parts, post, "delivered", attempts=1, delivered_at=func.now())
    add(parts, post, "dead", attempts=12, last_error="<b>ReadTimeout</b>: timed out")
    dead, delivered = items(ada)
    assert "given up" in dead
    assert "p-1 revision 1 · decision" in dead
    assert "attempts: 12" in dead
    assert "Send again" in dead
    assert "&lt;b&gt;ReadTimeout" in ada.get("/callbacks").text
    assert "delivered" in delivered
    assert "Send again" not in delivered


def test_the_oldest_come_first_on_demand(ada: Visitor, parts: Parts, post: int) -> None:
    add(parts, post, "delivered", attempts=1, delivered_at=func.now())
    add(parts, post, "dead", attempts=12)
    assert ["given up" in one for one in items(ada, "?order=oldest")] == [False, True]
    assert ["given up" in one for one in items(ada, "?order=nothing")] == [True, False]


@pytest.mark.parametrize("language", ["en", "ko"])
def test_both_languages_name_every_state(
    signed_in: NewVisitor, parts: Parts, post: int, language: str
) -> None:
    visitor = signed_in("ada", "admin", language)
    for state in STATES:
        add(parts, post, state)
    shown = " ".join(items(visitor))
    words = {
        "en": ("on its way", "given up", "delivered", "overtaken", "taken back"),
        "ko": ("전달 중", "새 결과로 대체됨", "취소됨"),
    }
    assert all(word in shown for word in words[language])


@pytest.mark.parametrize("state", STATES)
def test_one_state_can_be_looked_at(ada: Visitor, parts: Parts, post: int, state: str) -> None:
    for one in STATES:
        add(parts, post, one)
    assert len(items(ada, f"?state={state}")) == 1
    assert len(items(ada)) == 5


@pytest.mark.parametrize("query", ["?state=nothing", "?after=²", "?after=0", f"?after={2**63}"])
def test_a_question_that_makes_no_sense_is_none(
    ada: Visitor, parts: Parts, post: int, query: str
) -> None:
    add(parts, post, "dead")
    assert len(items(ada, query)) == 1


def test_a_request_for_thumbnails_is_named_and_linked_while_it_is_kept(
    ada: Visitor, parts: Parts
) -> None:
    kept, gone = uuid.uuid4().hex, uuid.uuid4().hex
    ids = []
    with parts.sessions.begin() as session:
        later = func.now() + timedelta(hours=1)
        session.add(ThumbnailJob(key=kept, made_by="a key", wanted=1, expires_at=later))
        for key, state in ((kept, "done"), (gone, "failed")):
            kind = f"thumbnails.{state}"
            told = Delivery(thumbnails_key=key, type=kind, body={"a": 1}, state="dead")
            session.add(told)
            session.flush()
            ids.append(told.id)
    failed, done = items(ada)
    assert f"{kept[:8]} thumbnails chosen" in done
    assert f"{gone[:8]} no thumbnails could be chosen" in failed
    page = ada.get("/callbacks").text
    assert f'href="/thumbnails/{kept}"' in page
    assert f'href="/thumbnails/{gone}"' not in page
    path = f"/callbacks/{ids[0]}/resend"
    assert f"<bdi>{kept[:8]}</bdi>" in ada.get(path).text
    ada.send(path, {})
    assert state_of(parts, ids[0]) == "pending"


def test_older_ones_are_a_page_away_in_the_same_state(
    ada: Visitor, parts: Parts, post: int
) -> None:
    with parts.sessions.begin() as session:
        for number in range(SHOWN + 3):
            state = "dead" if number else "delivered"
            session.add(Delivery(post_id=post, type="post.decided", body={}, state=state))
    link = re.search(r'href="/callbacks(\?[^"]*after=\d+)"', ada.get("/callbacks?state=dead").text)
    assert link
    assert len(items(ada, unescape(link[1]))) == 2


def test_without_any_it_says_so(ada: Visitor) -> None:
    assert "There has been no callback to send yet." in ada.get("/callbacks").text
    assert "No callback is in this state." in ada.get("/callbacks?state=dead").text


def test_one_is_sent_again_after_a_question(ada: Visitor, parts: Parts, post: int) -> None:
    one, other = add(parts, post, "dead", attempts=9), add(parts, post, "dead")
    path = f"/callbacks/{one}/resend"
    assert "Send this callback again?" in ada.get(path).text
    assert state_of(parts, one) == "dead", "asking changes nothing"
    answer = ada.send(path, {}, follow_redirects=True)
    assert "Put back: 1." in answer.text
    assert (state_of(parts, one), state_of(parts, other)) == ("pending", "dead")
    with parts.sessions() as session:
        entry = session.scalars(
            select(AuditEntry).where(AuditEntry.action == "callbacks.resent")
        ).one()
    assert (entry.actor, entry.details) == ("ada", {"ids": [str(one)], "put": 1})


def test_all_are_sent_again_after_a_question(ada: Visitor, parts: Parts, post: int) -> None:
    dead = [add(parts, post, "dead") for _ in range(3)]
    kept = [add(parts, post, state) for state in ("delivered", "withdrawn", "overtaken")]
    assert "Callbacks: 3." in ada.get("/callbacks/resend").text
    assert "Put back: 3." in ada.send("/callbacks/resend", {}, follow_redirects=True).text
    assert {state_of(parts, one) for one in dead} == {"pending"}
    assert [state_of(parts, one) for one in kept] == ["delivered", "withdrawn", "overtaken"]


def test_what_is_delivered_is_not_sent_again(ada: Visitor, parts: Parts, post: int) -> None:
    one = add(parts, post, "delivered")
    answer = ada.send(f"/callbacks/{one}/resend", {}, follow_redirects=True)
    assert "Nothing to send again" in answer.text
    assert state_of(parts, one) == "delivered"


def test_one_that_is_not_there_is_not_found(ada: Visitor) -> None:
    assert ada.get(f"/callbacks/{uuid.uuid4()}/resend").status_code == 404
    assert ada.get("/callbacks/1/resend").status_code == 404


def test_a_form_without_its_token_is_refused(ada: Visitor, parts: Parts, post: int) -> None:
    one = add(parts, post, "dead")
    assert ada.client.post(f"/callbacks/{one}/resend").status_code == 400
    assert state_of(parts, one) == "dead"


def test_it_says_that_the_receiver_is_held_back(parts: Parts) -> None:
    with parts.sessions.begin() as session:
        session.add(Receiver(origin="https://a:443", failures=9, held_until=func.now() + HOLD))
        past = func.now() - timedelta(seconds=1)
        session.add(Receiver(origin="https://b:443", failures=9, held_until=past))
    with parts.sessions() as session:
        assert held_until(session, "https://a:443")
        assert held_until(session, "https://b:443") is None
        assert held_until(session, "https://c:443") is None


def test_the_page_asks_as_often_with_many_rows(ada: Visitor, parts: Parts, post: int) -> None:
    engine, asked = parts.sessions.kw["bind"], []

    def note(*arguments: object) -> None:
        asked.append(arguments[2])

    def count() -> int:
        asked.clear()
        event.listen(engine, "before_cursor_execute", note)
        try:
            items(ada)
        finally:
            event.remove(engine, "before_cursor_execute", note)
        return len(asked)

    add(parts, post, "dead")
    few = count()
    for _ in range(20):
        add(parts, post, "dead")
    assert count() == few
