"""Who did something lately, and what a person liked lately, for people who look."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.recommend.events import LIKED
from service.tables import Interaction, Viewer

LATEST = 500  # events that are looked through for who was active
SHOWN = 30  # people


@dataclass(frozen=True)
class Active:
    """A person of the platform, and when the last of their events was received."""

    viewer: str
    at: datetime


def lately_active(session: Session) -> list[Active]:
    """The people behind the newest events, the last one first."""
    latest = (
        select(Interaction.viewer_id, Interaction.received_at)
        .order_by(Interaction.received_at.desc())
        .limit(LATEST)
        .cte("latest")
        .prefix_with("MATERIALIZED")
    )
    last = func.max(latest.c.received_at)
    query = (
        select(Viewer.external_id, last)
        .join(latest, latest.c.viewer_id == Viewer.id)
        .group_by(Viewer.external_id)
        .order_by(last.desc(), Viewer.external_id)
        .limit(SHOWN)
    )
    return [Active(viewer, at) for viewer, at in session.execute(query)]


@dataclass(frozen=True)
class Said:
    """The newest event by which a person liked an item: like or save."""

    kind: str
    at: datetime


def when_liked(session: Session, viewer: int, items: Collection[int]) -> Mapping[int, Said]:
    """By which event, and when, a person (by row) came to like items (by row) last."""
    query = (
        select(Interaction.item_id, Interaction.kind, Interaction.at)
        .where(Interaction.viewer_id == viewer, Interaction.item_id.in_(items))
        .where(Interaction.kind.in_(LIKED))
        .order_by(Interaction.at)
    )
    return {item: Said(kind, at) for item, kind, at in session.execute(query)} if items else {}
