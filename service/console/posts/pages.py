"""The pages of posts by decision."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from service.cases.last import last_answer
from service.console.frame.access import Permission, may, needs
from service.console.frame.words import Words
from service.console.posts import lists
from service.console.posts.facets import KINDS, chosen, facets
from service.console.posts.filters import carried
from service.console.posts.saved import shown_view
from service.console.posts.sorts import TITLES as SORTS
from service.console.posts.sorts import sorts
from service.console.posts.spread import spread
from service.incoming import whole_number
from service.parts import Parts
from service.preferences.saved_views import views_of
from service.tables import Post

MOST = 50  # posts that are handed over at once


@dataclass(frozen=True)
class Chip:
    """A hashtag in a list; ``verdict`` is None until the post is screened."""

    tag: str
    verdict: str | None


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """The first page, and the list of posts of a tab."""

    @blueprint.get("/")
    @needs(Permission.READ)
    def home() -> ResponseReturnValue:
        return redirect(url_for("console.posts"), 303)

    @blueprint.get("/posts")
    @needs(Permission.READ)
    def posts() -> ResponseReturnValue:
        which = lists.filter_of(request.args, current_user.id)
        words = Words(parts.screener.current())
        choosing = "filters" in request.args
        with parts.sessions() as session:
            views = views_of(session, current_user.id)
            return render_template(
                "posts/posts.html",
                tab=which.tab,
                place=which.place(request.args),
                counts=lists.counts(session, which),
                page=lists.page(session, which, _number(request.args.get("after"))),
                chosen=chosen(request.args, words),
                facets=facets(session, which, request.args, words) if choosing else None,
                chips=chips,
                spread=spread,
                sort=which.sort,
                sorts={name: SORTS[name] for name in sorts(which.tab)},
                KINDS=KINDS,
                pickable=which.tab.decision is not None and may(Permission.SETTLE),
                views=views,
                shown_view=shown_view(views, request.args),
                handed=[n for n in request.args.getlist("handed", type=whole_number) if n][:MOST],
                start=_start(which),
                last=last_answer(session, current_user.id, parts.config),
            )


def _number(text: str | None) -> int | None:
    """A row's id as an address carries it; None where it is none."""
    return whole_number(text)


def _start(which: lists.Filter) -> str | None:
    """Where reviewing what the list shows begins; None where it is no part of the queue."""
    if which.tab.decision is None or not may(Permission.SETTLE):
        return None
    place = carried(request.args)
    if which.tab.decision:
        place["decision"] = which.tab.decision
    return url_for("console.next_case", **place)


def chips(post: Post) -> list[Chip]:
    """A post's hashtags, those that wait for a person first."""
    if not post.verdicts:
        return [Chip(tag, None) for tag in post.hashtags]
    order = ("irrelevant", "uncertain", "relevant", "unverifiable")
    verdicts = sorted(post.verdicts, key=lambda verdict: order.index(verdict.verdict))
    return [Chip(verdict.tag, verdict.verdict) for verdict in verdicts]
