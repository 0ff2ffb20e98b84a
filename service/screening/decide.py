"""Decide posts whose photographs are fetched: classify, judge, store copies, write once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import structlog
from sqlalchemy import func, select

from rules import Judgement
from service import waits
from service.erasure import call_off, hurry
from service.menus.consult import Photograph, Reading
from service.outbox.hint import hint_deliveries
from service.parts import Parts
from service.queue import EMBED, PLACE, hint
from service.rulesets.shadow import Evidence
from service.screen import Screen, SeenImage
from service.screening.claim import Claim, hold
from service.screening.copies import put_copies
from service.screening.filmed import Filmed
from service.screening.frames import FoundVideo, look_at, put_frames
from service.screening.gather import Failed, Gathered, Unreadable, stage
from service.screening.judgement import judge
from service.screening.pictures import Picture
from service.screening.write import Found, Writing, write
from service.tables import Delivery, Post
from service.votes.cast import Voted, store_votes, vote
from similarity.hashes import grey, perceptual_hash

READ_SECONDS = 20.0  # for all menus of the posts that are decided together
NO_VIDEOS: Mapping[int, Filmed | Unreadable] = {}


@dataclass(frozen=True)
class Seen:
    """What was seen in photographs and videos, by their rows."""

    images: Mapping[int, Found]
    videos: Mapping[int, FoundVideo | Unreadable]

    def keys(self) -> set[str]:
        """All files that were put into the store for them."""
        found = {one.key for one in self.images.values() if one.key}
        for video in self.videos.values():
            if isinstance(video, FoundVideo):
                found |= {*video.keys, *([video.filmed.key] if video.filmed.key else [])}
        return found


@dataclass(frozen=True)
class Batch:
    """What a batch keeps from its beginning to its end."""

    parts: Parts
    claim: Claim
    current: Screen


def decide(
    batch: Batch,
    posts: Sequence[Post],
    gathered: Mapping[int, Gathered],
    filmed: Mapping[int, Filmed | Unreadable] = NO_VIDEOS,
) -> None:
    """Decide posts that this worker has claimed, on what was gathered of their photographs and
    videos.

    Raises:
        Exception: whatever went wrong with a post or a part of the service; nothing is written.
    """
    if not posts:
        return
    found = Seen(_look(batch, posts, gathered), look_at(batch.current, filmed))
    with stage("rules"):
        judgements = {
            post.id: judge(
                batch.current,
                post,
                _looks(post, found),
                batch.parts.config.screening_attempts,
                _unreadable(post, found),
            )
            for post in posts
        }
    with stage("menus"):
        reading = Reading(batch.parts.config, batch.current, READ_SECONDS)
        judgements |= {
            post.id: reading.consult(judgements[post.id], _readable(post, found))
            for post in posts
            if _goes_on(batch, post, found)
        }
    with stage("votes"):
        voted = _vote(batch, posts, judgements, found)
    with stage("store"):
        pictures = {
            image_id: one.picture
            for image_id, one in found.images.items()
            if isinstance(one.picture, Picture)
        }
        keys = put_copies(batch.parts, pictures)
        videos = put_frames(batch.parts, found.videos)
    images = {key: replace(one, key=keys.get(key)) for key, one in found.images.items()}
    kept = Seen(images, videos)
    with stage("write"):
        written = _write(batch, [post.id for post in posts], voted, kept)
    for post, _ in written:
        structlog.get_logger().info(
            "screened", post=post.external_id, revision=post.revision, decision=post.decision
        )
    owed = [delivery.id for _, delivery in written if delivery is not None]
    hint_deliveries(batch.parts.queue, owed)
    decided = [post for post, _ in written]
    evidence = {
        post.id: Evidence([look.sight for look in _looks(post, found)], voted[post.id].ballots)
        for post in decided
    }
    batch.parts.shadows.watch(batch.current, decided, evidence)
    if decided:
        # Tasks of their own: no verdict waits for them.
        hint(batch.parts.queue, PLACE)
        if any(post.decision == "pass" for post in decided):
            hint(batch.parts.queue, EMBED)


def _look(
    batch: Batch, posts: Sequence[Post], gathered: Mapping[int, Gathered]
) -> Mapping[int, Found]:
    """Every photograph of the posts by its row's id, looked at in one forward pass."""
    readable: dict[int, Picture] = {}
    found: dict[int, Found] = {}
    for image_id in (image.id for post in posts for image in post.images if image.id in gathered):
        got = gathered[image_id]
        if isinstance(got, Failed):
            raise got.error
        found[image_id] = Found(got)
        if isinstance(got, Picture):
            readable[image_id] = got
    with stage("forward"):
        looks = batch.current.see([picture.image for picture in readable.values()])
    for image_id, look in zip(readable, looks, strict=True):
        picture = readable[image_id]
        found[image_id] = Found(picture, look, perceptual_hash(grey(picture.image)))
    return found


