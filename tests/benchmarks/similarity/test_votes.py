"""The figures of votes: hashtags are swapped as said, and areas are those of the definition."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks.similarity.areas import draw, row_of
from benchmarks.similarity.evidence import judge_all
from benchmarks.similarity.tagged import SeenPosts, Tagged, swap
from benchmarks.similarity.votes import areas_of, auc, print_answered, read


def posts(count: int, tags: tuple[tuple[str, ...], ...]) -> SeenPosts:
    """Posts of as many sources, in as many groups that look alike as there are sets of tags."""
    random = np.random.default_rng(0)
    rows = random.normal(size=(count, 32)) * 0.4
    rows[np.arange(count), np.arange(count) % len(tags)] += 5
    unit = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    made = [
        Tagged(Path(f"{n}.jpg"), str(n), f"source-{n}", tags[n % len(tags)]) for n in range(count)
    ]
    return SeenPosts(made, [{} for _ in made], unit)


def test_half_of_the_hashtags_stand_with_another_post() -> None:
    seen = posts(40, (("sunset",), ("셀카",)))
    swapped = swap(seen, 5, np.random.default_rng(1))
    for pair in swapped.pairs:
        assert pair.true is (pair.tag in seen.posts[pair.post].tags)
        assert pair.tag in swapped.tags[pair.post]
    assert 0.2 < np.mean([not pair.true for pair in swapped.pairs]) < 0.5


def test_hashtags_of_few_sources_are_left_out() -> None:
    assert swap(posts(8, (("sunset",), ("셀카",))), 5, np.random.default_rng(1)).pairs == []


def test_of_posts_without_such_hashtags_nothing_is_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A small folder ended in a TypeError after everything had been looked at."""
    swapped = swap(posts(8, (("sunset",), ("셀카",))), 5, np.random.default_rng(1))
    answers = judge_all(swapped, 20)
    assert {area.pairs for area in areas_of("few", answers)} == {0}
    print_answered("few", answers)
    assert capsys.readouterr().out == ""


def test_neighbours_tell_swapped_hashtags_of_different_pictures() -> None:
    swapped = swap(posts(60, (("sunset",), ("셀카",))), 5, np.random.default_rng(1))
    answers = judge_all(swapped, 20)
    assert np.isnan(answers.scores["rules"]).all()
    assert auc(answers.true, answers.scores["votes, where none is"]) > 0.9


@pytest.mark.parametrize(
    ("scores", "expected"),
    [([1, 2, 3, 4], 1.0), ([4, 3, 2, 1], 0.0), ([1, 1, 1, 1], 0.5), ([1, 3, 2, 4], 0.75)],
)
def test_the_area_is_the_chance_that_a_true_one_scores_higher(
    scores: list[float], expected: float
) -> None:
    assert auc(np.array([False, False, True, True]), np.array(scores, float)) == expected


def test_areas_have_their_interval_and_are_drawn(tmp_path: Path) -> None:
    swapped = swap(posts(60, (("sunset",), ("셀카",))), 5, np.random.default_rng(1))
    areas = {area.method: area for area in areas_of("made up", judge_all(swapped, 20))}
    assert row_of(areas["rules"]) == "| made up | rules | 0 | | |", "no rule covers them"
    found = areas["votes"].found
    assert found is not None
    value, low, high = found
    assert 0.9 < low <= value <= high <= 1
    draw(list(areas.values()), tmp_path / "votes.svg")
    assert "<svg" in (tmp_path / "votes.svg").read_text()


def test_a_table_without_hashtags_is_refused(tmp_path: Path) -> None:
    table = tmp_path / "labels.csv"
    table.write_text("file,labels,source\na.jpg,,x\n")
    with pytest.raises(SystemExit, match="has a hashtag"):
        read(table, 10)
    table.write_text("file,labels,source\n")
    with pytest.raises(SystemExit, match="no rows"):
        read(table, 10)
