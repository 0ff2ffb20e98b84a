"""The copies of photographs that moderators see, put into the image store before the decision."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from service.erasure import owe_erasure
from service.imagestore import new_key
from service.parts import Parts
from service.screening.pictures import Picture
from service.waits import OutageError

# Longer than a task may run: nobody decides on copies whose erasure has begun.
UNFINISHED_FOR = timedelta(minutes=15)


def put_copies(parts: Parts, pictures: Mapping[int, Picture]) -> dict[int, str]:
    """Keep the copies of photographs. No transaction is open while the store works.

    Their erasure is owed first, so that none stays if this process dies or the post is gone by the
    time it is decided. Who decides calls the erasure off.

    Returns:
        each copy's key, by the photograph's row.

    Raises:
        OutageError: the store failed.
    """
    keys = {image_id: new_key(image_id) for image_id in pictures}
    if keys:
        with parts.sessions.begin() as session:
            owe_erasure(session, sorted(keys.values()), "unfinished", wait=UNFINISHED_FOR)
    for image_id, key in keys.items():
        try:
            parts.images.put(key, pictures[image_id].derivative)
        except Exception as error:  # each store has errors of its own
            raise OutageError("store", error) from error
    return keys
