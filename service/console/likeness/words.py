"""How alike two photographs are, in words, and what a search can be narrowed by."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from similarity import NEAR

# From 0.95 on it is the bound of near-duplicates; the others only order what is below it.
_DEGREES: tuple[tuple[float, LazyString], ...] = (
    (NEAR, _("the same picture, perhaps changed")),
    (0.9, _("almost the same")),
    (0.8, _("much alike")),
    (0.7, _("somewhat alike")),
    (0.0, _("hardly alike")),
)
LEAST = {"0.95": _("the same picture"), "0.9": _("almost the same"), "0.8": _("much alike")}
DAYS = {"1": _("the last day"), "7": _("the last 7 days"), "30": _("the last 30 days")}


def degree(likeness: float) -> LazyString:
    """The words for a cosine."""
    return next((words for least, words in _DEGREES if likeness >= least), _DEGREES[-1][1])
