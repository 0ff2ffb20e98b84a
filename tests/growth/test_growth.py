"""No page asks more with more rows, and none reads a large table from end to end.

Every address that can be read is asked with 5 posts and with 50: all once, for all tests.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from service.accounts import create
from service.items.put import NewItem, put_item
from service.likeness.index import build_index
from service.parts import Parts
from service.recommend.events import Event
from service.recommend.record import record_events
from service.tables import (
    Appeal,
    Case,
    Control,
    Embedding,
    Item,
    ItemVector,
    Post,
    Prototype,
    PrototypeExample,
    User,
)
from tests.conftest import API_KEY
from tests.emptying import Emptier
from tests.growth.recorder import Query, recorded, whole_tables
from tests.service.console.visitor import Visitor
from tests.service.overview.rows import (
    add_case,
    add_delivery,
    add_post,
    add_review,
    counted,
    settle,
)
from tests.service.similar.rows import at as direction

PAGES = (
    *("/readyz", "/metrics", "/v1/openapi.json", "/v1/posts/p-1", "/v1/appeals/a-1"),
    *("/v1/posts", "/v1/posts?state=decided", "/v1/posts?decision=flag", "/v1/posts?author=u-1"),
    *("/v1/posts?hashtag=cafe", "/v1/posts?since=2026-01-01T00:00:00Z&until=2030-01-01T00:00:00Z"),
    *("/v1/hashtags/cafe/posts", "/v1/hashtags/cafe/posts?verdict=irrelevant"),
    "/v1/posts/p-1/hashtags/suggested",
    *("/votes", "/prototypes", "/posts/1/votes", "/hashtags/cafe/prototype"),
    *("/prototypes/1", "/hashtags/sunset/prototype?again=1"),
    *("/v1/posts/p-1/similar", "/v1/posts/p-1/similar?author=u-1&hashtag=cafe&decision=flag"),
    *("/", "/audit", "/cases/1", "/hashtags", "/hashtags?recent=1", "/hashtags?search=cafe"),
    *("/hashtags/cafe", "/hashtags/lexicon.csv", "/lexicon", "/settings", "/password", "/try"),
    *("/overview", "/overview?period=30d", "/overview?period=30d&category=cafe"),
    *(f"/overview/{name}.csv" for name in ("posts", "ages", "backlog", "flags", "labels")),
    *("/campaigns", "/campaigns?order=newest", "/copies", "/author?id=u-1"),
    *("/author/similar?id=u-1", "/v1/channels/u-1/similar"),
    *("/people", "/people/1", "/posts", "/posts/1", "/posts/1/beside", "/posts/1/together"),
    *("/similar", "/posts/1/similar", "/posts/1/similar?decision=flag&hashtag=cafe&days=30"),
    *(f"/posts?tab={name}" for name in ("flagged", "doubtful", "passed", "settled", "pending")),
    *("/api-keys", "/queue/next", "/rules", "/rules/live.yaml"),
    *("/quality", "/quality/agreement.csv"),
    *("/v1/items/i-1", "/v1/recommend?userid=u-1", "/v1/recommend?userid=nobody&language=ko"),
    *(
        "/watch",
        "/watch?viewer=u-1&to=item:i-1",
        "/watch?viewer=nobody",
        "/watch/list.csv?viewer=u-1",
    ),
    "/watch/why?viewer=u-1&item=item:i-1",
)

# All pages are asked three times before the first test: some minutes where much else is done.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
EACH_MINUTE = "UPDATE sign_ins SET seen_at"  # whatever page is opened then


@dataclass(frozen=True)
class Measured:
    """What each page asked with few posts and with ten times as many."""

    few: Mapping[str, list[Query]]
    many: Mapping[str, list[Query]]
    engine: Engine


@pytest.fixture(scope="module")
def measured(app: Flask, parts: Parts, emptier: Emptier) -> Measured:
    """Fifty posts and 130 pages: some seconds, so once for all tests."""
    emptier.empty()
    parts.redis.flushall()
    with parts.sessions.begin() as session:
        _, password = create(session, "mina", "admin")
    visitor = Visitor(app.test_client())
    visitor.sign_in("mina", password)
    build_index(parts, parts.screener.current().bundle.embedding_id)
    _fill(parts, range(1, 6))
    _ask_all(visitor, parts)  # what a process remembers from its first page on is remembered
    few = _ask_all(visitor, parts)
    _fill(parts, range(6, 51))
    engine = parts.sessions.kw["bind"]
    # How large tables and indexes are on disk counts in plans, and other tests leave room in them.
    with engine.connect() as connection:
        alone = connection.execution_options(isolation_level="AUTOCOMMIT")
        alone.execute(text("VACUUM (FULL, ANALYZE)"))
    return Measured(few, _ask_all(visitor, parts), engine)


def _fill(parts: Parts, numbers: range) -> None:
    now = datetime.now(UTC)
    live = parts.screener.current().bundle
    said = ("irrelevant", "uncertain", "relevant")
    with parts.sessions.begin() as session:
        mina = session.scalars(select(User)).one()
        prototype = session.get(Prototype, 1) or _prototype(session, live.embedding_id)
        for number in numbers:
            at = now - timedelta(minutes=number)
            tags = {"cafe": said[number % 3], "pet": "relevant", f"쀍{number}": "unverifiable"}
            post = add_post(session, at, tags, [{"food": True}], bundle=live.id)
            post.external_id, post.author_id = f"p-{number}", f"u-{number % 2}"
            post.verdicts[2].resolved_by, post.verdicts[2].category = "none", None
            # Near-duplicates stay as many; what is less alike grows.
            vector = direction(number if number < 6 else 50 + number, live.dimension)
            post.images[0].embeddings = [Embedding(made_by=live.embedding_id, vector=vector)]
            session.flush()
            named = PrototypeExample(prototype_id=prototype.id, post_id=post.id, named_by="mina")
            named.bears_out = number % 2 == 0
            session.add(named)
            add_delivery(session, post, "delivered", at)
            if number % 3 == 2:
                settle(post, {"cafe": "relevant"})
                _look_again(session, post, mina)
            else:
                case = add_case(session, at, post=post)
                session.add(Appeal(external_id=f"a-{number}", post_id=post.id, case_id=case.id))
        counted(session)
    _fill_items(parts, numbers)


def _prototype(session: Session, made_by: str) -> Prototype:
    made = Prototype(normalised="sunset", tag="sunset", state="shadow", made_by=made_by, bias=0.0)
    made.weights, made.created_by, made.changed_by = [0.0, 1.0], "mina", "mina"
    made.figures = {name: [9, 10] for name in ("right_for", "right_against", "answered")}
    session.add(made)
    session.flush()
    return made


def _fill_items(parts: Parts, numbers: range) -> None:
    """Items with vectors; each of four people likes three quarters of them."""
    live, at = parts.encoders.current(), datetime.now(UTC)
    for number in numbers:
        with parts.sessions.begin() as session:
            put = put_item(session, NewItem(f"i-{number}", f"Film {number}", "", (), ""), [])
            vector = direction(number, live.dimension)
            session.add(ItemVector(item_id=put.row, made_by=live.vector_id, vector=vector))
    events = [
        Event(f"{person} {number}", f"u-{person}", "item", f"i-{number}", "like", None, at)
        for person in range(4)
        for number in numbers
        if number % 4 != person
    ]
    with parts.sessions.begin() as session:
        record_events(session, events)


def _look_again(session: Session, post: Post, user: User) -> None:
    """A post that was answered, compared, decided between, and asked as a control."""
    first = add_review(session, post, user, {"cafe": "relevant"}, seconds=5)
    for kind, said in (("double", "irrelevant"), ("third", "relevant"), ("control", "relevant")):
        case = add_case(session, post.received_at, post.received_at, post)
        case.kind, case.review_id, case.details = kind, first.id, {"expected": {"cafe": said}}
        given = add_review(session, post, user, {"cafe": said}, kind=kind, case_id=case.id)
        first = given if kind == "double" else first
    session.add(Control(post_id=post.id, expected={"cafe": "relevant"}, origin="agreed"))


def _ask_all(visitor: Visitor, parts: Parts) -> dict[str, list[Query]]:
    headers = {"Authorization": f"Bearer {API_KEY}"}
    found = {}
    with parts.sessions() as session:
        item = session.scalars(select(Item.id).where(Item.external_id == "i-1")).one()
    for page in PAGES:
        with parts.sessions.begin() as session:
            for case in session.scalars(select(Case)):  # whoever holds one is asked for it again
                case.holder_id = case.leased_until = case.taken_at = None
        with recorded(parts.sessions.kw["bind"]) as queries:
            answer = visitor.get(
                page.format(item=item), headers=headers if page.startswith("/v1") else {}
            )
        assert answer.status_code in (200, 302, 303), (page, answer.status_code)
        found[page] = [one for one in queries if not one.statement.startswith(EACH_MINUTE)]
    return found


@pytest.mark.parametrize("page", PAGES)
def test_with_ten_times_the_posts_a_page_asks_no_more(measured: Measured, page: str) -> None:
    few, many = measured.few[page], measured.many[page]
    asked = {query.statement for query in few}
    more = [query.statement for query in many if query.statement not in asked]
    assert len(many) <= len(few), more or [query.statement for query in many]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_reads_no_large_table_from_end_to_end(measured: Measured, page: str) -> None:
    assert whole_tables(measured.engine, measured.many[page]) == []


def test_a_query_without_an_index_is_found(measured: Measured) -> None:
    """The test above can fail."""
    engine = measured.engine
    for query in (
        select(Post).where(Post.caption == "x"),
        select(Post.id).order_by(Post.caption).limit(5),
    ):
        with recorded(engine) as queries, engine.connect() as connection:
            connection.execute(query)
        assert whole_tables(engine, queries)
