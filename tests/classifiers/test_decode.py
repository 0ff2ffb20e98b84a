"""Whatever bytes arrive, the outcome is an RGB image as a person sees it, or one clear error."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from classifiers import ImageError, ImageLimits, open_image

LIMITS = ImageLimits()
RED, WHITE = (254, 0, 0), (255, 255, 255)


def encode(image: Image.Image, form: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, form, **options)
    return buffer.getvalue()


def gradient(size: tuple[int, int] = (64, 48)) -> Image.Image:
    row = np.linspace(0, 255, size[0], dtype=np.uint8)
    pixels = np.broadcast_to(row[None, :, None], (size[1], size[0], 3))
    return Image.fromarray(np.ascontiguousarray(pixels))


def png_header(width: int, height: int) -> bytes:
    """A PNG that says it is that large and holds next to nothing."""
    body = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + body + struct.pack(">I", zlib.crc32(body))
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk
        + struct.pack(">I", 0)
        + b"IEND"
        + struct.pack(">I", 0xAE426082)
    )


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF"])
def test_what_phones_and_browsers_make_is_read(form: str) -> None:
    image = open_image(encode(gradient(), form), LIMITS)
    assert (image.mode, image.size) == ("RGB", (64, 48))


def test_exif_rotation_is_applied() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held upright: turn by 90 degrees clockwise
    image = open_image(encode(gradient((64, 48)), "JPEG", exif=exif), LIMITS)
    assert image.size == (48, 64)
    assert image.getpixel((24, 2)) < image.getpixel((24, 61))  # type: ignore[operator]  # RGB


def test_cmyk_becomes_rgb() -> None:
    cmyk = Image.new("CMYK", (32, 32), (0, 255, 255, 0))
    red, green, blue = open_image(encode(cmyk, "JPEG"), LIMITS).getpixel((16, 16))  # type: ignore[misc]
    assert red > 200
    assert green < 60
    assert blue < 60


def test_sixteen_bits_are_scaled_and_not_clipped() -> None:
    samples = np.linspace(0, 65535, 256, dtype=np.uint16).reshape(16, 16)
    image = open_image(encode(Image.fromarray(samples), "PNG"), LIMITS)
    assert np.asarray(image)[..., 0].flatten().tolist() == list(range(256))


def test_transparency_is_laid_on_white() -> None:
    clear = Image.new("RGBA", (8, 8), (0, 0, 0, 0))
    assert open_image(encode(clear, "PNG"), LIMITS).getpixel((4, 4)) == WHITE


def test_a_palette_with_a_transparent_colour_is_laid_on_white() -> None:
    palette = Image.new("P", (8, 8), 0)
    palette.putpalette([0, 0, 0, 254, 0, 0])
    assert open_image(encode(palette, "PNG", transparency=0), LIMITS).getpixel((4, 4)) == WHITE


@pytest.mark.parametrize("form", ["GIF", "WEBP"])
def test_the_first_frame_stands_for_an_animation(form: str) -> None:
    frames = [Image.new("RGB", (16, 16), colour) for colour in (RED, (0, 0, 254))]
    data = encode(frames[0], form, save_all=True, append_images=frames[1:], lossless=True)
    red, _, blue = open_image(data, LIMITS).getpixel((8, 8))  # type: ignore[misc]
    assert red > 200
    assert blue < 60


def test_a_large_jpeg_is_decoded_no_larger_than_needed() -> None:
    image = open_image(encode(gradient((4000, 3000)), "JPEG"), LIMITS, at_least=1000)
    assert image.size == (2000, 1500)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not_an_image"),
        (b"this is no photograph", "not_an_image"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not_an_image"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", "not_an_image"),
        (encode(gradient(), "JPEG")[:400], "truncated"),
        (encode(gradient((300, 300)), "PNG")[:300], "truncated"),
        (png_header(60_000, 60_000), "too_many_pixels"),
        (png_header(60_000, 2_000), "too_many_pixels"),
        (png_header(64, 64), "truncated"),
    ],
)
def test_what_cannot_be_read_has_its_code(data: bytes, code: str) -> None:
    with pytest.raises(ImageError) as caught:
        open_image(data, LIMITS)
    assert caught.value.code == code
    assert caught.value.message


def test_too_many_bytes_are_not_even_looked_at() -> None:
    with pytest.raises(ImageError) as caught:
        open_image(b"\0" * 2048, ImageLimits(max_bytes=1024))
    assert caught.value.code == "too_large"


@given(st.binary(max_size=300), st.sampled_from(["JPEG", "PNG", "GIF", "WEBP", "TIFF", "BMP"]))
def test_damaged_bytes_raise_nothing_else(noise: bytes, form: str) -> None:
    data = bytearray(encode(gradient((20, 20)), form))
    start = len(data) // 3
    data[start : start + len(noise)] = noise
    for sample in (bytes(data), noise):
        try:
            mode = open_image(sample, LIMITS).mode
        except ImageError:
            continue
        assert mode == "RGB"
