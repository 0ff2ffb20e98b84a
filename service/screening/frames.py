"""The kept frames of videos: looked at, their copies stored, written as rows of images."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from service.erasure import owe_erasure
from service.imagestore import new_video_key
from service.parts import Parts
from service.screen import Screen, SeenImage
from service.screening.copies import UNFINISHED_FOR
from service.screening.filmed import Filmed
from service.screening.gather import Unreadable
from service.screening.wholevideo import SeenFrame, whole
from service.tables import Embedding, Image, Json, Post, Video
from service.waits import OutageError
from similarity.hashes import grey, perceptual_hash
from videos import Frame

MOST_IMAGES = 100  # positions of a post's photographs; frames come after
MOST_FRAMES = 100  # of one video


@dataclass(frozen=True)
class FoundVideo:
    """One video: what was had of it and seen in each of its frames, and in all of them together.

    ``best`` is the index of the frame that stands for the video; ``keys`` are those of the frames'
    copies.
    """

    filmed: Filmed
    looks: Sequence[SeenImage]
    together: SeenImage
    best: int
    keys: Sequence[str] = ()


def look_at(
    current: Screen, filmed: Mapping[int, Filmed | Unreadable]
) -> dict[int, FoundVideo | Unreadable]:
    """What videos show, by their rows."""
    found: dict[int, FoundVideo | Unreadable] = {}
    for video_id, one in filmed.items():
        found[video_id] = one if isinstance(one, Unreadable) else _look(current, one)
    return found


def _look(current: Screen, filmed: Filmed) -> FoundVideo:
    frames = filmed.frames
    looks = current.see([frame.image for frame in frames])
    seen = [
        SeenFrame(frame.time, frame.end - frame.start, look.sight)
        for frame, look in zip(frames, looks, strict=True)
    ]
    best = max(range(len(frames)), key=lambda at: frames[at].quality.score)
    together = SeenImage(looks[best].prediction, whole(seen))
    return FoundVideo(filmed, looks, together, best)


def put_frames(
    parts: Parts, found: Mapping[int, FoundVideo | Unreadable]
) -> dict[int, FoundVideo | Unreadable]:
    """Keep the copies of frames, as ``put_copies`` does those of photographs.

    Raises:
        OutageError: the store failed.
    """
    stored: dict[int, FoundVideo | Unreadable] = {}
    for video_id, one in found.items():
        if isinstance(one, Unreadable):
            stored[video_id] = one
            continue
        keys = [new_video_key(video_id, "jpg") for _ in one.filmed.frames]
        with parts.sessions.begin() as session:
            owe_erasure(session, sorted(keys), "unfinished", wait=UNFINISHED_FOR)
        for key, frame in zip(keys, one.filmed.frames, strict=True):
            try:
                parts.images.put(key, frame.jpeg)
            except Exception as error:  # each store has errors of its own
                raise OutageError("store", error) from error
        stored[video_id] = replace(one, keys=keys)
    return stored


def write_videos(current: Screen, post: Post, found: Mapping[int, FoundVideo | Unreadable]) -> None:
    """Write what came of a post's videos; their frames are images after its photographs."""
    for video in post.videos:
        video.source_bytes = None
        one = found.get(video.id)
        if one is None:
            video.error = {"code": "not_screened", "message": "Screening failed several times."}
        elif isinstance(one, Unreadable):
            video.error = {"code": one.code, "message": one.message}
        else:
            _write(current, post, video, one)


def _write(current: Screen, post: Post, video: Video, found: FoundVideo) -> None:
    filmed = found.filmed
    video.sha256, video.size, video.stored = filmed.sha256, filmed.size, filmed.key
    video.seconds = filmed.seconds
    first = MOST_IMAGES + video.position * MOST_FRAMES
    rows = zip(filmed.frames, found.looks, found.keys, strict=True)
    for number, (frame, look, key) in enumerate(rows):
        row = Image(
            position=first + number,
            video_id=video.id,
            sha256=None,
            derivative=key,
            width=frame.width,
            height=frame.height,
            hash=perceptual_hash(grey(frame.image)),
            labels=_together(found.together) if number == found.best else None,
            frame=_alone(frame, look),
        )
        row.embeddings = [
            Embedding(made_by=current.bundle.embedding_id, vector=look.prediction.embedding)
        ]
        post.images.append(row)


def _together(look: SeenImage) -> Json:
    return {
        name: {"score": round(seen.score, 4), "fact": seen.fact, "at": seen.at}
        for name, seen in look.sight.items()
    }


def _alone(frame: Frame, look: SeenImage) -> Json:
    facts = look.prediction.facts
    return {
        "time": round(frame.time, 3),
        "start": round(frame.start, 3),
        "end": round(frame.end, 3),
        "labels": {
            name: {"score": round(score, 4), "fact": facts[name]}
            for name, score in look.prediction.scores.items()
        },
    }
