"""The best frames of a video, by their quality, their style, and unlike each other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from similarity.duplicates import Floats
from similarity.frames import Candidate, choose

DIMENSION = 16


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
