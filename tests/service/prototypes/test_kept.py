"""A prototype in use keeps its examples, and who named them, as long as their posts are there."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
from sqlalchemy import func, select

from service.parts import Parts
from service.posts.accept import NewImage, accept
from service.posts.delete import delete_post
from service.prototypes.kept import examples_of, names_of
from service.tables import AuditEntry, Post, PrototypeExample
from tests.service.prototypes.test_screening import named, shadow, step, tried
from tests.service.votes.conftest import AddNear, add_near, colour, seen

__all__ = ["add_near", "colour", "named", "seen"]
Sides = tuple[list[str], list[str]]


def sides_of(parts: Parts, number: int) -> tuple[set[str], set[str]]:
    with parts.sessions() as session:
        right, wrong = names_of(session, number)
    return set(right), set(wrong)


def delete(parts: Parts, name: str) -> None:
    with parts.sessions.begin() as session:
        delete_post(session, name)


def replace(parts: Parts, name: str) -> None:
    post = Post(external_id=name, revision=2, author_id="u", caption="", hashtags=["sunset"])
    post.posted_at = datetime(2026, 11, 20, tzinfo=UTC)
    with parts.sessions.begin() as session:
        accept(session, post, [NewImage(None, b"a photograph")])


@pytest.mark.slow
def test_who_named_an_example_is_kept_when_more_are_added(
    parts: Parts, named: Sides, add_near: AddNear
) -> None:
    first = shadow(parts, tried(parts, named), "ana")
    assert sides_of(parts, first) == (set(named[0]), set(named[1]))
    add_near("for-new", {"sunset": "unverifiable"}, 25, 50)
    more = ([*named[0], "for-new"], named[1])
    second = shadow(parts, tried(parts, more), "ben", first)
    with parts.sessions() as session:
        kept = {one.post.external_id: one.named_by for one in examples_of(session, second)}
        log = session.scalars(
            select(AuditEntry.details).where(AuditEntry.subject == f"prototype:{second}")
        ).one()
    assert kept.pop("for-new") == "ben"
    assert set(kept.values()) == {"ana"}
    assert (log["examples"], log["before"]) == (21, first)


@pytest.mark.parametrize("go", [delete, replace])
def test_a_post_that_goes_is_no_example_any_more(
    parts: Parts, named: Sides, go: Callable[[Parts, str], None]
) -> None:
    number = shadow(parts, tried(parts, named))
    go(parts, "for-3")
    go(parts, "against-4")
    right, wrong = sides_of(parts, number)
    assert (len(right), len(wrong)) == (9, 9)
    assert not {"for-3", "against-4"} & (right | wrong)
    with parts.sessions() as session:
        assert session.scalar(select(func.count()).select_from(PrototypeExample)) == 18


def test_a_post_that_goes_between_try_and_shadow_is_left_out(parts: Parts, named: Sides) -> None:
    given = tried(parts, named)
    delete(parts, "for-3")
    assert "for-3" not in sides_of(parts, shadow(parts, given))[0]


def test_a_retired_prototype_keeps_none(parts: Parts, named: Sides) -> None:
    """So there are never more than those of the prototypes in use."""
    given = tried(parts, named)
    first, second = shadow(parts, given), shadow(parts, given)
    step(parts, first, "retired")
    assert sides_of(parts, first) == (set(), set())
    assert sides_of(parts, second) == (set(named[0]), set(named[1]))


def test_examples_that_are_deleted_while_they_are_kept_do_not_stay(
    parts: Parts, named: Sides
) -> None:
    given = tried(parts, named)
    begin = Barrier(4)

    def keep(_: int) -> None:
        begin.wait()
        shadow(parts, given)

    def go(name: str) -> None:
        begin.wait()
        delete(parts, name)

    with ThreadPoolExecutor(4) as pool:
        works = [*(pool.submit(keep, n) for n in range(2))]
        works += [pool.submit(go, name) for name in ("for-1", "against-1")]
        for work in works:
            work.result()
    with parts.sessions() as session:
        assert session.scalar(select(func.count()).select_from(PrototypeExample)) == 2 * 18
