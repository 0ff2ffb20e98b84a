"""Of what is deleted nothing is left in any table or file; what is old goes, and the rest works."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import Column, func, select, text

from service.bundles import reembed
from service.campaigns.place import place_waiting
from service.erasure import erase_due
from service.hourly.rollup import roll_up
from service.items.embed import embed_items
from service.items.sweep import sweep_items
from service.lexicon.learn import learn_hashtags
from service.operations.tallies import add_up, tally
from service.operations.tidy import drop_embeddings, empty_callbacks
from service.sweeper import sweep
from service.tables import Base, Embedding, Erasure, HourlyFigure, Image, Post, ThumbnailFrame
from service.votes.learn import learn_votes
from tests.service.everykind.test_complete import TABLES
from tests.service.everykind.world import BEARER, World

pytestmark = pytest.mark.slow  # the world takes ten seconds to make

# That an author objected stays known, and not to what.
STAYS = {"appeals"}
# A request for thumbnails in an author's style is somebody else's, and goes when its time is over.
ANOTHERS = {"thumbnail_jobs"}


def owners() -> Iterator[Column[Any]]:
    """The columns that name a post, or what belongs to one."""
    whole = {"posts"}
    for table in TABLES:
        for column in table.columns:
            if any(key.column.table.name in whole for key in column.foreign_keys):
                yield column
                if not column.nullable and table.name not in STAYS:
                    whole.add(table.name)


def everything(world: World) -> Mapping[str, str]:
    """All rows of each table, as text."""
    with world.parts.sessions() as session:
        return {
            table.name: json.dumps(
                session.scalars(text(f"SELECT to_jsonb(t) FROM {table.name} AS t")).all(),  # noqa: S608
                ensure_ascii=False,
            )
            for table in Base.metadata.sorted_tables
        }


def delete_all(world: World) -> None:
    with world.parts.sessions() as session:
        names = session.scalars(select(Post.external_id).distinct()).all()
    for name in names:
        answer = world.http.delete(f"/v1/posts/{quote(name, safe='')}", headers=BEARER)
        assert answer.status_code in (200, 202), (name, answer.text)
    with world.parts.sessions.begin() as session:
        session.execute(text("UPDATE erasures SET next_attempt_at = now()"))
    erase_due(world.parts.sessions, world.parts.images)


def assert_no_file_and_no_figure_is_left(world: World) -> None:
    parts = world.parts
    with parts.sessions() as session:
        assert session.scalar(select(func.count()).select_from(Erasure)) == 0
        kept = session.scalars(
            select(ThumbnailFrame.stored).where(ThumbnailFrame.rank.is_not(None))
        )
        thumbnails = {key.rpartition("/")[2] for key in kept if key}
    files = [one.name for one in (world.folder / "images").rglob("*") if one.is_file()]
    assert set(files) == thumbnails
    while roll_up(parts):
        pass
    add_up(parts)
    with parts.sessions() as session:
        assert set(tally(session, "posts")) == {"deleted "}
        assert tally(session, "deliveries") == {"pending": len(thumbnails) + 1}  # one failed
        of_posts = select(HourlyFigure).where(HourlyFigure.figure != "callbacks")
        assert session.scalars(of_posts).all() == []


def test_of_deleted_posts_nothing_is_left(changing: World) -> None:
    with changing.parts.sessions() as session:
        authors = set(session.scalars(select(Post.author_id))) - {""}
        captions = set(session.scalars(select(Post.caption))) - {""}
    delete_all(changing)
    rows = everything(changing)
    words = {"author": authors, "caption": captions}
    told = {
        (name, kind, word)
        for name, stored in rows.items()
        if name not in ANOTHERS
        for kind, some in words.items()
        for word in some
        if json.dumps(word, ensure_ascii=False)[1:-1] in stored
    }
    assert told == set()
    with changing.parts.sessions() as session:
        left = {
            str(column): session.scalar(select(func.count(column)))
            for column in owners()
            if column.table.name not in STAYS
        }
    assert {"votes.post_id", "drafts.case_id", "items.post_id", "polls.verdict_id"} < left.keys()
    assert {name: n for name, n in left.items() if n} == {}
    assert_no_file_and_no_figure_is_left(changing)


def test_what_is_old_goes_and_the_rest_still_judges(changing: World) -> None:
    parts, later = changing.parts, datetime.now(UTC) + timedelta(days=1)
    with parts.sessions.begin() as session:
        empty_callbacks(session, later)
        drop_embeddings(session, later)
        assert session.scalar(select(func.count()).select_from(Embedding)) == 0
    assert_nothing_fails(changing)


def test_embeddings_are_made_again_for_every_photograph(changing: World) -> None:
    parts = changing.parts
    network = parts.screener.current().bundle.embedding_id
    with parts.sessions.begin() as session:
        wanted = select(Image.id).where(Image.derivative.is_not(None))
        photographs = set(session.scalars(wanted))
        session.execute(text("DELETE FROM embeddings WHERE image_id % 7 = 0"))
        reembed.follow(session, network)
    while reembed.step(parts, network):
        pass
    made = select(Embedding.image_id).where(Embedding.made_by == network)
    with parts.sessions() as session:
        assert set(session.scalars(made)) == photographs
        assert reembed.left(session, network, datetime(2000, 1, 1, tzinfo=UTC)) == 0


def test_of_a_person_who_is_deleted_nothing_is_left(changing: World) -> None:
    answer = changing.http.delete("/v1/users/viewer", headers=BEARER)
    assert answer.status_code == 204
    rows = everything(changing)
    assert {name for name in rows if '"viewer"' in rows[name]} == set()
    assert '"another"' in rows["viewers"]


def assert_nothing_fails(world: World) -> None:
    """What goes through all posts by itself."""
    for name in ("passed", "flagged", "filmed", "campaign 1", "old bundle"):
        answer = world.http.get(f"/v1/posts/{name}", headers=BEARER)
        assert answer.status_code == 200
    learn_hashtags(world.parts)
    learn_votes(world.parts)
    while place_waiting(world.parts):
        pass
    sweep_items(world.parts)
    embed_items(world.parts)


def test_what_runs_by_itself_goes_through_all_posts(changing: World, log: list[Any]) -> None:
    assert sweep(changing.parts)
    assert_nothing_fails(changing)
    assert [entry for entry in log if entry["log_level"] in ("error", "warning")] == []
