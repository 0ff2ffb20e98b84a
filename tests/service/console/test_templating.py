from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask

from rules.hashtags.resolve import CONFIDENCE
from service.console.frame.texts import localised, percent, word
from service.console.posts.words import IMAGE_ERRORS, RESOLVED_BY

RAISED = re.compile(r'(?:ImageError|FetchError)\(\s*"(\w+)"')


def test_every_reason_why_a_photograph_cannot_be_read_has_words(repository: Path) -> None:
    sources = [*repository.glob("pictures/*.py"), *repository.glob("service/screening/*.py")]
    codes = {code for source in sources for code in RAISED.findall(source.read_text("utf-8"))}
    assert len(codes) > 5
    assert codes <= IMAGE_ERRORS.keys()


def test_every_way_to_resolve_a_hashtag_has_words() -> None:
    assert CONFIDENCE.keys() <= RESOLVED_BY.keys()


def test_a_code_without_words_is_shown_as_it_is() -> None:
    assert word("brand_new", IMAGE_ERRORS) == "brand_new"


@pytest.mark.parametrize(
    ("share", "shown"),
    [(0, "0%"), (0.001, "1%"), (0.5, "50%"), (0.994, "99%"), (0.999, "99%"), (1, "100%")],
)
def test_a_share_is_never_rounded_to_certainty(app: Flask, share: float, shown: str) -> None:
    with app.test_request_context():
        assert percent(share) == shown


@pytest.mark.parametrize(
    ("texts", "shown"),
    [({"en": "a", "ko": "가"}, "가"), ({"en": "a"}, "a"), ({}, ""), (None, "")],
)
def test_a_text_is_in_the_pages_language_or_english(
    app: Flask, texts: dict[str, str] | None, shown: str
) -> None:
    with app.test_request_context(headers={"Accept-Language": "ko"}):
        assert localised(texts) == shown
