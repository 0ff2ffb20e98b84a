from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable

import pytest
from sqlalchemy import select

from service.accounts import create
from service.app import create_app
from service.config import Config
from service.parts import Parts
from service.tables import Delivery, Post, Review
from tests.service.console.conftest import NewVisitor
from tests.service.console.rows import add_post
from tests.service.console.visitor import Visitor


def _decision(parts: Parts, row: int) -> tuple[str | None, str | None]:
    with parts.sessions() as session:
        post = session.get_one(Post, row)
        return post.decision, post.decided_by


def test_the_page_shows_photographs_labels_verdicts_and_reasons(
    mina: Visitor, parts: Parts, jpeg: Callable[..., bytes]
) -> None:
    row = add_post(parts, "p-1", {"카페": "irrelevant"}, (jpeg(), None))
    page = mina.get(f"/posts/{row}").text
    assert "/photographs/1" in page
    assert "This photograph could not be read: the file ends too early." in page
    assert "0.93" in page
    assert page.count('class="tick"') >= 2  # food has two thresholds in the bundle
    assert "#카페" in page
    assert "A plain reason." in page
    assert "meaning 99% certain" in page


def test_reasons_and_words_are_in_the_language_of_the_page(
    signed_in: NewVisitor, parts: Parts, jpeg: Callable[..., bytes]
) -> None:
    row = add_post(parts, "p-1", {"카페": "irrelevant"}, (jpeg(),))
    page = signed_in(language="ko").get(f"/posts/{row}").text
    assert '<html lang="ko">' in page
    assert "쉬운 이유예요." in page
    assert "관련 없음" in page
    assert "A plain reason." not in page


def test_thresholds_of_another_bundle_are_not_drawn(
    mina: Visitor, parts: Parts, jpeg: Callable[..., bytes]
) -> None:
    row = add_post(parts, "p-1", {"카페": "irrelevant"}, (jpeg(),), bundle="older-000000000000")
    page = mina.get(f"/posts/{row}").text
    assert "0.93" in page
    assert 'class="tick"' not in page


def test_answers_settle_the_post_and_lead_to_the_next_one(mina: Visitor, parts: Parts) -> None:
    first = add_post(parts, "p-1", {"a": "irrelevant", "b": "uncertain"})
    second = add_post(parts, "p-2", {"a": "irrelevant"})
    answer = mina.send(
        f"/posts/{first}",
        {"verdict-0": "relevant", "verdict-1": "unverifiable", "saw_review": "0"},
    )
    assert answer.status_code == 303
    assert answer.location == f"/posts/{second}?tab=review"
    assert "Settled: post p-1 is passed." in mina.get(answer.location).text
    assert _decision(parts, first) == ("pass", "moderator")


def test_after_the_last_post_the_list_says_that_nothing_waits(mina: Visitor, parts: Parts) -> None:
    row = add_post(parts, "p-1", {"a": "irrelevant"})
    answer = mina.send(f"/posts/{row}", {"agree": "1", "saw_review": "0"}, follow_redirects=True)
    assert "Nothing is waiting for you." in answer.text
    assert _decision(parts, row) == ("flag", "moderator")


def test_the_next_post_is_of_the_same_list_and_hashtag(mina: Visitor, parts: Parts) -> None:
    first = add_post(parts, "p-1", {"a": "irrelevant"})
    add_post(parts, "p-2", {"b": "irrelevant"})
    add_post(parts, "p-3", {"a": "uncertain"})
    third = add_post(parts, "p-4", {"a": "irrelevant"})
    answer = mina.send(f"/posts/{first}?tab=flagged&hashtag=a", {"agree": "1", "saw_review": "0"})
    assert answer.location == f"/posts/{third}?tab=flagged&hashtag=a"


def test_an_uncertain_hashtag_without_an_answer_keeps_the_others_and_asks(
    mina: Visitor, parts: Parts
) -> None:
    row = add_post(parts, "p-1", {"a": "irrelevant", "b": "uncertain"})
    answer = mina.send(f"/posts/{row}", {"verdict-0": "unverifiable", "saw_review": "0"})
    assert answer.status_code == 422
    assert "#b is uncertain" in answer.text
    assert _checked(answer.text) == ["answer-0-unverifiable"]
    assert _decision(parts, row) == ("flag", "model")


def _checked(page: str) -> list[str]:
    inputs = [part.split(">")[0] for part in page.split("<input ")]
    return [part.split('id="')[1].split('"')[0] for part in inputs if "checked" in part]


def test_agreeing_with_all_is_not_offered_while_something_is_uncertain(
    mina: Visitor, parts: Parts
) -> None:
    row = add_post(parts, "p-1", {"a": "irrelevant", "b": "uncertain"})
    assert mina.send(f"/posts/{row}", {"agree": "1", "saw_review": "0"}).status_code == 422
    assert _decision(parts, row) == ("flag", "model")


def test_an_answer_that_crosses_anothers_changes_nothing_and_is_kept_on_the_page(
    signed_in: NewVisitor, parts: Parts
) -> None:
    row = add_post(parts, "p-1", {"a": "irrelevant"})
    mina, ada = signed_in("mina"), signed_in("ada")
    assert mina.send(f"/posts/{row}", {"agree": "1", "saw_review": "0"}).status_code == 303
    crossed = ada.send(f"/posts/{row}", {"verdict-0": "relevant", "saw_review": "0"})
    assert crossed.status_code == 409
    assert "mina settled this post while you were looking at it." in crossed.text
    assert _checked(crossed.text) == ["answer-0-relevant"]
    assert _decision(parts, row) == ("flag", "moderator")
    again = ada.send(f"/posts/{row}", {"verdict-0": "relevant", "saw_review": "1"})
    assert again.status_code == 303
    assert _decision(parts, row) == ("pass", "moderator")


