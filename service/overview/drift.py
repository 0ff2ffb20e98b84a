"""Test whether a share changed by more than chance and ordinary variation between days explain."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from intervals import Share
from service.overview.student import two_sided

LEAST_DAYS = 7
LEAST_EXPECTED = 5
LEVEL = 0.01


class Finding(StrEnum):
    """What can be said of a share now, against the days before."""

    BEYOND_CHANCE = "beyond_chance"
    WITHIN_CHANCE = "within_chance"
    TOO_FEW = "too_few"


@dataclass(frozen=True)
class Drift:
    """A share before and now. ``p`` is corrected for all that were asked; None: cannot be told."""

    before: Share
    now: Share
    p: float | None

    @property
    def finding(self) -> Finding:
        """What it comes to."""
        if self.p is None:
            return Finding.TOO_FEW
        return Finding.BEYOND_CHANCE if self.p < LEVEL else Finding.WITHIN_CHANCE


def drifts(before: Mapping[str, Sequence[Share]], now: Mapping[str, Share]) -> dict[str, Drift]:
    """Compare several shares, each with the days before.

    Among many shares some look odd by chance, so each probability is raised as S. Holm, A simple
    sequentially rejective multiple test procedure, Scandinavian Journal of Statistics 6 (1979),
    has it: the chance that any is wrongly called beyond chance stays below ``LEVEL``.

    Args:
        before: by name, the share of each day.
        now: by name, the share to be judged.
    """
    single = {name: probability(days, now[name]) for name, days in before.items()}
    tested = sorted((p, name) for name, p in single.items() if p is not None)
    raised: dict[str, float] = {}
    most = 0.0
    for place, (p, name) in enumerate(tested):
        most = max(most, min(1.0, p * (len(tested) - place)))
        raised[name] = most
    return {
        name: Drift(together(days), now[name], raised.get(name)) for name, days in before.items()
    }


def together(shares: Sequence[Share]) -> Share:
    """The pooled share."""
    return Share(sum(share.hits for share in shares), sum(share.of for share in shares))


def probability(days: Sequence[Share], now: Share) -> float | None:
    """How probable it is that a share differs this much from the days before by chance alone.

    The test of two proportions, with the variance scaled by how much more the days before differ
    from each other than binomial counts would (Pearson's dispersion, never below 1), and Student's
    t for the degrees of freedom that remain: P. McCullagh and J. A. Nelder, Generalized Linear
    Models (1989), section 4.5. Weekends, and photographs of one post, which are alike, thereby
    count as chance.

    Returns:
        in 0..1; None where fewer than ``LEAST_DAYS`` days or ``LEAST_EXPECTED`` photographs either
        way leave nothing to be told.
    """
    counted = [day for day in days if day.of]
    before = together(counted)
    if len(counted) < LEAST_DAYS or not now.of:
        return None
    pooled = together([before, now])
    p = pooled.hits / pooled.of
    if min(before.of, now.of) * min(p, 1 - p) < LEAST_EXPECTED:
        return None
    spread = math.sqrt(_dispersion(counted, before) * p * (1 - p) * (1 / before.of + 1 / now.of))
    difference = now.hits / now.of - before.hits / before.of
    return two_sided(difference / spread, len(counted) - 1)


def _dispersion(days: Sequence[Share], before: Share) -> float:
    p = before.hits / before.of
    if p in (0, 1):
        return 1.0
    squares = ((day.hits - day.of * p) ** 2 / (day.of * p * (1 - p)) for day in days)
    return max(1.0, sum(squares) / (len(days) - 1))
