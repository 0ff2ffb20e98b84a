"""Photographs rendered in sandboxed processes."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from PIL import Image

from pictures.limits import ImageError, ImageLimits
from sandbox import CrashedError, OutOfMemoryError, OutOfTimeError, Sandbox

QUALITY = 85
# What a child needs besides the decoded image: the file twice, copies of strips, both results.
BESIDES = 96 * 2**20


@dataclass(frozen=True)
class Rendered:
    """A photograph at two sizes: RGB ``image`` to look at, and ``jpeg`` without EXIF, ``width`` by
    ``height`` pixels, to show."""

    image: Image.Image
    jpeg: bytes
    width: int
    height: int


class Renderer:
    """Decodes what strangers send, in ``processes`` children. Threads may share it."""

    def __init__(self, limits: ImageLimits, processes: int) -> None:
        self.limits = limits
        self._sandbox = Sandbox("pictures.render:render", processes, limits.max_memory + BESIDES)

    def render(self, data: bytes, *, shown: int, looked_at: int, seconds: float) -> Rendered:
        """One photograph: to show, at most ``shown`` pixels long; to look at, its shorter side
        ``looked_at`` pixels or more, unless it has less.

        ``seconds`` count from when a child is free.

        Raises:
            ImageError: it cannot be had, or not at this cost.
            sandbox.StartError: no child could be started.
        """
        if len(data) > self.limits.max_bytes:
            raise ImageError(
                "too_large",
                f"The image has {len(data)} bytes; at most {self.limits.max_bytes} are read.",
            )
        options = {
            "limits": asdict(self.limits),
            "shown": shown,
            "looked_at": looked_at,
            "quality": QUALITY,
        }
        try:
            found, parts = self._sandbox.call(options, data, seconds)
        except OutOfTimeError:
            message = f"Decoding the image took longer than {seconds:.3g} seconds."
            raise ImageError("too_slow", message) from None
        except OutOfMemoryError:
            message = "Decoding the image takes more memory than is given."
            raise ImageError("too_much_memory", message) from None
        except CrashedError:
            raise ImageError("unsupported", "The image's decoder gave up on it.") from None
        if "error" in found:
            raise ImageError(*found["error"])
        jpeg, pixels = parts
        image = Image.frombytes("RGB", tuple(found["looked_at"]), pixels)
        return Rendered(image, jpeg, *found["shown"])

    def close(self) -> None:
        """End the children."""
        self._sandbox.close()
