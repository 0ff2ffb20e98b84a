"""A draw from the photographs in which no source outweighs the others."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence

from training.data.photo import Photo


def rank(photo: Photo, seed: int) -> str:
    """A random key that is the same in every draw with this seed. Draws take the lowest first.

    A larger draw therefore holds the smaller one.
    """
    return hashlib.sha256(f"{seed} {photo.source} {photo.name}".encode()).hexdigest()


def draw(photos: Sequence[Photo], most: int | None, seed: int) -> list[Photo]:
    """At most ``most`` photographs of each source that show the same labels, in their order.

    A source of 900 photographs of one label then counts no more than one of ``most``, and each
    label of a source is drawn from alike. None: all.
    """
    if most is None:
        return list(photos)
    alike: dict[tuple[str | None, frozenset[str]], list[Photo]] = defaultdict(list)
    for photo in photos:
        alike[photo.source, photo.labels].append(photo)
    chosen = {
        id(photo)
        for group in alike.values()
        for photo in sorted(group, key=lambda one: rank(one, seed))[:most]
    }
    return [photo for photo in photos if id(photo) in chosen]
