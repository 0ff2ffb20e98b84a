"""A person asks for thumbnails, and sees which frames were chosen and why."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image as Pillow
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from service.accounts import create
from service.app import create_app
from service.parts import Parts
from service.tables import ThumbnailFrame, ThumbnailJob, Upload
from service.thumbnails.make import MOST_PICTURES, make_thumbnails
from tests.service.console.conftest import NewVisitor
from tests.service.console.rows import add_post
from tests.service.console.visitor import Visitor
from tests.service.screening.conftest import change
from tests.service.thumbnails.conftest import film as film
from tests.thumbnails.bundles import write_autoencoder

Jpeg = Callable[..., bytes]
Film = Callable[..., bytes]


@pytest.fixture
def ana(signed_in: NewVisitor) -> Visitor:
    return signed_in("ana", "analyst")


def ask(visitor: Visitor, *, video: bytes | None = None, **data: Any) -> TestResponse:
    form = {"k": "2", "style": "none"} | data
    if video is not None:
        form["video"] = (io.BytesIO(video), "a.mp4")
    return visitor.send("/thumbnails", form)


def pictures(*files: bytes) -> list[tuple[io.BytesIO, str]]:
    return [(io.BytesIO(data), f"{number}.jpg") for number, data in enumerate(files)]


@pytest.mark.slow
def test_a_video_becomes_a_strip_chosen_frames_and_crops(
    ana: Visitor, parts: Parts, film: Film
) -> None:
    answer = ask(ana, video=film("cat.jpg", "coffee.jpg"))
    assert answer.status_code == 303, answer.text
    address = answer.location
    assert "Looking at it" in ana.get(address).text
    assert (ana.get(f"{address}/state.json").json or {})["over"] is False
    with parts.sessions() as session:
        job = session.scalars(select(ThumbnailJob)).one()
        upload = session.scalars(select(Upload)).one()
    assert (job.made_by, upload.made_by, job.video_upload) == (
        "console:ana",
        "console:ana",
        upload.key,
    )
    assert make_thumbnails(parts, job.id)
    assert (ana.get(f"{address}/state.json").json or {})["over"] is True
    page = ana.get(address).text
    assert page.count('class="is-chosen"') == 2
    assert "quality" in page
    sources = re.findall(r'<img[^>]* src="([^"]+)"', page)
    assert len(sources) > 8, "two frames with three crops each, and the strip"
    for source in sources:
        picture = ana.get(source.replace("&amp;", "&"))
        assert (picture.status_code, picture.mimetype) == (200, "image/jpeg")
    sizes = {}
    for shape in ("16x9", "1x1", "9x16"):
        file = ana.get(f"{address}/frames/1.jpg?shape={shape}&download=1")
        assert "attachment" in file.headers["Content-Disposition"]
        sizes[shape] = Pillow.open(io.BytesIO(file.data)).size
    assert sizes == {"16x9": (320, 180), "1x1": (180, 180), "9x16": (101, 180)}
    assert "done" in ana.get("/thumbnails").text


def test_pictures_and_a_style_of_ones_own(ana: Visitor, parts: Parts, jpeg: Jpeg) -> None:
    sent = pictures(jpeg(seed=1), jpeg(seed=2), b"no picture")
    answer = ask(ana, images=sent, style="pictures", references=pictures(jpeg(seed=3)))
    with parts.sessions() as session:
        job = session.scalars(select(ThumbnailJob.id)).one()
    make_thumbnails(parts, job)
    page = ana.get(answer.location).text
    assert "nearest references" in page
    assert "Picture 3: it is not an image" in page


def test_further_scores_are_offered_and_shown_as_what_they_are(
    ana: Visitor, parts: Parts, jpeg: Jpeg
) -> None:
    with parts.sessions.begin() as session:
        tomorrow = func.now() + timedelta(days=1)
        job = ThumbnailJob(
            key="scored", made_by="console:ana", wanted=1, state="done", expires_at=tomorrow
        )
        session.add(job)
        session.flush()
        note = {"en": "A guess. No effect found.", "ko": "추정이에요. 효과를 찾지 못했어요."}
        guess = {"target": "views", "factor": 1.314, "above": 0.8, "note": note}
        session.add(
            ThumbnailFrame(
                job_id=job.id,
                position=0,
                small=jpeg(),
                width=8,
                height=8,
                rank=1,
                score=0.5,
                reason={"en": "Sharp.", "ko": "또렷해요."},
                stored="test/scored.jpg",
                extras={"latent": {"distance": 3.217}, "engagement": guess},
            )
        )
    page = ana.get("/thumbnails/scored").text
    assert "Latent distance to the nearest references: 3.22 (less is closer)" in page
    assert "Guess: views × 1.31; above 80% of the thumbnails it was learned from." in page
    assert "No effect found." in page


def test_only_scores_that_a_bundle_is_named_for_can_be_asked_for(
    ana: Visitor, parts: Parts, jpeg: Jpeg, tmp_path: Path
) -> None:
    assert "extras" not in ana.get("/thumbnails").text, "no bundle is named"
    offering = change(parts, latent_bundle=write_autoencoder(tmp_path / "latent"))
    with parts.sessions.begin() as session:
        _, password = create(session, "ben", "analyst")
    ben = Visitor(create_app(offering.config, offering).test_client())
    ben.sign_in("ben", password)
    form = ben.get("/thumbnails").text
    assert 'value="latent"' in form
    assert 'value="engagement"' not in form
    for extra, says in (("latent", "A distance needs a style"), ("engagement", "does not offer")):
        assert says in ask(ben, images=pictures(jpeg(seed=1)), extras=[extra]).text


def test_the_page_is_korean_for_who_reads_korean(
    signed_in: NewVisitor, parts: Parts, jpeg: Jpeg
) -> None:
    ana = signed_in("ana", "analyst", "ko")
    answer = ask(ana, images=pictures(jpeg(seed=1)))
    with parts.sessions() as session:
        job = session.scalars(select(ThumbnailJob.id)).one()
    make_thumbnails(parts, job)
    page = ana.get(answer.location).text
    assert "품질" in page
    assert "Download" not in page


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({}, "Choose a video, or pictures instead of one."),
        ({"k": "0"}, "Ask for 1 to 20 frames."),
        ({"upload": "nothing"}, "The upload was erased."),
        ({"video": b"no video"}, "This file is not a video that can be used."),
        ({"style": "channel", "images": [b"1"]}, "Say which channel or category."),
        ({"style": "channel", "channel": "x", "images": [b"1"]}, "No post of an author"),
        ({"style": "category", "category": "x", "images": [b"1"]}, "There is no such category."),
        ({"style": "pictures", "images": [b"1"]}, "Choose pictures to compare with."),
        ({"images": [b"1"] * (MOST_PICTURES + 1)}, "Choose at most 30 pictures."),
    ],
)
def test_what_cannot_be_used_says_why(
    ana: Visitor, parts: Parts, data: dict[str, Any], says: str
) -> None:
    if "images" in data:
        data = data | {"images": pictures(*data["images"])}
    answer = ask(ana, **data)
    assert answer.status_code == 422
    assert says in answer.text
    with parts.sessions() as session:
        assert session.scalars(select(ThumbnailJob)).all() == []


def test_a_failure_is_told_in_words(ana: Visitor, parts: Parts) -> None:
    add_post(parts, "p-1", {"카페": "relevant"})
    answer = ask(ana, images=pictures(b"no picture"), style="channel", channel="u-1")
    with parts.sessions() as session:
        job = session.scalars(select(ThumbnailJob.id)).one()
    make_thumbnails(parts, job)
    assert "there is no photograph to compare with" in ana.get(answer.location).text


def test_a_script_puts_the_video_past_the_form(ana: Visitor, parts: Parts, film: Film) -> None:
    data = film("cat.jpg")
    sent = {"size": str(len(data)), "content_type": "video/x-unheard-of"}
    begun = ana.send("/thumbnails/uploads", sent).json or {}
    assert ana.client.put(begun["url"], data=data).status_code == 200
    assert ask(ana, upload=begun["key"]).status_code == 303
    large = {"size": str(parts.config.upload_bytes + 1)}
    refused = ana.send("/thumbnails/uploads", large)
    assert (refused.status_code, refused.json) == (
        422,
        {"problem": "A video may have at most 512 MB."},
    )


def test_only_who_produces_may_ask(mina: Visitor) -> None:
    assert mina.get("/thumbnails").status_code == 403
    assert "thumbnails" not in mina.get("/try").text


def test_what_is_not_there_is_not_found(ana: Visitor, parts: Parts) -> None:
    for path in ("nothing", "nothing/frames/1.jpg", "nothing/candidates/1.jpg"):
        assert ana.get(f"/thumbnails/{path}").status_code == 404
    assert (ana.get("/thumbnails/nothing/state.json").json or {})["over"] is True
    with parts.sessions() as session:
        assert session.scalars(select(ThumbnailFrame)).all() == []
