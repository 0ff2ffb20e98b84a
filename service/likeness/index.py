"""The HNSW indexes of photographs' embeddings and items' vectors: one per network, since dimensions
differ.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import structlog
from psycopg import sql
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from service.locks import Lock
from service.parts import Parts
from service.queue import INDEX, hint

BUILT_IN = "512MB"  # of PostgreSQL's memory: what does not fit takes several times as long
DIGITS = 12
LIMITS = ("statement_timeout", "lock_timeout")
_VALID = text(
    "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(:name)"  # no row: none
)

_OTHERS = text("""
    SELECT indexname FROM pg_indexes
    WHERE tablename = :table AND starts_with(indexname, :prefix) AND indexname <> :name
""")


def index_name(made_by: str, table: str = "embeddings") -> str:
    """The name of a network's index, a valid identifier."""
    return f"ix_{table}_near_{hashlib.sha256(made_by.encode()).hexdigest()[:DIGITS]}"


def is_indexed(session: Session, made_by: str, table: str = "embeddings") -> bool:
    """Whether a network's vectors in a table have an index."""
    return bool(session.scalar(_VALID, {"name": index_name(made_by, table)}))


@dataclass(frozen=True)
class Near:
    """A required index: on a network's vectors of ``dimension`` numbers in a table."""

    table: str
    made_by: str
    dimension: int


def hint_missing(parts: Parts) -> None:
    """Queue the task where an index of what is live is missing; asked by the sweep."""
    wanted = _wanted(parts)
    with parts.sessions() as session:
        missing = _missing(session, wanted)
    for made_by in {one.made_by for one in missing}:
        hint(parts.queue, INDEX, made_by)


def build_index(parts: Parts, made_by: str) -> bool:
    """Build the missing indexes of a live network concurrently, so that nothing waits for them.

    A network's indexes are best built before its embeddings are: the sweep asks within seconds.

    Returns:
        whether one was built: not where they are there, another builds them, or another network is
        live.
    """
    wanted = [one for one in _wanted(parts) if one.made_by == made_by]
    if not wanted:
        return False
    engine = parts.sessions.kw["bind"]
    # Without a transaction, as CONCURRENTLY asks; so the lock is the connection's.
    connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    with connection, Session(connection) as session:
        if not session.scalar(select(func.pg_try_advisory_lock(Lock.INDEX, 0))):
            return False
        try:
            missing = _missing(session, wanted)
            if not missing:
                return False
            # An invalid index that a killed worker left must be dropped first. It takes as long as
            # it takes, and waits for every transaction that is open.
            for limit in LIMITS:
                session.execute(text(f"SET {limit} = 0"))
            session.execute(text(f"SET maintenance_work_mem = '{BUILT_IN}'"))
            for one in missing:
                for statement in (*_statements(one), *_superfluous(session, one)):
                    session.execute(text(statement))
        finally:
            for setting in ("maintenance_work_mem", *LIMITS):
                session.execute(text(f"RESET {setting}"))
            session.execute(select(func.pg_advisory_unlock(Lock.INDEX, 0)))
    structlog.get_logger().info("embeddings_indexed", made_by=made_by)
    return True


def _wanted(parts: Parts) -> list[Near]:
    bundle, encoding = parts.screener.current().bundle, parts.encoders.usable()
    wanted = [Near("embeddings", bundle.embedding_id, bundle.dimension)]
    if encoding is not None:
        wanted.append(Near("item_vectors", encoding.vector_id, encoding.dimension))
    return wanted


def _missing(session: Session, wanted: Sequence[Near]) -> list[Near]:
    return [one for one in wanted if not is_indexed(session, one.made_by, one.table)]


def _statements(near: Near) -> tuple[str, str]:
    """Schema statements take no parameters, so what they name is quoted here."""
    name, table = sql.Identifier(index_name(near.made_by, near.table)), sql.Identifier(near.table)
    drop = sql.SQL("DROP INDEX CONCURRENTLY IF EXISTS {}").format(name)
    build = sql.SQL(
        "CREATE INDEX CONCURRENTLY {} ON {}"
        " USING hnsw ((vector::halfvec({})) halfvec_cosine_ops) WHERE made_by = {}"
    ).format(name, table, sql.Literal(near.dimension), sql.Literal(near.made_by))
    return drop.as_string(), build.as_string()


def _superfluous(session: Session, near: Near) -> list[str]:
    """Statements that drop indexes of earlier networks. An item has one vector; a photograph keeps
    all embeddings, so that a bundle that is rolled back to finds its own.
    """
    if near.table != "item_vectors":
        return []
    other = {"table": near.table, "prefix": index_name("", near.table)[:-DIGITS]}
    found = session.scalars(_OTHERS, other | {"name": index_name(near.made_by, near.table)})
    drop = sql.SQL("DROP INDEX CONCURRENTLY IF EXISTS {}")
    return [drop.format(sql.Identifier(name)).as_string() for name in found]
