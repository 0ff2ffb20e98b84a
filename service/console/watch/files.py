"""A person's list as a file."""

from __future__ import annotations

import re

from flask import Blueprint, Response, abort, jsonify
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from service.console.frame.access import Permission, needs
from service.console.frame.texts import localised
from service.console.watch.forms import viewer_asked
from service.csvfile import as_csv
from service.items.cards import cards_named
from service.parts import Parts
from service.recommend.asking import asked
from service.recommend.recommend import MODEL, recommend

LISTED = 100
HEAD = ("place", "kind", "id", "title", "score", "reason", "link")


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """The list as CSV and as JSON, longer than the page shows it."""

    @blueprint.get("/watch/list.<ending>")
    @needs(Permission.WATCH)
    def watch_list(ending: str) -> ResponseReturnValue:
        viewer = viewer_asked()
        if not viewer or ending not in ("csv", "json"):
            abort(404)
        question = asked(parts, viewer, LISTED)
        with parts.sessions() as session:
            found = recommend(session, question)
            cards = cards_named(session, {(one.kind, one.id) for one in found})
        listed = [(one, cards[one.kind, one.id]) for one in found if (one.kind, one.id) in cards]
        if ending == "json":
            items = [vars(one) | {"title": card.title, "link": card.link} for one, card in listed]
            answer = jsonify(viewer=viewer, model=f"{MODEL} {question.made_by}", items=items)
        else:
            rows = (
                (place, one.kind, one.id, card.title, one.score, localised(one.reason), card.link)
                for place, (one, card) in enumerate(listed, 1)
            )
            answer = Response(as_csv(HEAD, rows), mimetype="text/csv")
            answer.headers["Content-Language"] = str(get_locale())
        named = f"recommended-{plain(viewer)}.{ending}"
        answer.headers["Content-Disposition"] = f'attachment; filename="{named}"'
        return answer


def plain(name: str) -> str:
    """What of a name every file system and every header can hold."""
    return re.sub(r"[^A-Za-z0-9-]+", "-", name)[:60].strip("-") or "list"
