"""What posts are found by, in words."""

from flask_babel import lazy_gettext as _

BY = {
    "id": _("Post id"),
    "day": _("Received on this day"),
    "author": _("Author"),
    "hashtag": _("Hashtag"),
    "caption": _("Words of the caption"),
}
