"""Among the callbacks of one post, the newest goes out and no older one after it."""

from __future__ import annotations

import uuid

import pytest

from service.outbox.order import Choice, Owed, choose


def owed(spec: str) -> list[Owed]:
    """``1 2- 3a``: sequences in order; ``-`` is not due yet, ``a`` tells of an appeal."""
    return [
        Owed(
            id=uuid.uuid4(),
            sequence=int(word.strip("-a")),
            type="appeal.decided" if "a" in word else "post.decided",
            due="-" not in word,
        )
        for word in spec.split()
    ]


def numbers(choice: Choice) -> dict[str, list[int]]:
    lists = {
        "late": choice.late,
        "sends": [choice.target],
        "over": choice.overtakes,
        "behind": [choice.behind],
        "first": [choice.first],
    }
    found = {name: [one.sequence for one in some if one] for name, some in lists.items()}
    return {name: some for name, some in found.items() if some}


@pytest.mark.parametrize(
    ("waiting", "sent", "expected"),
    [
        ("", 0, {}),
        ("1", 0, {"sends": [1]}),
        ("1-", 0, {}),
        ("1 2", 0, {"sends": [2], "over": [1]}),
        ("1- 2", 0, {"sends": [2], "over": [1]}),
        ("1 2 3", 0, {"sends": [3], "over": [1, 2]}),
        # What may still be undone overtakes nothing.
        ("1 2-", 0, {"sends": [1]}),
        ("1 2 3-", 0, {"sends": [2], "over": [1]}),
        # A newer one may have arrived, whatever became of it.
        ("1", 2, {"late": [1]}),
        ("1 3", 2, {"late": [1], "sends": [3]}),
        ("1 2-", 2, {"late": [1]}),
        # Its own attempts before do not make it late.
        ("2", 2, {"sends": [2]}),
        # How an appeal ended is told in any case, and before what came after it.
        ("1a 2", 0, {"sends": [1]}),
        ("1 2a 3", 0, {"sends": [2], "over": [1]}),
        ("1a- 2", 0, {"behind": [2], "first": [1]}),
        ("1 2a", 0, {"sends": [2], "over": [1]}),
        ("1a", 2, {"sends": [1]}),
        ("1a 2a", 0, {"sends": [1]}),
    ],
)
def test_choice(waiting: str, sent: int, expected: dict[str, list[int]]) -> None:
    assert numbers(choose(owed(waiting), sent)) == expected
