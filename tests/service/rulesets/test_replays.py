"""Stored traces lead to their verdicts again."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import update

from service.backtest.stored import reading
from service.parts import Parts
from service.rulesets.replays import Difference, count, replay_all
from service.screening.batch import screen
from service.tables import Verdict
from tests.service.screening.conftest import Add, add

__all__ = ["add"]
Jpeg = Callable[..., bytes]
TAGS = ("카페", "일상", "고양이", "연애")


def _differences(parts: Parts) -> list[Difference]:
    with reading(parts.sessions) as session:
        return [one for one in replay_all(session, None) if one is not None]


def test_what_screening_stored_comes_out_the_same(parts: Parts, add: Add, jpeg: Jpeg) -> None:
    screen(parts, [add(jpeg(seed=1), jpeg(seed=2), hashtags=TAGS), add(b"broken", hashtags=TAGS)])
    with reading(parts.sessions) as session:
        assert count(session, None) == 8
    assert _differences(parts) == []


def test_a_verdict_that_its_trace_does_not_lead_to_is_found(
    parts: Parts, add: Add, jpeg: Jpeg
) -> None:
    row = add(jpeg(seed=1), hashtags=TAGS)
    screen(parts, [row])
    with parts.sessions.begin() as session:
        session.execute(
            update(Verdict).where(Verdict.position == 1).values(model_verdict="relevant")
        )
        session.execute(update(Verdict).where(Verdict.position == 0).values(trace={}))
    found = {one.tag: one.replayed for one in _differences(parts)}
    assert found["일상"] == "unverifiable"
    assert found["카페"].startswith("nothing, for the trace lacks")
    assert len(found) == 2
