"""How long a backtest takes: `python -m benchmarks.backtest --posts 100000`.

Made-up decisions in a real PostgreSQL, a ruleset that differs from the one that made them, and
everything (PostgreSQL too) on one processor core. The baseline judges some of the same posts one
by one, as screening does.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate, islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text

from benchmarks.database import own_database
from rules import Ruleset, Seen, judge, load_ruleset
from rules.hashtags.segment import segment
from rules.verdicts.ruleset import DEFAULT
from service.backtest.batch_judge import BatchJudge
from service.backtest.stored import StoredPost, Tag
from service.runner import environment

CHANGES = {
    "rule: food or drink\n": "rule: food or drink or flower\n",
    "rule: animal\n": "rule: animal and not child\n",
}
SEED = 7
DISTINCT_TAGS = 20_000
TAGS_PER_POST = 5
IMAGES_PER_POST = 2
JUDGED_ALONE = 5000
POSTS = "posts (id, external_id, hashtags, decided_by)"
IMAGES = "images (post_id, position, labels)"
VERDICTS = "verdicts (post_id, position, tag, normalised, verdict, model_verdict, category, trace)"
FILL = json.dumps({"filling": "x" * 600})  # about as long as a trace
DEFAULTS = """
    ALTER TABLE posts ALTER revision SET DEFAULT 1, ALTER author_id SET DEFAULT '',
        ALTER caption SET DEFAULT '', ALTER posted_at SET DEFAULT now(),
        ALTER reach SET DEFAULT 0, ALTER state SET DEFAULT 'decided',
        ALTER attempts SET DEFAULT 1, ALTER decision SET DEFAULT 'pass';
    ALTER TABLE verdicts ALTER resolved_by SET DEFAULT '', ALTER confidence SET DEFAULT 1,
        ALTER reason SET DEFAULT '{}'
"""


def main(posts: int) -> None:
    """Prints a Markdown table."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    live = load_ruleset(DEFAULT, None)
    with own_database() as own:
        new = own.folder / "new.yaml"
        new.write_text(changed(DEFAULT.read_text(encoding="utf-8")), encoding="utf-8")
        with own.engine.begin() as connection:
            fill(connection, live, posts)
        began = time.perf_counter()
        result = command(new, own.folder, own.url)
        seconds = time.perf_counter() - began
        ruleset, some = load_ruleset(new, None), list(made_up(live, JUDGED_ALONE))
    at_once = JUDGED_ALONE / seconds_of(lambda: BatchJudge(ruleset).verdicts(some))
    one_by_one = JUDGED_ALONE / seconds_of(lambda: scalar(ruleset, some))
    print("| | |\n| --- | ---: |")
    print(f"| decisions | {result['posts']:,} |")
    print(f"| hashtags ({DISTINCT_TAGS:,} distinct) | {result['hashtags']:,} |")
    print(f"| verdicts that flip | {result['flipped']:,} |")
    print(f"| seconds, the whole command | {seconds:.1f} |")
    print(f"| decisions a second | {posts / seconds:,.0f} |")
    print(f"| judging alone, many at once, decisions a second | {at_once:,.0f} |")
    print(f"| judging alone, one by one, decisions a second | {one_by_one:,.0f} |")


def changed(text: str) -> str:
    """The default ruleset with other rules for two categories."""
    for rule, other in CHANGES.items():
        text = text.replace(rule, other)
    return text


def command(new: Path, folder: Path, database_url: str) -> dict[str, Any]:
    """What `python -m service rules backtest` prints, in a process of its own."""
    settings = {"DATABASE_URL": database_url, "REDIS_URL": "redis://127.0.0.1:1/0"}
    values = os.environ | environment.settings({}, folder) | settings
    line = [sys.executable, "-m", "service", "rules", "backtest", str(new), "--json"]
    done = subprocess.run(line, env=values, stdout=subprocess.PIPE, check=True)  # noqa: S603  # ours
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def fill(connection: Connection, live: Ruleset, posts: int) -> None:
    """Decisions as the live ruleset makes them, on facts drawn at random."""
    again, made = BatchJudge(live), made_up(live, posts)
    cursor = connection.connection.cursor()
    cursor.execute(DEFAULTS)
    while chunk := list(islice(made, 2000)):
        verdicts = again.verdicts(chunk)
        _copy(cursor, POSTS, (_post_row(post) for post in chunk))
        _copy(cursor, IMAGES, (row for post in chunk for row in _image_rows(post)))
        _copy(
            cursor,
            VERDICTS,
            (
                (post.id, place, tag.tag, tag.tag, said, said, again.claim(tag.tag).category, FILL)
                for post, given in zip(chunk, verdicts, strict=True)
                for place, (tag, said) in enumerate(zip(post.tags, given, strict=True))
            ),
        )
    connection.execute(text("ANALYZE"))


def _post_row(post: StoredPost) -> tuple[object, ...]:
    tags = [tag.tag for tag in post.tags]
    return post.id, post.name, tags, "moderator" if post.settled else "model"


def _image_rows(post: StoredPost) -> Iterator[tuple[object, ...]]:
    for place, image in enumerate(post.images):
        yield post.id, place, json.dumps(image)


def made_up(ruleset: Ruleset, posts: int) -> Iterator[StoredPost]:
    """Posts with hashtags that occur as unevenly as real ones, of words and their compounds."""
    rng = random.Random(SEED)  # noqa: S311  # a benchmark, not a secret
    words = sorted(ruleset.lexicon.entries)
    tags = words[:: max(1, len(words) // (DISTINCT_TAGS // 2))]
    tags += [rng.choice(words) + rng.choice(words) for _ in range(DISTINCT_TAGS - len(tags))]
    rng.shuffle(tags)
    weights = list(accumulate(1 / rank for rank in range(1, len(tags) + 1)))
    labels = sorted(ruleset.titles)
    for number in range(1, posts + 1):
        chosen = rng.choices(tags, cum_weights=weights, k=TAGS_PER_POST)
        images = [{name: _seen(rng.random()) for name in labels} for _ in range(IMAGES_PER_POST)]
        yield StoredPost(
            number,
            f"p-{number}",
            number % 10 == 0,
            [Tag(tag, "", "", None) for tag in dict.fromkeys(chosen)],
            images,
        )


def scalar(ruleset: Ruleset, posts: Sequence[StoredPost]) -> None:
    """Judges posts one by one, as screening does."""
    for post in posts:
        sights = [
            {name: Seen(seen["score"], seen["fact"]) for name, seen in image.items()}
            for image in post.images
        ]
        judge(ruleset, [tag.tag for tag in post.tags], sights)


def seconds_of(work: Callable[[], object]) -> float:
    """How long something takes, with nothing remembered of the words of hashtags."""
    segment.cache_clear()
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _seen(score: float) -> dict[str, Any]:
    return {"score": round(score, 4), "fact": score > 0.6 if abs(score - 0.6) > 0.1 else None}


def _copy(cursor: Any, into: str, rows: Iterator[tuple[object, ...]]) -> None:
    with cursor.copy(f"COPY {into} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=100_000)
    main(parser.parse_args().posts)
