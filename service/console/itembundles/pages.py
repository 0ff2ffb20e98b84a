"""The page of item bundles: the live one with its card, what could take its place, what did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, jsonify, render_template
from flask_babel import format_decimal
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from items import ItemBundle
from items.bundle import CARD
from service.bundles.candidates import candidates
from service.bundles.history import promoted
from service.console.frame.access import Permission, by_itself, needs
from service.items.content import looked_by
from service.items.renew import available, stale
from service.live_versions import Kind
from service.parts import Parts


@dataclass(frozen=True)
class Progress:
    """How many items and posts there are, and of how many the live bundle has made the vector."""

    total: int
    seen: int

    @property
    def over(self) -> bool:
        """Whether nothing waits any more."""
        return self.seen >= self.total

    @property
    def text(self) -> str:
        """The same in words."""
        told = {"seen": format_decimal(self.seen), "total": format_decimal(self.total)}
        return str(_("%(seen)s of %(total)s items and posts were looked at with it.", **told))


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """The page, and what it asks while vectors are made anew."""

    @blueprint.get("/item-bundles")
    @needs(Permission.BUNDLES)
    def item_bundles() -> str:
        return page(parts)

    @blueprint.get("/item-bundles/state.json")
    @needs(Permission.BUNDLES)
    @by_itself
    def item_bundles_state() -> Response:
        with parts.sessions() as session:
            now = progress(session, parts)
        if now is None:
            return jsonify(over=True, total=0, seen=0, text="")
        return jsonify(over=now.over, total=now.total, seen=now.seen, text=now.text)


def page(parts: Parts, problem: str = "", details: str = "") -> str:
    """The page, with what went wrong and the program's own words for it."""
    found = parts.encoders.usable()
    live = found.bundle if found else None
    with parts.sessions() as session:
        undoable = promoted(session, Kind.ITEMS, undone=False)
        return render_template(
            "itembundles/item_bundles.html",
            live=live,
            card=_card(live) if live else "",
            rows=_rows(live) if live else [],
            progress=progress(session, parts),
            others=[one for one in candidates(parts.config) if not _is(one.bundle, live)],
            promotions=promoted(session, Kind.ITEMS),
            promotion=undoable[0].id if undoable else None,
            problem=problem,
            details=details,
        )


def progress(session: Session, parts: Parts) -> Progress | None:
    """How far the live bundle's vectors are; None: none can be used."""
    found = parts.encoders.usable()
    if found is None:
        return None
    total = available(session)
    return Progress(total, total - stale(session, looked_by(found, parts.screener.current())))


def _is(one: ItemBundle | None, other: ItemBundle | None) -> bool:
    return one is not None and other is not None and one.id == other.id


def _rows(bundle: ItemBundle) -> list[dict[str, Any]]:
    """What the bundle says of itself: recall and mean average precision, in per cent."""
    rows: list[dict[str, Any]] = bundle.manifest.metrics.get("rows") or []
    return [row for row in rows if {"name", "recall", "map"} <= row.keys()]


def _card(bundle: ItemBundle) -> str:
    path = bundle.path / CARD
    return path.read_text("utf-8", "replace") if path.is_file() else ""
