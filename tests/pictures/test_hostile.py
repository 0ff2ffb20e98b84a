"""Small files that cost much are refused with a sentence, in time and within their memory.

What they cost in full is measured by ``python -m benchmarks.pictures``.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict

import psutil
import pytest
from PIL import Image

from benchmarks import hostile
from pictures import ImageError, ImageLimits, open_image
from pictures.renderer import Renderer
from sandbox import OutOfMemoryError, Sandbox

LIMITS = ImageLimits()
PATIENT = 30.0


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    """One child of 64 MiB besides what it needs anyway: half a second, for all tests here."""
    made = Renderer(ImageLimits(max_memory=64 * 2**20), processes=1)
    yield made
    made.close()


def code(act: Callable[[], object]) -> str:
    with pytest.raises(ImageError) as caught:
        act()
    assert caught.value.message.endswith(".")
    return caught.value.code


def render(renderer: Renderer, data: bytes, seconds: float = PATIENT) -> object:
    return renderer.render(data, shown=320, looked_at=128, seconds=seconds)


def saved(form: str, size: tuple[int, int] = (64, 48), **options: object) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, "red").save(buffer, form, **options)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (hostile.webp(16383, 16383), "too_many_pixels"),
        (hostile.webp(16383, 3906), "too_much_memory"),
        (hostile.png(1, 64_000_000, colour=0), "no_photograph"),
        (hostile.png(64_000_000, 1, colour=0), "no_photograph"),
        (hostile.png(50, 5_001), "no_photograph"),
        (hostile.png(8001, 8000), "too_many_pixels"),
        (hostile.tiff(11_000, 5_800), "too_much_memory"),
        (hostile.jpeg_scans(64, 64, 10_000), "no_photograph"),
    ],
    ids=["webp", "webp fits", "column", "row", "ribbon", "png", "tiff", "scans"],
)
def test_what_costs_too_much_is_refused_before_it_is_decoded(data: bytes, expected: str) -> None:
    """In this very process, whose memory does not grow with it."""
    limits = ImageLimits(max_memory=256 * 2**20)
    before = psutil.Process().memory_info().rss
    assert code(lambda: open_image(data, limits)) == expected
    assert psutil.Process().memory_info().rss - before < 32 * 2**20


def test_a_small_file_of_each_kind_is_an_image() -> None:
    """What is refused above is refused for its size, not because it is damaged."""
    makers: list[Callable[[int, int], bytes]] = [
        hostile.webp,
        hostile.png,
        hostile.tiff,
        hostile.bmp,
        hostile.gif,
        hostile.jpeg,
        lambda width, height: hostile.png(width, height, 16, 0),
        lambda width, height: hostile.png(width, height, 8, 4),
        lambda width, height: hostile.tiff(width, height, 16, 1),
        lambda width, height: hostile.jpeg_scans(width, height, 5),
    ]
    for make in makers:
        assert open_image(make(90, 60), LIMITS).size == (90, 60)


def test_markers_in_metadata_are_no_scans() -> None:
    """A phone's own notes, and the video behind a moving photograph, may hold any bytes."""
    noise = b"\xff\xda\x00\x00" * 15_000
    data = saved("JPEG", comment=noise) + noise * 10
    assert open_image(data, LIMITS).size == (64, 48)


@pytest.mark.parametrize("form", ["PNG", "WEBP", "TIFF", "BMP"])
def test_an_ordinary_photograph_is_far_from_the_limits(form: str) -> None:
    """Twelve megapixels, in the formats that are decoded whole."""
    makers = {"PNG": hostile.png, "WEBP": hostile.webp, "TIFF": hostile.tiff, "BMP": hostile.bmp}
    assert open_image(makers[form](4000, 3000), LIMITS).size == (4000, 3000)


@pytest.mark.parametrize(
    "data", [hostile.webp(5000, 4000), hostile.png(8000, 5000)], ids=["webp", "png"]
)
def test_memory_holds_where_the_estimate_is_wrong(data: bytes) -> None:
    """A decoder that takes more than was told is stopped by the system, and the next one works."""
    box = Sandbox("pictures.render:render", processes=1, memory=64 * 2**20)
    told = asdict(ImageLimits(max_memory=2**40))
    options = {"limits": told, "shown": 320, "looked_at": 128, "quality": 80}
    with suppress(OutOfMemoryError):
        assert "error" in box.call(options, data, PATIENT)[0], "libwebp says so, in its own way"
    assert box.call(options, saved("JPEG"), PATIENT)[0]["shown"] == [64, 48]
    box.close()


def test_time_holds(renderer: Renderer) -> None:
    """As many scans as are read at all, each over a large photograph."""
    data = hostile.jpeg_scans(3000, 3000, 90)
    assert code(lambda: render(renderer, data, seconds=0.3)) == "too_slow"
    assert render(renderer, saved("JPEG"))


@pytest.mark.slow  # a measurement
def test_memory_is_flat_over_forty_hostile_pictures() -> None:
    """Before and after: of this process, and of the children that it has."""
    renderer = Renderer(LIMITS, processes=2)
    kinds = [
        *(hostile.webp(16383, height) for height in (300, 3906)),
        hostile.png(1, 64_000_000, colour=0),
        hostile.jpeg_scans(200, 200, 10_000),
        hostile.png(1500, 1000),
        hostile.png(1500, 1000, 16, 0),
        hostile.tiff(1500, 1000),
        hostile.bmp(1500, 1000),
        hostile.gif(1500, 1000),
        hostile.webp(1500, 1000),
    ]

    def attack(times: int) -> int:
        def one(data: bytes) -> None:
            with suppress(ImageError):
                render(renderer, data)

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(one, kinds * times))
        here = psutil.Process()
        children = [child for child in here.children() if "sandbox.child" in child.cmdline()]
        return int(sum(process.memory_info().rss for process in (here, *children))) >> 20

    before = attack(1)  # the children run, and every decoder is loaded
    after = attack(4)
    renderer.close()
    assert after - before < 60
