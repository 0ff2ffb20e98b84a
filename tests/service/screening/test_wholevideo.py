"""What a whole video shows, from what its frames show."""

from __future__ import annotations

from rules import Seen
from service.screening.wholevideo import SeenFrame, whole


def frame(time: float, seconds: float, score: float, fact: bool | None) -> SeenFrame:
    return SeenFrame(time, seconds, {"food": Seen(score, fact, 0.9, 0.1)})


def food(*frames: SeenFrame) -> Seen:
    return whole(frames)["food"]


def test_two_frames_make_a_label_true_at_the_surer_one() -> None:
    seen = food(frame(0, 5, 0.95, True), frame(5, 0.1, 0.97, True), frame(6, 5, 0.02, False))
    assert seen == Seen(0.97, True, 0.9, 0.1, at=5)


def test_one_frame_that_stands_for_a_second_makes_it_true() -> None:
    assert food(frame(0, 9, 0.02, False), frame(9, 1.0, 0.95, True)).fact is True


def test_a_flash_is_passed_over() -> None:
    seen = food(frame(0, 9, 0.02, False), frame(9, 0.2, 0.99, True), frame(9.2, 9, 0.05, False))
    assert seen == Seen(0.05, False, 0.9, 0.1, at=9.2)


def test_what_is_unknown_in_one_frame_is_not_false_of_the_video() -> None:
    seen = food(frame(0, 9, 0.02, False), frame(9, 5, 0.5, None))
    assert (seen.fact, seen.score) == (None, 0.5)


def test_a_video_of_one_moment_shows_what_that_shows() -> None:
    assert food(frame(0, 0.04, 0.99, True)).fact is True
    assert food(frame(0, 0.0, 0.99, True)).fact is True
