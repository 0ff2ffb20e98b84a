"""Admins read the audit log."""

from __future__ import annotations

import re
from html import unescape

import pytest
from sqlalchemy import text

from service.audit import record
from service.audit.find import head
from service.console.audit.pages import SHOWN
from service.parts import Parts
from tests.service.console.conftest import NewVisitor
from tests.service.console.visitor import Visitor


@pytest.fixture
def ada(signed_in: NewVisitor) -> Visitor:
    return signed_in("ada", "admin")


def _entries(visitor: Visitor, query: str = "") -> list[str]:
    page = visitor.get(f"/audit{query}")
    assert page.status_code == 200
    items = re.findall(r'<li class="entry".*?</li>', page.text, re.DOTALL)
    return [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", unescape(item))) for item in items]


def _write(parts: Parts, *subjects: str) -> None:
    with parts.sessions.begin() as session:
        for subject in subjects:
            record(session, "mina", "post.settled", subject, {"after": {"카페": "relevant"}})


def test_the_newest_entry_comes_first_with_what_it_says(ada: Visitor, parts: Parts) -> None:
    _write(parts, "post:p-1@1")
    first = _entries(ada)[0]
    assert "mina post.settled post:p-1@1" in first
    assert '{"after": {"카페": "relevant"}}' in first


@pytest.mark.parametrize(
    "change", ["at = 'infinity'", "at = '0044-03-15 BC'", "details = '[]'", "details = '1'"]
)
def test_a_row_that_was_changed_in_the_database_is_named_among_the_others(
    ada: Visitor, parts: Parts, change: str
) -> None:
    _write(parts, "post:p-1", "post:p-2", "post:p-3")
    with parts.sessions.begin() as session:  # as whoever owns the database may
        session.execute(text("SET LOCAL session_replication_role = replica"))
        sql = f"UPDATE audit_log SET {change} WHERE subject = 'post:p-2' RETURNING id"  # noqa: S608  # four, above
        row = session.scalar(text(sql))
    third, second, first = _entries(ada)[:3]
    warning = f"row {row} was changed in the database. python -m service audit verify says more."
    assert warning in second
    assert "mina post.settled post:p-2" in second
    assert "was changed" not in first + third


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("?actor=mina", 2),
        ("?actor=min", 2),
        ("?action=post.", 2),
        ("?subject=post:p-2", 1),
        ("?actor=mina&action=session.", 0),
        ("?actor=%25", 0),
    ],
)
def test_it_can_be_searched(ada: Visitor, parts: Parts, query: str, count: int) -> None:
    _write(parts, "post:p-1", "post:p-2")  # after account.created and session.began
    assert len(_entries(ada, query)) == count
    if count == 0:
        assert "No entry matches." in ada.get(f"/audit{query}").text


def test_older_entries_are_a_page_away_with_the_same_filter(ada: Visitor, parts: Parts) -> None:
    _write(parts, *(f"post:p-{number}" for number in range(SHOWN + 3)))
    first = ada.get("/audit?action=post.settled").text
    link = re.search(r'href="(/audit\?[^"]*after=\d+)"', first)
    assert link
    older = _entries(ada, unescape(link[1]).removeprefix("/audit"))
    assert [re.search(r"post:p-\d+", entry)[0] for entry in older] == [  # type: ignore[index]  # each has one
        "post:p-2",
        "post:p-1",
        "post:p-0",
    ]


def test_the_oldest_come_first_on_demand_page_by_page(ada: Visitor, parts: Parts) -> None:
    _write(parts, *(f"post:p-{number}" for number in range(SHOWN + 1)))
    query = "?action=post.settled&order=oldest"
    assert "post:p-0" in _entries(ada, query)[0]
    page = ada.get(f"/audit{query}").text
    link = re.search(r'href="(/audit\?[^"]*after=\d+)"', page)
    assert link
    assert "Newer entries" in page
    (last,) = _entries(ada, unescape(link[1]).removeprefix("/audit"))
    assert f"post:p-{SHOWN}" in last


@pytest.mark.parametrize("after", ["x", "-1", "0", "99999999999999999999"])
def test_a_place_that_is_none_is_the_beginning(ada: Visitor, after: str) -> None:
    assert len(_entries(ada, f"?after={after}")) == 2


def test_the_head_is_shown_to_be_noted_elsewhere(ada: Visitor, parts: Parts) -> None:
    with parts.sessions() as session:
        end = head(session)
    assert end.hash in ada.get("/audit").text


def test_what_a_stranger_wrote_stays_text(ada: Visitor, parts: Parts) -> None:
    with parts.sessions.begin() as session:
        record(session, "x", "refused.session", "POST /<script>alert(1)</script>", {"a": "<b>"})
    page = ada.get("/audit").text
    assert "<script>alert" not in page
    assert "<b>" not in page
