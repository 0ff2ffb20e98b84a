"""How long the lists of posts take: `python -m benchmarks.lists --waiting 100000`.

Made-up posts in a real PostgreSQL: so many wait in the queue, three times as many passed, half as
many are settled, with three hashtags each. Timed is what the console asks the database for, as the
median of several rounds. With `--explain` the plan of each slow statement is printed, too.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Mapping
from datetime import timedelta

from sqlalchemy import Engine, event, text
from sqlalchemy.orm import Session

from benchmarks.database import own_database
from benchmarks.lexicon import config
from service.accounts import create
from service.cases import PostFilter, take_next
from service.cases.holders import waiting_for
from service.console.posts import lists
from service.console.posts.facets import counted
from service.console.posts.tabs import TABS
from service.database import make_sessions
from service.posts.author import history
from service.screener import Screener
from service.tables import Post

ROUNDS = 7
SLOW_MS = 30.0
DEEP = 5000  # posts before the page that is far from the beginning
LEASE = timedelta(minutes=2)
# A third of what is decided waits in the first part of the numbers, then what passed, then what
# is settled; hashtags and categories are as uneven as the square of a random number.
POSTS = """
    INSERT INTO posts (id, external_id, revision, author_id, caption, hashtags, posted_at, reach,
        received_at, state, attempts, decision, decided_by, decided_at) OVERRIDING SYSTEM VALUE
    SELECT n, 'p-' || n, 1, 'u-' || (power(random(), 2) * 20000)::int, 'a caption', ARRAY['a', 'b'],
        now(), (random() * 5000)::int, now() - (:posts - n) * interval '6 seconds', 'decided', 1,
        CASE WHEN mod(n, 9) < 6 THEN 'pass' WHEN mod(n, 3) = 0 THEN 'review' ELSE 'flag' END,
        CASE WHEN mod(n, 9) = 8 THEN 'moderator' ELSE 'model' END, now()
    FROM generate_series(1, :posts) AS n
"""
IMAGES = """
    INSERT INTO images (post_id, position, derivative, labels)
    SELECT id, 0, '00/1.jpg', jsonb_build_object('filling', repeat('x', 400)) FROM posts
"""
VERDICTS = """
    INSERT INTO verdicts (post_id, position, tag, normalised, verdict, model_verdict, category,
        resolved_by, confidence, reason, trace)
    SELECT id, place, 'tag' || tag, 'tag' || tag, 'irrelevant', 'irrelevant',
        'category' || mod(tag, 15), 'lexicon', 1, '{}',
        jsonb_build_object('filling', repeat('x', 400))
    FROM posts, generate_series(0, 2) AS place,
        LATERAL (SELECT (power(random(), 2) * 20000)::int + 0 * id AS tag) AS made
"""
CASES = """
    INSERT INTO cases (post_id, kind, priority)
    SELECT id, 'review', (0.5 + random() / 2) * greatest(reach, 1) FROM posts
    WHERE decision <> 'pass' AND decided_by = 'model'
"""
FILTERS = {
    "no filter": PostFilter(),
    "a frequent category": PostFilter(category="category0"),
    "a frequent hashtag": PostFilter(hashtag="tag0"),
    "a rare hashtag": PostFilter(hashtag="tag19000"),
    "an author": PostFilter(author="u-19000"),
    "doubtful ones": PostFilter(decision="review"),
    "a week old": PostFilter(older_than=timedelta(days=7)),
    "nothing at all": PostFilter(category="none"),
}
Work = Callable[[Session], object]


def main(waiting: int, *, explain: bool) -> None:
    """Prints a Markdown table."""
    with own_database() as own:
        fill(own.engine, waiting * 9 // 2)
        screener = Screener(config(own.folder, own.url), make_sessions(own.engine))
        measure(own.engine, screener, explain)


def fill(engine: Engine, posts: int) -> None:
    """Two ninths of the posts wait."""
    with engine.begin() as connection:
        for statement in (POSTS, IMAGES, VERDICTS, CASES):
            connection.execute(text(statement), {"posts": posts})
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


def measure(engine: Engine, screener: Screener, explain: bool) -> None:
    """A row for each thing that a page asks for."""
    screener.current()
    with make_sessions(engine)() as session:
        viewer = create(session, "bench", "moderator")[0].id
        session.commit()
        print("| | ms |\n| --- | ---: |")
        for what, work in works(session, viewer).items():
            took = 1000 * _middle(engine, work)
            print(f"| {what} | {took:.0f} |", flush=True)
            if explain and took > SLOW_MS:
                _explain(engine, work)


def works(session: Session, viewer: int) -> Mapping[str, Work]:
    """What is timed."""
    deep = session.execute(_list("review", PostFilter(), viewer).rows().offset(DEEP).limit(1)).one()
    some = session.get_one(Post, 1)
    pages: dict[str, Work] = {
        f"a page of “{name}”": _page(_list(name, PostFilter(), viewer)) for name in TABS
    }
    queue = _list("review", PostFilter(), viewer)
    pages[f"the queue's page after {DEEP:,} posts"] = _page(queue, deep[1].id if deep[1] else 0)
    for what, wanted in FILTERS.items():
        which = _list("review", wanted, viewer)
        pages[f"the queue, {what}"] = _page(which)
        pages[f"its choices with their counts, {what}"] = _choices(which)
        pages[f"counts of all lists, {what}"] = _counts(which)
        pages[f"the next case, {what}"] = _next(wanted, viewer)
        pages[f"how many wait, {what}"] = _waiting(wanted, viewer)
    pages["the author before"] = lambda session: history(session, some)
    return pages


def _list(name: str, wanted: PostFilter, viewer: int) -> lists.Filter:
    return lists.Filter(TABS[name], wanted, viewer)


def _page(which: lists.Filter, after: int | None = None) -> Work:
    return lambda session: lists.page(session, which, after)


def _choices(which: lists.Filter) -> Work:
    return lambda session: counted(session, which, ())


def _counts(which: lists.Filter) -> Work:
    return lambda session: lists.counts(session, which)


def _next(wanted: PostFilter, viewer: int) -> Work:
    return lambda session: take_next(session, viewer, LEASE, wanted)


def _waiting(wanted: PostFilter, viewer: int) -> Work:
    return lambda session: waiting_for(session, viewer, wanted)


def _middle(engine: Engine, work: Work) -> float:
    took = []
    for _ in range(ROUNDS):
        with make_sessions(engine)() as session:  # nothing is kept: a lease taken is given back
            began = time.perf_counter()
            work(session)
            took.append(time.perf_counter() - began)
    return sorted(took)[len(took) // 2]


def _explain(engine: Engine, work: Work) -> None:
    with make_sessions(engine)() as session:

        def ask(_c: object, cursor, statement: str, parameters: object, *_: object) -> None:  # type: ignore[no-untyped-def]  # a database cursor
            if statement.lstrip().upper().startswith("SELECT"):
                cursor.execute(f"EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) {statement}", parameters)
                plan = [line for (line,) in cursor.fetchall()]
                if float(plan[-1].split()[2]) > SLOW_MS:
                    print(statement, *plan, sep="\n")

        event.listen(session.connection(), "before_cursor_execute", ask)
        work(session)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--waiting", type=int, default=100_000)
    parser.add_argument("--explain", action="store_true")
    arguments = parser.parse_args()
    main(arguments.waiting, explain=arguments.explain)
