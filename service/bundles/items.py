"""Promote an item bundle, or roll back to the one before. Every change is audited."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.orm import Session

from classifiers import Bundle
from items import ItemBundle, ItemEncoder
from items.bundle import CARD
from service.bundles.copies import keep_copy
from service.bundles.errors import RefusedError
from service.bundles.history import note, promoted, same_newest, undo_newest
from service.config import Config
from service.live_versions import Kind, make_live
from service.locks import Lock, lock
from service.tables import BundlePromotion, Json

EVERYTHING = "everything"  # the row of a bundle's figures in which no part of an item is missing
MOST_WORSE = 2.0  # points of mean average precision


def promote_items(
    session: Session,
    config: Config,
    classifier: Bundle,
    live: ItemBundle | None,
    folder: Path,
    *,
    who: str,
    reason: str,
    seen: int | None = None,
    expected: str | None = None,
) -> ItemBundle:
    """Let every process use an item bundle, in the caller's transaction; the sweep renews vectors.

    ``live`` is None where what is live cannot be used any more. Of whoever decides on a page,
    ``seen`` is the newest promotion that it showed (0: none), and ``expected`` the bundle's id.

    Returns:
        the copy that is live now.

    Raises:
        ItemBundleError: a file is missing or is not what the bundle says it is, or this machine
            computes it otherwise.
        RefusedError: it is live already, has no card, takes other pictures, or is worse; or the
            page showed something else.
    """
    lock(session, Lock.BUNDLES)
    same_newest(promoted(session, Kind.ITEMS, undone=False), seen)
    candidate = ItemBundle.load(folder)
    if expected not in (None, candidate.id):
        raise RefusedError(
            f"The folder holds {candidate.id} by now, and you saw {expected}. Look again first."
        )
    if live is not None and candidate.id == live.id:
        raise RefusedError(f"{candidate.id} is live already.")
    if CARD not in candidate.manifest.files:
        raise RefusedError(f"{candidate.id} has no {CARD}: nobody could tell what it is worth.")
    takes = candidate.manifest.pictures_by
    if takes != classifier.embedding_id:
        raise RefusedError(
            f"{candidate.id} takes what {takes} sees in pictures, and {classifier.id} is live, "
            f"which sees as {classifier.embedding_id}: train it with that one."
        )
    figures = _figures(live, candidate)
    if figures["worse"]:
        raise RefusedError(
            f"{candidate.id} is worse than what is live: mean average precision falls from "
            f"{figures['live']} to {figures['candidate']}."
        )
    ItemEncoder(candidate)
    kept = keep_copy(candidate, config.data)
    session.add(
        BundlePromotion(
            kind=Kind.ITEMS,
            bundle=kept.id,
            path=str(kept.path),
            embedding_id=kept.manifest.vector_id,
            figures=figures,
            by=who,
            reason=reason,
        )
    )
    make_live(session, Kind.ITEMS, str(kept.path))
    note(session, "promoted", kept.id, live.id if live else "", who, reason)
    return kept


def roll_back_items(
    session: Session, config: Config, *, who: str, reason: str, seen: int | None = None
) -> ItemBundle:
    """Go back to the item bundle that was live before the newest promotion, which must still be
    the one that was ``seen``.

    Returns:
        the bundle that is live now.

    Raises:
        ItemBundleError: it cannot be used any more.
        RefusedError: nothing was promoted, or another promotion is the newest.
    """
    lock(session, Lock.BUNDLES)
    newest, folder = undo_newest(session, Kind.ITEMS, seen)
    back = ItemBundle.load(Path(folder) if folder else config.item_bundle)
    note(session, "rolled_back", back.id, newest.bundle, who, reason)
    return back


def _figures(live: ItemBundle | None, candidate: ItemBundle) -> Json:
    """Mean average precision of both, compared where both were measured on the same items."""
    before, now = _precision(live) if live else None, _precision(candidate)
    is_same = live is not None and live.manifest.fingerprint == candidate.manifest.fingerprint
    is_worse = is_same and before is not None and (now is None or now < before - MOST_WORSE)
    return {"live": before, "candidate": now, "compared": is_same, "worse": is_worse}


def _precision(bundle: ItemBundle) -> float | None:
    rows = bundle.manifest.metrics.get("rows") or []
    return next((row.get("map") for row in rows if row.get("name") == EVERYTHING), None)
