"""Why nothing could be chosen."""

from __future__ import annotations


class ThumbnailError(Exception):
    """A request that cannot be answered; ``code`` is stable, ``message`` says why."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
