"""Bytes that strangers send become upright RGB, or one ImageError that says why not."""

from __future__ import annotations

import contextlib
import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image, ImageChops

from pictures import ImageError, ImageLimits, open_image
from pictures.pixels import smaller_rgb

LIMITS = ImageLimits()


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def two_halves(
    left: str = "red", right: str = "blue", size: tuple[int, int] = (64, 32)
) -> Image.Image:
    image = Image.new("RGB", size, left)
    image.paste(right, (size[0] // 2, 0, *size))
    return image


def near(pixel: object, colour: tuple[int, int, int]) -> bool:
    return bool(np.abs(np.array(pixel, float) - np.array(colour)).max() < 30)


def code_of(data: bytes, limits: ImageLimits = LIMITS) -> str:
    with pytest.raises(ImageError) as caught:
        open_image(data, limits)
    assert caught.value.message.endswith(".")
    return caught.value.code


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "HEIF"])
def test_formats_that_people_post_are_read(kind: str) -> None:
    image = open_image(saved(two_halves(), kind), LIMITS)
    assert (image.mode, image.size) == ("RGB", (64, 32))
    assert near(image.getpixel((10, 16)), (255, 0, 0))
    assert near(image.getpixel((54, 16)), (0, 0, 255))


@pytest.mark.parametrize(
    "data", [b"", b"hello, I am no picture", "한글 문서".encode(), b"\xff\xd8\xff"]
)
def test_what_is_no_image_is_told(data: bytes) -> None:
    assert code_of(data) == "not_an_image"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "TIFF"])
