"""What one image may cost, and the error that says that it cannot be had."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ImageLimits:
    """The most that one image may cost: bytes as sent, pixels and bytes when decoded."""

    max_bytes: int = 20 * 2**20
    max_pixels: int = 64_000_000
    max_memory: int = 512 * 2**20


class ImageError(Exception):
    """Bytes that cannot be had as an image.

    ``code`` is one of too_large, too_many_pixels, no_photograph, too_much_memory, too_slow,
    not_an_image, truncated, unsupported; ``message`` says in one sentence what was wrong.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
