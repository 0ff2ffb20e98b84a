"""However many people sign in at once, few passwords are hashed at once: each takes 64 MiB."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from argon2 import PasswordHasher

from service.accounts import passwords

MANY = 24


class Watched:
    """A hasher that counts how many threads are in it at once."""

    def __init__(self, hasher: PasswordHasher) -> None:
        self.hasher, self.lock = hasher, threading.Lock()
        self.inside = self.most = 0
        # All that may be inside at once meet there, so that the count does not hang on luck.
        self.full = threading.Barrier(passwords.AT_ONCE)

    def _enter(self) -> None:
        with self.lock:
            self.inside += 1
            self.most = max(self.most, self.inside)
        self.full.wait(60)

    def _leave(self) -> None:
        with self.lock:
            self.inside -= 1

    def hash(self, password: str) -> str:
        self._enter()
        try:
            return self.hasher.hash(password)
        finally:
            self._leave()

    def verify(self, stored: str, password: str) -> bool:
        self._enter()
        try:
            return self.hasher.verify(stored, password)
        finally:
            self._leave()


def test_of_many_people_few_are_hashed_for_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    words = [f"a long password {number}" for number in range(MANY)]
    stored = [passwords.hash_password(word) for word in words]
    watched = Watched(passwords._hasher)
    monkeypatch.setattr(passwords, "_hasher", watched)
    with ThreadPoolExecutor(MANY) as people:
        wrong = people.map(passwords.matches, stored, [*words[1:], "another"])
        right = people.map(passwords.matches, stored, words)
        hashed = people.map(passwords.hash_password, words)
        assert [*wrong, *right] == [False] * MANY + [True] * MANY
        assert len(set(hashed)) == MANY
    assert watched.most == passwords.AT_ONCE


def test_a_password_that_cannot_be_read_gives_its_place_back() -> None:
    for _ in range(2 * passwords.AT_ONCE):
        assert passwords.matches("no hash", "a long password") is False
    assert passwords.matches(passwords.hash_password("a long password"), "a long password")
