"""Ten changes of a picture that leave it the same one, and two that put it into another."""

from __future__ import annotations

from collections.abc import Mapping

from PIL import Image, ImageDraw, ImageEnhance, ImageOps

from benchmarks.similarity.variants import Change, cropped, encoded, scaled

TEXT = "SALE  -50%  @shop"


def _captioned(image: Image.Image) -> Image.Image:
    """With a bar of text above, 15 % of the picture's height."""
    bar = round(image.height * 0.15)
    ground = Image.new("RGB", (image.width, image.height + bar), "white")
    ground.paste(image, (0, bar))
    ImageDraw.Draw(ground).text((image.width * 0.05, bar * 0.3), TEXT, fill="black")
    return ground


def _bordered(image: Image.Image) -> Image.Image:
    """With a white border, 8 % of its longer side."""
    return ImageOps.expand(image, round(max(image.size) * 0.08), "white")


def _turned(image: Image.Image) -> Image.Image:
    """By five degrees, with black corners."""
    return image.rotate(5, Image.Resampling.BICUBIC)


def _brighter(image: Image.Image) -> Image.Image:
    return ImageEnhance.Brightness(image).enhance(1.3)


def _flatter(image: Image.Image) -> Image.Image:
    return image.resize((image.width, round(image.height * 0.8)))


CHANGES: Mapping[str, Change] = {
    "JPEG, quality 30": encoded("JPEG", 30),
    "half as large": scaled(0.5),
    "10 % cut off": cropped(0.05, 0.05, 0.05, 0.05),
    "20 % cut off": cropped(0.1, 0.1, 0.1, 0.1),
    "a bar of text": _captioned,
    "a border": _bordered,
    "turned by 5°": _turned,
    "mirrored": ImageOps.mirror,
    "brighter by 30 %": _brighter,
    "a fifth flatter": _flatter,
}


def collage(images: list[Image.Image]) -> Image.Image:
    """Four pictures in two rows, each fitted into a square."""
    ground = Image.new("RGB", (600, 600), "white")
    for at, image in enumerate(images):
        ground.paste(ImageOps.fit(image, (296, 296)), (at % 2 * 304, at // 2 * 304))
    return ground


def screenshot(image: Image.Image) -> Image.Image:
    """A post as a telephone shows it: the picture as wide as the screen, text above and below."""
    ground = Image.new("RGB", (360, 740), "white")
    shown = ImageOps.contain(image, (360, 420))
    ground.paste(shown, ((360 - shown.width) // 2, 110))
    drawing = ImageDraw.Draw(ground)
    drawing.rectangle((0, 0, 360, 28), fill="black")
    drawing.ellipse((12, 50, 52, 90), fill="grey")
    for at, line in enumerate(("shop_official", "1,204 likes", TEXT, "#ootd #daily #sale")):
        drawing.text((64 if at == 0 else 12, 64 if at == 0 else 540 + at * 24), line, fill="black")
    return ground
