"""The form for a new item, and the newest ones."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from service.audit import record
from service.console.frame.access import Permission, needs
from service.console.produce.forms import FormError, item_sent
from service.console.produce.frame import frame_asked
from service.console.produce.words import CHOICES_OF_LANGUAGE, RULES
from service.items.cards import Card, cards_of
from service.items.newest import newest
from service.items.put import Put, put_item
from service.parts import Parts
from service.queue import EMBED, hint
from service.uploads.errors import UploadError
from service.waits import OutageError

NEWEST = 24


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """The page, and its form, with a file or with an upload that a script made before."""

    def page(problem: str = "", status: int = 200) -> ResponseReturnValue:
        with parts.sessions() as session:
            items = _newest(session)
        html = render_template(
            "produce/produce.html",
            problem=problem,
            sent=request.form,
            items=items,
            frame=frame_asked(),
            CHOICES_OF_LANGUAGE=CHOICES_OF_LANGUAGE,
            most_megabytes=parts.config.image_bytes // 2**20,
        )
        return html, status

    @blueprint.get("/produce")
    @needs(Permission.PRODUCE)
    def produce() -> ResponseReturnValue:
        return page()

    @blueprint.post("/produce")
    @needs(Permission.PRODUCE)
    def add_item() -> ResponseReturnValue:
        try:
            put = _put(parts)
        except FormError as error:
            return page(str(error), 422)
        except OutageError:
            return page(
                _("A part of the service is unavailable. Nothing was stored; try again."), 503
            )
        except UploadError as error:
            return page(str(RULES.get(error.rule, _("Choose the picture again."))), 422)
        if put.state == "pending":
            hint(parts.queue, EMBED, put.row)
        return redirect(url_for("console.item", row_id=put.row), 303)


def _put(parts: Parts) -> Put:
    sent, images = item_sent(parts)
    with parts.sessions.begin() as session:
        put = put_item(session, sent, images)
        record(session, current_user.name, "item.added", f"item:{sent.id}", {})
    return put


def _newest(session: Session) -> list[Card]:
    rows = newest(session, NEWEST)
    cards = cards_of(session, rows)
    return [cards[row] for row in rows if row in cards]
