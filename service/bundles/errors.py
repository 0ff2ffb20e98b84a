"""Why a bundle is not promoted."""

from __future__ import annotations


class RefusedError(Exception):
    """A bundle is not promoted, or none can be rolled back to; the text says why."""
