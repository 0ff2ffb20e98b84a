"""What there is to choose from: the frames of a video, or the pictures that were sent."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image
from sqlalchemy import select

from service.parts import Parts
from service.screening.fetch import FetchError, fetch_video
from service.screening.filmed import COPIES, watcher_for
from service.screening.gather import Failed, Gathered, Source, Unreadable, gather
from service.screening.pictures import Picture
from service.tables import ThumbnailJob, ThumbnailPicture
from service.thumbnails.errors import ThumbnailError
from service.uploads import opened
from service.uploads.errors import UploadError
from service.uploads.kinds import Family
from service.uploads.read import path_of
from similarity.frames import Candidate, candidates_of, pictures_of
from videos import Frame, VideoError, Wish
from videos.quality import measure_still

FRAMES = 48


@dataclass(frozen=True)
class ShownCandidate:
    """One candidate: what is looked at, and the JPEG to show, ``width`` by ``height`` pixels.

    ``position`` is its place among the frames, or among the pictures that were sent.
    """

    position: int
    time: float | None
    image: Image.Image
    jpeg: bytes
    width: int
    height: int
    faults: tuple[str, ...]


@dataclass(frozen=True)
class Candidates:
    """What there is to choose from, and what is measured of each."""

    shown: Sequence[ShownCandidate]
    measured: Sequence[Candidate]


def frames_of(parts: Parts, job: ThumbnailJob, looked_at: int) -> Candidates:
    """The frames of the video that a request names. No transaction may be open meanwhile.

    They are as large as ``look_pixels`` says, ``looked_at``.
    The video lies in a file without a name while it is looked at, or is an upload.

    Raises:
        ThumbnailError: it cannot be had, or not as a video.
        OutageError, OSError, StartError: a part of the service cannot be used.
    """
    try:
        if job.video_upload:
            frames = _uploaded(parts, job.video_upload, looked_at)
        else:
            frames = _fetched(parts, job, looked_at)
    except (FetchError, VideoError) as error:
        raise ThumbnailError(str(error.code), error.message) from None
    except UploadError as error:
        raise ThumbnailError(str(error.rule), str(error)) from None
    shown = [
        ShownCandidate(
            position,
            one.time,
            one.image,
            one.jpeg,
            one.width,
            one.height,
            one.quality.faults or (("frozen",) if one.quality.frozen else ()),
        )
        for position, one in enumerate(frames)
    ]
    return Candidates(shown, candidates_of(frames))


def candidates_from(pictures: Mapping[int, Picture]) -> Candidates:
    """The pictures that were sent, by their places."""
    order = sorted(pictures)
    qualities = [measure_still(np.asarray(pictures[at].image)) for at in order]
    shown = []
    for at, quality in zip(order, qualities, strict=True):
        one = pictures[at]
        shown.append(
            ShownCandidate(
                at, None, one.image, one.derivative, one.width, one.height, quality.faults
            )
        )
    return Candidates(shown, pictures_of(qualities))


@dataclass(frozen=True)
class SentPictures:
    """The pictures of one role that could be had, by their places, and what was wrong with others,
    by their rows."""

    pictures: Mapping[int, Picture]
    errors: Mapping[int, Unreadable]


def pictures_sent(parts: Parts, job_id: int, role: str, looked_at: int) -> SentPictures:
    """Fetch and decode what was sent with a request, as large as ``look_pixels`` says.

    No transaction may be open meanwhile.

    Raises:
        OutageError, OSError, StartError: a part of the service cannot be used.
    """
    columns = select(ThumbnailPicture.id, ThumbnailPicture.position, ThumbnailPicture.url)
    mine = columns.where(ThumbnailPicture.job_id == job_id, ThumbnailPicture.role == role)
    with parts.sessions() as session:
        places = {row.id: (row.position, row.url) for row in session.execute(mine)}
    found: dict[int, Gathered] = {}
    sources = [Source(row, url) for row, (_, url) in places.items()]
    for some in gather(sources, lambda row: _bytes(parts, row), parts.config, looked_at):
        found.update(some)
    pictures, errors = {}, {}
    for row, got in found.items():
        if isinstance(got, Failed):
            if not isinstance(got.error, UploadError):
                raise got.error
            errors[row] = Unreadable(str(got.error.rule), str(got.error))
        elif isinstance(got, Unreadable):
            errors[row] = got
        else:
            pictures[places[row][0]] = got
    return SentPictures(pictures, errors)


def _bytes(parts: Parts, row: int) -> bytes | None:
    ask = select(ThumbnailPicture.data, ThumbnailPicture.upload).where(ThumbnailPicture.id == row)
    with parts.sessions() as session:
        found = session.execute(ask).first()
    if found is None:
        return None
    if found.upload is None:
        data: bytes | None = found.data
        return data
    return opened.read(parts.images, path_of(parts, found.upload, Family.IMAGE))


def _uploaded(parts: Parts, key: str, looked_at: int) -> Sequence[Frame]:
    place = path_of(parts, key, Family.VIDEO)
    with opened.as_file(parts.images, place, parts.config.data / COPIES) as path:
        if path is None:
            raise ThumbnailError("gone", "The upload was erased.")
        return _watched(parts, path, looked_at)


def _fetched(parts: Parts, job: ThumbnailJob, looked_at: int) -> Sequence[Frame]:
    with tempfile.TemporaryFile() as file:
        fetch_video(job.video_url or "", file, parts.config)
        file.flush()
        return _watched(parts, Path(f"/proc/{os.getpid()}/fd/{file.fileno()}"), looked_at)


def _watched(parts: Parts, path: Path, looked_at: int) -> Sequence[Frame]:
    config = parts.config
    wish = Wish(FRAMES, shown=config.derivative_pixels, looked_at=looked_at)
    return watcher_for(config).watch(path, wish, config.video_decode_seconds).frames
