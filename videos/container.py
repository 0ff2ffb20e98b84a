"""Which container a file is, by its first bytes. Names and content types are not asked."""

from __future__ import annotations

from typing import BinaryIO

from videos.limits import VideoCode, VideoError

MP4, MATROSKA, AVI = "mov", "matroska", "avi"  # FFmpeg's names; each reads its whole family
HEAD_BYTES = 64

# Boxes with which MP4 and QuickTime files begin.
_BOXES = {b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot"}
_PICTURES = {
    b"\xff\xd8\xff": "JPEG",
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"GIF87a": "GIF",
    b"GIF89a": "GIF",
    b"BM": "BMP",
    b"II*\x00": "TIFF",
    b"MM\x00*": "TIFF",
}
_PICTURE_BRANDS = {b"avif", b"avis", b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1"}


def container_of(file: BinaryIO) -> str:
    """FFmpeg's name of the container; the file is at its beginning afterwards.

    Only these demuxers are ever opened: others read playlists, that is other files.

    Raises:
        VideoError: the file is empty, a picture, or none of the containers that are read.
    """
    file.seek(0)
    head = file.read(HEAD_BYTES)
    file.seek(0)
    if not head:
        raise VideoError(VideoCode.EMPTY, "The file is empty.")
    if picture := _picture(head):
        raise VideoError(
            VideoCode.PICTURE, f"The file is a picture ({picture}), not a video: send it as one."
        )
    if head[4:8] in _BOXES:
        return MP4
    if head[:4] == b"\x1a\x45\xdf\xa3":
        return MATROSKA
    if head[:4] == b"RIFF" and head[8:12] == b"AVI ":
        return AVI
    raise VideoError(
        VideoCode.NOT_A_VIDEO, "The file is none of MP4, MOV, WebM, MKV and AVI by its content."
    )


def _picture(head: bytes) -> str | None:
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WebP"
    if head[4:8] == b"ftyp" and head[8:12] in _PICTURE_BRANDS:
        return "AVIF" if head[8:11] == b"avi" else "HEIF"
    return next((name for magic, name in _PICTURES.items() if head.startswith(magic)), None)
