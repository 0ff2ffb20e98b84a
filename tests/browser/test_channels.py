"""The page of authors who post alike, with authors on it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import text

from service.likeness.index import build_index, index_name
from service.parts import Parts
from tests.browser.accessible import hindrances
from tests.browser.conftest import NewModerator
from tests.browser.everypage import LONG
from tests.service.similar.rows import add_seen

pytestmark = pytest.mark.browser


def test_likest_pairs_stand_beside_each_other(
    parts: Parts, moderator: NewModerator, jpeg: Callable[..., bytes]
) -> None:
    made_by = parts.screener.current().bundle.embedding_id
    build_index(parts, made_by)
    add_seen(parts, "p-1", {"카페": "relevant"}, (0, 20, 40), jpeg(seed=1), author_id="u-1")
    add_seen(parts, "p-2", {"카페": "relevant"}, (5, 30, 50), jpeg(seed=2), author_id=LONG)
    add_seen(parts, "p-3", {"카페": "relevant"}, (80, None), jpeg(seed=3), author_id="u-3")
    try:
        mina = moderator(language="ko", theme="dark")
        assert mina.open("/author/similar?id=u-1") == 200
        page = mina.page
        assert page.locator(".pairs li").count() == 4
        assert hindrances(page) == []
        page.get_by_role("link", name="u-3").click()
        page.get_by_role("link", name="누가 이와 비슷한 사진을 올리나요?").click()
        page.wait_for_url("**/author/similar?id=u-3")
    finally:
        with parts.sessions.begin() as session:
            session.execute(text(f'DROP INDEX IF EXISTS "{index_name(made_by)}"'))
