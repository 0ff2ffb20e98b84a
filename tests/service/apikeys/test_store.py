"""Keys of the API are made once, recognised by their beginning, and revoked for good."""

from __future__ import annotations

import unicodedata
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from service.apikeys import store
from service.apikeys.store import KeyProblem, listed, make, revoke
from service.apikeys.token import looks_like_one, new_token
from service.parts import Parts
from service.tables import ApiKey, AuditEntry


def add(parts: Parts, name: str, lasts: timedelta | None = None) -> tuple[int, str]:
    with parts.sessions.begin() as session:
        key, token = make(session, name, lasts, "ada")
        return key.id, token


def test_only_a_hash_and_the_beginning_are_kept(parts: Parts) -> None:
    _, token = add(parts, "web")
    with parts.sessions() as session:
        row = session.scalars(select(ApiKey)).one()
        log = session.scalars(select(AuditEntry)).all()
    assert looks_like_one(token)
    assert token.startswith(row.prefix)
    kept = [str(value) for value in vars(row).values()] + [str(entry.details) for entry in log]
    assert [text for text in kept if token[len(row.prefix) :] in text] == []


def test_no_two_keys_are_alike() -> None:
    assert len({new_token() for _ in range(1000)}) == 1000


@pytest.mark.parametrize("name", ["", " ", "a" * 65, "two  spaces", "a\nb", "<b>", "a\0"])
def test_what_is_no_name_is_refused(parts: Parts, name: str) -> None:
    with pytest.raises(KeyProblem) as refused:
        add(parts, name)
    assert refused.value.code == "bad_name"


def test_two_usable_keys_have_two_names_and_a_revoked_one_gives_its_name_back(
    parts: Parts,
) -> None:
    first, _ = add(parts, "모바일 앱")
    with pytest.raises(KeyProblem) as refused:
        add(parts, "모바일 앱 ")
    assert refused.value.code == "name_taken"
    with parts.sessions.begin() as session:
        assert revoke(session, first, "ada")
    add(parts, "모바일 앱")


def test_a_name_is_the_same_however_it_is_written(parts: Parts) -> None:
    """As names of people are: keys whose names look the same could not be told apart."""
    key_id, _ = add(parts, unicodedata.normalize("NFD", "검색 서버"))
    with parts.sessions() as session:
        assert session.get_one(ApiKey, key_id).name == "검색 서버"
    add(parts, "Search")
    for name in ("검색 서버", unicodedata.normalize("NFD", "검색 서버"), "search", "Ｓｅａｒｃｈ"):
        with pytest.raises(KeyProblem) as refused:
            add(parts, name)
        assert refused.value.code == "name_taken"


def test_of_many_who_make_the_same_key_at_once_one_does(parts: Parts) -> None:
    def once(number: int) -> str:
        try:
            return add(parts, f"key-{number % 3}")[1]
        except KeyProblem as problem:
            return problem.code

    with ThreadPoolExecutor(12) as pool:
        made = list(pool.map(once, range(24)))
    assert made.count("name_taken") == 21
    assert len(set(made)) == 4


def test_there_is_a_most(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "MOST", 3)
    for number in range(3):
        add(parts, f"key-{number}")
    with pytest.raises(KeyProblem) as refused:
        add(parts, "one more")
    assert refused.value.code == "too_many"


def test_a_key_is_revoked_once(parts: Parts) -> None:
    key, _ = add(parts, "web")

    def once(name: str) -> bool:
        with parts.sessions.begin() as session:
            return revoke(session, key, name)

    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(once, [f"admin-{number}" for number in range(8)]))
    assert done.count(True) == 1
    with parts.sessions() as session:
        entries = session.scalars(
            select(AuditEntry).where(AuditEntry.action == "api_key.revoked")
        ).all()
        row = session.scalars(select(ApiKey)).one()
    assert [entry.actor for entry in entries] == [row.revoked_by]


def test_those_that_are_over_are_listed_apart_and_not_all(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "SHOWN", 2)
    keys = {name: add(parts, name, timedelta(days=30))[0] for name in ("b", "a", "c", "d", "e")}
    with parts.sessions.begin() as session:
        for name in ("c", "d"):
            revoke(session, keys[name], "ada")
        over = datetime.now(UTC) - timedelta(seconds=1)
        session.execute(update(ApiKey).where(ApiKey.name == "e").values(expires_at=over))
    with parts.sessions() as session:
        found = listed(session)
    assert [key.name for key in found.usable] == ["a", "b"]
    assert [key.name for key in found.over] == ["e", "d"]
