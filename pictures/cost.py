"""What decoding an image will cost, told from its header."""

from __future__ import annotations

import re
import struct

from PIL import Image

from pictures.limits import ImageError, ImageLimits

MOST_SIDE = 65_535  # of a JPEG, by its standard (ITU-T T.81)
MOST_SHAPE = 100  # to one; panoramas and long screenshots stay below 30
MOST_SCANS = 100  # encoders write about ten

# Bytes that Pillow keeps for a pixel of each mode.
_MODES = {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16B": 2, "I;16L": 2, "I;16N": 2}
# What decoders of a format need at their worst, in images of that mode, the result among them:
# libwebp three canvases, libtiff a strip that may be the whole image, run-length coded BMP the
# samples twice, libheif and libavif planes and a copy (benchmarks.pictures measures them).
_COPIES = {"WEBP": 4.0, "TIFF": 2.0, "BMP": 3.0, "GIF": 3.0, "HEIF": 2.5, "AVIF": 3.0}

# A marker of a JPEG that ends a scan's data: not a stuffed byte, a restart or a fill byte.
_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")


def check_size(size: tuple[int, int], limits: ImageLimits) -> None:
    """Raises ImageError where an image has too many pixels or no photograph's shape."""
    width, height = size
    shown = f"The image is {width} x {height} pixels; "
    if width * height > limits.max_pixels:
        raise ImageError(
            "too_many_pixels", f"{shown}at most {limits.max_pixels} pixels are decoded."
        )
    if max(size) > MOST_SIDE or max(size) > MOST_SHAPE * min(size):
        raise ImageError(
            "no_photograph",
            f"{shown}a photograph's sides are at most {MOST_SIDE} long and 1 to {MOST_SHAPE}.",
        )


def check_scans(data: bytes) -> None:
    """Raises ImageError where a JPEG has more scans than any encoder writes."""
    if count_scans(data, MOST_SCANS + 1) > MOST_SCANS:
        raise ImageError(
            "no_photograph", f"The JPEG has more than {MOST_SCANS} scans; an encoder writes ten."
        )


def check_memory(needed: int, limits: ImageLimits) -> None:
    """Raises ImageError where decoding takes more bytes than it may."""
    if needed > limits.max_memory:
        raise ImageError(
            "too_much_memory",
            f"Decoding the image would take {needed >> 20} MiB; "
            f"at most {limits.max_memory >> 20} MiB are given.",
        )


def needed_bytes(image: Image.Image) -> int:
    """What decoding an image takes at its peak, before it is made smaller."""
    held = image.width * image.height * _MODES.get(image.mode, 4)
    return int(held * _COPIES.get(image.format or "", 1.0))


def coefficients(image: Image.Image) -> int:
    """What a progressive JPEG takes besides: all of its samples, in two bytes each, until its last
    scan, also where it is decoded at a smaller size. 0 for other images."""
    if "progressive" not in image.info:
        return 0
    sampling = [(h, v) for _, h, v, _ in getattr(image, "layer", [])] or [(1, 1)] * 3
    whole = max(h for h, _ in sampling) * max(v for _, v in sampling)
    return int(2 * image.width * image.height * sum(h * v for h, v in sampling) / whole)


def webp_size(data: bytes) -> tuple[int, int] | None:
    """Width and height of a WebP (RFC 9649); None for anything else.

    Pillow makes libwebp's canvases when it opens a file, hence before it tells the size.
    """
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP" or len(data) < 30:
        return None
    kind = data[12:16]
    if kind == b"VP8X":
        wide, high = data[24:27] + b"\0", data[27:30] + b"\0"
        return (struct.unpack("<I", wide)[0] + 1, struct.unpack("<I", high)[0] + 1)
    if kind == b"VP8L":
        bits = struct.unpack("<I", data[21:25])[0]
        return ((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
    if kind == b"VP8 ":
        width, height = struct.unpack("<HH", data[26:30])
        return (width & 0x3FFF, height & 0x3FFF)
    return None


def count_scans(data: bytes, enough: int) -> int:
    """Scans of a JPEG's first image, at most ``enough``.

    Markers are followed by their lengths, so what looks like one in metadata does not count.
    """
    at, found = 2, 0
    while found < enough and (match := _MARKER.search(data, at)):
        kind, at = data[match.start() + 1], match.end()
        if kind == 0xD9:  # end of image
            break
        if kind == 0xDA:
            found += 1
        if kind not in (0x01, 0xD8):
            at += int.from_bytes(data[at : at + 2])
    return found
