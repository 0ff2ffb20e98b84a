"""The orders in which a list of posts can stand, each of which an index gives."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _

from service.console.posts.tabs import Tab

STAKE, DOUBT, REACH, OLDEST, NEWEST = "stake", "doubt", "reach", "oldest", "newest"
TITLES = {
    STAKE: _("most at stake first"),
    DOUBT: _("most doubtful first"),
    REACH: _("widest reach first"),
    OLDEST: _("oldest first"),
    NEWEST: _("newest first"),
}


def sorts(tab: Tab) -> Sequence[str]:
    """The orders of a list, the one in which it comes first. Posts of the queue
    have a stake: how doubtful they are, times how many people they reached."""
    if tab.is_queue:
        return (STAKE, DOUBT, REACH, OLDEST, NEWEST)
    return (OLDEST, NEWEST) if tab.oldest_first else (NEWEST, OLDEST)


def sort_of(tab: Tab, asked: str) -> str:
    """The order that is asked for; the list's own where it has no such order."""
    return asked if asked in sorts(tab) else sorts(tab)[0]
