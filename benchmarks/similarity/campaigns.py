"""Campaigns among honest posts: `python -m benchmarks.similarity.campaigns FOLDER`.

Each photograph of the folder is an honest post's; some are also campaigns', posted again in many
copies, each changed in one of the ten ways of ``changes``. All posts are put in a random order into
a PostgreSQL of their own and screened as a worker does, in this process. Prints how many campaigns
were found whole, how many honest posts were swept in, and what a post cost. A folder that holds a
photograph twice counts against it.
"""

from __future__ import annotations

import argparse
import io
import secrets
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from PIL import Image as Pillow
from pydantic import SecretStr
from sqlalchemy import select

from benchmarks.similarity.bound import spread
from benchmarks.similarity.changes import CHANGES
from service.campaigns.place import place_waiting
from service.config import Config
from service.database import connected
from service.likeness.index import build_index
from service.migrations.upgrade import migrate
from service.parts import Parts, make_parts
from service.runner.engines import redis_spec, start_postgres, start_redis
from service.screening.batch import screen
from service.tables import CampaignImage, Image, Post

HONEST = "honest"
BATCH = 16


def main() -> None:
    """Simulates and prints."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.similarity.campaigns")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--honest", type=int, default=5000)
    parser.add_argument("--campaigns", type=int, default=50)
    parser.add_argument(
        "--copies", type=int, nargs=2, default=(20, 2000), metavar=("LEAST", "MOST")
    )
    chosen = parser.parse_args()
    files = sorted(p for p in chosen.folder.rglob("*") if p.suffix.lower() in {".jpg", ".png"})
    files = spread(files, chosen.honest + chosen.campaigns)
    if len(files) <= chosen.campaigns:
        parser.error(f"{chosen.folder} holds only {len(files)} .jpg and .png files.")
    least, most = chosen.copies
    sizes = [round(size) for size in np.geomspace(least, most, chosen.campaigns)]
    chance = np.random.default_rng(0)
    files = [files[at] for at in chance.permutation(len(files))]
    spam, honest = files[: len(sizes)], files[len(sizes) :]
    posts = [(HONEST, file) for file in honest]
    posts += [(f"c{n}", spam[n]) for n, size in enumerate(sizes) for _ in range(size)]
    posts = [posts[at] for at in chance.permutation(len(posts))]
    with _service() as parts:
        began = time.process_time()
        of, placing = _screen_all(parts, posts, chance)
        seconds = time.process_time() - began
        _print(parts, of, dict(zip((f"c{n}" for n in range(len(sizes))), sizes, strict=True)))
    print(f"A post took {1000 * seconds / len(posts):.0f} ms of this process's processor time,")
    print(f"and its place among the campaigns {1000 * placing / len(posts):.0f} ms of it.")


@contextmanager
def _service() -> Iterator[Parts]:
    """The parts of a process, on engines of their own that are gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="tagsift-bench-") as name:
        folder = Path(name)
        postgres = start_postgres(folder / "postgres")
        spec = redis_spec(folder / "redis")
        redis = start_redis(spec, folder / "redis.log")
        try:
            with connected(postgres.url) as engine:
                migrate(engine)
            parts = make_parts(
                Config(
                    database_url=postgres.url,
                    redis_url=spec.url,
                    data=folder,
                    secret_key=SecretStr(secrets.token_hex()),
                    webhook_secrets=(SecretStr("whsec_" + "A" * 32),),
                )
            )
            build_index(parts, parts.screener.current().bundle.embedding_id)
            yield parts
            parts.close()
        finally:
            redis.terminate()
            redis.wait()
            postgres.stop()


def _screen_all(
    parts: Parts, posts: list[tuple[str, Path]], chance: np.random.Generator
) -> tuple[dict[int, str], float]:
    """Whose each post is, by its row, once all are screened and placed; seconds of placing."""
    changes, of, placing = list(CHANGES.values()), {}, 0.0
    for start in range(0, len(posts), BATCH):
        ids = []
        with parts.sessions.begin() as session:
            for number, (whose, file) in enumerate(posts[start : start + BATCH], start):
                image = Pillow.open(file).convert("RGB")
                if whose != HONEST:
                    image = changes[chance.integers(len(changes))](image)
                buffer = io.BytesIO()
                image.save(buffer, "JPEG", quality=90)
                post = Post(
                    external_id=f"p-{number}",
                    revision=1,
                    author_id=f"u-{number}",
                    caption="",
                    hashtags=["daily"],
                    posted_at=datetime.now(UTC),
                )
                post.images = [Image(position=0, source_bytes=buffer.getvalue())]
                session.add(post)
                session.flush()
                ids.append(post.id)
                of[post.id] = whose
        screen(parts, ids)
        began = time.process_time()
        place_waiting(parts)
        placing += time.process_time() - began
    return of, placing


def _print(parts: Parts, of: dict[int, str], sizes: dict[str, int]) -> None:
    with parts.sessions() as session:
        rows = session.execute(select(CampaignImage.campaign_id, CampaignImage.post_id)).all()
    sets: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for campaign_id, post_id in rows:
        sets[campaign_id][of[post_id]] += 1
    best = {name: max((one[name] for one in sets.values()), default=0) for name in sizes}
    whole = sum(best[name] == size for name, size in sizes.items())
    mixed = sum(len([n for n in one if n != HONEST]) > 1 for one in sets.values())
    with_spam = sum(one[HONEST] for one in sets.values() if len(one) > 1)
    alone = [one[HONEST] for one in sets.values() if set(one) == {HONEST}]
    honest = sum(whose == HONEST for whose in of.values())
    print(f"{len(of):,} posts: {honest:,} honest, {sum(sizes.values()):,} copies", end=" ")
    print(f"of {len(sizes)} pictures, {min(sizes.values())} to {max(sizes.values())} each.")
    print(f"Found whole: {whole} of {len(sizes)} campaigns; in the largest cluster of each are")
    print(f"{sum(best.values()) / sum(sizes.values()):.2%} of their copies. {mixed} are mixed up.")
    print(f"Honest posts swept into a campaign: {with_spam}; put together with each other:")
    print(f"{sum(alone)} in {len(alone)} clusters.")


if __name__ == "__main__":
    main()
