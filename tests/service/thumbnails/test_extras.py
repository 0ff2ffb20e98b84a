"""Further scores: told where they are asked for and an operator named a bundle, else not."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as Pillow

from service.app import create_app
from service.parts import Parts
from service.tables import Embedding, Image
from tests.service.console.rows import add_post
from tests.service.screening.conftest import change
from tests.service.thumbnails.conftest import Asker
from tests.thumbnails.bundles import write_autoencoder, write_engagement

URL = {"url": "https://videos.example/a.mp4"}
Offer = Callable[..., Asker]


def picture(red: int) -> bytes:
    """A picture that is sharp enough, more or less red."""
    noise = np.random.default_rng(red).integers(0, 90, (120, 160, 3)) + np.array([red, 60, 60])
    jpeg = io.BytesIO()
    Pillow.fromarray(np.clip(noise, 0, 255).astype(np.uint8)).save(jpeg, "JPEG", quality=95)
    return jpeg.getvalue()


def sent(*reds: int) -> list[dict[str, str]]:
    return [{"base64": base64.b64encode(picture(red)).decode()} for red in reds]


@pytest.fixture
def live(parts: Parts) -> str:
    return parts.screener.current().bundle.embedding_id


@pytest.fixture
def offer(asker: Asker, live: str, tmp_path: Path) -> Offer:
    """``offer(latent=True, engagement=True, found=True) -> a platform of such a service``."""

    def make(*, latent: bool = True, engagement: bool = True, found: bool = True) -> Asker:
        settings: dict[str, Any] = {}
        if latent:
            settings["latent_bundle"] = write_autoencoder(tmp_path / "latent")
        if engagement:
            weights = np.ones(asker.parts.screener.current().bundle.dimension, np.float32)
            settings["engagement_bundle"] = write_engagement(
                tmp_path / "guess", live, weights, found=found
            )
        parts = change(asker.parts, **settings)
        return replace(asker, parts=parts, http=create_app(parts.config, parts).test_client())

    return make


def refused(asker: Asker, **body: Any) -> list[tuple[str, str]]:
    answer = asker.ask(**{"video": URL, **body})
    assert (answer.status_code, (answer.json or {})["code"]) == (422, "invalid-thumbnails")
    return [(error["pointer"], error["rule"]) for error in (answer.json or {})["errors"]]


def test_both_are_told_of_each_frame_that_was_asked_for_them(offer: Offer) -> None:
    asker = offer()
    asked = {"images": sent(10, 150), "references": sent(160), "k": 2}
    keys = [asker.asked(**asked, extras=extras) for extras in (["latent", "engagement"], [])]
    for key in keys:
        assert asker.make(key)
    with_extras, without = (asker.read(key)["frames"] for key in keys)
    assert [(one["latent"], one["engagement"]) for one in without] == [(None, None)] * 2
    assert [(one["index"], one["score"]) for one in with_extras] == [
        (one["index"], one["score"]) for one in without
    ], "they do not move the choice"
    far, near = sorted(with_extras, key=lambda one: -one["latent"]["distance"])
    assert (far["index"], near["index"]) == (0, 1)
    guess = near["engagement"]
    assert (guess["target"], guess["found"]) == ("views", True)
    assert guess["factor"] > 1, "the embedding's numbers sum up to more than nothing"
    assert guess["own_effect"] == {"value": 0.007, "low": 0.002, "high": 0.011}
    assert "pictures added 0.007 [0.002, 0.011]" in guess["note"]["en"]
    assert "그림만 보고 한 추정" in guess["note"]["ko"]


def test_that_no_effect_was_found_is_told(offer: Offer) -> None:
    asker = offer(latent=False, found=False)
    key = asker.asked(images=sent(10), extras=["engagement"])
    asker.make(key)
    (frame,) = asker.read(key)["frames"]
    assert frame["engagement"]["found"] is False
    assert "No effect found" in frame["engagement"]["note"]["en"]
    assert "효과를 찾지 못했어요" in frame["engagement"]["note"]["ko"]


def test_a_channels_stored_copies_are_its_latent_references(offer: Offer, live: str) -> None:
    asker = offer(engagement=False)
    look = asker.parts.screener.current().see([Pillow.open(io.BytesIO(picture(160)))])[0]
    row = add_post(asker.parts, "p-1", {"카페": "relevant"}, author_id="u-7")
    for position, name in enumerate(("test/red.jpg", "test/gone.jpg")):
        seen = Embedding(made_by=live, vector=look.prediction.embedding)
        with asker.parts.sessions.begin() as session:
            image = Image(post_id=row, position=position, embeddings=[seen], derivative=name)
            session.add(image)
    asker.parts.images.put("test/red.jpg", picture(160))
    asked = {"images": sent(10, 150), "k": 2, "extras": ["latent"]}
    for style in ({"channel": "u-7"}, {"category": "cafe"}):
        key = asker.asked(**asked, references=style)
        asker.make(key)
        far, near = sorted(asker.read(key)["frames"], key=lambda one: -one["latent"]["distance"])
        assert (far["index"], near["index"]) == (0, 1)
        assert near["latent"]["distance"] < far["latent"]["distance"] / 2


def test_what_no_bundle_is_named_for_is_refused(asker: Asker) -> None:
    wrong = refused(asker, extras=["engagement", "latent"], references=sent(1))
    assert wrong == [("/extras/0", "not_offered"), ("/extras/1", "not_offered")]


def test_a_latent_distance_needs_references(offer: Offer) -> None:
    assert refused(offer(), extras=["latent"]) == [("/extras/0", "needs_references")]


def test_a_bundle_that_cannot_be_used_or_is_anothers_is_not_offered(
    asker: Asker, tmp_path: Path
) -> None:
    other = write_engagement(tmp_path / "other", "another", np.ones(4, np.float32), found=True)
    parts = change(asker.parts, latent_bundle=tmp_path / "nowhere", engagement_bundle=other)
    there = replace(asker, parts=parts, http=create_app(parts.config, parts).test_client())
    assert refused(there, extras=["latent"], references=sent(1)) == [("/extras/0", "not_offered")]
    assert refused(there, extras=["engagement"]) == [("/extras/0", "not_offered")]


@pytest.mark.parametrize("extras", [["views"], ["latent", "latent"], "latent"])
def test_what_is_no_extra_is_refused(asker: Asker, extras: object) -> None:
    assert refused(asker, extras=extras)


def test_a_bundle_that_went_away_meanwhile_is_an_outage(offer: Offer, tmp_path: Path) -> None:
    asker = offer(latent=False)
    key = asker.asked(images=sent(10), extras=["engagement"])
    gone = change(asker.parts, engagement_bundle=tmp_path / "gone")
    assert not replace(asker, parts=gone).make(key)
    assert (asker.row(key).state, asker.row(key).attempts) == ("pending", 0)
    assert asker.make(key)