def _vote(
    batch: Batch,
    posts: Sequence[Post],
    judgements: Mapping[int, Judgement],
    found: Seen,
) -> Mapping[int, Voted]:
    """The judgements with what neighbours say of hashtags that no rule covers."""
    most = batch.parts.config.vote_neighbours
    voted: dict[int, Voted] = {}
    with batch.parts.sessions() as session:
        for post in posts:
            looks = _looks(post, found) if _goes_on(batch, post, found) else ()
            voted[post.id] = vote(session, batch.current, post, judgements[post.id], looks, most)
    return voted


def _goes_on(batch: Batch, post: Post, found: Seen) -> bool:
    """Whether menus and neighbours have a say. A post that keeps failing, or with a video unseen,
    goes to a person as it is."""
    failed = post.attempts >= batch.parts.config.screening_attempts
    return not failed and _unreadable(post, found) is None


def _looks(post: Post, found: Seen) -> list[SeenImage]:
    """What was seen in the photographs and videos of a post, in the order of their rows."""
    images = [found.images[image.id] for image in post.images if image.id in found.images]
    videos = [found.videos.get(video.id) for video in post.videos]
    return [image.look for image in images if image.look is not None] + [
        video.together for video in videos if isinstance(video, FoundVideo)
    ]


def _readable(post: Post, found: Seen) -> list[Photograph]:
    """The photographs of a post that could be had, then its videos' frames, the sharpest first."""
    pictures = [found.images[image.id].picture for image in post.images if image.id in found.images]
    videos = [found.videos.get(video.id) for video in post.videos]
    frames = [frame for one in videos if isinstance(one, FoundVideo) for frame in one.filmed.frames]
    frames.sort(key=lambda frame: frame.quality.score, reverse=True)
    return [
        *(Photograph(one.image, one.derivative) for one in pictures if isinstance(one, Picture)),
        *(Photograph(frame.image, frame.jpeg) for frame in frames),
    ]


def _unreadable(post: Post, found: Seen) -> Unreadable | None:
    """Why a video of the post could not be looked at; None where there is no such video."""
    videos = [found.videos.get(video.id) for video in post.videos]
    return next((video for video in videos if isinstance(video, Unreadable)), None)


def _write(
    batch: Batch,
    ids: Sequence[int],
    voted: Mapping[int, Voted],
    found: Seen,
) -> list[tuple[Post, Delivery | None]]:
    """Write the decisions of the posts that are still ours. The erasure of their copies is called
    off; the copies of a post that was superseded or deleted meanwhile stay owed, and go."""
    parts = batch.parts
    with parts.sessions.begin() as session:
        posts = hold(session, batch.claim, ids)
        now = session.scalars(select(func.clock_timestamp())).one()
        writing = Writing(session, parts.config, batch.current, found.images, found.videos, now)
        judgements = {post.id: voted[post.id].judgement for post in posts}
        written = list(zip(posts, write(writing, posts, judgements), strict=True))
        for post in posts:
            store_votes(session, post, voted[post.id])
        session.flush()
        keys = _keys(posts)
        superfluous = found.keys() - set(keys)
        hurry(session, superfluous)
        if keys and not call_off(session, keys):
            raise waits.OutageError("store", TimeoutError("The copies took too long."))
        waits.end(session)
    return written


def _keys(posts: Sequence[Post]) -> list[str]:
    """The files in the store that posts refer to."""
    images = [image.derivative for post in posts for image in post.images]
    videos = [video.stored for post in posts for video in post.videos]
    return [key for key in (*images, *videos) if key]
