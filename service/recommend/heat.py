"""Popularity that fades, and never has to be worked out anew.

An event of weight w at time t counts ``w * 2 ** (t / half-life)``: newer ones count more, instead
of older ones less, which leaves the order of the items the same at all times (forward decay:
Cormode, Shkapenyuk, Srivastava and Xu, ICDE 2009). The sum is kept as its natural logarithm, since
it would leave what a number can hold.
"""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, SQLColumnExpression, case, func

from service.tables import Interaction

HALF_LIFE = timedelta(days=14)
SINCE = datetime(2026, 1, 1, tzinfo=UTC)
RATE = math.log(2) / HALF_LIFE.total_seconds()
COLDEST = -690.0  # as a logarithm: what is older would underflow, which PostgreSQL refuses
WEIGHTS = {"view": 0.2, "like": 1.0, "save": 1.0}  # a dislike warms nothing


def heat(kind: str, at: datetime) -> float | None:
    """What one event adds, as a logarithm; None: nothing."""
    weight = WEIGHTS.get(kind)
    return None if weight is None else math.log(weight) + RATE * (at - SINCE).total_seconds()


def warmer(one: float | None, other: float | None) -> float | None:
    """The logarithm of the sum of two."""
    if one is None or other is None:
        return one if other is None else other
    return max(one, other) + math.log1p(math.exp(-abs(one - other)))


def warmer_in_sql(
    one: SQLColumnExpression[float | None], other: SQLColumnExpression[float | None]
) -> ColumnElement[float | None]:
    """The same in SQL. What is far colder adds nothing, and must not underflow."""
    far = func.least(func.abs(one - other), 700.0)
    return func.coalesce(func.greatest(one, other) + func.ln(1 + func.exp(-far)), one, other)


def heat_of_events() -> ColumnElement[float | None]:
    """An aggregate over interactions: the heat of all of them."""
    weight = case(WEIGHTS, value=Interaction.kind, else_=None)
    age = func.extract("epoch", Interaction.at) - SINCE.timestamp()
    # 2 ** (26 years / 14 days) is within what a double precision holds.
    return func.ln(func.sum(weight * func.exp(func.greatest(RATE * age, COLDEST))))
