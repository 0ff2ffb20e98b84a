"""Small files that cost much to decode, made without holding their pixels.

Each function makes one kind, of any size; ``KINDS`` has them at about the most pixels that are
decoded at all. All are valid: what is wrong with them is only what they cost.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from functools import cache

from PIL import Image

_BLOCK = 2**20


def zeros(count: int) -> bytes:
    """``count`` zero bytes as a zlib stream (RFC 1950): one block, again and again."""
    packer = zlib.compressobj(9)
    first = packer.compress(bytes(_BLOCK)) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(bytes(_BLOCK)) + packer.flush(zlib.Z_FULL_FLUSH)
    blocks, rest = divmod(count, _BLOCK)
    last = packer.compress(bytes(rest)) + packer.flush()
    body = first + again * (blocks - 1) if blocks else first[:2]
    return body + last[:-4] + struct.pack(">HH", count % 65521, 1)  # Adler-32 of zeros


def png(width: int, height: int, bits: int = 8, colour: int = 6, interlace: int = 0) -> bytes:
    """Black PNG. ``colour``: 0 grey, 2 RGB, 4 grey with alpha, 6 RGBA."""
    samples = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
    row = 1 + (width * samples * bits + 7) // 8
    header = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, interlace)
    chunks = [(b"IHDR", header), (b"IDAT", zeros(row * height)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )


def tiff(width: int, height: int, bits: int = 32, sample_format: int = 3) -> bytes:
    """Black TIFF in one deflated strip. ``sample_format``: 1 unsigned, 2 signed, 3 float."""
    data = zeros(width * height * bits // 8)
    tags = [
        (256, 4, width),
        (257, 4, height),
        (258, 3, bits),
        (259, 3, 8),  # Deflate
        (262, 3, 1),  # black is zero
        (273, 4, 8),  # where the strip begins
        (277, 3, 1),
        (278, 4, height),
        (279, 4, len(data)),
        (339, 3, sample_format),
    ]
    entries = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in tags)
    table = struct.pack("<H", len(tags)) + entries + struct.pack("<I", 0)
    return b"II*\0" + struct.pack("<I", 8 + len(data)) + data + table


def webp(width: int, height: int) -> bytes:
    """Lossless WebP of one colour with alpha: five prefix codes of one symbol, no bit a pixel.

    (RFC 9649, section 3.)
    """
    bits, used = 0x2F, 8
    for value, count in (
        *((width - 1, 14), (height - 1, 14), (1, 1), (0, 3)),  # size, alpha, version
        *((0, 1), (0, 1), (0, 1)),  # no transform, no colour cache, one group of codes
        *((0b0001, 4),) * 5,  # simple code, one symbol, of one bit: 0
    ):
        bits |= value << used
        used += count
    data = bits.to_bytes((used + 7) // 8 + 6, "little")
    chunk = b"VP8L" + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)
    return b"RIFF" + struct.pack("<I", 4 + len(chunk)) + b"WEBP" + chunk


def bmp(width: int, height: int) -> bytes:
    """Black BMP of 8 bits, run-length coded."""
    runs, rest = divmod(width, 255)
    line = b"\xff\0" * runs + (bytes([rest, 0]) if rest else b"") + b"\0\0"
    data = line * height + b"\0\1"
    palette = bytes(4 * 256)
    start = 14 + 40 + len(palette)
    info = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 8, 1, len(data), 0, 0, 256, 0)
    return b"BM" + struct.pack("<IHHI", start + len(data), 0, 0, start) + info + palette + data


@cache
def gif(width: int, height: int) -> bytes:
    """Black GIF."""
    return _saved(Image.new("P", (width, height)), "GIF")


@cache
def jpeg(width: int, height: int, progressive: bool = True) -> bytes:
    """Black JPEG in colour, with all of its samples (4:4:4)."""
    image = Image.new("YCbCr", (width, height))
    return _saved(image, "JPEG", progressive=progressive, subsampling=0, quality=50)


def jpeg_scans(width: int, height: int, scans: int) -> bytes:
    """Progressive JPEG whose last scan, which changes nothing any more, comes again and again."""
    data = jpeg(width, height)
    start, end = data.rindex(b"\xff\xda"), data.rindex(b"\xff\xd9")
    return data[:end] + data[start:end] * scans + data[end:]


def _saved(image: Image.Image, form: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, form, **options)
    return buffer.getvalue()


KINDS: dict[str, Callable[[], bytes]] = {
    "lossless WebP, 34 bytes": lambda: webp(16383, 3906),
    "PNG of one column": lambda: png(1, 64_000_000, colour=0),
    "PNG of one row": lambda: png(64_000_000, 1, colour=0),
    "TIFF float32": lambda: tiff(8000, 8000),
    "TIFF int32": lambda: tiff(8000, 8000, sample_format=2),
    "TIFF grey 16 bits": lambda: tiff(8000, 8000, 16, 1),
    "PNG RGBA": lambda: png(8000, 8000),
    "PNG RGBA 16 bits": lambda: png(8000, 8000, 16),
    "PNG RGB 16 bits": lambda: png(8000, 8000, 16, 2),
    "PNG grey with alpha": lambda: png(8000, 8000, 8, 4),
    "PNG grey 16 bits": lambda: png(8000, 8000, 16, 0),
    "PNG RGB": lambda: png(8000, 8000, 8, 2),
    "BMP run-length": lambda: bmp(8000, 8000),
    "GIF": lambda: gif(8000, 8000),
    "JPEG progressive": lambda: jpeg(8000, 8000),
    "JPEG with 10,000 scans": lambda: jpeg_scans(1000, 1000, 10_000),
    "JPEG with 200 scans, large": lambda: jpeg_scans(8000, 8000, 200),
}
