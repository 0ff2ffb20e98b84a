"""How much of the index a search reads, in the caller's transaction."""

from __future__ import annotations

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

PROBED = 20  # lists: about 10,000 vectors, which takes some ten milliseconds
_PROBE = select(func.set_config("ivfflat.probes", bindparam("lists"), True))


def probe(session: Session, lists: int = PROBED) -> None:
    """Let searches of this transaction read so many of the index's lists, the nearest ones.

    All that is in them is compared, in order of distance, so the copies of one photograph hide
    nothing. What lies in other lists is not found.
    """
    session.execute(_PROBE, {"lists": str(lists)})
