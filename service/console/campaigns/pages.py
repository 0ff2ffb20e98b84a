"""The list of campaigns, and the page of one."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from service.campaigns import read
from service.cases.last import last_answer
from service.console.campaigns.words import ORDERS
from service.console.frame.access import Permission, may, needs
from service.console.posts.pages import chips
from service.console.posts.spread import spread
from service.incoming import whole_number
from service.parts import Parts
from service.tables import Campaign


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """Both pages; where they go on stands in their address."""

    @blueprint.get("/campaigns")
    @needs(Permission.READ)
    def campaigns() -> ResponseReturnValue:
        order = request.args.get("order", "")
        order = order if order in ORDERS else "spread"
        with parts.sessions() as session:
            rows, more = read.listed(session, order, whole_number(request.args.get("after")))
            return render_template(
                "campaigns/campaigns.html",
                rows=rows,
                cursor=rows[-1].campaign.id if more else None,
                order=order,
                orders=ORDERS,
                spread=spread,
                least=read.LEAST_SHOWN,
                may_see_copies=may(Permission.MAP),
            )

    @blueprint.get("/campaigns/<int:campaign_id>")
    @needs(Permission.READ)
    def campaign(campaign_id: int) -> ResponseReturnValue:
        with parts.sessions() as session:
            found = session.get(Campaign, campaign_id) or abort(404)
            posts, more = read.posts_of(
                session, campaign_id, whole_number(request.args.get("before"))
            )
            unit, bars = read.bars_of(session, found)
            return render_template(
                "campaigns/campaign.html",
                campaign=found,
                spread=spread,
                waiting=read.count_waiting(session, [campaign_id]).get(campaign_id, 0),
                authors=read.names_of(session, campaign_id, "author"),
                hashtags=read.names_of(session, campaign_id, "hashtag"),
                unit=unit,
                bars=bars,
                posts=posts,
                cursor=posts[-1].id if more else None,
                chips=chips,
                last=last_answer(session, current_user.id, parts.config),
            )
