"""The orders in which campaigns are listed, in words."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

ORDERS = {"spread": _("the most posts first"), "newest": _("the last post first")}
