"""What is asked by an address fits into one: the web server has no page for a longer line."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from service.parts import Parts
from tests.service.console.conftest import NewVisitor
from tests.service.console.rows import add_post

MOST = 400  # characters; nine bytes each in an address, of 4,094 that gunicorn reads
FORM = re.compile(r"<form(?![^>]*method=\"post\")[^>]*>.*?</form>", re.DOTALL)
FIELD = re.compile(r'<(?:input(?![^>]*type="(?:hidden|radio|checkbox)")|textarea)[^>]*>')
PALETTE = re.compile(r'<input id="palette-text"[^>]*>')
PAGES = ("/audit", "/find", "/hashtags", "/posts?filters=1", "/posts/1/similar", "/watch")


@pytest.mark.parametrize("path", PAGES)
def test_no_field_of_a_search_takes_more_than_an_address_holds(
    signed_in: NewVisitor, parts: Parts, jpeg: Callable[..., bytes], path: str
) -> None:
    add_post(parts, "p-1", {"카페": "relevant"}, (jpeg(),))
    page = signed_in("ada", "admin").get(path).text
    fields = [field for form in FORM.findall(page) for field in FIELD.findall(form)]
    fields = [field for field in fields if 'name="' in field]
    assert fields
    for field in (*fields, *PALETTE.findall(page)):
        longest = re.search(r'maxlength="(\d+)"', field)
        assert longest, field
        assert int(longest[1]) <= MOST
