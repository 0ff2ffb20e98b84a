"""Posts that passed and are looked at all the same."""

from __future__ import annotations

import base64
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from service.parts import Parts
from service.quality.spot_checks import draw_spot_check
from service.screening.batch import screen
from service.tables import Post
from tests.service.console.rows import add_post
from tests.service.quality.people import Somebody, Team, cases, only


def sharing(parts: Parts, spot_check_share: float) -> Parts:
    config = parts.config.model_copy(update={"spot_check_share": spot_check_share})
    return Parts(**(vars(parts) | {"config": config}))


@pytest.fixture
def passes(
    client: FlaskClient,
    parts: Parts,
    sign: Callable[..., dict[str, str]],
    body: Callable[..., bytes],
    jpeg: Callable[..., bytes],
) -> Callable[[float], int]:
    """Screens a post whose hashtag claims nothing, with a share of spot checks."""

    def make(share: float) -> int:
        data = body(hashtags=["쀍쀍"], images=[{"base64": base64.b64encode(jpeg()).decode()}])
        headers = sign(data) | {"Content-Type": "application/json"}
        name = client.post("/v1/posts", data=data, headers=headers).get_json()["id"]
        with parts.sessions() as session:
            row = session.scalars(select(Post.id).where(Post.external_id == name)).one()
        screen(sharing(parts, share), [row])
        return row

    return make


def test_a_post_that_passes_is_drawn_when_it_is_screened(
    parts: Parts, passes: Callable[[float], int]
) -> None:
    row = passes(1.0)
    case = only(parts)
    assert (case.post_id, case.kind, case.priority) == (row, "spot_check", 600.0)
    assert (case.for_id, case.not_for) == (None, [])


def test_none_is_drawn_where_none_is_asked_for(
    parts: Parts, passes: Callable[[float], int]
) -> None:
    passes(0.0)
    assert cases(parts) == []


@pytest.mark.parametrize("verdict", ["irrelevant", "uncertain"])
def test_only_posts_that_pass_are_drawn(parts: Parts, verdict: str) -> None:
    row = add_post(parts, "p-1", {"카페": verdict})
    with parts.sessions.begin() as session:
        post = session.get_one(Post, row)
        assert draw_spot_check(session, post, sharing(parts, 1.0).config) is None


def test_a_spot_check_settles_the_post(parts: Parts, passes: Callable[[float], int]) -> None:
    row = passes(1.0)
    mina: Somebody = Team(parts, {})("mina")
    mina.answers(only(parts).id, 쀍쀍="irrelevant")
    with parts.sessions() as session:
        post = session.get_one(Post, row)
        assert (post.decision, post.decided_by) == ("flag", "moderator")
