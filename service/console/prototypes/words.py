"""Why examples or a step of a prototype are refused, and what the states are called."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

STATES = {"shadow": _("in shadow"), "live": _("live"), "retired": _("retired")}
EXAMPLES = {
    "unknown": _("These posts are not known, or not decided:"),
    "unseen": _("The first photograph of these posts could not be read, or is not kept any more:"),
    "both_sides": _("These posts are on both sides:"),
    "too_few": _("Name at least ten posts of each side."),
    "too_many": _("Name at most 100 posts of each side."),
}
STEPS = {
    "unknown": _("There is no such prototype."),
    "state": _("Somebody changed it since."),
    "taken": _("Another prototype is live for this hashtag: retire it first."),
    "network": _("It was made for another network than the live one: make it anew."),
    "too_many": _("Fifty prototypes are in use: retire one first."),
}
