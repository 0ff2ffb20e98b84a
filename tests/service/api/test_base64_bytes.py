from __future__ import annotations

from base64 import b64encode, encodebytes
from collections.abc import Callable

import pytest

from service.api.schemas import ImageSource
from service.api.thumbnails_schemas import PictureSource

FILE = bytes(range(256))


@pytest.mark.parametrize("encode", [b64encode, encodebytes])
@pytest.mark.parametrize("model", [ImageSource, PictureSource])
def test_bytes_arrive_as_they_were_with_and_without_line_breaks(
    model: type[ImageSource] | type[PictureSource], encode: Callable[[bytes], bytes]
) -> None:
    assert model.model_validate({"base64": encode(FILE).decode()}).base64 == FILE
