"""A menu bears out hashtags of food while a post is screened; a reader that fails decides
nothing."""

from __future__ import annotations

import io
import shutil
import stat
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow
from sqlalchemy import select
from structlog.testing import capture_logs

from service.backtest.stored import chosen
from service.config import Config
from service.parts import Parts
from service.reruns.rejudge import judge_stored
from service.screening.batch import screen
from service.tables import Image, Post, Verdict, Video
from tests.service.conftest import Variant, shadowed, watch_beside
from tests.videos.clips import clip, shot

NONE: Mapping[str, object] = {}
PRINTED = "cat > /dev/null; printf '김치찌개 8,000\\n냉면 9,000\\n만두 5,000\\n'"


@pytest.fixture
def menu(repository: Path) -> bytes:
    return (repository / "tests" / "pictures" / "menu.jpg").read_bytes()


@pytest.fixture
def program(tmp_path: Path) -> Callable[[str], str]:
    def make(lines: str) -> str:
        path = tmp_path / "reader"
        path.write_text(f"#!/bin/sh\n{lines}\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return str(path)

    return make


@pytest.fixture
def filmed(menu: bytes, tmp_path: Path) -> bytes:
    """A video of the menu for two seconds."""
    with Pillow.open(io.BytesIO(menu)) as image:
        picture = np.asarray(image.convert("RGB"))
    return clip(tmp_path / "menu.mp4", shot(picture, 2)).read_bytes()


def add(parts: Parts, name: str, data: bytes, *tags: str, videos: Sequence[bytes] = ()) -> int:
    post = Post(
        external_id=name,
        revision=1,
        author_id="u",
        caption="",
        hashtags=list(tags),
        posted_at=datetime(2026, 11, 20, tzinfo=UTC),
        attempts=0,
    )
    post.images = [Image(position=0, source_bytes=data)] if data else []
    post.videos = [Video(position=n, source_bytes=one) for n, one in enumerate(videos)]
    with parts.sessions.begin() as session:
        session.add(post)
        session.flush()
        return post.id


def screened(
    parts: Parts,
    data: bytes,
    *tags: str,
    name: str = "p-1",
    config: Mapping[str, object] = NONE,
    videos: Sequence[bytes] = (),
) -> tuple[str | None, dict[str, tuple[str, str]]]:
    """The decision, and each hashtag's verdict and reason."""
    changed = Config.model_validate(parts.config.model_dump() | dict(config))
    row = add(parts, name, data, *tags, videos=videos)
    with capture_logs():
        screen(Parts(**(vars(parts) | {"config": changed})), [row])
    with parts.sessions() as session:
        decision = session.get_one(Post, row).decision
        rows = session.scalars(select(Verdict).where(Verdict.post_id == row)).all()
    return decision, {one.tag: (one.verdict, one.reason["code"]) for one in rows}


reads = pytest.mark.skipif(
    shutil.which("tesseract") is None,
    reason="Tesseract is not installed (apt: tesseract-ocr-kor).",
)


@pytest.mark.slow
@reads
def test_an_honest_hashtag_on_a_menu_passes(parts: Parts, menu: bytes) -> None:
    reader = {"reader": shutil.which("tesseract"), "reader_seconds": 60}
    assert screened(parts, menu, "맛집", "일상", config=reader) == (
        "pass",
        {"맛집": ("relevant", "menu"), "일상": ("unverifiable", "nothing_visible")},
    )
    # The same words bear out no cat.
    decision, verdicts = screened(parts, menu, "맛집", "고양이", name="p-2", config=reader)
    assert decision == "flag"
    assert verdicts["고양이"] == ("irrelevant", "contradicted")


@reads
def test_a_menu_in_a_video_is_read(parts: Parts, filmed: bytes, repository: Path) -> None:
    config = {"reader": shutil.which("tesseract"), "reader_seconds": 60}
    wall = (repository / "demo" / "photos" / "cat.jpg").read_bytes()
    decisions = [
        screened(parts, data, "맛집", name=f"p-{n}", config=config, videos=[filmed])
        for n, data in enumerate([b"", wall])  # the wall beside it is not lettered
    ]
    assert decisions == [("pass", {"맛집": ("relevant", "menu")})] * 2
    with parts.sessions() as session:
        alone, beside = session.scalars(select(Verdict.reason).order_by(Verdict.post_id)).all()
    assert alone["en"].startswith("A menu can be read in a video (")
    assert alone["ko"].startswith("영상에서 메뉴판을 읽었어요(")
    assert beside["en"].startswith("A menu can be read on a photograph or in a video (")
    assert screened(parts, b"", "맛집", name="p-9", videos=[filmed])[0] == "flag"


def test_without_a_reader_it_is_as_before(parts: Parts, menu: bytes) -> None:
    assert screened(parts, menu, "맛집") == ("flag", {"맛집": ("irrelevant", "contradicted")})


@pytest.mark.parametrize(
    "lines", ["exit 1", "exec sleep 600", "kill -9 $$", "printf '\\377\\376'", "echo 냉면"]
)
def test_a_reader_that_fails_leaves_the_verdict(
    parts: Parts, menu: bytes, program: Callable[[str], str], lines: str
) -> None:
    config = {"reader": program(lines), "reader_seconds": 0.3}
    assert screened(parts, menu, "맛집", config=config) == (
        "flag",
        {"맛집": ("irrelevant", "contradicted")},
    )


def test_it_is_asked_only_where_it_could_change_something(
    parts: Parts, menu: bytes, program: Callable[[str], str], repository: Path
) -> None:
    config = {"reader": program(PRINTED), "reader_seconds": 60}
    wall = (repository / "demo" / "photos" / "cat.jpg").read_bytes()
    # Not for cats on a menu, and not for a photograph without lettering.
    for number, (data, tag) in enumerate([(menu, "고양이"), (wall, "맛집")]):
        decision, verdicts = screened(parts, data, tag, name=f"p-{number}", config=config)
        assert "menu" not in {code for _, code in verdicts.values()}, decision


def test_beside_a_video_that_nobody_could_look_at_a_menu_lets_nothing_pass(
    parts: Parts, menu: bytes, program: Callable[[str], str]
) -> None:
    config = {"reader": program(PRINTED), "reader_seconds": 60}
    decision, _ = screened(parts, menu, "맛집", config=config, videos=[b"no video"])
    assert decision == "review"


def test_what_was_read_holds_when_rules_judge_again(
    parts: Parts, menu: bytes, program: Callable[[str], str]
) -> None:
    config = {"reader": program(PRINTED), "reader_seconds": 60}
    assert screened(parts, menu, "맛집", config=config)[0] == "pass"
    with parts.sessions() as session:
        row = session.scalars(select(Post.id)).one()
        (stored,) = chosen(session, [row])
    (verdict,) = judge_stored(parts.screener.current(), stored).verdicts
    assert (verdict.verdict, verdict.reason["code"]) == ("relevant", "menu")


def test_what_was_read_holds_for_rules_in_shadow(
    parts: Parts, menu: bytes, program: Callable[[str], str], variant: Variant
) -> None:
    watch_beside(parts, variant)
    config = {"reader": program(PRINTED), "reader_seconds": 60}
    assert screened(parts, menu, "맛집", "고양이", config=config)[1]["맛집"][1] == "menu"
    assert shadowed(parts) == [("relevant", "relevant"), ("irrelevant", "irrelevant")]
