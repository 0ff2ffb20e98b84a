from __future__ import annotations

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from service.accounts import create
from service.app import create_app
from service.config import Config
from service.console.tryit.pages import read_hashtags
from service.parts import Parts
from service.tables import Image, Post
from tests.service.console.conftest import NewVisitor
from tests.service.console.visitor import Visitor

Jpeg = Callable[..., bytes]


def _try(visitor: Visitor, hashtags: str, *photographs: bytes, **options: Any) -> Any:
    files = [(io.BytesIO(data), f"{n}.jpg") for n, data in enumerate(photographs)]
    return visitor.send("/try", {"hashtags": hashtags, "photographs": files}, **options)


def test_verdicts_of_a_real_photograph(mina: Visitor, repository: Path) -> None:
    coffee = (repository / "demo" / "photos" / "coffee.jpg").read_bytes()
    page = _try(mina, "#카페 #여행", coffee)
    assert page.status_code == 200
    assert '<section class="card relevant" aria-label="#카페">' in page.text
    assert '<section class="card unverifiable" aria-label="#여행">' in page.text
    assert "data:image/jpeg;base64," in page.text
    assert "img-src 'self' data:" in page.headers["Content-Security-Policy"]


def test_a_menu_is_read_as_in_screening(
    clean: None, config: Config, parts: Parts, repository: Path, tmp_path: Path
) -> None:
    reader = tmp_path / "reader"
    reader.write_text("#!/bin/sh\ncat > /dev/null\necho '김치찌개 8,000 냉면 9,000 만두 5,000'\n")
    reader.chmod(0o755)
    with_reader = config.model_copy(update={"reader": str(reader), "reader_seconds": 60.0})
    visitor = Visitor(create_app(with_reader, replace(parts, config=with_reader)).test_client())
    with parts.sessions.begin() as session:
        _, password = create(session, "mina", "moderator")
    visitor.sign_in("mina", password)
    menu = (repository / "tests" / "pictures" / "menu.jpg").read_bytes()
    page = _try(visitor, "#맛집 #고양이", menu)
    assert '<section class="card relevant" aria-label="#맛집">' in page.text
    assert "냉면" in page.text
    assert '<section class="card irrelevant" aria-label="#고양이">' in page.text


def test_reasons_are_in_korean_on_a_korean_page(signed_in: NewVisitor, jpeg: Jpeg) -> None:
    page = _try(signed_in(language="ko"), "카페", jpeg())
    assert "사진에 보이는 것" in page.text
    assert "needs" not in page.text


def test_nothing_is_stored(mina: Visitor, parts: Parts, jpeg: Jpeg) -> None:
    _try(mina, "카페", jpeg(), jpeg(seed=1))
    with parts.sessions() as session:
        for table in (Post, Image):
            assert session.scalar(select(func.count()).select_from(table)) == 0


def test_a_script_gets_the_verdicts_without_the_page_around_them(mina: Visitor, jpeg: Jpeg) -> None:
    part = _try(mina, "카페", jpeg(), headers={"X-Requested-With": "fetch"})
    assert "#카페" in part.text
    assert "<html" not in part.text


def test_a_photograph_that_cannot_be_read_is_named_and_the_others_count(
    mina: Visitor, jpeg: Jpeg
) -> None:
    page = _try(mina, "카페", b"not a photograph at all", jpeg())
    assert page.status_code == 200
    assert "This photograph could not be read: it is not an image." in page.text
    assert page.text.count("data:image/jpeg") == 1


def test_with_no_readable_photograph_a_person_should_look(mina: Visitor) -> None:
    page = _try(mina, "카페", b"not a photograph at all")
    assert "No photograph of this post could be read" in page.text


@pytest.mark.parametrize(
    ("hashtags", "photographs", "says"),
    [
        ("카페", 0, "Choose at least one photograph."),
        ("카페", 11, "Choose at most 10 photographs."),
        (" , # ", 1, "Type at least one hashtag."),
        (" ".join(f"tag{n}" for n in range(31)), 1, "Type at most 30 hashtags."),
        ("카페 " + "x" * 201, 1, "has 201 characters; a hashtag has 200 at most."),
    ],
)
def test_what_cannot_be_tried_says_why(
    mina: Visitor, jpeg: Jpeg, hashtags: str, photographs: int, says: str
) -> None:
    page = _try(mina, hashtags, *[jpeg()] * photographs)
    assert page.status_code == 422
    assert says in page.text


@pytest.mark.parametrize(
    ("label", "data", "status"),
    [("food", b"", 200), ("unicorn", b"", 404), ("food", b"no photograph", 422)],
)
def test_where_a_label_was_seen_is_drawn_for_what_was_sent(
    mina: Visitor, jpeg: Jpeg, label: str, data: bytes, status: int
) -> None:
    photograph = (io.BytesIO(data or jpeg()), "photograph.jpg")
    answer = mina.send(f"/try/places/{label}", {"photograph": photograph})
    assert answer.status_code == status
    assert (answer.mimetype == "image/png") == (status == 200)


@pytest.mark.parametrize(
    ("typed", "hashtags"),
    [
        ("#카페 #ootd", ["카페", "ootd"]),
        ("카페,ootd", ["카페", "ootd"]),
        ("#카페#ootd＃여행", ["카페", "ootd", "여행"]),
        (" 카페\n카페 ", ["카페"]),
        ("##", []),
    ],
)
def test_hashtags_are_read_as_people_type_them(typed: str, hashtags: list[str]) -> None:
    assert read_hashtags(typed) == hashtags


@pytest.mark.slow
def test_people_who_try_at_once_see_their_own_photographs(
    signed_in: NewVisitor, repository: Path
) -> None:
    """Each asks for verdicts and, at the same moment, for where something was seen."""
    photographs = [
        (repository / "demo" / "photos" / f"{name}.jpg").read_bytes()
        for name in ("coffee", "cat", "peaks", "dahlia")
    ]
    visitors = [signed_in(name) for name in ("mina", "jun", "sora", "hana")]

    def verdicts(visitor: Visitor, photograph: bytes) -> str:
        page = _try(visitor, "카페", photograph, headers={"X-Requested-With": "fetch"})
        assert page.status_code == 200
        return str(page.text)

    def places(visitor: Visitor, photograph: bytes) -> bytes:
        data = {"photograph": (io.BytesIO(photograph), "x.jpg")}
        drawing = visitor.send("/try/places/food", data)
        assert drawing.status_code == 200
        return bytes(drawing.data)

    pairs = list(zip(visitors, photographs, strict=True))
    alone = [(verdicts(*pair), places(*pair)) for pair in pairs]
    assert len({text for text, _ in alone}) == len({drawing for _, drawing in alone}) == 4
    with ThreadPoolExecutor(8) as pool:
        for _ in range(2):
            texts = [pool.submit(verdicts, *pair) for pair in pairs]
            drawings = [pool.submit(places, *pair) for pair in pairs]
            found = [(t.result(), d.result()) for t, d in zip(texts, drawings, strict=True)]
            assert found == alone
