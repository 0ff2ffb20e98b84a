"""What people do is counted at once, each event once, whoever else does something meanwhile."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from service.items.delete import delete_item
from service.items.hold import keep_items
from service.recommend.counts import recount
from service.recommend.forget import forget_viewer
from service.recommend.heat import heat, warmer
from service.recommend.likes import WINDOW
from service.recommend.old import forget_what_is_old
from service.tables import Interaction, ItemCount, Opinion, Viewer
from tests.service.recommend.conftest import BEGAN, World
from tests.service.screening.conftest import change


def counts(world: World, name: str) -> tuple[int, int, int, int] | None:
    names = world.ids()
    with world.parts.sessions() as session:
        rows = session.scalars(select(ItemCount)).all()
    found = {names[row.item_id]: row for row in rows}.get(name)
    return (found.views, found.likes, found.saves, found.dislikes) if found else None


def test_an_event_counts_once_however_often_it_is_sent(world: World) -> None:
    world.items("a", "b")
    first, second = world.event("u", "a"), world.event("u", "b", "save")
    for events in ((first, second), (first,), (second, second, first)):
        recorded = world.send(*events)
        assert (recorded.accepted, recorded.known) == (len(events), len(events))
    assert (counts(world, "a"), counts(world, "b")) == ((0, 1, 0, 0), (0, 0, 1, 0))
    assert world.pairs() == {("a", "b"): 1, ("b", "a"): 1}


def test_events_of_items_that_nobody_knows_are_counted_and_not_kept(world: World) -> None:
    world.items("a")
    recorded = world.send(
        world.event("u", "nobody's"),
        world.event("u", "a", item_kind="post"),
        world.event("u", "a", "view"),
    )
    assert (recorded.accepted, recorded.known) == (3, 1)
    with world.parts.sessions() as session:
        assert [row.kind for row in session.scalars(select(Interaction))] == ["view"]


def test_a_dislike_takes_a_like_back_and_the_latest_opinion_holds(world: World) -> None:
    world.items("a", "b")
    world.like("u", "a", "b")
    late = world.event("u", "a", "dislike", at=BEGAN + timedelta(days=1))
    world.send(late)
    assert world.pairs() == {}
    # A like that comes late, but was before: what the person thinks now is known already.
    world.send(world.event("u", "a", at=BEGAN + timedelta(hours=1)))
    assert world.pairs() == {}
    world.send(world.event("u", "a", at=BEGAN + timedelta(days=2)))
    assert world.pairs() == {("a", "b"): 1, ("b", "a"): 1}
    assert counts(world, "a") == (0, 3, 0, 1)


def test_only_what_is_liked_within_a_window_makes_a_pair(world: World) -> None:
    names = [f"i{number:02}" for number in range(WINDOW + 5)]
    world.items(*names)
    world.like("u", *names)
    pairs = world.pairs()
    assert ("i00", f"i{WINDOW:02}") in pairs
    assert ("i00", f"i{WINDOW + 1:02}") not in pairs
    assert pairs == world.pairs_of_opinions()
    # One from the middle goes, and those beside it stay as they are.
    world.send(world.event("u", "i02", "dislike", at=BEGAN + timedelta(days=1)))
    assert world.pairs() == world.pairs_of_opinions()


def test_many_at_once_lose_no_count_and_do_not_block_each_other(world: World) -> None:
    """Sixteen writers tell of the same people and items in every order; some delete."""
    names = [f"i{number}" for number in range(8)]
    world.items(*names, "gone")
    people = [f"u{number}" for number in range(4)]
    likes = [(person, name) for person in people for name in (*names, "gone")]
    batches = []
    for writer in range(16):
        turned = likes[writer:] + likes[:writer]
        order = turned[::-1] if writer % 2 else turned
        # The same ids in all batches: each like is told sixteen times.
        batches.append(
            [world.event(p, n, id=f"{p} {n}", at=BEGAN) for p, n in order]
            + [world.event(f"only {writer}", n) for n in names]
        )

    def delete(name: str) -> None:
        with world.parts.sessions.begin() as session:
            delete_item(session, name)

    def forget(name: str) -> None:
        with world.parts.sessions.begin() as session:
            forget_viewer(session, name)

    with ThreadPoolExecutor(8) as pool:
        works: list[Future[Any]] = [pool.submit(world.send, *batch) for batch in batches]
        works += [pool.submit(delete, "gone"), pool.submit(forget, "u0")]
        for work in works:
            work.result()
    with world.parts.sessions.begin() as session:
        delete_item(session, "gone")
    pairs = world.pairs()
    assert pairs == world.pairs_of_opinions()
    assert pairs["i0", "i1"] in (19, 20)  # 16 alone, three or four of all writers: see u0
    likes_of_one = counts(world, "i0")
    assert likes_of_one is not None
    assert likes_of_one[1] == pairs["i0", "i1"]


def test_a_person_is_gone_everywhere(world: World) -> None:
    world.items("a", "b", "c")
    world.like("u", "a", "b", "c")
    world.like("v", "a", "b")
    with world.parts.sessions.begin() as session:
        gone = forget_viewer(session, "u")
        assert gone is not None
        assert (gone.interactions, gone.opinions) == (3, 3)
    assert world.pairs() == {("a", "b"): 1, ("b", "a"): 1}
    assert (counts(world, "a"), counts(world, "c")) == ((0, 1, 0, 0), None)
    with world.parts.sessions.begin() as session:
        assert forget_viewer(session, "u") is None
        assert [row.external_id for row in session.scalars(select(Viewer))] == ["v"]


def test_a_person_may_have_done_more_than_a_statement_takes_parameters(world: World) -> None:
    world.items("a")
    world.like("u", "a")
    many = range(1, 70_000)
    with world.parts.sessions.begin() as session:
        assert len(keep_items(session, many)) == 1
        recount(session, many)
    assert counts(world, "a") == (0, 1, 0, 0)


def test_an_item_is_gone_everywhere(world: World) -> None:
    world.items("a", "b", "c")
    world.like("u", "a", "b", "c")
    world.looks("b", [1.0])
    with world.parts.sessions.begin() as session:
        gone = delete_item(session, "b")
        assert gone is not None
        assert (gone.vectors, gone.interactions) == (1, 1)
    assert world.pairs() == {("a", "c"): 1, ("c", "a"): 1} == world.pairs_of_opinions()
    assert "b" not in world.names("v")
    with world.parts.sessions.begin() as session:
        assert delete_item(session, "b") is None


def test_what_is_old_is_forgotten_with_its_counts(world: World) -> None:
    world.items("a", "b", "c")
    world.like("u", "a", "b", "c")
    with world.parts.sessions.begin() as session:
        for row in session.scalars(select(Interaction)).all()[:2]:
            row.received_at = BEGAN
    forget_what_is_old(change(world.parts, keep_interaction_days=1))
    with world.parts.sessions() as session:
        assert len(session.scalars(select(Opinion)).all()) == 1
    assert world.pairs() == {}
    assert (counts(world, "a"), counts(world, "c")) == (None, (0, 1, 0, 0))


def test_popularity_is_the_same_added_up_and_counted_again(world: World) -> None:
    world.items("a")
    for days, kind in ((0, "view"), (3, "like"), (400, "save"), (9, "dislike")):
        world.send(world.event(f"u{days}", "a", kind, at=BEGAN - timedelta(days=days)))
    expected = None
    for days, kind in ((0, "view"), (3, "like"), (400, "save")):
        expected = warmer(expected, heat(kind, BEGAN - timedelta(days=days)))
    with world.parts.sessions() as session:
        added = session.scalars(select(ItemCount.heat)).one()
    with world.parts.sessions.begin() as session:
        forget_viewer(session, "u9")
        counted = session.scalars(select(ItemCount.heat)).one()
    assert added == pytest.approx(expected)
    assert counted == pytest.approx(expected)
