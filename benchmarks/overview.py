"""How long the overview takes: `python -m benchmarks.overview --posts 200000`.

Made-up posts (five hashtags and two photographs each) over 58 days in a real PostgreSQL, flags
settled, passes spot-checked, callbacks sent. The whole page is timed as a browser would get it, and
each figure that it counts. The baseline is the page of rules on the same rows, which counts 30
days of verdicts.
"""

from __future__ import annotations

import argparse
import re
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, select, text
from sqlalchemy.orm import Session

from benchmarks.database import own_database
from classifiers.bundle import Bundle
from rules.verdicts.ruleset import DEFAULT, load_ruleset
from service.accounts import create
from service.app import create_app
from service.config import ROOT, Config
from service.database import make_sessions
from service.overview.ages import ages
from service.overview.backlog import backlog
from service.overview.callbacks import callbacks_by_state
from service.overview.labels import labels_before, labels_now
from service.overview.precision import flags_confirmed
from service.overview.reviewtime import review_times
from service.overview.scope import PERIODS, Scope, scope_of
from service.overview.spot_checks import passes_overturned
from service.overview.traffic import posts_by_decision
from service.parts import make_parts
from service.runner import environment
from service.runner.engines import redis_spec, start_redis
from service.tables import Post

ROUNDS = 5
STARTER = ROOT / "models" / "starter"
QUERIES = {
    "period=24h": "24 hours",
    "period=7d": "7 days",
    "period=30d": "30 days",
    "period=30d&category=cafe": "30 days, one category",
}
RULESET = load_ruleset(DEFAULT, None)
LABELS = sorted(RULESET.titles)
FILL = """
SELECT setseed(0.5);
INSERT INTO users (name, password_hash, role) VALUES ('mina', '', 'analyst');
INSERT INTO posts (external_id, revision, author_id, caption, hashtags, posted_at, received_at,
    state, attempts, reach, decision, decided_by, decided_at, bundle, ruleset)
SELECT 'p-' || n, 1, 'u-' || n % 997, repeat('caption ', 12), ARRAY['a', 'b', 'c', 'd', 'e'],
    at, at, 'decided', 1, 100, 'pass', 'model', at + interval '5 s', :bundle, 'default-' || n % 2
FROM (SELECT n, now() - interval '58 days' * (1 - n / :posts ::float) AS at
    FROM generate_series(1, :posts) AS n) AS made;
INSERT INTO images (post_id, position, sha256, derivative, width, height, labels)
SELECT posts.id, place, md5(posts.id::text), 'images/' || posts.id, 1280, 960, seen
FROM posts, generate_series(0, 1) AS place, LATERAL (
    SELECT jsonb_object_agg(label, jsonb_build_object('score', round(score::numeric, 4), 'fact',
        CASE WHEN score > 0.9 THEN true WHEN score < 0.8 THEN false END)) AS seen
    FROM (SELECT label, random() + 0 * posts.id + 0 * place AS score
        FROM unnest(CAST(:labels AS text[])) AS label) AS scores) AS looks;
INSERT INTO verdicts (post_id, position, tag, normalised, verdict, model_verdict, category,
    resolved_by, confidence, reason, trace)
SELECT id, place, tag, tag, said, said, category, 'lexicon', 0.99,
    '{"en": "A plain reason of usual length.", "ko": "A plain reason of usual length."}',
    jsonb_build_object('filling', repeat('x', 600))
FROM (SELECT id, place, hashtags[place + 1] AS tag,
        (CAST(:categories AS text[]))[1 + floor(random() * :kinds)] AS category,
        CASE WHEN luck < 0.03 THEN 'irrelevant' WHEN luck < 0.07 THEN 'uncertain'
            ELSE 'relevant' END AS said
    FROM (SELECT id, hashtags, place, random() AS luck
        FROM posts, generate_series(0, 4) AS place) AS drawn) AS judged;
UPDATE posts SET decision = found.decision FROM (
    SELECT post_id, CASE WHEN bool_or(model_verdict = 'irrelevant') THEN 'flag' ELSE 'review' END
        AS decision
    FROM verdicts WHERE model_verdict IN ('irrelevant', 'uncertain') GROUP BY post_id) AS found
WHERE post_id = posts.id;
INSERT INTO cases (post_id, kind, priority, opened_at, closed_at)
SELECT id, CASE decision WHEN 'pass' THEN 'spot_check' ELSE 'review' END, random(), decided_at,
    CASE WHEN random() < 0.95 THEN least(now(), decided_at + interval '1 day' * random()) END
FROM posts WHERE decision <> 'pass' OR id % 50 = 0;
INSERT INTO reviews (post_id, user_id, case_id, kind, answers, seconds, created_at)
SELECT cases.post_id, 1, cases.id, cases.kind, jsonb_object_agg(tag,
    CASE WHEN random() < 0.1 THEN 'irrelevant' ELSE 'relevant' END), 3 + 40 * random(), closed_at
FROM cases JOIN verdicts ON verdicts.post_id = cases.post_id
WHERE closed_at IS NOT NULL GROUP BY cases.id;
UPDATE verdicts SET verdict = CASE
        WHEN random() < 0.9 AND model_verdict = 'irrelevant' THEN 'irrelevant' ELSE 'relevant' END
FROM reviews WHERE verdicts.post_id = reviews.post_id
    AND model_verdict IN ('irrelevant', 'uncertain');
UPDATE posts SET decided_by = 'moderator', decided_at = reviews.created_at,
    decision = CASE WHEN EXISTS (SELECT FROM verdicts
        WHERE post_id = posts.id AND verdict = 'irrelevant') THEN 'flag' ELSE 'pass' END
FROM reviews WHERE reviews.post_id = posts.id;
INSERT INTO deliveries (id, post_id, type, body, state, attempts, created_at, delivered_at)
SELECT gen_random_uuid(), id, 'post.decided', jsonb_build_object('data', repeat('x', 1200)),
    CASE WHEN random() < 0.001 THEN 'dead' ELSE 'delivered' END, 1,
    received_at + interval '5 s', now()
FROM posts
"""


