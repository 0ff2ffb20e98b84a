"""The lists of posts: their contents and order."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString
from sqlalchemy import ColumnElement, and_

from service.tables import Post

_decided = and_(Post.state == "decided", Post.decided_by == "model")
_settled = and_(Post.state == "decided", Post.decided_by != "model")


@dataclass(frozen=True)
class Tab:
    """One list of posts. ``empty`` is the sentence shown where it holds none.

    ``decision`` is the part of the queue that it shows; None: it has nothing to do with the queue.
    In the list that is the queue itself, posts stand in the queue's order.
    """

    name: str
    title: LazyString
    empty: LazyString
    holds: ColumnElement[bool]
    oldest_first: bool
    decision: str | None = None
    is_queue: bool = False


TABS = {
    tab.name: tab
    for tab in (
        Tab(
            "review",
            _("To review"),
            _("Nothing is waiting for you. Flagged and doubtful posts appear here."),
            Post.state == "decided",
            True,
            decision="",
            is_queue=True,
        ),
        Tab(
            "flagged",
            _("Flagged"),
            _("No post is flagged: no hashtag waits that its photographs do not bear out."),
            and_(_decided, Post.decision == "flag"),
            True,
            decision="flag",
        ),
        Tab(
            "doubtful",
            _("Doubtful"),
            _("No post is in doubt: the rules were sure of every hashtag."),
            and_(_decided, Post.decision == "review"),
            True,
            decision="review",
        ),
        Tab(
            "passed",
            _("Passed"),
            _("No post has passed yet. Posts whose photographs bear out their hashtags go here."),
            and_(_decided, Post.decision == "pass"),
            False,
        ),
        Tab(
            "settled",
            _("Settled"),
            _("No moderator has settled a post yet. What you settle is kept here."),
            _settled,
            False,
        ),
        Tab(
            "pending",
            _("Pending"),
            _("Every post that arrived has been screened."),
            Post.state == "pending",
            True,
        ),
    )
}
