"""Photographs with their authors' hashtags, looked at, and some of the hashtags swapped."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.similarity.bound import CHUNK, Floats, open_photograph
from classifiers import Bundle, Classifier
from rules import Seen, Sight, normalise


@dataclass(frozen=True)
class Tagged:
    """A post: its photograph's file, whose vote it is, of which ``source`` nobody votes on it, and
    its normalised hashtags."""

    file: Path
    voter: str
    source: str
    tags: tuple[str, ...]

    @staticmethod
    def normalised(tags: str) -> tuple[str, ...]:
        """Hashtags from a cell, without those that are nothing, each once."""
        return tuple(dict.fromkeys(key for tag in tags.split("|") if (key := normalise(tag))))


@dataclass(frozen=True)
class SeenPosts:
    """Posts, what was seen in each, and their embeddings, float32 [n, dimension]."""

    posts: Sequence[Tagged]
    sights: Sequence[Sight]
    embeddings: Floats


@dataclass(frozen=True)
class Pair:
    """A hashtag that stands with a post (by its number), and whether its author put it there."""

    post: int
    tag: str
    true: bool


@dataclass(frozen=True)
class Swapped:
    """Posts with half of their hashtags swapped: the pairs, and each post's hashtags now."""

    seen: SeenPosts
    pairs: Sequence[Pair]
    tags: Sequence[frozenset[str]]


def look(posts: Sequence[Tagged], bundle: Path, threads: int) -> SeenPosts:
    """Look at every photograph by a bundle."""
    loaded = Bundle.load(bundle)
    classifier = Classifier(loaded, threads)
    embeddings, sights = [], []
    for start in range(0, len(posts), CHUNK):
        images = [open_photograph(post.file) for post in posts[start : start + CHUNK]]
        for found in classifier.predict(images):
            embeddings.append(found.embedding)
            sights.append({name: Seen(s, found.facts[name]) for name, s in found.scores.items()})
    return SeenPosts(posts, sights, np.stack(embeddings).astype(np.float32))


def together(parts: Sequence[SeenPosts]) -> SeenPosts:
    """Several sets of posts as one."""
    return SeenPosts(
        [post for part in parts for post in part.posts],
        [sight for part in parts for sight in part.sights],
        np.concatenate([part.embeddings for part in parts]),
    )


def swap(seen: SeenPosts, least: int, random: np.random.Generator) -> Swapped:
    """Give half of all hashtags that enough sources carry to other posts.

    What a post had anyway, or got twice, is no pair.
    """
    sources = defaultdict(set)
    for post in seen.posts:
        for tag in post.tags:
            sources[tag].add(post.source)
    kept = [
        (number, tag)
        for number, post in enumerate(seen.posts)
        for tag in post.tags
        if len(sources[tag]) >= least
    ]
    order = random.permutation(len(kept))
    moved, stays = order[: len(kept) // 2], order[len(kept) // 2 :]
    pairs = {kept[at]: True for at in stays}
    for at, other in zip(moved, np.roll(moved, 1), strict=True):
        post, tag = kept[at][0], kept[other][1]
        if tag not in seen.posts[post].tags:
            pairs[post, tag] = False
    tags: list[set[str]] = [set() for _ in seen.posts]
    for post, tag in pairs:
        tags[post].add(tag)
    return Swapped(
        seen,
        [Pair(post, tag, true) for (post, tag), true in sorted(pairs.items())],
        [frozenset(one) for one in tags],
    )
