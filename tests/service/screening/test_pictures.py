"""What photographs may cost a worker, and what becomes of their posts."""

from __future__ import annotations

import io
import sys

import PIL.Image
import psutil
import pytest
from sqlalchemy import select

from benchmarks import hostile
from pictures import ImageError
from sandbox import StartError
from service.config import Config
from service.parts import Parts
from service.screening.batch import screen
from service.screening.pictures import LEAST_PIXELS, open_picture
from service.tables import Image, Post
from tests.service.screening.conftest import Add


def saved(form: str, size: tuple[int, int] = (320, 240)) -> bytes:
    buffer = io.BytesIO()
    PIL.Image.new("RGB", size, (120, 160, 90)).save(buffer, form)
    return buffer.getvalue()


def codes(parts: Parts, row_id: int) -> list[str | None]:
    query = select(Image.error).where(Image.post_id == row_id).order_by(Image.position)
    with parts.sessions() as session:
        return [str(error["code"]) if error else None for error in session.scalars(query)]


def state(parts: Parts, row_id: int) -> tuple[str, str | None, int]:
    with parts.sessions() as session:
        return (
            session.execute(
                select(Post.state, Post.decision, Post.attempts).where(Post.id == row_id)
            )
            .one()
            ._tuple()
        )


@pytest.mark.parametrize("form", ["HEIF", "AVIF"])
def test_photographs_of_phones_are_read(parts: Parts, add: Add, form: str) -> None:
    row = add(saved(form))
    screen(parts, [row])
    assert codes(parts, row) == [None]
    with parts.sessions() as session:
        image = session.scalars(select(Image).where(Image.post_id == row)).one()
        kept = parts.images.get(image.derivative or "")
    assert kept
    with PIL.Image.open(io.BytesIO(kept)) as copy:
        assert (copy.format, copy.size) == ("JPEG", (320, 240))


def test_a_post_of_818_bytes_does_not_fill_the_memory(parts: Parts, add: Add) -> None:
    """Ten lossless WebPs of 34 bytes, each of which would take a gigabyte."""
    screen(parts, [add(saved("PNG"))])
    before = psutil.Process().memory_info().rss
    row = add(*[hostile.webp(16383, 3906)] * 10)
    screen(parts, [row])
    assert psutil.Process().memory_info().rss - before < 64 * 2**20
    assert codes(parts, row) == ["too_much_memory"] * 10
    assert state(parts, row)[:2] == ("decided", "review")


@pytest.mark.slow
def test_a_photograph_that_takes_too_long_leaves_its_neighbours(parts: Parts, add: Add) -> None:
    """Nearly as many scans as are read: seconds of work, of which it gets half a second."""
    changed = Config.model_validate(parts.config.model_dump() | {"decode_seconds": 0.5})
    hurried = Parts(**(vars(parts) | {"config": changed}))
    slow, other = hostile.jpeg_scans(5000, 5000, 90), saved("JPEG")
    open_picture(other, changed, LEAST_PIXELS)  # its processes are there
    rows = [add(slow, other), add(other)]
    screen(hurried, rows)
    assert [codes(parts, row) for row in rows] == [["too_slow", None], [None]]
    assert {state(parts, row)[0] for row in rows} == {"decided"}


def test_the_time_that_is_left_of_a_photographs_is_all_it_gets(config: Config) -> None:
    with pytest.raises(ImageError) as caught:
        open_picture(hostile.jpeg_scans(4000, 4000, 90), config, LEAST_PIXELS, seconds=0.3)
    assert caught.value.code == "too_slow"


def test_a_machine_that_starts_no_process_decides_nothing(
    parts: Parts, add: Add, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An outage, which is waited out: the post keeps its bytes and all of its attempts."""
    changed = Config.model_validate(parts.config.model_dump() | {"decoders": 3})
    fresh = Parts(**(vars(parts) | {"config": changed}))
    row = add(saved("JPEG"))
    with monkeypatch.context() as patch:
        patch.setattr(sys, "executable", "/nothing/there")
        with pytest.raises(StartError):
            open_picture(saved("JPEG"), changed, LEAST_PIXELS)
        screen(fresh, [row])
    assert state(parts, row) == ("pending", None, 0)
    screen(fresh, [row])
    assert state(parts, row)[0] == "decided"
    assert codes(parts, row) == [None]
