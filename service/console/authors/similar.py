"""The page of authors whose photographs look like an author's."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, abort, render_template, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from service.console.frame.access import Permission, needs
from service.parts import Parts
from service.similar.channels import Channel, NotIndexedError, is_known, similar_channels
from service.tables import Image

SHOWN = 20


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """The page. An author's id may be any text, so it stands in the query."""

    @blueprint.get("/author/similar")
    @needs(Permission.READ)
    def similar_authors() -> str:
        author_id = request.args.get("id", "")
        made_by = parts.screener.current().bundle.embedding_id
        with parts.sessions() as session:
            if not is_known(session, author_id):
                abort(404)
            try:
                found, indexed = similar_channels(session, author_id, made_by, SHOWN), True
            except NotIndexedError:
                found, indexed = None, False
            return render_template(
                "authors/similar.html",
                author_id=author_id,
                channels=found,
                indexed=indexed,
                kept=_kept(session, found or ()),
            )


def _kept(session: Session, channels: Sequence[Channel]) -> frozenset[int]:
    """The photographs of the pairs whose stored copy can be shown."""
    pairs = [pair for channel in channels for pair in channel.pairs]
    rows = {one.row for pair in pairs for one in (pair.mine, pair.theirs)}
    query = select(Image.id).where(Image.id.in_(rows), Image.derivative.is_not(None))
    return frozenset(session.scalars(query))
