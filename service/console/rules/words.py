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
    "no_reason": _("Give a reason: the audit log keeps it."),
    "nothing_to_roll_back": _("There is nothing to roll back to."),
    "changed_since": _("Other rules went live since you opened the page. Look again first."),
}
DONE = {
    "promote": _("The ruleset is live, for every post from now on."),
    "shadow": _("The ruleset is in shadow: it is asked about every new post."),
    "retire": _("The ruleset is retired."),
}
PERIODS = {
    "7": _("the last 7 days"),
    "30": _("the last 30 days"),
    "90": _("the last 90 days"),
    "": _("all stored posts"),
}
KINDS = {"backtest": _("Backtest"), "rejudgement": _("Judged again")}
RUN_STATES = {
    "running": _("running"),
    "done": _("finished"),
    "stopped": _("stopped"),
    "overtaken": _("ended, because other rules went live"),
    "failed": _("failed"),
}
RUN_PROBLEMS = {
    "too_many": _("Three backtests are running. Wait for one of them, or stop it."),
    "running_already": _("Stored posts are being judged again already."),
    "not_live": _(
        "Other rules or another lexicon are live by now. Look at what would change first."
    ),
    "nothing": _("No post would change."),
    "over": _("It is not running."),
}
