from __future__ import annotations

from typing import NoReturn

import pytest
from flask import Flask

from service.console.frame.access import Permission, needs
from tests.service.console.conftest import NewVisitor
from tests.service.console.visitor import Visitor


@pytest.mark.parametrize(
    ("language", "title"), [("en", "There is nothing here"), ("ko", "페이지를 찾을 수 없어요")]
)
def test_a_wrong_address_is_answered_in_the_products_look(
    visitor: Visitor, language: str, title: str
) -> None:
    visitor.headers = {"Accept-Language": language}
    page = visitor.get("/nowhere")
    assert page.status_code == 404
    assert f"<h1>{title}</h1>" in page.text
    assert "base.css" in page.text


def test_a_wrong_address_of_the_api_stays_a_problem(visitor: Visitor) -> None:
    answer = visitor.get("/v1/nowhere")
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


def test_a_method_that_a_page_does_not_know_says_so(mina: Visitor) -> None:
    answer = mina.client.delete("/posts", headers=mina.headers)
    assert answer.status_code == 405
    assert "That cannot be done here" in answer.text


def test_what_no_page_sends_is_not_called_a_fault_of_ours(mina: Visitor) -> None:
    answer = mina.get("/posts?hashtag=%00")
    assert answer.status_code == 400
    assert "That cannot be read" in answer.text
    assert "our side" not in answer.text


def test_a_fault_of_ours_shows_no_traceback(
    mina: Visitor, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    @needs(Permission.READ)
    def broken() -> NoReturn:
        raise RuntimeError("a secret detail")

    monkeypatch.setitem(app.view_functions, "console.posts", broken)
    answer = mina.get("/posts")
    assert answer.status_code == 500
    assert "Something went wrong on our side" in answer.text
    assert "secret detail" not in answer.text


def test_an_answer_sent_after_the_session_ended_asks_for_a_sign_in(visitor: Visitor) -> None:
    answer = visitor.send("/posts/1", {"agree": "1"})
    assert answer.status_code == 401
    assert "Your session has ended." in answer.text


def test_words_sent_after_the_session_ended_are_there_to_copy(visitor: Visitor) -> None:
    """A browser that fills no form in again would have lost them."""
    form = {"note": "sells <watches>", "password": "secret", "text": " "}
    ours, anothers = (
        visitor.send("/posts/1", form, headers={"Sec-Fetch-Site": site}).text
        for site in ("same-origin", "cross-site")
    )
    assert "What you wrote, to copy" in ours
    assert "sells &lt;watches&gt;</textarea>" in ours
    assert ours.count("<textarea") == 1
    assert "secret" not in ours
    assert "watches" not in anothers, "another site puts no words on our page"


def test_words_in_a_form_of_the_session_before_are_there_to_copy(mina: Visitor) -> None:
    form = {"csrf_token": "of another session", "note": "sells watches"}
    answer = mina.send("/posts/1", form, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 400
    assert "go back and send it once more" in answer.text
    assert "load the page again" not in answer.text, "a form that is loaded again is empty"
    assert "sells watches</textarea>" in answer.text


def test_pages_with_what_moderators_see_are_not_kept_by_the_browser(
    signed_in: NewVisitor,
) -> None:
    assert signed_in().get("/posts").headers["Cache-Control"] == "no-store"
