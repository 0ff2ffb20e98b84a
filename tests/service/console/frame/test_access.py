from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule

from service.accounts import ROLES, create
from service.audit.refusals import AT_ONCE
from service.console.frame.access import GRANTED, Permission, needed_by
from service.parts import Parts
from service.tables import AuditEntry
from tests.service.console.conftest import NewVisitor
from tests.service.console.rows import add_post
from tests.service.console.visitor import Visitor

OPEN_TO_ALL = {
    "console.api_docs",  # as the document that it shows
    "console.asset",
    "console.sign_in",
    "console.check_sign_in",
    "console.sign_out",
    "console.choose_language",
}
# What stands in for a gap of an address: a row that is not there, or a word.
ANY = {"int": "999", "uuid": "00000000-0000-0000-0000-000000000000", None: "something"}


def _rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("console.")]


def test_every_route_names_a_permission_and_only_these_name_none(app: Flask) -> None:
    with app.app_context():
        needed = {rule.endpoint: needed_by(rule.endpoint) for rule in _rules(app)}
    assert None not in needed.values()
    assert {name for name, what in needed.items() if what is Permission.NOTHING} == OPEN_TO_ALL


def _requests(app: Flask) -> Iterator[tuple[str, str, Permission | None]]:
    """Each method and address of the console, with any number or text in its gaps."""
    for method, rule, permission in _methods(app):
        path = re.sub(r"<(?:(int|uuid)\b[^:>]*:)?[^>]*>", lambda gap: ANY[gap[1]], rule.rule)
        yield method, path, permission


def _methods(app: Flask) -> Iterator[tuple[str, Rule, Permission | None]]:
    for rule in _rules(app):
        with app.app_context():
            permission = needed_by(rule.endpoint)
        for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"}):
            yield method, rule, permission


def test_every_other_route_is_closed_to_whoever_is_not_signed_in(app: Flask) -> None:
    client = app.test_client()
    for method, path, permission in _requests(app):
        if permission is not Permission.NOTHING:
            answer = client.open(path, method=method)
            closed = answer.status_code == 401 or "/sign-in" in (answer.location or "")
            assert closed, f"{method} {path}"


def test_who_asks_for_a_head_is_led_to_the_sign_in_and_is_no_refusal(
    app: Flask, parts: Parts, clean: None
) -> None:
    answer = app.test_client().head("/posts?state=decided")
    assert (answer.status_code, answer.location) == (302, "/sign-in?next=/posts?state%3Ddecided")
    with parts.sessions() as session:
        assert session.scalars(select(AuditEntry)).all() == []


@pytest.mark.slow
@pytest.mark.parametrize("role", ROLES)
def test_every_route_is_refused_to_a_role_that_lacks_its_permission_and_open_to_others(
    app: Flask, signed_in: NewVisitor, role: str
) -> None:
    visitor, open_to = signed_in("somebody", role), GRANTED[role] | {Permission.NOTHING}
    wrong, refused = [], 0
    for method, path, permission in _requests(app):
        # Without the form's token a change is refused after the permission, with another status.
        status = visitor.client.open(path, method=method).status_code
        refused += status == 403
        if (status == 403) == (permission in open_to) or status >= 500:
            wrong.append(f"{method} {path}: {status}, needs {permission}")
    assert wrong == []
    assert (refused == 0) == (role == "admin")


def test_every_refusal_of_a_page_is_in_the_audit_log(
    app: Flask, stranger: Visitor, parts: Parts
) -> None:
    granted = GRANTED["moderator"] | {Permission.NOTHING}
    asked = [(method, path) for method, path, what in _requests(app) if what not in granted]
    # Of one person, so many are written at once: there are more pages than that.
    names = [f"mina-{number}" for number in range(-(-len(asked) // AT_ONCE))]
    others = [Visitor(stranger.client.application.test_client()) for _ in names[1:]]
    visitors = [stranger, *others]
    for name, visitor in zip(names, visitors, strict=True):
        with parts.sessions.begin() as session:
            password = create(session, name)[1]
        visitor.sign_in(name, password)
    for number, (method, path) in enumerate(asked):
        visitors[number % len(names)].client.open(path, method=method)
    # An entry names the route: whoever asks for a thousand addresses of one makes one entry.
    denied = [f"{method} {rule}" for method, rule, what in _methods(app) if what not in granted]
    with parts.sessions() as session:
        entries = session.scalars(
            select(AuditEntry).where(AuditEntry.action == "refused.permission").order_by("position")
        ).all()
    assert [entry.subject for entry in entries] == denied
    assert {entry.actor for entry in entries} == set(names)
    assert "POST /people" in denied


def test_every_permission_and_who_has_it_is_documented(repository: Path) -> None:
    text = (repository / "docs" / "operations.md").read_text(encoding="utf-8")
    for permission in set(Permission) - {Permission.NOTHING}:
        marks = ["yes" if permission in GRANTED[role] else "no" for role in ROLES]
        row = rf"^\| `{permission}` \| .+ \| {' | '.join(marks)} \|$".replace(" | ", r" \| ")
        assert re.search(row, text, re.MULTILINE), f"{permission}: {marks}"


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
