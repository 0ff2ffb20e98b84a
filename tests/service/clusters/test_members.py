"""Many workers at once on clusters that overlap: the same as one after the other."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from service.campaigns.place import place
from service.clusters.members import join
from service.parts import Parts
from service.posts.delete import delete_post
from service.posts.lock import hold_posts
from tests.emptying import Emptier
from tests.service.campaigns.rows import add_one, image_of, shapes

WORKERS = 8
RING = 12  # posts, each of which shows what the next one shows


def _posts(parts: Parts) -> list[tuple[int, int]]:
    """The rows of posts and of their photographs, by two authors and under three hashtags."""
    rows = [
        add_one(parts, f"p-{n:02}", 0, author_id=f"u-{n % 2}", tags=(f"tag{n % 3}",))
        for n in range(RING)
    ]
    return [(row, image_of(parts, row)) for row in rows]


def _link(parts: Parts, one: tuple[int, int], other: tuple[int, int]) -> None:
    with parts.sessions.begin() as session:
        hold_posts(session, {one[0], other[0]})
        join(session, one[1], [other[1]])


@pytest.mark.parametrize("step", [2, 3])
def test_links_made_by_many_at_once_give_the_sets_of_one_after_the_other(
    parts: Parts, emptier: Emptier, step: int
) -> None:
    """Every link is that of one post to the ``step``th after it: so many sets come out."""
    outcomes = []
    for workers in (1, WORKERS):
        emptier.empty()
        posts = _posts(parts)
        links = [(posts[n], posts[(n + step) % RING]) for n in range(RING)]
        with ThreadPoolExecutor(workers) as pool:
            list(pool.map(lambda pair: _link(parts, *pair), [*links[::2], *links[1::2]]))
        outcomes.append(shapes(parts))
    serial, together = outcomes
    assert together == serial
    assert [len(shape[0]) for shape in serial] == [RING // step] * step


def test_posts_placed_and_deleted_at_once_leave_whole_campaigns(parts: Parts) -> None:
    for number in range(12):
        add_one(parts, f"p-{number:02}", 0, author_id=f"u-{number}")

    def delete(name: str) -> None:
        with parts.sessions.begin() as session:
            delete_post(session, name)

    gone = [f"p-{number:02}" for number in range(0, 12, 3)]
    made_by = parts.screener.current().bundle.embedding_id
    work: list[Callable[[], object]] = [
        partial(place, parts, [row], made_by) for row in range(1, 13)
    ]
    for at, name in enumerate(gone):
        work.insert(3 * at + 1, partial(delete, name))
    with ThreadPoolExecutor(WORKERS) as pool:
        for done in [pool.submit(one) for one in work]:
            done.result()
    left = {f"p-{number:02}" for number in range(12)} - set(gone)
    (members, posts, authors, _, names) = shapes(parts)[0]
    assert (set(members), posts, authors) == (left, 8, 8)
    assert set(names.values()) == {1, 8}
