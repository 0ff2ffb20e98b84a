"""What an unmapped hashtag claims, learned from the hashtags it shares posts with."""

from __future__ import annotations

from rules.hashtags.cooccurrence import FEWEST_POSTS, learn

KNOWN = {"latte": ("cafe",), "cake": ("cafe",), "hike": ("mountain",), "monday": ()}


def posts_of(tag: str, *others: str, count: int) -> list[list[str]]:
    return [[tag, f"day{n}", *others] for n in range(count)]


def test_the_company_decides() -> None:
    posts = posts_of("bluecup", "latte", count=6) + posts_of("summit", "hike", count=6)
    posts += posts_of("monday", count=12)
    found = learn(posts, KNOWN.get)
    assert {tag: one.category for tag, one in found.items()} == {
        "bluecup": "cafe",
        "summit": "mountain",
    }
    assert (found["bluecup"].posts, found["bluecup"].share) == (6, 1)


def test_a_hashtag_of_few_posts_is_left_alone() -> None:
    posts = posts_of("bluecup", "latte", count=FEWEST_POSTS - 1)
    assert learn([*posts, ["hike"]], KNOWN.get) == {}


def test_a_divided_company_says_nothing() -> None:
    posts = posts_of("x", "latte", count=5) + [["x", f"n{n}", "hike"] for n in range(5)]
    assert learn(posts, KNOWN.get) == {}


def test_what_every_post_claims_stands_out_in_none() -> None:
    assert learn(posts_of("x", "latte", count=20), KNOWN.get) == {}


def test_the_same_post_again_and_again_counts_once() -> None:
    assert learn([["x", "latte"]] * 50 + [["hike", f"n{n}"] for n in range(9)], KNOWN.get) == {}


def test_mapped_hashtags_are_not_learned() -> None:
    posts = posts_of("monday", "latte", count=9) + [["hike", f"n{n}"] for n in range(9)]
    assert "monday" not in learn(posts, KNOWN.get)
