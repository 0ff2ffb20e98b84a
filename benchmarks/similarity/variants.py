"""What happens to a photograph on its way from one post to the next."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping

from PIL import Image, ImageDraw, ImageEnhance, ImageOps

Change = Callable[[Image.Image], Image.Image]


def encoded(form: str, quality: int) -> Change:
    """Store it again, in another format or quality."""

    def change(image: Image.Image) -> Image.Image:
        buffer = io.BytesIO()
        image.save(buffer, form, quality=quality)
        return Image.open(io.BytesIO(buffer.getvalue())).convert("RGB")

    return change


def scaled(share: float) -> Change:
    """Shrink it to a share of its size."""

    def change(image: Image.Image) -> Image.Image:
        return image.resize((round(image.width * share), round(image.height * share)))

    return change


def cropped(left: float, top: float, right: float, bottom: float) -> Change:
    """Cut shares of width and height off each side."""

    def change(image: Image.Image) -> Image.Image:
        wide, high = image.size
        return image.crop(
            (
                round(wide * left),
                round(high * top),
                round(wide * (1 - right)),
                round(high * (1 - bottom)),
            )
        )

    return change


def _framed(image: Image.Image) -> Image.Image:
    """On a white square, as apps that know only squares show it."""
    side = max(image.size)
    ground = Image.new("RGB", (side, side), "white")
    ground.paste(image, ((side - image.width) // 2, (side - image.height) // 2))
    return ground


def _captioned(image: Image.Image) -> Image.Image:
    """With a bar of text across its lower fifth."""
    written = image.copy()
    drawing = ImageDraw.Draw(written)
    top = round(image.height * 0.8)
    drawing.rectangle((0, top, image.width, image.height), fill="black")
    drawing.text((image.width * 0.05, top + image.height * 0.05), "SALE  -50%  @shop", fill="white")
    return written


def _brighter(image: Image.Image) -> Image.Image:
    return ImageEnhance.Brightness(image).enhance(1.25)


def _filtered(image: Image.Image) -> Image.Image:
    """More colour and contrast, as an app's filter gives."""
    return ImageEnhance.Contrast(ImageEnhance.Color(image).enhance(1.4)).enhance(1.15)


CHANGES: Mapping[str, Change] = {
    "JPEG, quality 75": encoded("JPEG", 75),
    "JPEG, quality 40": encoded("JPEG", 40),
    "WebP, quality 60": encoded("WEBP", 60),
    "half as large": scaled(0.5),
    "brighter by a quarter": _brighter,
    "a filter's colours": _filtered,
    "5% cut off each side": cropped(0.05, 0.05, 0.05, 0.05),
    "10% cut off each side": cropped(0.1, 0.1, 0.1, 0.1),
    "a fifth cut off one side": cropped(0.2, 0, 0, 0),
    "a third cut off one side": cropped(0, 0, 0.33, 0),
    "mirrored": ImageOps.mirror,
    "on a white square": _framed,
    "a bar of text below": _captioned,
    "black and white": lambda image: image.convert("L").convert("RGB"),
}

# What nobody would call another photograph; the others change what one sees.
LIGHT = frozenset(list(CHANGES)[:7])
