"""Student's t distribution, as exactly as telling chance from drift needs."""

from __future__ import annotations

import math
from statistics import NormalDist


def two_sided(t: float, degrees: int) -> float:
    """The probability of a t at least this far from 0, on either side, in 0..1.

    The normal approximation of D. L. Wallace, Bounds on normal approximations to Student's and
    the chi-square distributions, Annals of Mathematical Statistics 30 (1959), with his correction
    for few degrees of freedom.
    """
    near = math.sqrt(degrees * math.log1p(t * t / degrees))
    return 2 * NormalDist().cdf(-near * (8 * degrees + 1) / (8 * degrees + 3))
