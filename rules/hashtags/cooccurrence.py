"""Learn what an unmapped hashtag claims from the hashtags that appear on the same posts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from intervals import ONE_SIDED_95, wilson

FEWEST_POSTS = 5
SURE = 0.5
LIFT = 1.5


@dataclass(frozen=True)
class Learned:
    """A category that ``share`` of a hashtag's ``posts`` claim by other hashtags."""

    category: str
    posts: int
    share: float


def learn(
    posts: Iterable[Sequence[str]], claims: Callable[[str], tuple[str, ...] | None]
) -> Mapping[str, Learned]:
    """A category for each unmapped hashtag whose companions agree on one.

    A category is learned if, with 95 % confidence, most posts of the hashtag claim it by other
    hashtags (Wilson's lower bound), and at least 1.5 times as often as posts in general. If several
    qualify, the one that stands out most is learned.

    Args:
        posts: each post's normalised hashtags; posts of the same hashtags count once.
        claims: what a hashtag claims, None where nobody mapped it.
    """
    total = 0
    base: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    company: dict[str, Counter[str]] = defaultdict(Counter)
    for tags in {tuple(sorted(set(post))) for post in posts}:
        known = {name for tag in tags for name in claims(tag) or ()}
        total += 1
        base.update(known)
        for tag in tags:
            if claims(tag) is None:
                seen[tag] += 1
                company[tag].update(known)
    found = {
        tag: _stands_out(company[tag], count, base, total)
        for tag, count in seen.items()
        if count >= FEWEST_POSTS
    }
    return {tag: learned for tag, learned in found.items() if learned is not None}


def _stands_out(
    company: Counter[str], posts: int, base: Counter[str], total: int
) -> Learned | None:
    best: tuple[float, Learned] | None = None
    for category, count in sorted(company.items()):
        bound, _ = wilson(count, posts, ONE_SIDED_95)
        lift = bound / (base[category] / total)
        if bound >= SURE and lift >= LIFT and (best is None or lift > best[0]):
            best = lift, Learned(category, posts, count / posts)
    return best[1] if best else None
