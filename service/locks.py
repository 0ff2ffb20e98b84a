"""Every advisory lock of the service, and the order in which all locks are taken.

PostgreSQL knows two spaces of advisory locks: one of single 64-bit numbers, which nothing of ours
uses, and one of pairs of 32-bit numbers. The first of a pair is a ``Lock`` below, so the locks of
two subjects never coincide; the second is the hash of a name, or 0 where there is one lock only.
Two names with the same hash share a lock: they wait for each other, which does no harm.

**Order.** Whoever takes several locks in one transaction takes them in this order, so that no two
transactions wait for each other:

0. a row of ``reruns``, by whoever goes on with it;
1. ``Lock.POST`` of the platform's id, then ``Lock.APPEAL``: by whoever adds, replaces or deletes a
   revision, or adds an appeal;
2. rows of ``posts``, in ascending order of their ids, ``FOR UPDATE`` (``service/posts/lock.py``):
   by whoever changes anything that belongs to a post;
3. ``Lock.CAMPAIGNS``, by whoever changes which posts show the same picture; rows of ``reviews``, in
   ascending order of their ids;
4. rows of ``cases``, in ascending order of post and id (``service/cases/locked.py``). Whoever only
   takes, renews or releases a lease, or hands a case over, begins here, and changes each row once:
   PostgreSQL checks the foreign key of a row that its own transaction changed before, which waits
   for the post;
5. ``Lock.CALLBACKS`` of the platform's id, by whoever is about to send, several in ascending order
   of their keys; rows of ``uploads`` in ascending order of their ids, of ``thumbnail_jobs``
   likewise, of ``deliveries`` in ascending order of their sequence, then of ``receivers``,
   ``deletions`` and ``erasures``. Whoever only sends callbacks or erases files begins here;
6. ``Lock.ITEM``, then rows of ``viewers``, then of ``items``, both in ascending order of their ids
   (``FOR KEY SHARE`` by whoever only counts), ``interactions``, ``item_pairs`` and ``item_counts``,
   each in ascending order of its key. Whoever puts or deletes an item, or writes down what people
   do, begins here; a trigger changes the item of a post whose decision changes;
7. ``Lock.AUDIT``: by the trigger of ``audit_log`` when the transaction commits.

Who must not wait skips what is locked (``SKIP LOCKED``), and may do so at any step.
"""

from __future__ import annotations

from enum import IntEnum

from sqlalchemy import Function, func, select
from sqlalchemy.orm import Session


class Lock(IntEnum):
    """The first number of each lock. A number that was used once is not given to another."""

    MIGRATION = 1
    """The schema, while it is migrated (``service/migrations/upgrade.py``)."""
    POST = 2
    """All revisions of a post, by the platform's id."""
    AUDIT = 3
    """The end of the audit log. Taken as (3, 1) by a trigger (migration 0007)."""
    APPEAL = 4
    """An appeal, by the platform's id."""
    BUNDLES = 5
    """Which bundle is live."""
    RULESETS = 6
    """The states of rulesets."""
    INDEX = 7
    """Whoever builds an index of embeddings. Held by a connection, over several transactions."""
    LEARN = 8
    """Whoever guesses what unmapped hashtags claim."""
    SWEEP = 9
    """Whoever sweeps. Held by a connection, over several transactions."""
    HOURS = 10
    """Whoever counts the hours again in which something changed."""
    TALLIES = 11
    """Whoever adds up the parts of counts."""
    CALLBACKS = 12
    """Whoever chooses among the callbacks of a post, by the platform's id."""
    API_KEYS = 13
    """Whoever makes a key of the API. Nothing but the audit log is locked with it."""
    RERUNS = 14
    """Whoever starts a rerun of the rules over stored posts."""
    CAMPAIGNS = 15
    """Whoever changes which posts show the same picture: for milliseconds."""
    VOTES = 16
    """Whoever learns what votes are usual for hashtags."""
    PROTOTYPES = 17
    """The states of prototypes."""
    UPLOADS = 18
    """Whoever begins an upload, while it is counted how many wait. Taken before all others."""
    ITEM = 19
    """An item, by the platform's id."""
    THUMBNAILS = 20
    """Whoever asks for thumbnails, by whose key asks, while it is counted how many wait. Nothing
    but the rows of that request is locked with it."""
    AUTHOR = 21
    """What moderators keep about an author. Nothing but its row and the audit log is locked with
    it."""


def lock(session: Session, which: Lock, name: str = "") -> None:
    """Wait for a lock, and hold it until the transaction ends."""
    session.execute(select(func.pg_advisory_xact_lock(which, _key(name))))


def try_lock(session: Session, which: Lock, name: str = "") -> bool:
    """Hold a lock until the transaction ends, unless another holds it at this moment."""
    return bool(session.scalar(select(func.pg_try_advisory_xact_lock(which, _key(name)))))


def _key(name: str) -> Function[int] | int:
    return func.hashtext(name) if name else 0
