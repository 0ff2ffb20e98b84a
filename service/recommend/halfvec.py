"""Vectors as PostgreSQL sends them in binary: read in microseconds, where text takes milliseconds.

The form is pgvector's own for ``COPY``: two numbers of two bytes, the dimension and a zero, and
then the halves, all with the high byte first.
"""

from __future__ import annotations

import numpy as np
from sqlalchemy import ColumnElement, LargeBinary, SQLColumnExpression, func

from similarity.duplicates import Floats

HEAD = 4  # bytes


def sent(vector: SQLColumnExpression[object]) -> ColumnElement[bytes | None]:
    """A column of half vectors, to be read by ``received``."""
    return func.halfvec_send(vector, type_=LargeBinary)


def received(data: bytes | None) -> Floats | None:
    """float32 [dimension]; None where there is none."""
    if data is None:
        return None
    return np.frombuffer(data, ">f2", offset=HEAD).astype(np.float32)
