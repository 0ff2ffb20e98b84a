"""The words for a ruleset's states, for what was done to it, and for why it could not be."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

STATES = {
    "draft": _("draft"),
    "shadow": _("in shadow"),
    "live": _("live"),
    "retired": _("retired"),
}
PROBLEMS = {
    "stored_already": _("This text is stored already."),
    "unknown": _("There is no such ruleset."),
    "already_there": _("The ruleset is in this state already."),
    "too_many_shadows": _("Three rulesets are in shadow; retire or promote one of them first."),
    "is_live": _("The ruleset is live. Promote another one, or roll back."),
    "no_reason": _("Say why: the audit log keeps it."),
    "nothing_to_roll_back": _("There is nothing to roll back to."),
}
DONE = {
    "promote": _("The ruleset is live, for every post from now on."),
    "shadow": _("The ruleset is in shadow: it is asked about every new post."),
    "retire": _("The ruleset is retired."),
}
