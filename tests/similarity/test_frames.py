"""The best frames of a video, by their quality, their style, and unlike each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from similarity.duplicates import Floats
from similarity.frames import LARGE, SMALL_COSTS, Candidate, choose, subject_share

DIMENSION = 16
SHARES = ((0, LARGE / 5), (10, LARGE), (20, 0.9))


def towards(*directions: int) -> Floats:
    """Embeddings that have something in common, and one direction each of their own."""
    rows = np.zeros((len(directions), DIMENSION), np.float32)
    rows[:, 0] = 1
    rows[np.arange(len(directions)), directions] += 1
    unit: Floats = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit


def frame(
    time: float, quality: float = 0.8, *, shot: int = 0, sharp: float = 300, faulty: bool = False
) -> Candidate:
    return Candidate(time=time, shot=shot, quality=quality, sharpness=sharp, faulty=faulty)


def indices(
    frames: Sequence[Candidate], embeddings: Floats, most: int, references: Floats | None = None
) -> list[int]:
    return [one.index for one in choose(frames, embeddings, references, most)]


def test_the_best_frame_comes_first_and_no_two_show_the_same() -> None:
    frames = [frame(0, 0.9), frame(10, 0.89), frame(20, 0.7)]
    assert indices(frames, towards(1, 1, 2), 2) == [0, 2]


def test_frames_close_in_time_are_alike_whatever_they_show() -> None:
    frames = [frame(0, 0.9), frame(0.1, 0.89), frame(20, 0.7)]
    assert indices(frames, towards(1, 2, 3), 2) == [0, 2]


def test_a_frame_with_a_fault_is_never_chosen_beside_one_without() -> None:
    frames = [frame(0, 0.99, faulty=True), frame(5, 0.3), frame(9, 0.99, faulty=True)]
    assert indices(frames, towards(1, 2, 3), 3) == [1]


def test_where_every_frame_has_a_fault_the_best_are_chosen_all_the_same() -> None:
    frames = [frame(0, 0.1, faulty=True), frame(5, 0.2, faulty=True)]
    assert indices(frames, towards(1, 2), 1) == [1]


def test_references_decide_between_frames_that_are_as_good() -> None:
    frames = [frame(0), frame(10), frame(20)]
    assert indices(frames, towards(1, 2, 3), 1, towards(3, 3)) == [2]
    (best,) = choose(frames, towards(1, 2, 3), towards(3, 3), 1)
    assert best.closeness > 0.99


def test_a_frame_out_of_focus_loses_against_sharper_ones_of_its_shot_only() -> None:
    soft, sharp = frame(0, 0.8, sharp=100), frame(5, 0.7, sharp=900)
    assert indices([soft, sharp], towards(1, 1), 1) == [1]
    other_shot = frame(5, 0.7, shot=1, sharp=900)
    assert indices([soft, other_shot], towards(1, 1), 1) == [0]


def test_of_frames_that_are_as_good_the_one_with_a_large_enough_subject_comes_first() -> None:
    small, large, huge = (replace(frame(at), subject=share) for at, share in SHARES)
    unknown = frame(30)
    assert indices([small, large], towards(1, 1), 1) == [1]
    for one in (large, huge, unknown):
        (best,) = choose([one], towards(1), None, 1)
        assert best.quality == 0.8, "large enough is large enough"
    (best,) = choose([small], towards(1), None, 1)
    assert 0.8 * (1 - SMALL_COSTS) < best.quality < 0.8
    assert indices([replace(frame(0), subject=0.0), frame(9, 0.3)], towards(1, 1), 1) == [0], (
        "a good picture of something small goes before a poor one"
    )


def test_the_subject_is_where_a_map_is_above_half_of_its_strongest_place() -> None:
    seen = np.zeros((4, 5), np.float32)
    seen[1:3, 1:3] = [[1, 0.6], [0.5, 0.2]]
    assert subject_share(seen) == 2 / 20
    assert subject_share(np.zeros((4, 5), np.float32)) == 0


@given(
    st.lists(
        st.tuples(st.floats(0, 1), st.booleans(), st.integers(1, DIMENSION - 1)),
        min_size=1,
        max_size=12,
    ),
    st.integers(1, 8),
)
def test_frames_are_chosen_once_and_have_scores(
    given_frames: list[tuple[float, bool, int]], most: int
) -> None:
    frames = [
        frame(float(at), quality, faulty=faulty)
        for at, (quality, faulty, _) in enumerate(given_frames)
    ]
    found = choose(frames, towards(*[where for _, _, where in given_frames]), None, most)
    sound = sum(not one.faulty for one in frames) or len(frames)
    assert len({one.index for one in found}) == len(found) == min(most, sound)
    assert all(0 <= one.score <= 1 for one in found)


def test_it_is_told_how_alike_a_frame_is_to_those_chosen_before() -> None:
    frames = [frame(0, 1.0), frame(30, 0.9), frame(60, 0.8)]
    found = choose(frames, towards(1, 2, 1), None, 3)
    assert [one.index for one in found] == [0, 1, 2]
    assert found[0].alike == 0
    assert found[1].alike < 0.5 < 0.9 < found[2].alike
