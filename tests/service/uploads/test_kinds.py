"""A file is what its first bytes say."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from pictures.decode import FORMATS
from service.uploads.kinds import CONTENT_TYPES, Family, content_type_of, family_of


@pytest.mark.parametrize("name", FORMATS)
def test_every_photograph_that_can_be_read_is_told(name: str) -> None:
    file = io.BytesIO()
    Image.new("RGB", (8, 8)).save(file, name)
    found = content_type_of(file.getvalue())
    assert found in CONTENT_TYPES
    assert family_of(found) is Family.IMAGE


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"\0\0\0\x20ftypisom\0\0\2\0isomiso2avc1mp41", "video/mp4"),
        (b"\0\0\0\x14ftypqt  \0\0\2\0qt  ", "video/quicktime"),
        (
            b"\x1aE\xdf\xa3\xa3B\x86\x81\1B\xf7\x81\1B\xf2\x81\4B\xf3\x81\x08B\x82\x88matroska",
            "video/x-matroska",
        ),
        (
            b"\x1aE\xdf\xa3\x9fB\x86\x81\1B\xf7\x81\1B\xf2\x81\4B\xf3\x81\x08B\x82\x84webm",
            "video/webm",
        ),
    ],
)
def test_so_is_every_video(head: bytes, expected: str) -> None:
    """The bytes that FFmpeg begins each kind of file with."""
    assert content_type_of(head + b"\0" * 100) == expected
    assert family_of(expected) is Family.VIDEO


@pytest.mark.parametrize(
    ("brand", "expected"),
    [
        (b"isom", "video/mp4"),
        (b"iso6", "video/mp4"),
        (b"dash", "video/mp4"),
        (b"avc1", "video/mp4"),
        (b"qt  ", "video/quicktime"),
        (b"heix", "image/heic"),
        (b"mif1", "image/heic"),
        (b"avis", "image/avif"),
    ],
)
def test_a_brand_tells_apart_what_begins_alike(brand: bytes, expected: str) -> None:
    assert content_type_of(b"\0\0\0\x18ftyp" + brand + b"\0\0\2\0isommp42") == expected


def test_quicktime_of_before_brands_is_told() -> None:
    assert content_type_of(b"\0\0\0\x08wide\0\0\x10\0mdat") == "video/quicktime"


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"\0" * 4096,
        b"hello",
        b"<html><video src=x>",
        b"MZ\x90\0",
        b"%PDF-1.7",
        b"PK\3\4",
        b"RIFF\0\0\0\0AVI LIST",
        b"<svg xmlns='http://www.w3.org/2000/svg'>",
        b"xxxxfty",
    ],
)
def test_anything_else_is_nothing(head: bytes) -> None:
    assert content_type_of(head) is None
