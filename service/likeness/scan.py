"""Settings of an index scan, in the caller's transaction."""

from __future__ import annotations

from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session


def follow_index(
    session: Session,
    in_view: int,
    scanned: int,
    order: Literal["relaxed_order", "strict_order"] = "relaxed_order",
    memory: int | None = None,
) -> None:
    """Let the index scan continue, for this transaction, if the nearest embeddings do not match.

    Args:
        in_view: candidates that are kept in view: fewer lose neighbours.
        scanned: embeddings, after which a search ends with what it has.
        order: relaxed, where what is found is put in order anyway.
        memory: times ``work_mem`` that a scan may take.
    """
    settings = {
        "ef_search": in_view,
        "iterative_scan": order,
        "max_scan_tuples": scanned,
        **({} if memory is None else {"scan_mem_multiplier": memory}),
    }
    set_all = (
        func.set_config(f"hnsw.{name}", str(value), True) for name, value in settings.items()
    )
    session.execute(select(*set_all))
