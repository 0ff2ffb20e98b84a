"""Which errors mean that a part of the service is unavailable, rather than that a request is
wrong.
"""

from __future__ import annotations

import psycopg
from kombu.exceptions import OperationalError as BrokerError
from psycopg import errors
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

# What the web application asks about: some are outages, the others are bugs.
OUTAGES: tuple[type[Exception], ...] = (
    DBAPIError,
    PoolTimeoutError,
    psycopg.Error,
    RedisConnectionError,
    RedisTimeoutError,
    BrokerError,
)

# A standby that took over and is read-only yet; all else that passes is an OperationalError:
# no connection, a server that starts or stops, a deadlock, a full disk, a statement that took too
# long.
_PASSING = (psycopg.OperationalError, psycopg.InterfaceError, errors.ReadOnlySqlTransaction)


def is_outage(error: BaseException) -> bool:
    """Whether the same request will probably succeed a little later."""
    if isinstance(error, DBAPIError):
        return error.connection_invalidated or isinstance(error.orig, _PASSING)
    if isinstance(error, psycopg.Error):
        return isinstance(error, _PASSING)
    return isinstance(error, OUTAGES)


def name_of(error: BaseException) -> str:
    """The name of an error for logs: its class, or for a database error the class of its cause.

    The error's text is left out, because it may quote the request.
    """
    cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
    state = getattr(cause, "sqlstate", None)
    return f"{type(cause).__name__} {state}" if state else type(cause).__name__
