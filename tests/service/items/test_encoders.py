"""Every process uses the item bundle that is live; many threads may ask at once."""

from __future__ import annotations

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier

import numpy as np
import pytest
from structlog.testing import capture_logs

from items import Item
from service.items.content import made_by
from service.items.encoders import Encoders
from service.live_versions import Kind, make_live
from service.parts import Parts
from similarity.duplicates import Floats

THREADS = 8


@pytest.fixture
def encoders(parts: Parts) -> Encoders:
    return Encoders(parts.config, parts.sessions)


def another(parts: Parts, folder: Path, **changes: object) -> Path:
    """The item bundle under another name and vector id."""
    copy = Path(shutil.copytree(parts.config.item_bundle, folder / "copy"))
    manifest = json.loads((copy / "manifest.json").read_text("utf-8"))
    named = manifest | {"name": "second", "vector_id": "items-second"} | changes
    (copy / "manifest.json").write_text(json.dumps(named), "utf-8")
    return copy


def live(parts: Parts, folder: Path | None) -> None:
    with parts.sessions.begin() as session:
        make_live(session, Kind.ITEMS, None if folder is None else str(folder))


def test_another_bundle_takes_over_and_can_be_taken_back(
    parts: Parts, encoders: Encoders, tmp_path: Path
) -> None:
    first, screen = encoders.current(), parts.screener.current()
    assert encoders.current() is first
    live(parts, another(parts, tmp_path))
    assert encoders.current().vector_id == "items-second"
    assert parts.screener.current() is screen, "posts are judged as before"
    live(parts, None)
    assert encoders.current().vector_id == first.vector_id


def test_one_that_cannot_be_used_leaves_the_one_before(
    parts: Parts, encoders: Encoders, tmp_path: Path
) -> None:
    first = encoders.current()
    live(parts, tmp_path / "nowhere")
    with capture_logs() as logs:
        assert encoders.current() is first
    assert "is no item bundle" in logs[0]["error"]


def test_one_that_this_machine_computes_otherwise_leaves_the_one_before(
    parts: Parts, encoders: Encoders, tmp_path: Path
) -> None:
    first = encoders.current()
    canary = [-number for number in first.bundle.manifest.canary]
    assert first.encoder.bundle is first.bundle
    live(parts, another(parts, tmp_path, canary=canary))
    assert encoders.current() is first


def test_a_process_that_begins_with_a_broken_one_does_without(parts: Parts, tmp_path: Path) -> None:
    live(parts, tmp_path / "nowhere")
    fresh = replace(parts, encoders=Encoders(parts.config, parts.sessions))
    with capture_logs() as logs:
        assert made_by(fresh) == ""
    assert logs[0]["event"] == "item_bundle_refused"


def test_threads_that_ask_at_once_get_their_own_vectors(encoders: Encoders) -> None:
    """From the first use on, while the bundle and its network are being made ready."""
    titles = ("space", "ship", "wedding", "robot", "teacher")
    items = [Item(title=titles[n % 5], year=1920 + 2 * n) for n in range(48)]
    start = Barrier(THREADS)

    def ask(thread: int) -> list[tuple[int, Floats | None]]:
        start.wait(30)
        mine = range(thread, len(items), THREADS)
        return [(n, encoders.current().vectors([items[n]])[0]) for n in mine]

    with ThreadPoolExecutor(THREADS) as pool:
        found = dict(one for some in pool.map(ask, range(THREADS)) for one in some)
    alone = encoders.current().vectors(items)
    for number, expected in enumerate(alone):
        mine = found[number]
        assert expected is not None
        assert mine is not None
        np.testing.assert_allclose(mine, expected, atol=1e-5)
