"""The indexes that find near embeddings of photographs, and near vectors of items: one for each
network, since their dimensions differ."""

from __future__ import annotations

import hashlib

import structlog
from psycopg import sql
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from service.locks import Lock
from service.parts import Parts
from service.queue import INDEX, hint

BUILT_IN = "512MB"  # of PostgreSQL's memory: what does not fit takes several times as long
TABLES = ("embeddings", "item_vectors")
LIMITS = ("statement_timeout", "lock_timeout")
_VALID = text(
    "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(:name)"  # no row: none
)


def index_name(made_by: str, table: str = "embeddings") -> str:
    """The name of a network's index, which says nothing that an identifier may not hold."""
    return f"ix_{table}_near_{hashlib.sha256(made_by.encode()).hexdigest()[:12]}"


def is_indexed(session: Session, made_by: str, table: str = "embeddings") -> bool:
    """Whether what a network made of a table can be searched by its index."""
    return bool(session.scalar(_VALID, {"name": index_name(made_by, table)}))


def hint_missing(parts: Parts) -> None:
    """Queue the task where an index of the live network is missing; asked by the sweep."""
    made_by = parts.screener.current().bundle.embedding_id
    with parts.sessions() as session:
        if _missing(session, made_by):
            hint(parts.queue, INDEX, made_by)


def build_index(parts: Parts, made_by: str) -> bool:
    """Build the live network's indexes beside everybody's work; nothing waits for them.

    A network's indexes are best built before its embeddings are: the sweep asks within seconds.

    Returns:
        whether one was built: not where they are there, another builds them, or another network is
        live.
    """
    bundle = parts.screener.current().bundle
    if bundle.embedding_id != made_by:
        return False
    engine = parts.sessions.kw["bind"]
    # Without a transaction, as CONCURRENTLY asks; so the lock is the connection's.
    connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    with connection, Session(connection) as session:
        if not session.scalar(select(func.pg_try_advisory_lock(Lock.INDEX, 0))):
            return False
        try:
            missing = _missing(session, made_by)
            if not missing:
                return False
            # One that a killed worker left behind is not valid, and is in the way.
            # It takes as long as it takes, and waits for every transaction that is open.
            for limit in LIMITS:
                session.execute(text(f"SET {limit} = 0"))
            session.execute(text(f"SET maintenance_work_mem = '{BUILT_IN}'"))
            for table in missing:
                for statement in _statements(made_by, bundle.dimension, table):
                    session.execute(text(statement))
        finally:
            for setting in ("maintenance_work_mem", *LIMITS):
                session.execute(text(f"RESET {setting}"))
            session.execute(select(func.pg_advisory_unlock(Lock.INDEX, 0)))
    structlog.get_logger().info("embeddings_indexed", made_by=made_by)
    return True


def _missing(session: Session, made_by: str) -> list[str]:
    return [table for table in TABLES if not is_indexed(session, made_by, table)]


def _statements(made_by: str, dimension: int, table: str) -> tuple[str, str]:
    """Schema statements take no parameters, so what they name is quoted here."""
    name = sql.Identifier(index_name(made_by, table))
    drop = sql.SQL("DROP INDEX CONCURRENTLY IF EXISTS {}").format(name)
    build = sql.SQL(
        "CREATE INDEX CONCURRENTLY {} ON {}"
        " USING hnsw ((vector::halfvec({})) halfvec_cosine_ops) WHERE made_by = {}"
    ).format(name, sql.Identifier(table), sql.Literal(dimension), sql.Literal(made_by))
    return drop.as_string(), build.as_string()
