from __future__ import annotations

import re

import pytest
from flask import Flask
from werkzeug.routing import Rule

from service.console.access import Permission, needed_by
from service.parts import Parts
from tests.service.console.conftest import NewVisitor
from tests.service.console.rows import add_post
from tests.service.console.visitor import Visitor

OPEN_TO_ALL = {
    "console.asset",
    "console.sign_in",
    "console.check_sign_in",
    "console.sign_out",
    "console.choose_language",
}


def _rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("console.")]


def test_every_route_names_a_permission_and_only_these_name_none(app: Flask) -> None:
    with app.app_context():
        needed = {rule.endpoint: needed_by(rule.endpoint) for rule in _rules(app)}
    assert None not in needed.values()
    assert {name for name, what in needed.items() if what is Permission.NOTHING} == OPEN_TO_ALL


def test_every_other_route_is_closed_to_whoever_is_not_signed_in(app: Flask) -> None:
    client = app.test_client()
    for rule in _rules(app):
        if rule.endpoint in OPEN_TO_ALL:
            continue
        path = re.sub(r"<int:\w+>", "1", rule.rule)
        for method in (rule.methods or set()) - {"OPTIONS", "HEAD"}:
            answer = client.open(path, method=method)
            closed = answer.status_code == 401 or "/sign-in" in (answer.location or "")
            assert closed, f"{method} {rule.rule}"


def test_a_route_that_names_no_permission_is_refused_to_everybody(
    signed_in: NewVisitor, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = signed_in("ada", "admin")
    monkeypatch.setitem(app.view_functions, "console.posts", lambda: "never shown")
    assert admin.get("/posts").status_code == 403


def test_an_analyst_reads_but_does_not_settle(signed_in: NewVisitor, parts: Parts) -> None:
    row = add_post(parts, "p-1", {"카페": "irrelevant"})
    analyst = signed_in("ana", "analyst")
    page = analyst.get(f"/posts/{row}")
    assert page.status_code == 200
    assert 'name="agree"' not in page.text
    refused = analyst.send(f"/posts/{row}", {"agree": "1", "saw_review": "0"})
    assert refused.status_code == 403
    assert "You may not do this" in refused.text


@pytest.mark.parametrize("path", ["/sign-in", "/posts", "/try", "/nowhere", "/static/x/base.css"])
def test_pages_forbid_everything_that_is_not_ours(mina: Visitor, path: str) -> None:
    with mina.get(path) as answer:
        headers = answer.headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "*" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", ["/sign-in", "/posts", "/try"])
def test_pages_have_no_script_or_style_inside(mina: Visitor, path: str) -> None:
    page = mina.get(path, follow_redirects=True).text
    assert "<style" not in page
    assert " style=" not in page
    assert "<script>" not in page
    assert " onclick=" not in page
