"""What the API answers about posts of every kind."""

from __future__ import annotations

from collections import Counter
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from sqlalchemy import select

from rules import normalise
from service.api.schemas import PostOut
from service.tables import Appeal, Embedding, Image, Item, Post, Verdict
from tests.service.everykind.addresses import names as kinds_of_posts
from tests.service.everykind.world import BEARER, World

pytestmark = pytest.mark.slow  # the world takes ten seconds to make

Revision = tuple[str, int]


def get(world: World, path: str, status: int = 200) -> Any:
    answer = world.http.get(path, headers=BEARER)
    assert answer.status_code == status, (path, answer.status_code, answer.text[:300])
    return answer.json


def pages(world: World, path: str, key: str, **query: str) -> list[Any]:
    """All that a list gives, five a page."""
    found: list[Any] = []
    while True:
        page = get(world, f"{path}?{urlencode({'limit': 5} | query)}")
        found += page[key]
        if page["next_cursor"] is None:
            return found
        query |= {"cursor": page["next_cursor"]}


def stored(world: World, *conditions: Any) -> Counter[Revision]:
    columns = select(Post.external_id, Post.revision).where(*conditions)
    with world.parts.sessions() as session:
        return Counter((name, revision) for name, revision in session.execute(columns))


def listed(world: World, **query: str) -> Counter[Revision]:
    return Counter(
        (one["id"], one["revision"]) for one in pages(world, "/v1/posts", "posts", **query)
    )


def names(world: World) -> list[str]:
    with world.parts.sessions() as session:
        return list(session.scalars(select(Post.external_id).distinct()))


def tags(world: World) -> list[str]:
    with world.parts.sessions() as session:
        return sorted(set(session.scalars(select(Verdict.tag))))


def test_the_list_of_posts_has_each_revision_once(world: World) -> None:
    assert listed(world) == stored(world)


@pytest.mark.parametrize("state", ["pending", "decided", "superseded", "deleted"])
def test_each_state_has_its_posts(world: World, state: str) -> None:
    assert listed(world, state=state) == stored(world, Post.state == state)


@pytest.mark.parametrize("decision", ["pass", "flag", "review"])
def test_each_decision_has_its_posts(world: World, decision: str) -> None:
    wanted = stored(world, Post.decision == decision, Post.state == "decided")
    assert listed(world, decision=decision) == wanted


def test_each_author_has_their_posts(world: World) -> None:
    with world.parts.sessions() as session:
        authors = set(session.scalars(select(Post.author_id))) - {""}
    for author in sorted(authors):
        assert listed(world, author=author) == stored(world, Post.author_id == author)


def test_each_hashtag_has_its_posts_however_it_is_written(world: World) -> None:
    for tag in tags(world):
        own = select(Verdict.post_id).where(Verdict.normalised == normalise(tag))
        if normalise(tag):
            assert listed(world, hashtag=tag) == stored(world, Post.id.in_(own))


def test_the_feeds_of_a_hashtag_have_each_decided_post_with_it(world: World) -> None:
    for tag in tags(world):
        if not normalise(tag):
            continue
        for verdict in ("relevant", "irrelevant", "uncertain", "unverifiable"):
            path = f"/v1/hashtags/{quote(tag, safe='')}/posts"
            found = {
                (one["id"], one["revision"]) for one in pages(world, path, "posts", verdict=verdict)
            }
            says = Verdict.normalised == normalise(tag), Verdict.verdict == verdict
            own = select(Verdict.post_id).where(*says)
            assert found == set(stored(world, Post.state == "decided", Post.id.in_(own))), tag


def test_each_post_can_be_read(world: World) -> None:
    for name in names(world):
        answer = get(world, f"/v1/posts/{quote(name, safe='')}")
        assert answer["id"] == name
        if answer["state"] == "deleted":
            assert answer["erasure"]
            continue
        assert PostOut.model_validate(answer)
        frames = {frame["time"] for video in answer["videos"] for frame in video["frames"]}
        assert len(frames) == sum(len(video["frames"]) for video in answer["videos"])
        decided = answer["state"] == "decided"
        assert (answer["decision"] is not None) == decided
        assert (answer["reason"] is not None) == decided


def test_likes_and_suggestions_of_each_post(world: World) -> None:
    gone = {name for name, _ in stored(world, Post.state == "deleted")}
    living = {name for name, _ in stored(world, Post.state == "decided")}
    network = world.parts.screener.current().bundle.embedding_id
    looked = select(Image.post_id).join(Embedding).where(Embedding.made_by == network)
    seen = {name for name, _ in stored(world, Post.id.in_(looked))}
    with world.parts.sessions() as session:
        some = {*kinds_of_posts(session), *gone}
    for name in some:
        path = f"/v1/posts/{quote(name, safe='')}"
        if name in gone:
            get(world, f"{path}/similar", 410)
            get(world, f"{path}/hashtags/suggested", 410)
            continue
        if name not in seen:
            get(world, f"{path}/similar", 409)
            continue
        similar = [one["id"] for one in get(world, f"{path}/similar?k=50")["posts"]]
        assert name not in similar
        assert set(similar) <= living
        assert len(similar) == len(set(similar))
        suggested = {one["tag"] for one in get(world, f"{path}/hashtags/suggested")["hashtags"]}
        own = {one["tag"] for one in get(world, path)["hashtags"]}
        assert suggested.isdisjoint(own)


def test_each_appeal_can_be_read(world: World) -> None:
    with world.parts.sessions() as session:
        appeals = list(session.scalars(select(Appeal.external_id)))
    for name in appeals:
        assert get(world, f"/v1/appeals/{quote(name)}")["id"] == name


def test_channels_of_each_author(world: World) -> None:
    for kind in ("passed", "flagged", "campaign 0", "campaign 1"):
        author = quote(f"author of {kind}")
        found = [one["id"] for one in get(world, f"/v1/channels/{author}/similar")["channels"]]
        assert f"author of {kind}" not in found


@pytest.mark.parametrize("viewer", ["viewer", "another", "nobody"])
def test_only_what_passed_is_recommended(world: World, viewer: str) -> None:
    may = {
        ("post", name)
        for name, _ in stored(world, Post.decision == "pass", Post.state == "decided")
    }
    with world.parts.sessions() as session:
        available = select(Item.kind, Item.external_id).where(Item.available)
        assert {tuple(row) for row in session.execute(available)} == may | {("item", "film")}
    found = [
        (one["kind"], one["id"])
        for one in get(world, f"/v1/recommend?userid={viewer}&k=50")["items"]
    ]
    assert set(found) <= may | {("item", "film")}
    assert len(found) == len(set(found))
