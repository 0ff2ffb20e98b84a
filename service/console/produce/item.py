"""The page of one item: how far it is, what is like it, deleting it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, abort, flash, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import Session

from service.audit import record
from service.console.frame.access import Permission, by_itself, needs
from service.console.posts.words import IMAGE_ERRORS
from service.console.produce.words import LANGUAGES_OF_ITEMS
from service.erasure import erase
from service.items.cards import Card, cards_of
from service.items.delete import delete_item
from service.items.show import show_item
from service.parts import Parts
from service.recommend.alike import alike
from service.recommend.asking import asked
from service.tables import Item

NEAREST = 8


@dataclass(frozen=True)
class Near:
    """An item that is like another; ``likeness`` is the cosine of their content vectors."""

    card: Card
    likeness: float


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """The page, what it asks while the item waits, and the form that deletes it."""

    @blueprint.get("/produce/items/<int:row_id>")
    @needs(Permission.PRODUCE)
    def item(row_id: int) -> str:
        made_by = asked(parts, "", 1).made_by
        with parts.sessions() as session:
            card = _card(session, row_id)
            return render_template(
                "produce/item.html",
                card=card,
                shown=show_item(session, card.id),
                near=_near(session, row_id, made_by),
                IMAGE_ERRORS=IMAGE_ERRORS,
                LANGUAGES_OF_ITEMS=LANGUAGES_OF_ITEMS,
            )

    @blueprint.get("/produce/items/<int:row_id>/state.json")
    @needs(Permission.PRODUCE)
    @by_itself
    def item_state(row_id: int) -> Response:
        with parts.sessions() as session:
            state = session.scalar(select(Item.state).where(Item.id == row_id))
        return jsonify(over=state != "pending", total=1, seen=0, text=_("Looking at it …"))

    @blueprint.post("/produce/items/<int:row_id>/delete")
    @needs(Permission.PRODUCE)
    def remove_item(row_id: int) -> ResponseReturnValue:
        with parts.sessions.begin() as session:
            name = _card(session, row_id).id
            gone = delete_item(session, name)
            if gone is None:
                abort(404)
            told = {
                "pictures": gone.pictures,
                "vectors": gone.vectors,
                "interactions": gone.interactions,
            }
            record(session, current_user.name, "item.deleted", f"item:{name}", told)
        erase(parts.sessions, parts.images, gone.owed)  # what fails is tried by the sweep
        flash(_("The item is gone, with its picture, its vector and what people did with it."))
        return redirect(url_for("console.produce"), 303)


def _card(session: Session, row_id: int) -> Card:
    card = cards_of(session, [row_id]).get(row_id)
    if card is None or card.kind != "item":
        abort(404)
    return card


def _near(session: Session, row_id: int, made_by: str) -> list[Near] | None:
    """What is like an item; None: it has no vector."""
    found = alike(session, row_id, made_by)
    if found is None:
        return None
    cards = cards_of(session, [one.item for one in found])
    near = [Near(cards[one.item], one.score) for one in found if one.item in cards]
    return near[:NEAREST]
