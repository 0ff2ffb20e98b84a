"""A process remembers whose a key is, for some seconds only."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select, update

from service.apikeys import known as module
from service.apikeys.known import FRESH_SECONDS, USED_EVERY, KnownKeys
from service.apikeys.store import make, revoke
from service.apikeys.token import new_token
from service.parts import Parts
from service.tables import ApiKey
from tests.growth.recorder import recorded


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def known(parts: Parts, clock: Clock) -> KnownKeys:
    return KnownKeys(parts.sessions, clock)


def add(parts: Parts, name: str = "web", lasts: timedelta | None = None) -> tuple[int, str]:
    with parts.sessions.begin() as session:
        key, token = make(session, name, lasts, "ada")
        return key.id, token


def asked(parts: Parts, known: KnownKeys, token: str) -> tuple[str | None, int]:
    with recorded(parts.sessions.kw["bind"]) as queries:
        name = known.name_of(token)
    return name, len([query for query in queries if "api_keys" in query.statement])


def test_the_database_is_asked_once_in_some_seconds(
    parts: Parts, known: KnownKeys, clock: Clock
) -> None:
    _, token = add(parts)
    assert asked(parts, known, token) == ("web", 2), "read, and noted as used"
    assert asked(parts, known, token) == ("web", 0)
    clock.now = FRESH_SECONDS
    assert asked(parts, known, token) == ("web", 1)


def test_a_revoked_key_stops_within_seconds(parts: Parts, known: KnownKeys, clock: Clock) -> None:
    key, token = add(parts)
    assert known.name_of(token) == "web"
    with parts.sessions.begin() as session:
        revoke(session, key, "ada")
    clock.now = FRESH_SECONDS
    assert known.name_of(token) is None
    assert KnownKeys(parts.sessions).name_of(token) is None, "another process, at once"


def test_a_new_key_is_good_at_once_although_it_was_tried_before(
    parts: Parts, known: KnownKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = new_token()
    assert known.name_of(token) is None
    monkeypatch.setattr("service.apikeys.store.new_token", lambda: token)
    add(parts)
    assert known.name_of(token) == "web"


def test_a_key_ends_when_its_time_is_over_also_while_it_is_remembered(
    parts: Parts, known: KnownKeys
) -> None:
    _, token = add(parts, lasts=timedelta(days=30))
    assert known.name_of(token) == "web"
    with time_machine.travel(datetime.now(UTC) + timedelta(days=31)):
        assert asked(parts, known, token) == (None, 0)


@pytest.mark.parametrize(
    "text", ["", "tsk_", "tsk_" + "a" * 42, "tsk_" + "é" * 43, "x" * 47, "tsk_" + "a" * 4000]
)
def test_what_cannot_be_a_key_is_not_looked_up(parts: Parts, known: KnownKeys, text: str) -> None:
    assert asked(parts, known, text) == (None, 0)


def test_strangers_fill_no_memory(
    parts: Parts, known: KnownKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST", 3)
    for _ in range(50):
        assert known.name_of(new_token()) is None
    assert len(known._known) == 0
    for number in range(8):
        known.name_of(add(parts, f"key-{number}")[1])
    assert 0 < len(known._known) <= 3


def test_last_used_is_written_once_a_minute(parts: Parts, known: KnownKeys, clock: Clock) -> None:
    _, token = add(parts)
    known.name_of(token)
    clock.now += FRESH_SECONDS
    assert asked(parts, known, token)[1] == 1, "read only"
    long_ago = datetime.now(UTC) - 2 * USED_EVERY
    with parts.sessions.begin() as session:
        assert session.scalars(select(ApiKey.last_used_at)).one() is not None
        session.execute(update(ApiKey).values(last_used_at=long_ago))
    clock.now += FRESH_SECONDS
    known.name_of(token)
    with parts.sessions() as session:
        used = session.scalars(select(ApiKey.last_used_at)).one()
    assert used is not None
    assert datetime.now(UTC) - used < USED_EVERY


def test_many_threads_with_many_keys_are_told_apart(parts: Parts, clock: Clock) -> None:
    tokens = {f"key-{number}": add(parts, f"key-{number}")[1] for number in range(8)}
    known = KnownKeys(parts.sessions, clock)

    def ask(number: int) -> bool:
        clock.now += 0.2  # they expire while others ask
        name = f"key-{number % 8}"
        right = known.name_of(tokens[name]) == name
        return right and known.name_of(new_token()) is None

    with ThreadPoolExecutor(16) as pool:
        assert all(pool.map(ask, range(160)))