def main(posts: int) -> None:
    """Prints a Markdown table."""
    with own_database() as own:
        with own.engine.begin() as connection:
            fill(connection, posts)
        with own.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
        with make_sessions(own.engine)() as session:
            report(session, own.folder, own.url)


def fill(connection: Connection, posts: int) -> None:
    """Posts and all that follows from them, as if the service had run for 58 days."""
    categories = [category.name for category in RULESET.categories.values() if category.rule]
    given = {"posts": posts, "labels": LABELS, "bundle": Bundle.load(STARTER).id}
    given |= {"categories": categories, "kinds": len(categories)}
    for statement in FILL.split(";\n"):
        connection.execute(text(statement), given)


def report(session: Session, folder: Path, database_url: str) -> None:
    """One row a figure: how often it takes the time of the page of rules, for each period."""
    now = datetime.now(UTC)
    with signed_in(folder, database_url) as get:
        rules = seconds_of(partial(get, "/rules"))
        pages = [seconds_of(partial(get, f"/overview?{query}")) for query in QUERIES]
    print(f"the page of rules: {1000 * rules:.0f} ms; times that:")
    heads = " | ".join(QUERIES.values())
    print(f"| | {heads} |\n| --- |{' ---: |' * len(QUERIES)}")
    print(f"| the whole page | {' | '.join(f'{one / rules:.2f}' for one in pages)} |")
    scopes = [scope_of(name, None, now) for name in PERIODS] + [scope_of("30d", "cafe", now)]
    for name in counted(session, scopes[0], now):
        taken = [seconds_of(counted(session, scope, now)[name]) for scope in scopes]
        print(f"| {name} | {' | '.join(f'{one / rules:.2f}' for one in taken)} |")


@contextmanager
def signed_in(folder: Path, database_url: str) -> Iterator[Callable[[str], object]]:
    """Gets pages as an analyst's browser does, from the application itself."""
    spec = redis_spec(folder / "redis")
    redis = start_redis(spec, folder / "redis.log")
    given = {"DATABASE_URL": database_url, "REDIS_URL": spec.url}
    config = Config.from_environ(environment.settings({}, folder) | given)
    parts = make_parts(config)
    try:
        with parts.sessions.begin() as session:
            _, password = create(session, "ana", "analyst")
        client = create_app(config, parts).test_client()
        token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/sign-in").text)
        form = {"name": "ana", "password": password, "csrf_token": token and token[1]}
        client.post("/sign-in", data=form)

        def get(path: str) -> None:
            if client.get(path).status_code != 200:
                raise SystemExit(f"{path} could not be opened.")

        yield get
    finally:
        parts.close()
        redis.terminate()
        redis.wait()


def counted(session: Session, scope: Scope, now: datetime) -> Mapping[str, Callable[[], object]]:
    """What the page counts."""
    bundle = session.scalars(select(Post.bundle).limit(1)).one() or ""
    return {
        "posts by decision": lambda: posts_by_decision(session, scope),
        "age of open cases": lambda: ages(session, scope, now),
        "open cases over time": lambda: backlog(session, scope),
        "flags confirmed": lambda: flags_confirmed(session, scope),
        "passes overturned": lambda: passes_overturned(session, scope),
        "labels by day": lambda: (
            labels_before(session, scope, bundle, LABELS),
            labels_now(session, scope, bundle, LABELS),
        ),
        "time per review": lambda: review_times(session, scope),
        "callbacks": lambda: callbacks_by_state(session, scope),
    }


def seconds_of(work: Callable[[], object]) -> float:
    """How long something takes, the median of some rounds after a first one."""
    taken = []
    for _ in range(ROUNDS + 1):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken[1:])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=200_000)
    main(parser.parse_args().posts)