def test_an_answer_to_a_post_that_was_superseded_leads_to_the_newest_revision(
    mina: Visitor, parts: Parts
) -> None:
    old = add_post(parts, "p-1", {"a": "irrelevant"}, state="superseded")
    new = add_post(parts, "p-1", {"a": "irrelevant"}, revision=2)
    token = mina.token(f"/posts/{new}")
    answer = mina.client.post(
        f"/posts/{old}",
        data={"csrf_token": token, "verdict-0": "relevant", "saw_review": "0"},
        headers=mina.headers,
    )
    assert answer.status_code == 409
    assert "the platform sent a newer revision" in answer.text
    assert "#a: relevant" in answer.text
    assert f'href="/posts/{new}"' in answer.text


def test_a_deleted_post_cannot_be_seen_or_answered(mina: Visitor, parts: Parts) -> None:
    row = add_post(parts, "p-1", {"a": "irrelevant"}, state="deleted")
    assert mina.get(f"/posts/{row}").status_code == 404
    answer = mina.send(f"/posts/{row}", {"agree": "1"})
    assert answer.status_code == 404
    assert "There is nothing here" in answer.text


@pytest.mark.parametrize("verdict", ["uncertain", "nonsense", ""])
def test_only_the_three_answers_count(mina: Visitor, parts: Parts, verdict: str) -> None:
    row = add_post(parts, "p-1", {"a": "uncertain"})
    answer = mina.send(f"/posts/{row}", {"verdict-0": verdict, "saw_review": "0"})
    assert answer.status_code == 422
    with parts.sessions() as session:
        assert session.scalars(select(Review)).all() == []


def test_a_pending_post_says_that_it_waits(mina: Visitor, parts: Parts) -> None:
    row = add_post(parts, "p-1", {}, state="pending", decision=None, decided_by=None)
    page = mina.get(f"/posts/{row}").text
    assert "This post is waiting to be screened." in page
    assert 'name="save"' not in page


def test_a_settled_post_says_who_settled_it_and_can_be_answered_again(
    mina: Visitor, parts: Parts
) -> None:
    row = add_post(parts, "p-1", {"a": "irrelevant"})
    mina.send(f"/posts/{row}", {"verdict-0": "relevant", "saw_review": "0"})
    page = mina.get(f"/posts/{row}").text
    assert "Settled by mina" in page
    assert "the model said: irrelevant" in page


def test_the_platform_is_told_of_an_answer(parts: Parts, config: Config) -> None:
    told = config.model_copy(update={"callback_url": "https://platform.example/callback"})
    app = create_app(told, dataclasses.replace(parts, config=told))
    with parts.sessions.begin() as session:
        _, password = create(session, "mina")
    mina = Visitor(app.test_client())
    mina.sign_in("mina", password)
    row = add_post(parts, "p-1", {"a": "irrelevant"})
    mina.send(f"/posts/{row}", {"agree": "1", "saw_review": "0"})
    with parts.sessions() as session:
        delivery = session.scalars(select(Delivery)).one()
    assert delivery.body["data"]["decided_by"] == "moderator"


def test_hashtags_that_cannot_be_checked_are_one_line_and_others_never_fold(
    mina: Visitor, parts: Parts
) -> None:
    tags = {f"t{n}": "unverifiable" for n in range(12)}
    row = add_post(parts, "p-1", {"a": "uncertain", "b": "irrelevant", "c": "relevant"} | tags)
    page = mina.get(f"/posts/{row}").text
    shown, folded = page.split('<details class="folded')
    line = " ".join(
        re.sub("<[^>]+>", " ", folded.split("<summary")[1].split("</summary>")[0]).split()
    )
    assert "12 hashtags cannot be checked against a photograph: #t0 #t1 #t2" in line
    assert [f'aria-label="#{tag}"' in shown for tag in "abc"] == [True] * 3
    assert shown.count('<section class="card') == 3
    assert folded.count('<section class="card') == 12


def test_one_hashtag_that_cannot_be_checked_is_a_card_like_the_others(
    mina: Visitor, parts: Parts
) -> None:
    row = add_post(parts, "p-1", {"a": "irrelevant", "b": "unverifiable"})
    page = mina.get(f"/posts/{row}").text
    assert '<details class="folded' not in page
    assert page.count('<section class="card') == 2


def test_what_is_folded_is_answered_as_it_stands_and_open_where_it_was_changed(
    mina: Visitor, parts: Parts
) -> None:
    tags = {"a": "uncertain", "b": "unverifiable", "c": "unverifiable"}
    row = add_post(parts, "p-1", tags)
    given = {"verdict-2": "relevant", "saw_review": "0"}
    refused = mina.send(f"/posts/{row}", given)  # the uncertain one has no answer
    assert re.search(r'<details class="folded[^>]* open>', refused.text)
    mina.send(f"/posts/{row}", given | {"verdict-0": "relevant"})
    with parts.sessions() as session:
        answers = session.scalars(select(Review)).one().answers
    assert answers == {"a": "relevant", "b": "unverifiable", "c": "relevant"}
