"""People, and posts that wait for them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from service.parts import Parts
from tests.service.console.rows import add_post
from tests.service.quality.people import Team, only


@pytest.fixture
def team(parts: Parts) -> Callable[..., Team]:
    """``team(double_share=1.0)``: a maker of people; shares that are not named are 0."""
    return lambda **shares: Team(parts, shares)


@pytest.fixture
def waiting(parts: Parts) -> Callable[[str], int]:
    """``waiting("p-1")``: a flagged post in the queue; returns the number of its case."""

    def make(name: str) -> int:
        row = add_post(parts, name, {"카페": "irrelevant", "맛집": "relevant"})
        return only(parts, post_id=row).id

    return make
