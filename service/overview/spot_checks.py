"""The share of passes that spot checks overturned: what the flags miss."""

from __future__ import annotations

from sqlalchemy.orm import Session

from service.overview.scope import Scope
from service.overview.shares import Shares, shares


def passes_overturned(session: Session, scope: Scope) -> Shares:
    """Posts that passed and were drawn; a hit is one with a hashtag that a person denied.

    By category, every such post with a hashtag of it counts, and a hit is that one of those
    was denied. Reviews that were undone do not count.
    """
    return shares(session, scope, "spot_checks")