def test_half_a_file_is_told(kind: str) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (120, 160, 3), np.uint8)
    data = saved(Image.fromarray(noise), kind)
    assert code_of(data[: len(data) // 2]) in {"truncated", "not_an_image"}


@pytest.mark.parametrize("seed", range(40))
def test_a_file_with_flipped_bytes_never_raises_anything_else(seed: int) -> None:
    random = np.random.default_rng(seed)
    kind = ("JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP")[seed % 6]
    data = bytearray(saved(two_halves(), kind))
    for place in random.integers(0, len(data), 6):
        data[place] = random.integers(0, 256)
    with contextlib.suppress(ImageError):
        assert open_image(bytes(data), LIMITS).mode == "RGB"


def test_too_many_bytes_are_refused_before_anything_is_read() -> None:
    assert code_of(b"x" * 101, ImageLimits(max_bytes=100)) == "too_large"


def test_a_bomb_is_refused_by_its_header() -> None:
    """A PNG of 60,000 x 60,000 pixels whose pixel data is missing altogether."""
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    data = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk
    data += struct.pack(">I", zlib.crc32(chunk)) + struct.pack(">I", 0) + b"IDAT"
    assert code_of(data) == "too_many_pixels"


def test_the_pixel_limit_is_the_callers() -> None:
    data = saved(two_halves(), "PNG")
    assert code_of(data, ImageLimits(max_pixels=64 * 32 - 1)) == "too_many_pixels"
    assert open_image(data, ImageLimits(max_pixels=64 * 32)).size == (64, 32)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_of_an_animation_the_first_frame_counts(kind: str) -> None:
    first, second = Image.new("RGB", (40, 40), "red"), Image.new("RGB", (40, 40), "blue")
    data = saved(first, kind, save_all=True, append_images=[second], duration=100)
    assert near(open_image(data, LIMITS).getpixel((20, 20)), (255, 0, 0))


def test_cmyk_becomes_rgb() -> None:
    data = saved(two_halves().convert("CMYK"), "JPEG", quality=95)
    assert near(open_image(data, LIMITS).getpixel((10, 16)), (255, 0, 0))


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_sixteen_bits_are_scaled_not_clipped(kind: str) -> None:
    grey = np.full((32, 32), 32768, np.uint16)
    grey[:, 16:] = 65535
    image = open_image(saved(Image.fromarray(grey), kind), LIMITS)
    assert near(image.getpixel((4, 4)), (128, 128, 128))
    assert near(image.getpixel((28, 4)), (255, 255, 255))


def test_float_samples_are_stretched() -> None:
    samples = np.linspace(0, 1, 32 * 32, dtype=np.float32).reshape(32, 32)
    image = open_image(saved(Image.fromarray(samples), "TIFF"), LIMITS)
    assert near(image.getpixel((0, 0)), (0, 0, 0))
    assert near(image.getpixel((31, 31)), (255, 255, 255))


def test_transparency_is_laid_on_white() -> None:
    image = Image.new("RGBA", (32, 32), (0, 0, 0, 0))
    image.paste((255, 0, 0, 255), (0, 0, 16, 32))
    opened = open_image(saved(image, "PNG"), LIMITS)
    assert near(opened.getpixel((4, 4)), (255, 0, 0))
    assert near(opened.getpixel((28, 4)), (255, 255, 255))


def test_a_palette_with_a_transparent_colour_is_laid_on_white() -> None:
    image = Image.new("P", (32, 32), 0)
    image.putpalette([0, 0, 0, 0, 0, 255])
    image.paste(1, (0, 0, 16, 32))
    opened = open_image(saved(image, "PNG", transparency=0), LIMITS)
    assert near(opened.getpixel((4, 4)), (0, 0, 255))
    assert near(opened.getpixel((28, 4)), (255, 255, 255))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_rotation_is_applied(orientation: int) -> None:
    """However the camera lay, the image comes out as it was seen: red left, blue right."""
    upright = two_halves()
    undo = {
        2: [Image.Transpose.FLIP_LEFT_RIGHT],
        3: [Image.Transpose.ROTATE_180],
        4: [Image.Transpose.FLIP_TOP_BOTTOM],
        5: [Image.Transpose.TRANSPOSE],
        6: [Image.Transpose.ROTATE_90],
        7: [Image.Transpose.TRANSVERSE],
        8: [Image.Transpose.ROTATE_270],
    }
    lying = upright
    for step in undo.get(orientation, []):
        lying = lying.transpose(step)
    exif = Image.Exif()
    exif[0x0112] = orientation
    opened = open_image(saved(lying, "JPEG", exif=exif, quality=95), LIMITS)
    assert opened.size == (64, 32)
    assert near(opened.getpixel((8, 16)), (255, 0, 0))
    assert near(opened.getpixel((56, 16)), (0, 0, 255))


def test_damaged_exif_is_ignored() -> None:
    data = saved(two_halves(), "JPEG", exif=b"Exif\x00\x00II*\x00\xff\xff\xff\xff" + b"\x00" * 20)
    assert open_image(data, LIMITS).size == (64, 32)


def test_a_large_jpeg_is_decoded_small_but_not_too_small() -> None:
    data = saved(two_halves(size=(4000, 2000)), "JPEG")
    assert open_image(data, LIMITS, at_least=450).size == (1000, 500)
    assert open_image(data, LIMITS, at_least=1280).size == (4000, 2000)


def test_a_grey_jpeg_becomes_rgb() -> None:
    assert open_image(saved(two_halves().convert("L"), "JPEG"), LIMITS).mode == "RGB"


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "I;16", "F", "1", "CMYK"])
def test_a_large_image_is_made_smaller_strip_by_strip_as_if_it_were_whole(mode: str) -> None:
    noise = np.random.default_rng(3).integers(0, 256, (2100, 700), np.uint8)
    image = Image.fromarray(noise).convert("I") if mode == "I;16" else Image.fromarray(noise)
    image = image.convert(mode)
    expected = smaller_rgb(image, 10_000).reduce(3)
    found = smaller_rgb(image, 700)
    assert found.size == (234, 700)
    assert ImageChops.difference(found, expected).getextrema() == ((0, 0),) * 3
