"""The receipt of a deletion, as the wire shows it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.tables import Deletion, Erasure, Json


def receipt_of(session: Session, external_id: str) -> Json | None:
    """The receipt of a deleted post: what was erased, what is left, and when the last byte went.

    None if the post is not deleted, or was deleted before receipts existed.
    """
    found = session.scalar(select(Deletion).where(Deletion.external_id == external_id))
    return represent_receipt(session, found) if found else None


def represent_receipt(session: Session, deletion: Deletion) -> Json:
    """The receipt as plain JSON values."""
    owed = select(func.count()).where(Erasure.deletion_id == deletion.id)
    return {
        "requested_at": deletion.requested_at.isoformat(),
        "erased_at": deletion.erased_at.isoformat() if deletion.erased_at else None,
        "files_left": session.scalar(owed) or 0,
        "erased": {
            "revisions": deletion.revisions,
            "photographs": deletion.photographs,
            "videos": deletion.videos,
            "verdicts": deletion.verdicts,
            "reviews": deletion.reviews,
            "callbacks": deletion.callbacks,
            "uploads": deletion.uploads,
        },
    }


def owed_erasures(session: Session, deletion: Deletion) -> Sequence[int]:
    """The erasures that a receipt still waits for."""
    return session.scalars(select(Erasure.id).where(Erasure.deletion_id == deletion.id)).all()
