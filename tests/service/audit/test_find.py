from __future__ import annotations

from service.audit.find import Head, Sought, find_entries, head
from service.parts import Parts
from tests.service.audit.conftest import Write


def _subjects(parts: Parts, sought: Sought, after: int | None = None) -> list[str]:
    with parts.sessions() as session:
        return [entry.subject for entry in find_entries(session, sought, after, 2).entries]


def test_the_newest_come_first_a_page_at_a_time(parts: Parts, write: Write) -> None:
    write("post:p-1", "post:p-2", "post:p-3")
    with parts.sessions() as session:
        first = find_entries(session, Sought(), None, 2)
        last = find_entries(session, Sought(), first.cursor, 2)
    assert [entry.position for entry in first.entries] == [3, 2]
    assert ([entry.position for entry in last.entries], last.cursor) == ([1], None)


def test_the_oldest_come_first_on_demand(parts: Parts, write: Write) -> None:
    write("post:p-1", "post:p-2", "post:p-3")
    with parts.sessions() as session:
        first = find_entries(session, Sought(), None, 2, "oldest")
        last = find_entries(session, Sought(), first.cursor, 2, "oldest")
    assert [entry.position for entry in first.entries] == [1, 2]
    assert ([entry.position for entry in last.entries], last.cursor) == ([3], None)


def test_what_is_sought_is_how_it_begins(parts: Parts, write: Write) -> None:
    write("post:p-1", "post:p_1", "user:mina")
    assert _subjects(parts, Sought(subject="post:")) == ["post:p_1", "post:p-1"]
    assert _subjects(parts, Sought(subject="post:p_")) == ["post:p_1"]  # no wildcard
    assert _subjects(parts, Sought(actor="mina", action="post.", subject="user:")) == ["user:mina"]
    assert _subjects(parts, Sought(actor="Mina")) == []


def test_the_head_is_the_newest_entry(parts: Parts, write: Write) -> None:
    with parts.sessions() as session:
        assert head(session) == Head(0, "0" * 64)
    last = write("post:p-1", "post:p-2")[-1]
    with parts.sessions() as session:
        assert head(session) == Head(2, str(last.hash))
