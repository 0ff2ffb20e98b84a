"""What a page asks the database for, and how PostgreSQL would go about it in a large table."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, event, text

LARGE = frozenset(
    (
        *("posts", "images", "verdicts", "embeddings", "cases", "reviews", "deliveries"),
        *("shadow_verdicts", "audit_log", "controls", "appeals"),
        *("items", "item_images", "item_vectors", "item_pairs", "item_counts"),
        *("viewers", "interactions", "opinions"),
    )
)
READS = frozenset(("Seq Scan", "Index Scan", "Index Only Scan", "Bitmap Heap Scan"))
# These take all that is below them before they give a row, so no limit above them helps.
BLOCKS = frozenset(("Sort", "Aggregate", "Hash", "Materialize", "WindowAgg", "SetOp", "Unique"))


# The first holds as many rows as there are moderators at work. The others hold the posts that wait:
# none here, so they cost alike and PostgreSQL takes any.
SMALL_INDEXES = frozenset(
    ("ix_cases_held", "ix_posts_pending", "ix_posts_pending_list", "ix_posts_waiting")
)


@dataclass(frozen=True)
class Query:
    """One statement with its parameters, as the driver gets them."""

    statement: str
    parameters: Any


@contextmanager
def recorded(engine: Engine) -> Iterator[list[Query]]:
    """Every statement that goes to the database meanwhile."""
    found: list[Query] = []

    def note(_c: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        found.append(Query(statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


def whole_tables(engine: Engine, queries: Sequence[Query]) -> list[str]:
    """The large tables that queries read from end to end, with the query.

    The tables of a test are small, so PostgreSQL would rather read them whole. It is told not to,
    where there is another way: by an index, and row by row where tables are joined.
    """
    found = []
    with engine.connect() as connection:
        for way in ("seqscan", "hashjoin", "mergejoin", "material"):
            connection.execute(text(f"SET LOCAL enable_{way} = off"))
        for query in queries:
            if query.statement.lstrip().upper().startswith(("SELECT", "WITH")):
                rows = connection.exec_driver_sql(
                    f"EXPLAIN (FORMAT JSON) {query.statement}", query.parameters
                )
                plan = rows.scalar_one()
                plan = json.loads(plan) if isinstance(plan, str) else plan
                found += [
                    f"{table}: {query.statement}" for table in _read_whole(plan[0]["Plan"], False)
                ]
    return found


def _read_whole(node: dict[str, Any], is_limited: bool) -> Iterator[str]:
    kind = node["Node Type"]
    is_limited = (is_limited or kind == "Limit") and kind not in BLOCKS
    is_small = node.get("Index Name") in SMALL_INDEXES
    has_condition = "Index Cond" in node or kind == "Bitmap Heap Scan" or is_small
    if kind in READS and node["Relation Name"] in LARGE and not (has_condition or is_limited):
        yield node["Relation Name"]
    for below in node.get("Plans", ()):
        yield from _read_whole(below, is_limited)
