from __future__ import annotations

import unicodedata

import pytest
from argon2 import PasswordHasher, Type, extract_parameters
from sqlalchemy import select

from service.accounts import AccountError, create, named, passwords, reset_password, verify
from service.parts import Parts
from service.tables import AuditEntry


def test_a_new_account_opens_with_its_password_only(parts: Parts) -> None:
    with parts.sessions() as session:
        user, password = create(session, "mina", "moderator")
        assert verify(named(session, "mina"), password) is user
        assert verify(named(session, " mina "), password) is user
        assert verify(named(session, "mina"), password + "x") is None
        assert verify(named(session, "nobody"), password) is None


def test_the_password_is_kept_as_an_argon2id_hash(parts: Parts) -> None:
    with parts.sessions() as session:
        user, password = create(session, "mina")
        assert user.password_hash.startswith("$argon2id$")
        assert password not in user.password_hash


def test_a_hash_costs_what_rfc_9106_recommends(
    parts: Parts, real_hasher: PasswordHasher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "_hasher", real_hasher)
    with parts.sessions() as session:
        user, password = create(session, "mina")
        cost = extract_parameters(user.password_hash)
        assert verify(named(session, "mina"), password) is user
    assert (cost.type, cost.time_cost, cost.memory_cost) == (Type.ID, 3, 64 * 1024)
    assert (cost.parallelism, cost.hash_len, cost.salt_len) == (4, 32, 16)


def test_two_accounts_never_share_a_password(parts: Parts) -> None:
    with parts.sessions() as session:
        (_, first), (_, second) = create(session, "mina"), create(session, "ada")
        assert first != second


def test_a_reset_replaces_the_password(parts: Parts) -> None:
    with parts.sessions() as session:
        user, old = create(session, "mina")
        new = reset_password(session, "mina")
        assert verify(named(session, "mina"), old) is None
        assert verify(named(session, "mina"), new) is user


@pytest.mark.parametrize(
    ("name", "role", "says"),
    [
        ("mina", "moderator", "has an account already"),
        ("Mina", "moderator", "'mina' has an account already"),
        ("", "moderator", "cannot be a name"),
        ("ｍina", "moderator", "'mina' has an account already"),
        ("two words", "moderator", "cannot be a name"),
        ("a" * 65, "moderator", "cannot be a name"),
        ("ada", "king", "no role 'king'"),
    ],
)
def test_what_cannot_be_an_account_is_refused(
    parts: Parts, name: str, role: str, says: str
) -> None:
    with parts.sessions() as session:
        create(session, "mina")
        with pytest.raises(AccountError, match=says):
            create(session, name, role)


def test_a_name_is_the_same_however_a_keyboard_composes_it(parts: Parts) -> None:
    composed = "홍길동"
    decomposed = unicodedata.normalize("NFD", composed)
    with parts.sessions() as session:
        user, _ = create(session, decomposed)
        assert (user.name, named(session, decomposed)) == (composed, user)
        with pytest.raises(AccountError, match="has an account already"):
            create(session, composed)


def test_an_account_with_a_name_of_another_form_stays_open(parts: Parts) -> None:
    decomposed = unicodedata.normalize("NFD", "홍길동")
    with parts.sessions() as session:
        user, _ = create(session, "gildong")
        user.name = decomposed
        session.flush()
        assert named(session, decomposed) is user
        with pytest.raises(AccountError, match="has an account already"):
            create(session, "홍길동")


def test_nobodys_password_cannot_be_reset(parts: Parts) -> None:
    with parts.sessions() as session, pytest.raises(AccountError, match="Nobody is called 'ada'"):
        reset_password(session, "ada")


def test_both_are_in_the_audit_log_without_the_password(parts: Parts) -> None:
    with parts.sessions() as session:
        _, first = create(session, "mina", "analyst")
        second = reset_password(session, "mina")
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [(e.action, e.subject) for e in entries] == [
        ("account.created", "user:mina"),
        ("account.password_reset", "user:mina"),
    ]
    assert not any(secret in str(e.details) for e in entries for secret in (first, second))
