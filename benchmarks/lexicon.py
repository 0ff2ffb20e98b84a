"""How long pages that use the lexicon take: `python -m benchmarks.lexicon --posts 100000`.

Made-up decisions in a real PostgreSQL, every fifth hashtag one that nobody understands, and
thousands of changes on top of the lexicon's file. Timed are the list of unmapped hashtags as the
console asks for it, and the way of one more change into a process that judges already.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import Engine, text

from benchmarks.backtest import fill
from benchmarks.database import own_database
from rules import load_ruleset, resolve
from rules.verdicts.ruleset import DEFAULT
from service.config import Config
from service.database import connected, make_sessions
from service.lexicon import change
from service.lexicon.unmapped import unmapped, without_rule
from service.runner import environment
from service.screener import Screener

SHOWN = 40
ROUNDS = 5
# Letters in no order, far more often the same few than the others, as hashtags occur.
UNKNOWN = """
    UPDATE verdicts SET resolved_by = 'none', category = NULL, (tag, normalised) =
        (SELECT name, name FROM (SELECT left(translate(
            md5((power(random(), 3) * :different)::int::text || left(verdicts.id::text, 0)),
            '0123456789', 'ghjklmnpqr'), 9) AS name) AS made)
    WHERE id % 5 = 0
"""
DIFFERENT_UNKNOWN = 50_000
CHANGES = """
    INSERT INTO lexicon_changes (tag, normalised, categories, who, why)
    SELECT name, name, ARRAY['cafe'], 'bench', '' FROM generate_series(1, :changes) AS number,
        LATERAL (SELECT 'w' || translate(number::text, '0123456789', 'ghjklmnpqr') AS name) AS made
"""


def main(posts: int, changes: int) -> None:
    """Prints a Markdown table."""
    with own_database() as own:
        _fill(own.engine, posts, changes)
        _measure(own.engine, config(own.folder, own.url), posts, changes)


def _fill(engine: Engine, posts: int, changes: int) -> None:
    with engine.begin() as connection:
        fill(connection, load_ruleset(DEFAULT, None), posts)
        connection.execute(text(UNKNOWN), {"different": DIFFERENT_UNKNOWN})
        connection.execute(text(CHANGES), {"changes": changes})
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


def config(folder: Path, database_url: str) -> Config:
    """Settings of a service that only has a database."""
    made = environment.settings({}, folder)
    return Config(
        database_url=database_url,
        redis_url="redis://127.0.0.1:1/0",
        data=folder,
        secret_key=SecretStr(made["TAGSIFT_SECRET_KEY"]),
        webhook_secrets=(SecretStr(made["TAGSIFT_WEBHOOK_SECRETS"]),),
        api_keys=(SecretStr(made["TAGSIFT_API_KEYS"]),),
    )


def _measure(engine: Engine, config: Config, posts: int, changes: int) -> None:
    sessions = make_sessions(engine)
    screener = Screener(config, sessions)
    ruleset = screener.current().ruleset
    month = datetime.now(UTC) - timedelta(days=30)
    with sessions() as session:
        first = _seconds(lambda: unmapped(session, ruleset, SHOWN))
        lists = {
            "the unmapped hashtags, of all posts": lambda: unmapped(session, ruleset, SHOWN),
            "the unmapped hashtags, of 30 days": lambda: unmapped(session, ruleset, SHOWN, month),
            "the categories without a rule": lambda: without_rule(session, ruleset),
        }
        took = {what: _middle(work) for what, work in lists.items()}
    print(f"| {posts:,} posts, {changes:,} changes | seconds |\n| --- | ---: |")
    print(f"| the unmapped hashtags, the first time in a process | {first:.3f} |")
    for what, seconds in took.items():
        print(f"| {what} | {seconds:.3f} |")
    print(f"| from a change to its first use elsewhere | {_middle_way(screener, config):.3f} |")


def _middle_way(screener: Screener, config: Config) -> float:
    """From before a change until another holder of the screen has resolved a hashtag by it."""
    known = screener.current().ruleset.categories
    with connected(config.database_url) as other:
        sessions = make_sessions(other)

        def once() -> None:
            with sessions.begin() as session:
                change(session, "카페", ["cafe"], who="bench", why="", known=known)
            assert resolve("성수동카페", screener.current().ruleset).categories  # noqa: S101  # used

        return _middle(once)


def _middle(work: Callable[[], object]) -> float:
    return sorted(_seconds(work) for _ in range(ROUNDS))[ROUNDS // 2]


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=100_000)
    parser.add_argument("--changes", type=int, default=10_000)
    arguments = parser.parse_args()
    main(arguments.posts, arguments.changes)
