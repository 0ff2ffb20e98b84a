"""Views: a name for a list, saved for one person."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from service.accounts import create
from service.parts import Parts
from service.preferences.saved_views import (
    LONGEST_VALUE,
    MOST_VIEWS,
    ViewError,
    delete_view,
    save_view,
    views_of,
)
from service.tables import SavedView


@pytest.fixture
def mina(parts: Parts) -> int:
    with parts.sessions.begin() as session:
        return create(session, "mina")[0].id


def test_the_same_name_is_saved_once(parts: Parts, mina: int) -> None:
    with parts.sessions.begin() as session:
        save_view(session, mina, "cafes", {"category": "cafe"})
        save_view(session, mina, "  cafes ", {"tab": "flagged"})
        assert [(view.name, view.place) for view in views_of(session, mina)] == [
            ("cafes", {"tab": "flagged"})
        ]


@pytest.mark.parametrize(
    ("name", "place", "why"),
    [
        ("", {}, "name"),
        (" \0 ", {}, "name"),
        ("n" * 41, {}, "name"),
        ("long", {"hashtag": "h" * (LONGEST_VALUE + 1)}, "place"),
    ],
)
def test_what_cannot_be_saved_is_refused(
    parts: Parts, mina: int, name: str, place: dict[str, str], why: str
) -> None:
    with parts.sessions() as session, pytest.raises(ViewError) as refused:
        save_view(session, mina, name, place)
    assert refused.value.why == why


def test_a_person_deletes_only_their_own(parts: Parts, mina: int) -> None:
    with parts.sessions.begin() as session:
        view = save_view(session, mina, "cafes", {}).id
        ada = create(session, "ada")[0].id
        assert delete_view(session, ada, view) is None
        assert delete_view(session, mina, view) is not None
        assert delete_view(session, mina, view) is None


def test_many_windows_at_once_save_no_more_than_the_most(parts: Parts, mina: int) -> None:
    def save(number: int) -> bool:
        with parts.sessions.begin() as session:
            try:
                save_view(session, mina, f"view {number}", {"author": f"u-{number}"})
            except ViewError:
                return False
            return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(save, range(MOST_VIEWS + 6))) == MOST_VIEWS
    with parts.sessions.begin() as session:
        assert session.scalar(select(func.count()).select_from(SavedView)) == MOST_VIEWS
        known = views_of(session, mina)[0].name
        save_view(session, mina, known, {"tab": "passed"})  # one that is there can be changed
