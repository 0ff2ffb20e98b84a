"""A part that never answers is said not to be ready, and is asked by one thread."""

from __future__ import annotations

import threading

import pytest

from service.operations.checks import Check


def test_a_part_that_never_answers_keeps_one_thread_and_nobody_who_asks() -> None:
    gone_on, asked = threading.Event(), []

    def ask() -> bool:
        asked.append(threading.get_ident())
        return gone_on.wait()

    check = Check(ask, seconds=0.01)
    for _ in range(3):
        with pytest.raises(TimeoutError):
            check.answer()
    assert len(asked) == 1
    gone_on.set()
    assert Check(ask).answer() is True
    patient = Check(ask)
    assert [patient.answer(), patient.answer()] == [True, True]
    assert len(asked) == 4  # each later question is asked anew


def test_what_keeps_it_from_working_is_told() -> None:
    def ask() -> None:
        raise ConnectionError("no server")

    check = Check(ask)
    for _ in range(2):
        with pytest.raises(ConnectionError, match="no server"):
            check.answer()
