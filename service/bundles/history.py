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
    if seen not in (None, newest.id):
        raise RefusedError("Another bundle went live since you opened the page. Look again first.")
    folder = before[0].path if before else None
    newest.undone = True
    make_live(session, kind, folder)
    return newest, folder


def note(session: Session, what: str, now: str, before: str, who: str, reason: str) -> None:
    """Write a change to the audit log."""
    details = {"before": before, "reason": reason}
    record(session, who, f"bundle.{what}", f"bundle:{now}", details)
