from __future__ import annotations

from service.web.budget import Budget


def test_no_more_is_lent_than_there_is() -> None:
    budget = Budget(10, 6)
    assert budget.lend("a", 6)
    assert not budget.lend("a", 1)  # nobody takes all
    assert budget.lend("b", 4)
    assert not budget.lend("c", 1)


def test_what_is_taken_back_is_lent_again() -> None:
    budget = Budget(10, 10)
    assert budget.lend("a", 10)
    budget.take_back("a", 10)
    assert budget.lent == 0
    assert budget.lend("b", 10)
