"""How far a campaign is spread, in words."""

from __future__ import annotations

from flask_babel import format_decimal
from flask_babel import lazy_gettext as _

from service.tables import Campaign

HOUR = 3600


def spread(campaign: Campaign) -> str:
    """Posts, authors, hashtags, hours and reach, as one line."""
    hours = max(1, round((campaign.last_at - campaign.first_at).total_seconds() / HOUR))
    parts = (
        _("posts: %(count)s", count=format_decimal(campaign.posts)),
        _("authors: %(count)s", count=format_decimal(campaign.authors)),
        _("hashtags: %(count)s", count=format_decimal(campaign.hashtags)),
        _("hours: %(count)s", count=format_decimal(hours)),
        _("reach: %(count)s", count=format_decimal(campaign.reach)),
    )
    return " · ".join(str(part) for part in parts)
