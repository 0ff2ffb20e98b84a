"""The plan of a simulation, and what is told of its end."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from PIL import Image

from benchmarks.similarity.campaigns.arrive import Cost, note, noted
from benchmarks.similarity.campaigns.drawn import draw
from benchmarks.similarity.campaigns.plan import VIEWS, photographs, picture_of, plan


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number in range(8):
        Image.effect_noise((60, 40), 20 + number).convert("RGB").save(tmp_path / f"{number}.png")
    (tmp_path / "again.png").write_bytes((tmp_path / "0.png").read_bytes())
    return tmp_path


def test_campaigns_are_as_large_as_asked_and_honest_posts_show_each_view_once(folder: Path) -> None:
    files = photographs([folder])
    made = plan(files, 40, 2, 3, 9)
    assert len(files) == 8, "the same bytes count once"
    assert made.copies(40) == {0: 3, 1: 9}
    honest = Counter((one.photograph, one.how) for one in made.posts if not one.is_copy)
    assert honest.total() == 28
    assert max(honest.values()) == 1
    assert {photograph for photograph, _ in honest} == set(range(2, 8))
    assert made == plan(files, 40, 2, 3, 9), "a run goes on with the same posts"
    assert picture_of(made, made.posts[0]).startswith(b"\xff\xd8")


def test_more_honest_posts_than_views_are_refused(folder: Path) -> None:
    with pytest.raises(ValueError, match=f"at most {6 * len(VIEWS)} honest"):
        plan(photographs([folder]), 60, 2, 3, 9)


def test_costs_of_runs_before_are_kept_and_drawn(tmp_path: Path) -> None:
    for posts in (500, 1000):
        note(tmp_path / "costs.jsonl", Cost(posts, 2.0, 2.5, 30.0, 6.0, 50.0))
    found = noted(tmp_path / "costs.jsonl")
    assert [one.posts for one in found] == [500, 1000]
    draw(found, tmp_path / "costs.svg")
    assert "<svg" in (tmp_path / "costs.svg").read_text(encoding="utf-8")
