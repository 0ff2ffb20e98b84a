"""What the states of callbacks are called."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

STATES = {
    "pending": _("on its way"),
    "dead": _("given up"),
    "delivered": _("delivered"),
    "overtaken": _("overtaken"),
    "withdrawn": _("taken back"),
}
TYPES = {
    "post.decided": _("decision"),
    "appeal.decided": _("outcome of an appeal"),
    "thumbnails.done": _("thumbnails chosen"),
    "thumbnails.failed": _("no thumbnails could be chosen"),
}
