"""Rules that are live, and reruns of them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from service.parts import Parts
from service.reruns.start import start_backtest, start_rejudgement
from service.reruns.work import go_on
from service.rulesets import store
from service.tables import Rerun
from tests.service.conftest import Variant

PICTURE = (b"no matter",)  # its labels are stored: food, and no sea


@pytest.fixture
def heard(parts: Parts) -> Parts:
    """The same parts, with a platform to be told."""
    config = parts.config.model_copy(update={"callback_url": "http://127.0.0.1:9/"})
    return Parts(**(vars(parts) | {"config": config}))


@pytest.fixture
def make_live(parts: Parts, variant: Variant) -> Callable[..., int]:
    """``make_live(rule="sea")``: cafes have another rule; the number of the ruleset."""

    def make(rule: str = "sea", matches: str = "[sea]", not_matches: str = "[food]") -> int:
        with parts.sessions.begin() as session:
            current = parts.screener.current()
            made = store.add(session, variant(rule, matches, not_matches), "ana", "", current)
            store.promote(session, made.id, "ana", "", current)
            return made.id

    return make


def preview(parts: Parts, number: int | None = None) -> Rerun:
    """A backtest of what is live, or of a stored ruleset, that is over."""
    with parts.sessions.begin() as session:
        made = start_backtest(session, number, None, "ana", parts.screener.current()).id
    go_on(parts, made, seconds=120)
    return look(parts, made)


def begin(parts: Parts, of: Rerun) -> int:
    """A rejudgement that nobody has worked on yet."""
    with parts.sessions.begin() as session:
        current = parts.screener.current()
        return start_rejudgement(session, of, "ana", "better rules", current).id


def look(parts: Parts, number: int) -> Rerun:
    """A rerun as it stands."""
    with parts.sessions() as session:
        return session.get_one(Rerun, number)
