"""One case of the queue, over HTTP."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select, update

from service.cases import open_case
from service.parts import Parts
from service.posts.accept import NewImage, accept
from service.tables import Case, Draft, Post, Review, User
from tests.service.console.conftest import NewVisitor
from tests.service.console.rows import add_post
from tests.service.console.visitor import Visitor


def _decision(parts: Parts, row: int) -> tuple[str | None, str | None]:
    with parts.sessions() as session:
        post = session.get_one(Post, row)
        return post.decision, post.decided_by


def _end_leases(parts: Parts) -> None:
    with parts.sessions.begin() as session:
        session.execute(update(Case).values(leased_until=func.now()))


def _start(visitor: Visitor, **wanted: str) -> str:
    """The address of the case that a visitor gets."""
    answer = visitor.get("/queue/next", query_string=wanted)
    assert answer.status_code == 303
    return answer.location


def test_an_answer_leads_to_the_next_case_and_says_what_became_of_this_one(
    mina: Visitor, parts: Parts
) -> None:
    rows = [add_post(parts, name, {"a": "irrelevant"}) for name in ("p-1", "p-2")]
    first = _start(mina)
    answer = mina.send(first, {"verdict-0": "relevant"})
    assert answer.status_code == 303
    page = mina.get(answer.location).text
    assert "p-2" in page
    assert "Settled: post p-1 is passed." in page
    assert "The platform" not in page, "there is no address to tell it to"
    assert _decision(parts, rows[0]) == ("pass", "moderator")


def test_after_the_last_case_the_list_says_that_nothing_waits(mina: Visitor, parts: Parts) -> None:
    add_post(parts, "p-1", {"a": "irrelevant"})
    answer = mina.send(_start(mina), {"agree": "1"}, follow_redirects=True)
    assert "That was the last one" in answer.text
    assert _start(mina) == "/posts?tab=review"


def test_the_filter_is_carried_on(mina: Visitor, parts: Parts) -> None:
    add_post(parts, "p-1", {"a": "irrelevant"})
    for name in ("p-2", "p-3"):
        add_post(parts, name, {"b": "uncertain"})
    first = _start(mina, hashtag="b", decision="review")
    assert "p-2" in mina.get(first).text
    following = mina.send(first, {"verdict-0": "relevant"}).location
    assert "hashtag=b" in following
    assert "p-3" in mina.get(following).text


def test_a_script_is_told_where_to_go_on(mina: Visitor, parts: Parts) -> None:
    add_post(parts, "p-1", {"a": "irrelevant"})
    answer = mina.send(_start(mina), {"agree": "1"}, headers={"Accept": "application/json"})
    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["next"] == "/posts?tab=review"


def test_a_case_that_another_holds_can_be_read_and_not_answered(
    signed_in: NewVisitor, parts: Parts
) -> None:
    row = add_post(parts, "p-1", {"a": "irrelevant"})
    mina, ada = signed_in("mina"), signed_in("ada")
    address = _start(mina)
    page = ada.get(address).text
    assert "mina is looking at this post." in page
    assert "Save and next" not in page
    crossed = ada.send(address, {"verdict-0": "relevant"})
    assert crossed.status_code == 409
    assert _decision(parts, row) == ("flag", "model")


def test_an_answer_after_the_lease_is_kept_as_a_draft_and_says_so(
    signed_in: NewVisitor, parts: Parts
) -> None:
    row = add_post(parts, "p-1", {"a": "irrelevant"})
    mina, ada = signed_in("mina"), signed_in("ada")
    address = _start(mina)
    _end_leases(parts)
    assert _start(ada) == address
    said = {"reason": "advertisement", "note": "<b>a shop?</b>"}
    late = mina.send(address, {"verdict-0": "unverifiable"} | said)
    assert late.status_code == 409
    assert "They are kept here as a draft" in late.text
    assert '<q dir="auto">&lt;b&gt;a shop?&lt;/b&gt;</q>' in late.text
    with parts.sessions() as session:
        assert session.scalars(select(Draft.answers)).all() == [{"a": "unverifiable"}]
    _end_leases(parts)
    again = mina.get(address).text
    assert '<option value="advertisement" selected>' in again
    assert "&lt;b&gt;a shop?&lt;/b&gt;</textarea>" in again
    assert 'value="unverifiable"\n' in again or "answer-0-unverifiable" in again
    assert mina.send(address, {"verdict-0": "unverifiable"}).status_code == 303
    assert _decision(parts, row) == ("pass", "moderator")


def test_a_case_that_was_answered_leads_to_where_it_is_answered_anew(
    mina: Visitor, parts: Parts
) -> None:
    """Nothing can be saved on its own page any more."""
    row = add_post(parts, "p-1", {"a": "irrelevant"})
    address = _start(mina)
    mina.send(address, {"agree": "1"})
    page = mina.get(address).text
    assert "Saving again replaces" not in page
    assert re.search(rf'<a href="/posts/{row}">Open the post to answer it anew</a>', page)
    assert "Saving again replaces" in mina.get(f"/posts/{row}").text


def test_an_uncertain_hashtag_without_an_answer_keeps_the_others_and_asks(
    mina: Visitor, parts: Parts
) -> None:
    row = add_post(parts, "p-1", {"a": "irrelevant", "b": "uncertain"})
    answer = mina.send(_start(mina), {"verdict-0": "unverifiable"})
    assert answer.status_code == 422
    assert "#b is uncertain" in answer.text
    assert _decision(parts, row) == ("flag", "model")


def test_a_post_that_was_replaced_meanwhile_says_so(mina: Visitor, parts: Parts) -> None:
    row = add_post(parts, "p-1", {"a": "irrelevant"})
    address = _start(mina)
    token = mina.token(address)
    with parts.sessions.begin() as session:
        newer = Post(external_id="p-1", revision=2, author_id="u-1", caption="", hashtags=["a"])
        newer.posted_at = datetime.now(UTC)
        accept(session, newer, [NewImage("https://images.example/2.jpg", None)])
    answer = mina.client.post(
        address, data={"csrf_token": token, "verdict-0": "relevant"}, headers=mina.headers
    )
    assert answer.status_code == 409
    assert "The platform replaced this post" in answer.text
    assert "was answered" not in answer.text
    assert _decision(parts, row) == ("flag", "model")


@pytest.mark.parametrize("kind", ["double", "control", "third"])
def test_a_second_look_does_not_show_the_first(
    signed_in: NewVisitor, parts: Parts, kind: str
) -> None:
    mina, ada = signed_in("mina"), signed_in("ada")
    row = add_post(parts, "p-1", {"a": "irrelevant"})
    assert mina.send(_start(mina), {"verdict-0": "relevant"}).status_code == 303
    with parts.sessions.begin() as session:
        open_case(session, session.get_one(Post, row), kind, 1.0)
    page = ada.get(_start(ada)).text
    assert "Settled by" not in page
    # Everybody can be handed a case, whatever they answered.
    besides = re.sub(r'<select id="to".*?</select>', "", page, flags=re.DOTALL)
    assert "mina" not in besides
    assert 'class="card irrelevant' in page


def test_a_case_of_somebody_elses_is_unknown(signed_in: NewVisitor, parts: Parts) -> None:
    ada = signed_in("ada")
    with parts.sessions.begin() as session:
        post = session.get_one(Post, add_post(parts, "p-1", {"a": "relevant"}))
        mine = open_case(session, post, "double", 1.0, not_for=[1]).id
    assert ada.get(f"/cases/{mine}").status_code == 404
    assert ada.get("/cases/999").status_code == 404


def test_skipping_gives_the_case_back(signed_in: NewVisitor, parts: Parts) -> None:
    for name in ("p-1", "p-2"):
        add_post(parts, name, {"a": "irrelevant"})
    mina, ada = signed_in("mina"), signed_in("ada")
    first = _start(mina)
    skipped = mina.send(f"{first}/skip", {}, follow_redirects=True)
    assert "p-2" in skipped.text
    assert _start(ada) == first


def test_a_heartbeat_says_what_is_still_held(mina: Visitor, parts: Parts) -> None:
    add_post(parts, "p-1", {"a": "irrelevant"})
    address = _start(mina)
    number = address.rsplit("/", 1)[1]
    held = mina.send("/queue/heartbeat", {"case": number})
    assert held.json == {"held": [int(number)]}
    _end_leases(parts)
    assert mina.send("/queue/heartbeat", {"case": number}).json == {"held": []}


def test_an_answer_is_taken_back_by_one_button(mina: Visitor, parts: Parts) -> None:
    row = add_post(parts, "p-1", {"a": "irrelevant"})
    address = _start(mina)
    mina.send(address, {"verdict-0": "relevant"})
    with parts.sessions() as session:
        review = session.scalars(select(Review.id)).one()
    page = mina.send(f"/reviews/{review}/undo", {}, follow_redirects=True)
    assert "Your answer was taken back." in page.text
    assert page.request.path == address
    assert _decision(parts, row) == ("flag", "model")
    twice = mina.send(f"/reviews/{review}/undo", {}, follow_redirects=True)
    assert "taken back already" in twice.text


def test_nobody_undoes_anothers_answer(signed_in: NewVisitor, parts: Parts) -> None:
    add_post(parts, "p-1", {"a": "irrelevant"})
    mina, ada = signed_in("mina"), signed_in("ada")
    mina.send(_start(mina), {"verdict-0": "relevant"})
    assert ada.send("/reviews/1/undo", {}).status_code == 404


def test_a_reason_and_a_note_come_with_the_answer_and_are_shown_with_it(
    mina: Visitor, parts: Parts
) -> None:
    row = add_post(parts, "p-1", {"a": "irrelevant"})
    page = mina.get("/queue/next", follow_redirects=True).text
    assert '<option value="advertisement" >Advertisement</option>' in page
    note = "a shop's\r\nprice list"
    mina.send("/cases/1", {"agree": "1", "reason": "advertisement", "note": note})
    shown = mina.get(f"/posts/{row}").text
    assert "<strong>Advertisement</strong>" in shown
    assert '<q dir="auto">a shop&#39;s\nprice list</q>' in shown


def test_a_note_that_is_too_long_is_refused_and_comes_back(mina: Visitor, parts: Parts) -> None:
    add_post(parts, "p-1", {"a": "irrelevant"})
    mina.get("/queue/next", follow_redirects=True)
    refused = mina.send("/cases/1", {"agree": "1", "reason": "other", "note": "n" * 501})
    assert refused.status_code == 422
    assert "The note is too long: 500 characters at most." in refused.text
    assert "n" * 501 + "</textarea>" in refused.text
    assert '<option value="other" selected>' in refused.text
    assert mina.send("/cases/1", {"agree": "1", "note": "n\r\n" * 166}).status_code == 303


def test_a_case_is_handed_over_with_a_note_and_comes_first(
    signed_in: NewVisitor, parts: Parts
) -> None:
    mina, ada = signed_in("mina"), signed_in("ada")
    add_post(parts, "p-1", {"a": "uncertain"})
    add_post(parts, "p-2", {"a": "uncertain"}, reach=99)
    page = mina.get("/cases/1").text
    found = re.search(r'<optgroup label="Colleagues"><option value="(\d+)">ada<', page)
    assert found
    sent = mina.send("/cases/1/hand-over", {"to": found[1], "handed_note": "a shop?"})
    assert sent.status_code == 303
    assert "This post was handed to ada." in mina.get("/cases/1").text
    page = ada.get("/queue/next", follow_redirects=True).text
    assert "mina handed this post to you." in page
    assert '<q dir="auto">a shop?</q>' in page


def test_handing_over_to_nobody_or_twice_says_so(signed_in: NewVisitor, parts: Parts) -> None:
    mina, _ = signed_in("mina"), signed_in("ada")
    add_post(parts, "p-1", {"a": "uncertain"})
    written = {"to": "", "handed_note": "a <shop>?", "note": "mine", "verdict-0": "irrelevant"}
    refused = mina.send("/cases/1/hand-over", written)
    assert (refused.status_code, "Choose who gets this post." in refused.text) == (409, True)
    assert "a &lt;shop&gt;?</textarea>" in refused.text
    assert "mine</textarea>" in refused.text
    assert re.search(r'value="irrelevant"\s+[^>]*checked', refused.text)
    with parts.sessions() as session:
        ada = session.scalars(select(User.id).where(User.name == "ada")).one()
    token = mina.token("/cases/1")
    for status in (303, 409):
        form = {"csrf_token": token, "to": str(ada)}
        assert mina.client.post("/cases/1/hand-over", data=form).status_code == status
