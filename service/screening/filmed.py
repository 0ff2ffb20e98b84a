"""A post's videos, one after the other: fetched, stored, looked at in a process of its own."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from threading import Lock
from typing import BinaryIO

from sqlalchemy import select

from classifiers import Bundle
from service.config import Config
from service.erasure import owe_erasure
from service.imagestore import new_video_key
from service.operations.metrics import IMAGE_ERRORS
from service.parts import Parts
from service.screening.copies import UNFINISHED_FOR
from service.screening.fetch import FetchError, fetch_video
from service.screening.gather import Unreadable, stage
from service.screening.pictures import look_pixels
from service.tables import Upload, Video
from service.uploads.opened import as_file
from service.waits import OutageError
from videos import Frame, VideoError, VideoLimits, Watcher, Wish

CHUNK = 2**20
COPIES = "videos"  # a folder in the data folder: copies of uploads that lie in a bucket


@dataclass(frozen=True)
class Filmed:
    """A video that was looked at: what was had of it, and its file in the image store.

    ``frames`` are those that are kept: without faults where there are such, else the best one.
    ``key`` is the file's place in the image store; None: it is that of its upload.
    """

    seconds: float
    frames: Sequence[Frame]
    key: str | None
    sha256: str
    size: int


class SlowError(Exception):
    """A server took longer than this worker waits now."""


def film(
    parts: Parts, video: Video, bundle: Bundle, patience: float | None = None
) -> Filmed | Unreadable:
    """Fetch one video and keep frames of it, as large as the bundle's network needs them.

    Its file lies in a folder without a name meanwhile, so nothing is left of it if this process
    dies. The erasure of what is put into the store is owed before, as with photographs. An upload
    lies there already.

    Args:
        patience: seconds to wait for its server, where that is less than it may take.

    Raises:
        SlowError: it took longer than ``patience``.
        OutageError, OSError, StartError: a part of the service cannot be used.
    """
    looked_at = look_pixels(bundle)
    try:
        if video.source_upload is not None:
            return _uploaded(parts, video.source_upload, looked_at)
        with tempfile.TemporaryFile() as file:
            with stage("fetch"):
                _fill(parts, video, file, patience)
            path = Path(f"/proc/{os.getpid()}/fd/{file.fileno()}")  # it has no other name
            found = _filmed(parts.config, path, file, looked_at)
            with stage("store"):
                return replace(found, key=_stored(parts, video.id, file))
    except (FetchError, VideoError) as error:
        IMAGE_ERRORS.labels(str(error.code)).inc()
        return Unreadable(str(error.code), error.message)


def _uploaded(parts: Parts, key: str, looked_at: int) -> Filmed | Unreadable:
    with parts.sessions() as session:
        place = session.scalar(select(Upload.path).where(Upload.key == key))
    folder = parts.config.data / COPIES
    with as_file(parts.images, place or key, folder) as path:
        if path is None:
            return Unreadable("gone", "The upload was erased.")
        with path.open("rb") as file:
            return _filmed(parts.config, path, file, looked_at)


def longest_video_seconds(config: Config) -> float:
    """How long the videos of one post take if each takes as long as it may."""
    return config.post_videos * (config.video_fetch_seconds + config.video_decode_seconds)


def _fill(parts: Parts, video: Video, file: BinaryIO, patience: float | None) -> None:
    if video.source_url is not None:
        hurries = patience is not None and patience < parts.config.video_fetch_seconds
        try:
            fetch_video(video.source_url, file, parts.config, patience if hurries else None)
        except FetchError as error:
            if hurries and error.code == "timed_out":
                raise SlowError from error
            raise
    else:
        with parts.sessions() as session:
            sent = session.scalar(select(Video.source_bytes).where(Video.id == video.id))
        file.write(sent or b"")
    file.flush()


def _filmed(config: Config, path: Path, file: BinaryIO, looked_at: int) -> Filmed:
    wish = Wish(config.video_frames, shown=config.derivative_pixels, looked_at=looked_at)
    with stage("decode"):
        watched = watcher_for(config).watch(path, wish, config.video_decode_seconds)
    digest, size = hashlib.sha256(), 0
    file.seek(0)
    while chunk := file.read(CHUNK):
        digest.update(chunk)
        size += len(chunk)
    return Filmed(watched.seconds, kept(watched.frames), None, digest.hexdigest(), size)


def _stored(parts: Parts, video_id: int, file: BinaryIO) -> str:
    file.seek(0)
    key = new_video_key(video_id, "video")
    with parts.sessions.begin() as session:
        owe_erasure(session, [key], "unfinished", wait=UNFINISHED_FOR)
    try:
        parts.images.put_pieces(key, iter(lambda: file.read(CHUNK), b""))
    except Exception as error:  # each store has errors of its own
        raise OutageError("store", error) from error
    return key


def kept(frames: Sequence[Frame]) -> Sequence[Frame]:
    """The frames that are worth to be judged and shown; a black one shows nothing of its video."""
    sound = [frame for frame in frames if not frame.quality.faults]
    return sound or [max(frames, key=lambda frame: frame.quality.score)]


_one_at_a_time = Lock()


def watcher_for(config: Config) -> Watcher:
    """What decodes the videos of strangers in this process, within the limits of the settings."""
    limits = VideoLimits(
        max_bytes=max(config.video_bytes, config.upload_bytes),
        max_seconds=config.video_length_seconds,
        max_pixels=config.video_pixels,
        max_memory=config.video_decode_megabytes * 2**20,
    )
    with _one_at_a_time:
        return _watcher(limits)


@cache
def _watcher(limits: VideoLimits) -> Watcher:
    """One for each process, with one child: a batch looks at one video at a time."""
    return Watcher(limits, 1)
