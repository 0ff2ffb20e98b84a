"""What a request for thumbnails names must be there: uploads, an author, a category, bundles."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from service.parts import Parts
from service.tables import Post
from service.thumbnails.ask import Request
from service.thumbnails.extras import LATENT, why_not
from service.uploads.errors import Rule, UploadError
from service.uploads.kinds import Family
from service.uploads.read import path_of
from service.uploads.settle import settle


@dataclass(frozen=True)
class Wrong:
    """One thing that cannot be used: where it stands in the request (a JSON pointer), the rule that
    is broken, and what is wrong."""

    pointer: str
    rule: str
    detail: str


def check(parts: Parts, request: Request) -> list[Wrong]:
    """All that is wrong with what a request names. No transaction is open while a bucket is asked.

    Raises:
        OutageError: the bucket is away.
    """
    return [*_uploads(parts, request), *_style(parts, request), *_extras(parts, request)]


def _uploads(parts: Parts, request: Request) -> list[Wrong]:
    named = {"/video/upload": (request.video_upload, Family.VIDEO)}
    for field, pictures in (("images", request.candidates), ("references", request.references)):
        for index, one in enumerate(pictures):
            named[f"/{field}/{index}/upload"] = one.upload, Family.IMAGE
    found = settle(parts, {key for key, _ in named.values() if key})
    # A post may have named an upload already: it is only looked at here.
    refused = {key: error for key, error in found.items() if error.rule is not Rule.CLAIMED}
    wrong = []
    for pointer, (key, family) in named.items():
        if key is None:
            continue
        try:
            if key in refused:
                raise refused[key]
            path_of(parts, key, family)
        except UploadError as error:
            wrong.append(Wrong(pointer, error.rule, str(error)))
    return wrong


def _extras(parts: Parts, request: Request) -> list[Wrong]:
    if not request.extras:
        return []
    live = parts.screener.current().bundle.embedding_id
    wrong = []
    for index, extra in enumerate(request.extras):
        pointer = f"/extras/{index}"
        if why := why_not(parts.config, live, extra):
            wrong.append(Wrong(pointer, "not_offered", why))
        elif extra == LATENT and not (request.references or request.channel or request.category):
            detail = "A latent distance is one to references: name a style."
            wrong.append(Wrong(pointer, "needs_references", detail))
    return wrong


def _style(parts: Parts, request: Request) -> list[Wrong]:
    if request.channel is not None:
        theirs = select(Post.id).where(Post.author_id == request.channel, Post.state == "decided")
        with parts.sessions() as session:
            if session.scalar(theirs.limit(1)) is None:
                detail = "No post of an author with this id is known."
                return [Wrong("/references/channel", "unknown_channel", detail)]
    if request.category is not None:
        known = parts.screener.current().ruleset.categories
        if request.category not in known:
            detail = f"The live ruleset has no such category, but {', '.join(sorted(known))}."
            return [Wrong("/references/category", "unknown_category", detail)]
    return []
