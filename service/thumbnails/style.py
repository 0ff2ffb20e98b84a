"""Like which pictures the thumbnails of a request are to be."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image

from service.parts import Parts
from service.screen import Screen
from service.screening.pictures import look_pixels
from service.tables import ThumbnailJob
from service.thumbnails.candidates import pictures_sent
from service.thumbnails.errors import ThumbnailError
from service.thumbnails.extras import LATENT
from service.thumbnails.keep import note_errors
from service.thumbnails.look import embedded
from service.thumbnails.references import (
    copies_of_categories,
    copies_of_channel,
    of_categories,
    of_channel,
    with_children,
)
from service.uploads import opened
from similarity.duplicates import Floats


@dataclass(frozen=True)
class Style:
    """Embeddings of the references, [n, dimension] (None: no style was asked for), and pictures of
    them where latent distances are asked for."""

    embeddings: Floats | None = None
    images: Sequence[Image.Image] = ()


def style_of(parts: Parts, job: ThumbnailJob, current: Screen) -> Style:
    """The style that a request names. No transaction may be open meanwhile.

    Raises:
        ThumbnailError: nothing of it could be had.
        OutageError, OSError, StartError: a part of the service cannot be used.
    """
    if job.channel is not None or job.category is not None:
        return _stored(parts, job, current)
    sent = pictures_sent(parts, job.id, "reference", look_pixels(current.bundle))
    note_errors(parts, sent.errors)
    if sent.pictures:
        images = [sent.pictures[at].image for at in sorted(sent.pictures)]
        return Style(embedded(current, images), images)
    if sent.errors:
        raise ThumbnailError("no_references", "None of the references could be had and read.")
    return Style()


def _stored(parts: Parts, job: ThumbnailJob, current: Screen) -> Style:
    made_by = current.bundle.embedding_id
    names = with_children(current.ruleset, job.category or "")
    with parts.sessions() as session:
        if job.channel is not None:
            found = of_channel(session, job.channel, made_by)
            copies = copies_of_channel(session, job.channel, made_by)
        else:
            found = of_categories(session, names, made_by)
            copies = copies_of_categories(session, names, made_by)
    if found is None:
        raise ThumbnailError(
            "no_references",
            "No photograph of the channel or category was looked at by the live network.",
        )
    return Style(found, _pictures(parts, copies, current) if LATENT in job.extras else ())


def _pictures(parts: Parts, copies: Sequence[str], current: Screen) -> list[Image.Image]:
    """Our own copies; one that was erased meanwhile is left out."""
    found, side = [], look_pixels(current.bundle)
    for key in copies:
        data = opened.read(parts.images, key)
        if data is not None:
            with Image.open(io.BytesIO(data)) as image:
                image.draft("RGB", (side, side))
                found.append(image.convert("RGB"))
    return found
