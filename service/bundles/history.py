"""The promotions of both kinds of bundles, and undoing the newest."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.audit import record
from service.bundles.errors import RefusedError
from service.live_versions import Kind, make_live
from service.tables import BundlePromotion


def promoted(
    session: Session, kind: Kind = Kind.BUNDLE, *, undone: bool = True
) -> Sequence[BundlePromotion]:
    """Promotions, the newest first; without ``undone``, those that were not rolled back."""
    query = select(BundlePromotion).where(BundlePromotion.kind == kind)
    query = query.order_by(BundlePromotion.id.desc())
    return session.scalars(
        query if undone else query.where(BundlePromotion.undone.is_(False))
    ).all()


def undo_newest(
    session: Session, kind: Kind, seen: int | None = None
) -> tuple[BundlePromotion, str | None]:
    """Make what was live before the newest promotion live again, in the caller's transaction.

    Args:
        seen: the newest promotion when the person decided: two who roll back the same bundle go
            back once, not twice. None: whichever is the newest now.

    Returns:
        that promotion, and the folder of the one before; None: the settings name it.

    Raises:
        RefusedError: nothing was promoted, or another promotion is the newest.
    """
    found = promoted(session, kind, undone=False)
    if not found:
        raise RefusedError("Nothing to roll back to: the bundle of the settings is live.")
    newest, *before = found
    same_newest(found, seen)
    folder = before[0].path if before else None
    newest.undone = True
    make_live(session, kind, folder)
    return newest, folder


def same_newest(found: Sequence[BundlePromotion], seen: int | None) -> None:
    """Refuse where the newest promotion is not the one that a person saw.

    Args:
        found: those that were not rolled back, the newest first.
        seen: the newest when the person decided, 0 where there was none; None: not asked.

    Raises:
        RefusedError: another one is the newest.
    """
    newest = found[0].id if found else 0
    if seen not in (None, newest):
        raise RefusedError("Another bundle went live since you opened the page. Look again first.")


def note(session: Session, what: str, now: str, before: str, who: str, reason: str) -> None:
    """Write a change to the audit log."""
    details = {"before": before, "reason": reason}
    record(session, who, f"bundle.{what}", f"bundle:{now}", details)
