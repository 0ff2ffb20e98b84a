"""Half vectors that go to PostgreSQL in binary: written as text, 1,280 numbers take half a
millisecond here, and as much again to be read there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg
from pgvector import HalfVector
from pgvector.sqlalchemy import HALFVEC
from psycopg.adapt import Dumper
from psycopg.pq import Format
from sqlalchemy import Dialect


class Halves(HALFVEC):
    """A column of half vectors; takes lists and arrays of one dimension."""

    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], HalfVector | None]:
        """What the driver is given, whose ``_Binary`` knows the form."""

        def process(value: Any) -> HalfVector | None:
            return value if value is None or isinstance(value, HalfVector) else HalfVector(value)

        return process


class _Binary(Dumper):
    """Names no type, since an extension's have other numbers in each database: PostgreSQL takes
    that of the column."""

    format = Format.BINARY

    def dump(self, obj: HalfVector) -> bytes:
        return obj.to_binary()


psycopg.adapters.register_dumper(HalfVector, _Binary)
