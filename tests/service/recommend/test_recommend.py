"""Who liked what gets what, and why."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from sqlalchemy import select

from service.recommend.explore import Draw
from service.tables import Item, Post
from tests.service.console.rows import add_post
from tests.service.recommend.conftest import World


def test_what_people_like_who_like_the_same_comes_first(world: World) -> None:
    world.items("coffee", "cake", "car", "tyre", "hat")
    for number in range(3):
        world.like(f"sweet {number}", "coffee", "cake")
        world.like(f"motor {number}", "car", "tyre")
    world.like("u", "coffee")
    first = world.ask("u")[0]
    assert (first.id, first.kind) == ("cake", "item")
    assert first.reason["en"] == "Because you liked “About coffee”."
    assert "About coffee" in first.reason["ko"]
    assert 0 < first.score <= 1


def test_what_was_seen_liked_or_disliked_is_not_shown_again(world: World) -> None:
    world.items("a", "b", "c", "d", "e")
    world.send(
        world.event("u", "a", "view"),
        world.event("u", "b", "like"),
        world.event("u", "c", "save"),
        world.event("u", "d", "dislike"),
    )
    assert world.names("u", share=1.0) == ["e"]


def test_an_item_that_nobody_knows_yet_is_found_by_its_content(world: World) -> None:
    world.items("old", "alike", "other")
    world.looks("old", [1.0, 0.0])
    world.looks("alike", [1.0, 0.2])
    world.looks("other", [0.0, 1.0])
    world.like("u", "old")
    found = world.ask("u")
    assert found[0].id == "alike"
    assert found[0].reason["en"] == "It is like “About old”, which you liked."


def test_whoever_is_not_known_gets_what_is_popular_and_what_is_new(world: World) -> None:
    world.items("a", "b", "c")
    world.like("v", "b")
    world.like("w", "b", "a")
    found = world.ask("nobody")
    assert found[0].id == "b"
    assert {one.id for one in found} == {"a", "b", "c"}
    assert found[0].reason["en"] == "Many people like it at the moment."
    assert next(one for one in found if one.id == "c").reason["ko"] == "새로 올라왔어요."


def test_cold_start_is_in_the_language_asked_for_or_that_of_what_was_liked(world: World) -> None:
    world.items("ko1", "ko2", title="바다의 노래")
    world.items("en1", "en2", title="Song of the sea")
    assert set(world.names("nobody", language="ko")) == {"ko1", "ko2"}
    world.like("u", "en1")
    assert world.names("u") == ["en2"]


def test_a_list_is_diverse(world: World) -> None:
    """Two that show the same are not the first two, although both are popular."""
    world.items("one", "same", "else")
    world.looks("one", [1.0])
    world.looks("same", [1.0])
    world.looks("else", [0.0, 1.0])
    for number in range(3):
        world.like(f"u{number}", "one", "same")
    world.like("u4", "else")
    world.like("u5", "else")
    assert set(world.names("nobody", k=2)) == {"else", world.names("nobody")[0]}


def test_a_post_is_an_item_from_the_moment_it_passes_until_it_is_flagged(world: World) -> None:
    add_post(world.parts, "p-1", {"카페": "relevant"})
    add_post(world.parts, "p-2", {"카페": "irrelevant"})
    (found,) = world.ask("nobody")
    assert (found.id, found.kind) == ("p-1", "post")
    assert world.names("u-1") == [], "nobody is shown what they posted"
    world.send(world.event("v", "p-1", item_kind="post"))
    with world.parts.sessions.begin() as session:
        session.scalars(select(Post).filter_by(external_id="p-1")).one().decision = "flag"
        session.scalars(select(Post).filter_by(external_id="p-2")).one().decision = "pass"
    assert world.names("nobody") == ["p-2"]
    with world.parts.sessions.begin() as session:
        post = session.scalars(select(Post).filter_by(external_id="p-1")).one()
        post.decision = "pass"
    assert world.names("nobody") == ["p-1", "p-2"], "what people did with it was kept"
    with world.parts.sessions.begin() as session:
        post = session.scalars(select(Post).filter_by(external_id="p-1")).one()
        post.state, post.decision = "deleted", None
    assert list(world.ids().values()) == ["p-2"]


def test_no_reason_quotes_a_post_that_was_flagged(world: World) -> None:
    add_post(world.parts, "p-1", {"카페": "relevant"})
    world.items("a")
    for viewer in ("u", "v"):
        world.send(world.event(viewer, "p-1", item_kind="post"))
    world.send(world.event("v", "a"))
    (found,) = world.ask("u")
    assert found.reason["en"] == "Because you liked “caption of p-1”."
    with world.parts.sessions.begin() as session:
        session.scalars(select(Post).filter_by(external_id="p-1")).one().decision = "flag"
    (found,) = world.ask("u")
    assert found.reason["en"] == "Because of something you liked."


def test_some_places_are_for_something_else_the_same_all_day(world: World) -> None:
    names = [f"i{number}" for number in range(30)]
    world.items(*names)
    world.like("v", *names[:10])
    first = world.ask("u", share=0.5)
    assert [one.id for one in first] == world.names("u", share=0.5)
    tried = [one for one in first if one.reason["en"] == "Something else to try."]
    assert 0 < len(tried) < len(first)
    assert len({one.id for one in first}) == len(first) == 10


def test_what_nobody_has_tried_is_tried_by_those_whom_it_suits(world: World) -> None:
    world.items("unlike", "old", "seen", "alike")
    world.looks("old", [1.0, 0.0])
    world.looks("seen", [1.0, 0.1])
    world.looks("alike", [1.0, 0.3])
    world.looks("unlike", [0.0, 1.0])
    world.like("v", "seen")
    world.like("u", "old")
    assert world.names("u", k=1) == ["seen"]
    (tried,) = world.ask("u", k=1, share=1.0)
    assert (tried.id, tried.reason["en"]) == ("alike", "Something else to try.")
    world.send(world.event("w", "alike", "view"))
    assert world.names("u", k=1, share=1.0) == ["unlike"]


def test_the_draw_differs_by_person_day_and_key_and_keeps_its_share() -> None:
    day = date(2026, 11, 21)
    draws = [
        Draw(b"key", "u", day),
        Draw(b"key", "v", day),
        Draw(b"key", "u", date(2026, 11, 22)),
        Draw(b"other", "u", day),
    ]
    assert len({draw.place for draw in draws}) == 4
    counted = Counter(draws[0].explores(position, 0.1) for position in range(2000))
    assert counted[True] / 2000 == pytest.approx(0.1, abs=0.03)


def test_items_are_drawn_by_a_random_place(world: World) -> None:
    world.items("a", "b", "c")
    with world.parts.sessions() as session:
        places = session.scalars(select(Item.shuffle)).all()
    assert len(set(places)) == 3
    assert all(0 <= place < 1 for place in places)
