"""Look at the pixels of stored copies, where embeddings and hashes do not tell."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial

import structlog
from PIL import Image as Pillow

from service.campaigns.candidates import Candidate
from service.imagestore import ImageStore
from service.tables import Image
from similarity.alignment import SIDE
from similarity.hashes import grey
from similarity.samepicture import Picture, same_picture

MOST_LOOKED = 4  # stored pictures whose pixels are looked at for one photograph
KEPT = 64  # pictures of a turn, each of a megabyte at most and mostly a third of one

Read = Callable[[str | None], Picture | None]


def reader(store: ImageStore) -> Read:
    """Reads stored copies by their keys, for one turn; None where one was erased meanwhile, or is
    no picture any more.

    What was read is kept: photographs of a turn are often compared with each other, and with the
    same third one. It is not kept for longer, since copies are erased.
    """
    return lru_cache(KEPT)(partial(_picture, store))


def same_as(
    read: Read, image: Image, near: Sequence[Candidate], campaigns: Mapping[int, int]
) -> list[Candidate]:
    """Those that show the same as a photograph: of each campaign the first that does, as one is
    enough to join.

    Args:
        read: from ``reader``.
        campaigns: those that candidates are in, by the candidates' photographs.
    """
    found: list[Candidate] = []
    looked = 0
    for one in near:
        campaign = campaigns.get(one.image_id)
        if campaign is not None and campaign in {campaigns.get(f.image_id) for f in found}:
            continue

        def pixels(one: Candidate = one) -> bool:
            nonlocal looked
            if looked == MOST_LOOKED:
                return False
            looked += 1
            picture, other = read(image.derivative), read(one.derivative)
            return picture is not None and other is not None and picture.lies_on(other)

        if same_picture((image.hash, one.hash), one.cosine, pixels):
            found.append(one)
    return found


def _picture(store: ImageStore, key: str | None) -> Picture | None:
    data = store.get(key) if key else None
    if data is None:
        return None
    try:
        with Pillow.open(io.BytesIO(data)) as copy:  # our own JPEG, not a stranger's file
            copy.draft("L", (2 * SIDE, 2 * SIDE))
            return Picture(grey(copy))
    except OSError as error:
        structlog.get_logger().warning("copy_unreadable", key=key, error=str(error))
        return None
