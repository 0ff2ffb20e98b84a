from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PIL import Image

from service.console.posts.veil import BLUR_CELLS, veil
from service.parts import Parts
from service.preferences import Preferences, save
from service.tables import User
from tests.service.console.rows import add_post
from tests.service.console.visitor import Visitor


def _pixels(data: bytes) -> Any:
    with Image.open(io.BytesIO(data)) as image:
        return np.asarray(image.convert("RGB"), np.float64)


@pytest.fixture
def noisy(jpeg: Callable[..., bytes]) -> bytes:
    return jpeg(seed=1, size=(400, 300))


@pytest.mark.parametrize("kind", ["blurred", "grey", "blurred-grey"])
def test_a_veiled_photograph_has_the_same_shape(noisy: bytes, kind: str) -> None:
    assert _pixels(veil(noisy, kind)).shape == _pixels(noisy).shape


def test_blur_leaves_no_detail(noisy: bytes) -> None:
    def detail(data: bytes) -> float:
        return float(np.abs(np.diff(_pixels(data), axis=1)).mean())

    assert detail(veil(noisy, "blurred")) < detail(noisy) / 10


def test_blur_is_no_more_than_a_few_cells(noisy: bytes) -> None:
    blurred = _pixels(veil(noisy, "blurred"))
    with Image.fromarray(blurred.astype(np.uint8)) as image:
        cells = image.resize((BLUR_CELLS, BLUR_CELLS * 3 // 4), Image.Resampling.BOX)
        again = np.asarray(cells.resize(image.size, Image.Resampling.BICUBIC), np.float64)
    assert np.abs(blurred - again).mean() < 4


def test_grey_has_no_colour(jpeg: Callable[..., bytes]) -> None:
    grey = _pixels(veil(jpeg(colour=(200, 40, 40)), "grey"))
    assert np.ptp(grey, axis=2).max() == 0


def _prefer(parts: Parts, **chosen: Any) -> None:
    with parts.sessions.begin() as session:
        user = session.query(User).filter_by(name="mina").one()
        save(session, user.id, Preferences(**chosen))


@pytest.mark.parametrize("path", ["/photographs/1", "/photographs/1/thumbnail"])
def test_the_veil_holds_wherever_a_photograph_is_shown(
    mina: Visitor, parts: Parts, noisy: bytes, path: str
) -> None:
    add_post(parts, "p-1", {"a": "irrelevant"}, (noisy,))
    plain = mina.get(path)
    _prefer(parts, blurred=True, grey=True)
    veiled = mina.get(path, headers={"If-None-Match": plain.headers["ETag"]})
    assert veiled.status_code == 200  # the copy that the browser has is no answer any more
    assert np.ptp(_pixels(veiled.data), axis=2).max() == 0
    assert noisy not in veiled.data
    assert mina.get(path, headers={"If-None-Match": veiled.headers["ETag"]}).status_code == 304


def test_only_revealing_sends_the_photograph_itself(
    mina: Visitor, parts: Parts, noisy: bytes
) -> None:
    add_post(parts, "p-1", {"a": "irrelevant"}, (noisy,))
    _prefer(parts, blurred=True)
    assert mina.get("/photographs/1/revealed").data == noisy
    assert mina.get("/photographs/1").data != noisy
