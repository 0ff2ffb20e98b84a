"""The page of categories whose copies settle themselves, and the switch of each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from intervals import Share
from rules import Ruleset
from service.console.frame.access import Permission, may, needs
from service.console.frame.sorting import Column, Sorting
from service.console.frame.texts import localised
from service.console.frame.words import Texts, Words
from service.copies.figures import agreement, permissions
from service.copies.permit import LEAST, MOST, USUAL, CopiesError, allow, forbid
from service.incoming import whole_number
from service.parts import Parts
from service.tables import CopyRule

NONE = Share(0, 0)


@dataclass(frozen=True)
class CategoryRow:
    """A category: its titles, the leave for its copies (None: there is none), the agreement."""

    name: str
    titles: Texts | None
    allowed: CopyRule | None
    agreed: Share


SORTING: Sorting[CategoryRow] = Sorting(
    "console.copies",
    {
        "category": Column(lambda row: localised(row.titles), descending=False),
        "agreed": Column(lambda row: row.agreed.value),
        "allowed": Column(lambda row: row.allowed.checked if row.allowed else None),
    },
    usual="category",
)
BOUNDS = {"least": round(100 * LEAST), "most": round(100 * MOST)}  # percent


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """The figures, and the form that switches a category on or off."""

    @blueprint.get("/copies")
    @needs(Permission.MAP)
    def copies() -> str:
        current = parts.screener.current()
        words = Words(current)
        with parts.sessions() as session:
            allowed = permissions(session)
            names = _listed(current.ruleset, allowed)
            agreed = agreement(session, names)
        return render_template(
            "copies/copies.html",
            rows=SORTING.rows(
                CategoryRow(name, words.category(name), allowed.get(name), agreed.get(name, NONE))
                for name in names
            ),
            sorting=SORTING,
            may_allow=may(Permission.RULES),
            usual=round(100 * USUAL),
            **BOUNDS,
        )

    @blueprint.post("/copies")
    @needs(Permission.RULES)
    def allow_copies() -> ResponseReturnValue:
        current = parts.screener.current()
        category, switched_on = request.form.get("category", ""), request.form.get("on") == "1"
        with parts.sessions() as session:
            allowed = () if switched_on else permissions(session)
        if category not in _listed(current.ruleset, allowed):
            abort(404)
        title = localised(Words(current).category(category))
        percent = whole_number(request.form.get("checked")) or 0
        try:
            with parts.sessions.begin() as session:
                if switched_on:
                    allow(session, category, percent / 100, current_user.name)
                else:
                    forbid(session, category, current_user.name)
        except CopiesError:
            flash(
                _("A whole percentage from %(least)s to %(most)s must be checked.", **BOUNDS), "bad"
            )
        else:
            flash(
                _("%(category)s: copies settle themselves from now on.", category=title)
                if switched_on
                else _("%(category)s: a person looks at every copy again.", category=title)
            )
        address = url_for("console.copies", sort=SORTING.asked, _anchor=f"category-{category}")
        return redirect(address, 303)


def _listed(ruleset: Ruleset, allowed: Iterable[str]) -> list[str]:
    """The categories with a rule, and those that are ``allowed``: the rules may have changed since,
    and what is switched on can be switched off."""
    ruled = [name for name, one in ruleset.categories.items() if one.rule is not None]
    return list(dict.fromkeys((*ruled, *allowed)))
