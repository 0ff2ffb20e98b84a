"""What visually close posts say about a hashtag.

Tag relevance by neighbour voting: X. Li, C. G. M. Snoek and M. Worring, Learning social tag
relevance by neighbor voting, IEEE Transactions on Multimedia 11 (2009). How far below its usual
support a hashtag may lie is bounded as in split conformal prediction (V. Vovk et al., 2005).
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

import numpy as np

from intervals import Z95, wilson

ERRORS = 0.05  # share of posts that carry a hashtag rightly and may be spoken against
LEAST_VOTERS = 10
LEAST_POSTS = 10  # that carry a hashtag rightly, to know what support is usual


class Votes(Protocol):
    """One who votes: whose vote it is, and its weight, above 0."""

    @property
    def author(self) -> Hashable:
        """Whose vote it is."""
        ...

    @property
    def weight(self) -> float:
        """How much the vote counts."""
        ...


V = TypeVar("V", bound=Votes)


def one_an_author(nearest_first: Iterable[V], most: int) -> list[V]:
    """The nearest vote of each author, at most so many."""
    found: dict[Hashable, V] = {}
    for one in nearest_first:
        if len(found) == most:
            break
        found.setdefault(one.author, one)
    return list(found.values())


@dataclass(frozen=True)
class Tally:
    """How many carry a hashtag: of ``voters`` ``carrying``, and their weighted ``share``, which
    lies between ``low`` and ``high`` with 95 % confidence. Of nobody the share is 0, and may be
    anything."""

    voters: int
    carrying: int
    share: float
    low: float
    high: float


def tally(votes: Sequence[tuple[float, bool]]) -> Tally:
    """Count votes: the weight of each, above 0, and whether it carries the hashtag.

    Weights make votes fewer: so many as count fully lie behind the interval (L. Kish, Survey
    Sampling, 1965).
    """
    if not votes:
        return Tally(0, 0, 0.0, 0.0, 1.0)
    total = sum(weight for weight, _ in votes)
    share = sum(weight for weight, carries in votes if carries) / total
    effective = total**2 / sum(weight**2 for weight, _ in votes)
    low, high = wilson(share * effective, effective, Z95)
    return Tally(len(votes), sum(carries for _, carries in votes), share, low, high)


@dataclass(frozen=True)
class Bar:
    """What is usual for a hashtag.

    ``prior`` is the share of all authors' posts that carry it, ``support`` the mean share among the
    neighbours of posts that carry it rightly, ``floor`` the share that only few of those stay
    below; 0: any share occurs.
    """

    prior: float
    support: float
    floor: float


def bar(prior: float, shares: Sequence[float]) -> Bar | None:
    """What is usual, by the neighbours' shares of posts that carry a hashtag rightly.

    Returns:
        None where there are too few, or where those neighbours do not carry it more often than all
        posts do: then it is nothing that pictures have in common.
    """
    count = len(shares)
    if count < LEAST_POSTS:
        return None
    support = float(np.mean(shares))
    margin = Z95 * float(np.std(shares, ddof=1)) / math.sqrt(count)
    if support - margin <= prior:
        return None
    below = math.floor(ERRORS * (count + 1))
    return Bar(prior, support, float(sorted(shares)[below - 1]) if below else 0.0)


def says(counted: Tally, usual: Bar) -> bool | None:
    """What votes say of a hashtag: True for it, False against it, None where they do not tell.

    They speak for it where more carry it than of all posts, with confidence. They speak against it
    where fewer carry it than with nearly all posts that carry it rightly, and with confidence fewer
    than with the mean one of these.
    """
    if counted.voters < LEAST_VOTERS:
        return None
    if counted.share < usual.floor:
        return False if counted.high < usual.support else None
    return True if counted.low > usual.prior else None


def relevance(counted: Tally, prior: float, strength: float = 5.0) -> float:
    """How much more often neighbours carry a hashtag than all posts do, as a logarithm.

    ``strength`` votes by the prior are added, so that a few neighbours say little.
    """
    carrying = counted.share * counted.voters + strength * prior
    return math.log(max(carrying, 1e-12) / ((counted.voters + strength) * max(prior, 1e-12)))
