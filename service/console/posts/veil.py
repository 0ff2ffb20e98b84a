"""Veil photographs: blurred, without colour, or both."""

from __future__ import annotations

import io

from PIL import Image, ImageOps

BLUR_CELLS = 24  # what is left of the longer side: enough to see a scene, too little for its detail
QUALITY = 80


def veil(data: bytes, kind: str) -> bytes:
    """A JPEG of the same shape that does not hold what ``kind`` takes away.

    Args:
        data: an image file.
        kind: ``blurred``, ``grey`` or ``blurred-grey``, as preferences name it.
    """
    with Image.open(io.BytesIO(data)) as opened:
        image = opened.convert("RGB")
    if "grey" in kind:
        image = ImageOps.grayscale(image)
    if "blurred" in kind:
        # Averaging into a few cells loses the detail for good; a soft filter could be undone.
        cells = image.copy()
        cells.thumbnail((BLUR_CELLS, BLUR_CELLS), Image.Resampling.BOX)
        image = cells.resize(image.size, Image.Resampling.BICUBIC)
    jpeg = io.BytesIO()
    image.save(jpeg, "JPEG", quality=QUALITY)
    return jpeg.getvalue()
