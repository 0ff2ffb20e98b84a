"""The share of flags that people confirmed: the precision of what is live."""

from __future__ import annotations

from sqlalchemy.orm import Session

from service.overview.scope import Scope
from service.overview.shares import Shares, shares


def flags_confirmed(session: Session, scope: Scope) -> Shares:
    """Posts that the model flagged and a person settled; a hit is one that is flagged still.

    By category, a flag is an irrelevant hashtag of that category, and a hit is that one of them
    is irrelevant still. What was undone is the model's again, and does not count.
    """
    return shares(session, scope, "flags")
