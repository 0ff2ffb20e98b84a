"""The style of a channel or a category: stored photographs of the live network."""

from __future__ import annotations

import numpy as np

from service.parts import Parts
from service.tables import Embedding, Image, Video
from service.thumbnails.references import of_categories, of_channel, with_children
from similarity.duplicates import Floats
from tests.service.console.rows import add_post

MADE_BY = "a network"
AXES = np.eye(4, dtype=np.float32)


def add(parts: Parts, post: int, position: int, vector: Floats, *, video: bool = False) -> None:
    with parts.sessions.begin() as session:
        row = Video(post_id=post, position=position) if video else None
        if row is not None:
            session.add(row)
            session.flush()
        seen = Embedding(made_by=MADE_BY, vector=vector)
        image = Image(post_id=post, position=position, embeddings=[seen])
        image.video_id = row.id if row is not None else None
        session.add(image)


def test_photographs_come_before_frames_of_videos_and_the_newest_first(parts: Parts) -> None:
    mixed = add_post(parts, "p-1", {"카페": "relevant"}, author_id="both")
    filmed = add_post(parts, "p-2", {"카페": "irrelevant"}, author_id="filmed")
    add(parts, mixed, 0, AXES[0])
    add(parts, mixed, 1, AXES[1])
    add(parts, mixed, 2, AXES[2], video=True)
    add(parts, filmed, 0, AXES[3], video=True)
    with parts.sessions() as session:
        both, films = (of_channel(session, name, MADE_BY) for name in ("both", "filmed"))
        assert both is not None
        assert films is not None
        np.testing.assert_array_equal(both, AXES[[1, 0]])
        np.testing.assert_array_equal(films, AXES[[3]])
        assert of_channel(session, "both", "another network") is None
        assert of_channel(session, "nobody", MADE_BY) is None
        relevant = of_categories(session, {"cafe", "none"}, MADE_BY)
        assert relevant is not None
        np.testing.assert_array_equal(relevant, AXES[[1, 0]])
        assert of_categories(session, {"none"}, MADE_BY) is None


def test_a_category_has_the_style_of_those_below_it(parts: Parts) -> None:
    ruleset = parts.screener.current().ruleset
    assert with_children(ruleset, "pet") == {"pet", "cat", "dog", "pet_goods"}
    assert with_children(ruleset, "gym") == {"gym"}
