"""A part that never answers is said not to be ready, and is asked by one thread."""

from __future__ import annotations

import threading

import pytest

from service.operations.checks import Check


def test_a_part_that_never_answers_keeps_one_thread_and_nobody_who_asks() -> None:
    goes_on, asked = threading.Event(), []

    def ask() -> bool:
        asked.append(threading.get_ident())
        return goes_on.wait()

    check = Check(ask, seconds=0.01)
    for _ in range(3):
        with pytest.raises(TimeoutError):
            check.answer()
    assert len(asked) == 1
    goes_on.set()


def test_whoever_asks_later_does_not_wait_again() -> None:
    goes_on = threading.Event()
    check = Check(goes_on.wait, seconds=0.01)
    with pytest.raises(TimeoutError):
        check.answer()
    check.seconds = 10**6  # it would wait on
    with pytest.raises(TimeoutError):
        check.answer()
    goes_on.set()


def test_each_question_is_asked_anew() -> None:
    answers = iter([1, 2])
    check = Check(lambda: next(answers))
    assert [check.answer(), check.answer()] == [1, 2]


def test_what_keeps_it_from_working_is_told() -> None:
    def ask() -> None:
        raise ConnectionError("no server")

    check = Check(ask)
    for _ in range(2):
        with pytest.raises(ConnectionError, match="no server"):
            check.answer()
