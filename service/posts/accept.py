"""Accept a post as one row, however often and in whatever order its revisions are sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from service.cases import close_cases
from service.clusters.members import leave
from service.locks import Lock, lock
from service.posts.lock import hold_revisions
from service.tables import Image, Post, PrototypeExample, Video
from service.uploads.claim import Named, claim
from service.uploads.kinds import Family


@dataclass(frozen=True)
class NewImage:
    """Where one photograph comes from: a URL, bytes that were sent, or the key of an upload."""

    url: str | None
    data: bytes | None
    upload: str | None = None


@dataclass(frozen=True)
class NewVideo:
    """Where one video comes from: a URL, bytes that were sent, or the key of an upload."""

    url: str | None
    data: bytes | None
    upload: str | None = None


@dataclass(frozen=True)
class Accepted:
    """The row that answers for the post, and whether it is new and to be screened.

    A revision of a deleted post is answered by a row that is never stored: all it says is its id,
    its revision and the state ``deleted``.
    """

    post: Post
    is_new: bool


def accept(
    session: Session, post: Post, images: Sequence[NewImage], videos: Sequence[NewVideo] = ()
) -> Accepted:
    """Add a revision of a post in the caller's transaction, or find that it is there already.

    A newer revision supersedes the older ones; one that is older than what is known is kept as
    superseded, without its photographs and videos. Nothing is stored of a post that was deleted,
    whatever the revision. Deliveries and deletions of the same post wait for each other.

    Raises:
        UploadError: an upload that it names cannot be used; the transaction must not go on.
    """
    lock(session, Lock.POST, post.external_id)
    known = hold_revisions(session, post.external_id)
    for other in known:
        if other.revision == post.revision:
            return Accepted(other, is_new=False)
    if any(other.state == "deleted" for other in known):
        return Accepted(_of_deleted(post), is_new=False)
    if any(other.revision > post.revision for other in known):
        post.state, images, videos = "superseded", [], []
    else:
        post.state = "pending"
        _supersede(session, [other for other in known if other.state in ("pending", "decided")])
        named = [Named(image.upload, Family.IMAGE) for image in images if image.upload]
        named += [Named(video.upload, Family.VIDEO) for video in videos if video.upload]
        if named or known:
            claim(session, post.external_id, named)
    post.images = [
        Image(
            position=position,
            source_url=image.url,
            source_bytes=image.data,
            source_upload=image.upload,
        )
        for position, image in enumerate(images)
    ]
    post.videos = [
        Video(
            position=position,
            source_url=video.url,
            source_bytes=video.data,
            source_upload=video.upload,
        )
        for position, video in enumerate(videos)
    ]
    session.add(post)
    session.flush()
    return Accepted(post, is_new=post.state == "pending")


def _of_deleted(post: Post) -> Post:
    return Post(external_id=post.external_id, revision=post.revision, state="deleted")


def _supersede(session: Session, replaced: Sequence[Post]) -> None:
    """Supersede older revisions. The files sent with an undecided one are erased at once, because
    nobody will look at them.
    """
    if not replaced:
        return
    pending = [post.id for post in replaced if post.state == "pending"]
    # The copies of a worker that is at it are owed as erasures already.
    session.execute(update(Image).where(Image.post_id.in_(pending)).values(source_bytes=None))
    session.execute(update(Video).where(Video.post_id.in_(pending)).values(source_bytes=None))
    for post in replaced:
        post.state = "superseded"
    session.flush()
    leave(session, [post.id for post in replaced])
    # It was an example by what it showed.
    examples = PrototypeExample.post_id.in_([post.id for post in replaced])
    session.execute(delete(PrototypeExample).where(examples))
    close_cases(session, [post.id for post in replaced])
