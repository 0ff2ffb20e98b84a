"""A request for thumbnails as the wire shows it: to the API, and in callbacks."""

from __future__ import annotations

from collections.abc import Sequence

from service.tables import Json, ThumbnailFrame, ThumbnailPicture
from service.thumbnails.extras import ENGAGEMENT, LATENT
from service.thumbnails.show import Result

FIELDS = {"candidate": "images", "reference": "references"}


def represent(found: Result, missing: Sequence[ThumbnailPicture], base_url: str) -> Json:
    """Plain JSON values. ``missing`` are the pictures that could not be had; ``base_url`` is that
    of the service."""
    job = found.job
    return {
        "id": job.key,
        "state": job.state,
        "frames": [_frame(one, f"{base_url}/v1/thumbnails/{job.key}") for one in found.chosen],
        "unread": [
            {"pointer": f"/{FIELDS[one.role]}/{one.position}", "error": one.error}
            for one in missing
        ],
        "error": job.error,
        "expires_at": job.expires_at.isoformat(),
    }


def _frame(one: ThumbnailFrame, url: str) -> Json:
    return {
        "time": one.time,
        "index": one.position if one.time is None else None,
        "score": one.score,
        "quality": one.quality,
        "closeness": one.closeness,
        "width": one.width,
        "height": one.height,
        "focus": [one.focus_x, one.focus_y],
        "reason": one.reason,
        "latent": (one.extras or {}).get(LATENT),
        "engagement": (one.extras or {}).get(ENGAGEMENT),
        "url": f"{url}/frames/{one.rank}.jpg",
    }
