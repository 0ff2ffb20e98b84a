"""A person's shelves: what stands on them, what a click changes, what stands behind it."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from sqlalchemy import func, select, update

from service.authors.notes import subject
from service.items.put import NewItem, put_item
from service.parts import Parts
from service.posts.accept import NewImage
from service.tables import AuditEntry, Interaction, Item, ItemImage, Opinion, Post
from tests.service.console.conftest import NewVisitor
from tests.service.console.rows import add_post
from tests.service.console.visitor import Visitor
from tests.service.console.watch.conftest import cards, titles
from tests.service.recommend.conftest import World
from tests.service.rows import rows_of

Jpeg = Callable[..., bytes]
PAGES = (
    *("/watch", "/watch?viewer=u", "/watch/why?viewer=u&item=item:a"),
    *("/watch/list.csv?viewer=u", "/watch/list.json?viewer=u", "/watch/items/1/picture"),
)


def _alike(world: World) -> None:
    """Two liked by two people, one that looks like the first, one that is like nothing."""
    world.items("a", "b", "alike", "other")
    world.looks("a", [1.0, 0.0])
    world.looks("alike", [1.0, 0.2])
    world.looks("other", [0.0, 1.0])
    world.like("v", "a", "b")
    world.like("w", "a", "b")


def _opinion(visitor: Visitor, card: dict[str, str], said: str, **headers: str) -> str:
    form = card | {"opinion": said}
    form.pop("csrf_token")
    options = {"follow_redirects": True, "headers": headers}
    return visitor.send("/watch/opinions", form, **options).text


@pytest.mark.parametrize("path", PAGES)
def test_a_moderator_sees_nobodys_history(mina: Visitor, path: str) -> None:
    assert mina.get(path).status_code == 403


def test_who_did_something_lately_is_listed_the_last_one_first(ana: Visitor, world: World) -> None:
    assert "Nobody did anything yet." in ana.get("/watch").text
    world.items("a")
    world.like("<u>", "a")
    world.like("v", "a")
    page = ana.get("/watch").text
    assert page.index('viewer=v"') < page.index("viewer=%3Cu%3E")
    assert "&lt;u&gt;" in page


def test_each_recommendation_says_why_it_is_there(ana: Visitor, world: World) -> None:
    _alike(world)
    world.like("u", "a")
    page = ana.get("/watch?viewer=u").text
    assert titles(page)[0] == "About b"
    assert "Because you liked “About a”." in page
    assert "Liked lately" in page
    assert "About a" not in titles(page)


def test_no_title_turns_the_page_around_it(ana: Visitor, world: World, parts: Parts) -> None:
    _alike(world)
    world.like("u", "a")
    with parts.sessions.begin() as session:
        session.execute(update(Item).values(title="\u202e" + Item.title))
    for path in ("/watch?viewer=u", "/watch?viewer=u&to=item:a", "/watch/why?viewer=u&item=item:b"):
        page = ana.get(path).text
        assert "\u202e" not in page
        assert "About a" in page


def test_somebody_new_gets_what_is_popular_and_begins_to_exist_with_a_click(
    ana: Visitor, world: World, parts: Parts
) -> None:
    _alike(world)
    page = ana.get("/watch?viewer=new").text
    assert "new liked nothing yet" in page
    assert {"About a", "About b"} <= set(titles(page))
    _opinion(ana, cards(page)[0].fields, "like")
    with parts.sessions() as session:
        assert session.scalars(select(Interaction.kind)).all()[-1] == "like"
    assert 'viewer=new"' in ana.get("/watch").text


def test_a_like_changes_what_comes_next(ana: Visitor, world: World) -> None:
    _alike(world)
    before = cards(ana.get("/watch?viewer=u").text)
    liked = next(card for card in before if card.title == "About a")
    page = _opinion(ana, liked.fields, "like")
    assert titles(page)[0] == "About b"
    assert "About a" not in titles(page)


def test_what_is_not_for_somebody_goes_and_is_liked_no_more(
    ana: Visitor, world: World, parts: Parts
) -> None:
    _alike(world)
    world.like("u", "a", "b")
    page = ana.get("/watch?viewer=u").text
    other = next(card for card in cards(page) if card.title == "About other")
    assert "About other" not in titles(_opinion(ana, other.fields, "dislike"))
    fields = other.fields | {"item": "item:b", "event": "another"}
    _opinion(ana, fields, "dislike")
    with parts.sessions() as session:
        liked = select(func.count()).where(Opinion.nth.is_not(None)).select_from(Opinion)
        assert session.scalar(liked) == 5  # of v and w two each, and a of u


def test_a_form_that_is_sent_twice_counts_once(ana: Visitor, world: World, parts: Parts) -> None:
    _alike(world)
    card = cards(ana.get("/watch?viewer=u").text)[0]
    for _ in range(2):
        _opinion(ana, card.fields, "like")
    with parts.sessions() as session:
        mine = select(func.count()).where(Interaction.external_id == card.fields["event"])
        assert session.scalar(mine) == 1


def test_a_script_gets_the_shelves_alone(ana: Visitor, world: World) -> None:
    _alike(world)
    card = cards(ana.get("/watch?viewer=u").text)[0]
    part = _opinion(ana, card.fields, "like", **{"X-Requested-With": "fetch"})
    assert "<html" not in part
    assert "Next for u" in part
    assert card.title not in titles(part)


def test_more_like_an_item_comes_above(ana: Visitor, world: World) -> None:
    _alike(world)
    page = ana.get("/watch?viewer=u&to=item:a").text
    assert "More like “About a”" in page
    assert titles(page)[0] == "About alike"
    blind = ana.get("/watch?viewer=u&to=item:b").text
    assert "it was not looked at yet" in blind
    assert "This is no longer there." in ana.get("/watch?viewer=u&to=item:gone").text


def test_a_post_that_was_flagged_appears_nowhere(
    ana: Visitor, world: World, parts: Parts, jpeg: Jpeg
) -> None:
    _alike(world)
    row = add_post(parts, "p-1", {"cafe": "relevant"}, (jpeg(seed=1),), caption="A secret place")
    world.send(world.event("u", "p-1", item_kind="post"))
    with parts.sessions() as session:
        item = session.scalars(select(Item.id).where(Item.post_id == row)).one()
    paths = ("/watch?viewer=u", "/watch?viewer=v", "/watch?viewer=v&to=post:p-1")
    assert ["A secret place" in ana.get(path).text for path in paths] == [True] * 3
    assert ana.get(f"/watch/items/{item}/picture").mimetype == "image/jpeg"
    with parts.sessions.begin() as session:
        session.execute(update(Post).values(decision="flag"))
    assert ["A secret place" in ana.get(path).text for path in paths] == [False] * 3
    assert ana.get(f"/watch/items/{item}/picture").status_code == 404
    assert ana.get("/watch/why?viewer=v&item=post:p-1").status_code == 404
    card = cards(ana.get("/watch?viewer=v").text)[0]
    page = _opinion(ana, card.fields | {"item": "post:p-1"}, "like")
    assert "This is no longer there, so nothing was changed." in page


def test_why_names_the_events_behind_it(ana: Visitor, world: World) -> None:
    _alike(world)
    world.send(world.event("u", "a", "save"))
    page = ana.get("/watch/why?viewer=u&item=item:b").text
    assert "Because you liked “About a”." in page
    assert "saved, <time" in page
    assert "Likes of all people: 2. Views: 0." in page
    assert ">2<" in page  # people like both
    assert "not known" in page  # b has no vector
    assert ">0.98<" in ana.get("/watch/why?viewer=u&item=item:alike").text
    assert ana.get("/watch/why?viewer=u&item=item:gone").status_code == 404


def test_the_list_is_a_file_in_which_nothing_is_a_formula(ana: Visitor, world: World) -> None:
    _alike(world)
    world.items("sum", title="=1+1")
    world.like("u", "a")
    answer = ana.get("/watch/list.csv?viewer=u")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="recommended-u.csv"'
    assert "'=1+1" in answer.text
    rows = list(rows_of(answer.text))
    listed = json.loads(ana.get("/watch/list.json?viewer=u").text)
    assert [row["id"] for row in rows] == [one["id"] for one in listed["items"]]
    assert rows[0]["reason"] == "Because you liked “About a”."
    assert ana.get("/watch/list.xml?viewer=u").status_code == 404


def test_a_picture_is_drawn_anew_and_asked_for_once(
    ana: Visitor, world: World, parts: Parts, jpeg: Jpeg
) -> None:
    sent = jpeg(seed=3, comment=b"where I live")
    with parts.sessions.begin() as session:
        row = put_item(session, NewItem("cup", "Cup", "", (), ""), [NewImage(None, sent)]).row
    answer = ana.get(f"/watch/items/{row}/picture?download=1")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="cup.jpg"'
    assert b"where I live" in sent
    assert b"where I live" not in answer.data
    again = ana.get(
        f"/watch/items/{row}/picture?download=1", headers={"If-None-Match": answer.headers["ETag"]}
    )
    assert (again.status_code, again.data) == (304, b"")
    with parts.sessions.begin() as session:
        session.execute(update(ItemImage).values(source_bytes=b"no picture"))
    assert ana.get(f"/watch/items/{row}/picture").status_code == 404


def test_a_click_is_in_the_audit_log_without_the_persons_name(
    ana: Visitor, world: World, parts: Parts
) -> None:
    _alike(world)
    _opinion(ana, cards(ana.get("/watch?viewer=u").text)[0].fields, "like")
    with parts.sessions() as session:
        entry = session.scalars(
            select(AuditEntry).where(AuditEntry.action == "viewer.opinion")
        ).one()
    assert (entry.actor, entry.subject, entry.details) == ("ana", subject("u"), {})


@pytest.mark.parametrize(
    "form",
    [
        {"viewer": "", "item": "item:a", "event": "e", "opinion": "like"},
        {"viewer": "u", "item": "a", "event": "e", "opinion": "like"},
        {"viewer": "u", "item": "item:a", "event": "", "opinion": "like"},
        {"viewer": "u", "item": "item:a", "event": "e", "opinion": "view"},
        {"viewer": "u" * 201, "item": "item:a", "event": "e", "opinion": "like"},
    ],
)
def test_a_form_that_no_page_has_is_refused(
    ana: Visitor, world: World, form: dict[str, str]
) -> None:
    assert ana.send("/watch/opinions", form).status_code == 404


def test_a_korean_reads_korean(world: World, signed_in: NewVisitor) -> None:
    _alike(world)
    world.like("u", "a")
    page = signed_in("kim", "analyst", "ko").get("/watch?viewer=u").text
    assert "마음에 들어요" in page
    assert "좋아하셔서 추천해요" in page
