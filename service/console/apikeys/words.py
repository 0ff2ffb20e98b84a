"""How long a key lasts, and why one was not made."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from service.apikeys.store import LONGEST_NAME, MOST

LASTING = {
    "": _("until it is revoked"),
    "30": _("30 days"),
    "90": _("90 days"),
    "365": _("a year"),
}
PROBLEMS = {
    "bad_name": _(
        "A name has 1 to %(count)s letters, digits or any of . @ + - _ with single spaces between.",
        count=LONGEST_NAME,
    ),
    "name_taken": _("A key that can be used has this name already."),
    "too_many": _("There are %(count)s keys. Revoke one that nobody uses.", count=MOST),
    "lasting": _("Choose how long the key lasts."),
}
