"""The content type of a file by its first bytes, whatever its name says."""

from __future__ import annotations

from enum import StrEnum

HEAD_BYTES = 4096


class Family(StrEnum):
    """What an upload can be used as."""

    IMAGE = "image"
    VIDEO = "video"


CONTENT_TYPES = (
    "image/jpeg",
    "image/png",
    "image/webp",
    "image/gif",
    "image/bmp",
    "image/tiff",
    "image/avif",
    "image/heic",
    "video/mp4",
    "video/quicktime",
    "video/webm",
    "video/x-matroska",
)
_STARTS = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
    b"BM": "image/bmp",
    b"II*\0": "image/tiff",
    b"MM\0*": "image/tiff",
}
# ISO/IEC 14496-12 leaves brands to their owners (https://mp4ra.org/registered-types/brands). Each
# encoder of MP4 has its own, so what is neither a picture nor QuickTime is called MP4.
_BRANDS = {
    **dict.fromkeys((b"avif", b"avis"), "image/avif"),
    **dict.fromkeys(
        (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"), "image/heic"
    ),
    b"qt  ": "video/quicktime",
}
_ATOMS = {b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"}  # QuickTime of before brands
_EBML = b"\x1a\x45\xdf\xa3"  # RFC 8794; its doctype tells WebM from Matroska


def family_of(content_type: str) -> Family:
    """What files of a content type can be used as."""
    return Family(content_type.partition("/")[0])


def content_type_of(head: bytes) -> str | None:
    """The content type of a file that begins with these bytes; None: it is none that is taken.

    It says what to try a file as, not that it can be read: that is found out in a sandbox.
    """
    for start, found in _STARTS.items():
        if head.startswith(start):
            return found
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], "video/mp4")
    if head[4:8] in _ATOMS:
        return "video/quicktime"
    if head.startswith(_EBML):
        return "video/webm" if b"webm" in head[:64] else "video/x-matroska"
    return None
