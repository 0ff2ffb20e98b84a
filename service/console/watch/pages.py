"""The page of what a person is shown, and of what stands behind one recommendation."""

from __future__ import annotations

from flask import Blueprint, abort, render_template

from service.console.frame.access import Permission, needs
from service.console.watch.forms import item_asked, viewer_asked
from service.console.watch.shelves import RECOMMENDED, shelves_of
from service.console.watch.words import SAID
from service.items.cards import Name, cards_named
from service.parts import Parts
from service.recommend.asking import asked
from service.recommend.history import lately_active
from service.recommend.recommend import recommend
from service.recommend.why import why


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """A person's shelves, or the choice of a person; and why an item is among them."""

    @blueprint.get("/watch")
    @needs(Permission.WATCH)
    def watch() -> str:
        viewer = viewer_asked()
        if viewer:
            return drawn(parts, viewer, item_asked("to"))
        with parts.sessions() as session:
            people = lately_active(session)
        return render_template("watch/watch.html", viewer="", people=people, shelves=None)

    @blueprint.get("/watch/why")
    @needs(Permission.WATCH)
    def watch_why() -> str:
        viewer, name = viewer_asked(), item_asked("item")
        if not viewer or name is None:
            abort(404)
        with parts.sessions() as session:
            card = cards_named(session, [name]).get(name)
            if card is None:
                abort(404)
            question = asked(parts, viewer, RECOMMENDED)
            found = recommend(session, question)
            return render_template(
                "watch/why.html",
                viewer=viewer,
                card=card,
                given=next((one for one in found if (one.kind, one.id) == name), None),
                why=why(session, viewer, card.row, question.made_by),
                SAID=SAID,
            )


def drawn(
    parts: Parts, viewer: str, to: Name | None, problem: str = "", *, part: bool = False
) -> str:
    """The page of a person's shelves, or only the part of it that a click changes.

    Args:
        viewer: the platform's id of the person.
        to: an item that more of the like is asked for.
        problem: what went wrong with the last click.
        part: whether a script puts it in the place of the one before.
    """
    question = asked(parts, viewer, RECOMMENDED)
    with parts.sessions() as session:
        shelves = shelves_of(session, question, to)
        people = [] if part else lately_active(session)
    return render_template(
        "watch/shelves.html" if part else "watch/watch.html",
        viewer=viewer,
        people=people,
        shelves=shelves,
        to=to,
        problem=problem,
    )
