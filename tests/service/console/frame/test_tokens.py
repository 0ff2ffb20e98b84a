"""Each form of each page carries a token that is taken, and no form is taken without one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from flask import Flask

from service.parts import Parts
from tests.browser.everypage import EVERY, difficult
from tests.service.console.conftest import NewVisitor
from tests.service.console.visitor import TOKEN, Visitor

FORM = re.compile(r'<form\b[^>]*method="post"[^>]*>.*?</form>', re.DOTALL)
ACTION = re.compile(r'action="([^"?#]*)')
# What stands in for a gap of an address.
ANY = {"int": "1", "uuid": "00000000-0000-0000-0000-000000000007", None: "something"}


def _sends(visitor: Visitor, token: str | None) -> int:
    data = {"language": "en"} | ({"csrf_token": token} if token else {})
    return visitor.client.post("/language", data=data).status_code


def test_each_form_of_each_page_carries_a_token_that_is_taken(
    app: Flask, signed_in: NewVisitor, parts: Parts, jpeg: Callable[..., bytes]
) -> None:
    difficult(parts, jpeg)
    ada, taken, sent_to = signed_in("ada", "admin"), set(), set()
    address = app.url_map.bind("")
    for path in EVERY:
        for form in FORM.findall(ada.get(path).text):
            token, action = TOKEN.search(form), ACTION.search(form)
            assert token, f"{path}: {form}"
            if token[1] not in taken:  # pages of one second sign alike
                assert _sends(ada, token[1]) == 303, f"{path}: {form}"
            taken.add(token[1])
            target = unquote(action[1]) if action else urlsplit(path).path
            sent_to.add(address.match(target, "POST")[0])
    assert len(sent_to) > 30, sent_to


def test_each_form_of_each_template_carries_one(repository: Path) -> None:
    """Also those that only some posts or people have."""
    found = 0
    for file in (repository / "service").rglob("templates/**/*.html"):
        for form in FORM.findall(file.read_text(encoding="utf-8")):
            assert 'name="csrf_token" value="{{ csrf_token() }}"' in form, f"{file.name}: {form}"
            found += 1
    assert found > 40


def test_a_form_of_somebody_who_is_not_signed_in_carries_one(visitor: Visitor) -> None:
    forms = FORM.findall(visitor.get("/sign-in").text)
    tokens = [TOKEN.findall(form)[0] for form in forms]
    assert len(tokens) == 2  # to sign in, and to choose a language
    assert [_sends(visitor, token) for token in tokens] == [303, 303]


def _taking_forms(app: Flask) -> Iterator[str]:
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("console.") and "POST" in (rule.methods or ()):
            yield re.sub(r"<(?:(int|uuid)\b[^:>]*:)?[^>]*>", lambda gap: ANY[gap[1]], rule.rule)


@pytest.mark.parametrize("whose", ["nobody's", "another's", "an old one"])
def test_no_form_is_taken_without_the_token_of_its_session(
    app: Flask, signed_in: NewVisitor, whose: str
) -> None:
    ada = signed_in("ada", "admin")
    token = {"nobody's": "", "another's": signed_in("bo", "admin").token("/settings")}.get(whose)
    if token is None:
        token = ada.token("/settings")
        ada.send("/sign-out", {})
        ada = signed_in("cy", "admin")
    paths = list(_taking_forms(app))
    answers = {path: ada.client.post(path, data={"csrf_token": token}) for path in paths}
    assert len(paths) > 50
    assert {path: one.status_code for path, one in answers.items()} == dict.fromkeys(paths, 400)
