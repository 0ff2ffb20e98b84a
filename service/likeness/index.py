"""The indexes of photographs' embeddings and items' vectors, one per network, as dimensions differ.

An index (pgvector's IVFFlat) divides the vectors into lists of what lies near each other. A search
reads the lists nearest to what is searched for, with all that is in them. A graph (HNSW) is faster,
but many copies of one photograph link to each other only: a search that comes to them does not find
what lies beside them (docs/similarity.md). In spam there are such copies.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import structlog
from psycopg import sql
from sqlalchemy import column, func, select, table, text
from sqlalchemy.orm import Session

from service.locks import Lock
from service.parts import Parts
from service.queue import INDEX, hint

BUILT_IN = "512MB"  # of PostgreSQL's memory: 1,000 lists need about 350
A_LIST = 500  # vectors
MOST_LISTS = 1000
OUTGROWN = 2  # times as many lists as it has, or fewer than half: then it is built anew
DIGITS = 12
_DROP = sql.SQL("DROP INDEX CONCURRENTLY IF EXISTS {}")
LIMITS = ("statement_timeout", "lock_timeout")
# ``vectors`` is PostgreSQL's estimate, negative where it has none yet.
_BUILT = text("""
    SELECT indisvalid, amname = 'ivfflat' AS listed, index.reltuples AS vectors,
        (SELECT option_value::int FROM pg_options_to_table(index.reloptions)
         WHERE option_name = 'lists') AS lists
    FROM pg_index JOIN pg_class AS index ON index.oid = indexrelid JOIN pg_am ON pg_am.oid = relam
    WHERE indexrelid = to_regclass(:name)
""")
_LEFT = text("SELECT to_regclass(:before) IS NOT NULL OR to_regclass(:after) IS NOT NULL")
_OTHERS = text("""
    SELECT indexname FROM pg_indexes
    WHERE tablename = :table AND starts_with(indexname, :prefix) AND indexname <> :name
""")


def index_name(made_by: str, table: str = "embeddings") -> str:
    """The name of a network's index, a valid identifier."""
    return f"ix_{table}_near_{hashlib.sha256(made_by.encode()).hexdigest()[:DIGITS]}"


def is_indexed(session: Session, made_by: str, table: str = "embeddings") -> bool:
    """Whether a network's vectors in a table have an index, of whatever kind."""
    built = session.execute(_BUILT, {"name": index_name(made_by, table)}).one_or_none()
    return built is not None and built.indisvalid


def lists_for(vectors: int) -> int:
    """How many lists an index of so many vectors has."""
    return min(max(1, vectors // A_LIST), MOST_LISTS)


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
    """Build what is missing of a live network's indexes concurrently, so that nothing waits, and
    drop what a worker left that was killed meanwhile.

    An index that is outgrown, or of another kind, serves until the new one takes its place.

    Returns:
        whether there was anything to do: not where they are there, another builds them, or another
        network is live.
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
            # It takes as long as it takes, and waits for every transaction that is open.
            for limit in LIMITS:
                session.execute(text(f"SET {limit} = 0"))
            session.execute(text(f"SET maintenance_work_mem = '{BUILT_IN}'"))
            for one in missing:
                build = [] if _serves(session, one) else _statements(session, one)
                for statement in (*_drop_left(one), *build, *_superfluous(session, one)):
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
    return [one for one in wanted if not _serves(session, one) or _is_left(session, one)]


def _is_left(session: Session, near: Near) -> bool:
    """Whether there is an index beside the one that serves: PostgreSQL might search a graph that an
    earlier release built instead, and keeps it up to date in any case."""
    before, after = _beside(near)
    return bool(session.scalar(_LEFT, {"before": before, "after": after}))


def _beside(near: Near) -> tuple[str, str]:
    """What the index before and the one that is being built are named."""
    name = index_name(near.made_by, near.table)
    return f"{name}_before", f"{name}_next"


def _drop_left(near: Near) -> list[str]:
    return [_DROP.format(sql.Identifier(name)).as_string() for name in _beside(near)]


def _serves(session: Session, near: Near) -> bool:
    """Whether there is an index, of the right kind and with lists enough, but not too many.

    After many posts are deleted the lists that a search reads would hold few vectors.
    """
    name = index_name(near.made_by, near.table)
    built = session.execute(_BUILT, {"name": name}).one_or_none()
    if built is None or not (built.indisvalid and built.listed):
        return False
    needed = lists_for(int(built.vectors)) if built.vectors >= 0 else built.lists
    return bool(needed < OUTGROWN * built.lists and built.lists <= OUTGROWN * needed)


def _statements(session: Session, near: Near) -> list[str]:
    """Build an index beside the one there may be, and put it in its place.

    Schema statements take no parameters, so what they name is quoted here.
    """
    name = index_name(near.made_by, near.table)
    now, before, after = (sql.Identifier(one) for one in (name, *_beside(near)))
    made_by = column("made_by") == near.made_by
    vectors = session.scalar(select(func.count()).select_from(table(near.table)).where(made_by))
    build = sql.SQL(
        "CREATE INDEX CONCURRENTLY {} ON {} USING ivfflat"
        " ((vector::halfvec({})) halfvec_cosine_ops) WITH (lists = {}) WHERE made_by = {}"
    ).format(
        *(after, sql.Identifier(near.table), sql.Literal(near.dimension)),
        *(sql.Literal(lists_for(vectors or 0)), sql.Literal(near.made_by)),
    )
    # One message, so one transaction: at every moment one of them serves.
    exchange = sql.SQL(
        "ALTER INDEX IF EXISTS {now} RENAME TO {before}; ALTER INDEX {after} RENAME TO {now}"
    ).format(now=now, before=before, after=after)
    return [step.as_string() for step in (build, exchange, _DROP.format(before))]


def _superfluous(session: Session, near: Near) -> list[str]:
    """Statements that drop indexes of earlier networks. An item has one vector; a photograph keeps
    all embeddings, so that a bundle that is rolled back to finds its own.
    """
    if near.table != "item_vectors":
        return []
    other = {"table": near.table, "prefix": index_name("", near.table)[:-DIGITS]}
    found = session.scalars(_OTHERS, other | {"name": index_name(near.made_by, near.table)})
    return [_DROP.format(sql.Identifier(name)).as_string() for name in found]
