"""Read an upload without claiming it, for a search by photograph."""

from __future__ import annotations

from service.parts import Parts
from service.uploads import opened
from service.uploads.errors import Rule, UploadError
from service.uploads.kinds import Family
from service.uploads.read import path_of
from service.uploads.settle import settle


def photograph_of(parts: Parts, key: str) -> bytes:
    """The bytes of an uploaded photograph, which stays as it is: no post claims it by this.

    Raises:
        UploadError: it cannot be used.
        OutageError: the store is away.
    """
    wrong = settle(parts, [key])
    if key in wrong and wrong[key].rule is not Rule.CLAIMED:
        raise wrong[key]
    data = opened.read(parts.images, path_of(parts, key, Family.IMAGE))
    if data is None:  # its post was deleted at this moment
        raise UploadError(key, Rule.UNKNOWN)
    return data
