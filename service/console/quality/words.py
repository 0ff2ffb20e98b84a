"""The words of the page of quality."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

PERIODS = {7: _("7 days"), 30: _("30 days"), 90: _("90 days")}
ORIGINS = {
    "agreed": _("two moderators agreed"),
    "third": _("a third person decided"),
    "analyst": _("chosen by an analyst"),
}
