"""What the sweep does for items and posts: those that wait are hinted, and old vectors renewed."""

from __future__ import annotations

from datetime import timedelta

from service.items.claim import give_up, is_waiting
from service.items.content import looked_by
from service.items.embed import MOST_ATTEMPTS
from service.items.renew import renew
from service.parts import Parts
from service.queue import EMBED, hint

MOST = 200  # in one sweep
PATIENCE = timedelta(seconds=20)


def sweep_items(parts: Parts) -> None:
    """One turn."""
    encoding = parts.encoders.usable()
    if encoding is None:  # they wait
        return
    now = looked_by(encoding, parts.screener.current())
    with parts.sessions.begin() as session:
        give_up(session, MOST_ATTEMPTS, MOST, now)
        renewed = renew(session, now, encoding.pictures_by)
        waits = is_waiting(session, PATIENCE)
    if renewed or waits:
        hint(parts.queue, EMBED)
