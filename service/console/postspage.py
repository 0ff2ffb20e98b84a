"""The pages of posts by decision."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from service.cases.last import last_answer
from service.console import tabs
from service.console.access import Permission, needs
from service.parts import Parts
from service.tables import Post


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
        hashtag = request.args.get("hashtag", "").strip()
        which = tabs.filter_of(request.args.get("tab"), hashtag)
        with parts.sessions() as session:
            counts = tabs.count(session)
            last = last_answer(session, current_user.id, parts.config)
            page = tabs.page(session, which, request.args.get("after", type=int))
        return render_template(
            "console/posts.html",
            tab=which.tab,
            hashtag=hashtag,
            counts=counts,
            page=page,
            chips=chips,
            last=last,
        )


def chips(post: Post) -> list[Chip]:
    """A post's hashtags, those that wait for a person first."""
    if not post.verdicts:
        return [Chip(tag, None) for tag in post.hashtags]
    order = ("irrelevant", "uncertain", "relevant", "unverifiable")
    verdicts = sorted(post.verdicts, key=lambda verdict: order.index(verdict.verdict))
    return [Chip(verdict.tag, verdict.verdict) for verdict in verdicts]
