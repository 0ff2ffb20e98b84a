"""The orders in which hashtags are listed, and why one cannot be changed, in words."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from service.lexicon import LexiconError
from service.lexicon.changes import (
    LongHashtagError,
    NoHashtagError,
    OvertakenError,
    UnknownCategoryError,
)

ORDERS = {"frequent": _("the most frequent first"), "newest": _("the last post first")}


def problem_of(error: LexiconError) -> str:
    """Why a hashtag was not changed, in the language of the page."""
    if isinstance(error, NoHashtagError):
        return str(_("“%(tag)s” is no hashtag: it has no letters or digits.", tag=error.tag))
    if isinstance(error, LongHashtagError):
        said = _(
            "#%(start)s… has %(length)s characters; a hashtag has %(most)s at most.", **vars(error)
        )
        return str(said)
    if isinstance(error, UnknownCategoryError):
        said = _("#%(tag)s: no category is called “%(name)s”. Choose another one.", **vars(error))
        return str(said)
    if isinstance(error, OvertakenError):
        said = _(
            "%(who)s changed #%(tag)s since you opened the page, so it was left as it is now.",
            **vars(error),
        )
        return str(said)
    return str(error)
