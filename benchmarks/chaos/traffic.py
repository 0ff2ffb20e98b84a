"""The platform's traffic: posts of every kind, each sent until it is accepted."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import httpx

from benchmarks.chaos.photographs import Photograph, unique
from clients.tagsift_client import Tagsift, TagsiftError

TAGS = ("카페", "ootd", "바다", "일상")
SEND_SECONDS = 300.0
RETRY_SECONDS = 0.5


class Kind(StrEnum):
    """How a post arrives and what becomes of it."""

    SENT = "photograph in the request"
    FETCHED = "photograph fetched"
    TRICKLED = "photograph that trickles and arrives"
    STALLED = "photograph that trickles for ever"
    REVISED = "second revision at once"
    DELETED = "deleted at once"
    HOSTILE = "hostile picture"


MIX = (
    [Kind.SENT] * 11
    + [Kind.FETCHED] * 3
    + [Kind.TRICKLED]
    + [Kind.REVISED] * 3
    + [Kind.DELETED] * 2
)


@dataclass(frozen=True)
class Sent:
    """One post, and what must be true of it at the end."""

    number: int
    kind: Kind
    shas: tuple[str, ...]
    photographs: tuple[Photograph, ...] = field(repr=False)

    @property
    def id(self) -> str:
        """Its id on the platform."""
        return f"chaos-{self.number}"


def plan(posts: int, stalled: int, hostile: int) -> Iterator[tuple[int, Kind]]:
    """The number and kind of each post: the mix, with stalled and hostile ones spread evenly."""
    odd = [Kind.STALLED] * stalled + [Kind.HOSTILE] * hostile
    places = {int((i + 0.5) * posts / max(len(odd), 1)): kind for i, kind in enumerate(odd)}
    for number in range(posts):
        yield number, places.get(number, MIX[number % len(MIX)])


class Platform:
    """Sends posts to one service.

    Args:
        tagsift: the client, made for the service.
        images_url: where the photographs' server listens.
        photographs: known photographs, taken in turn.
        hostile: bytes of hostile pictures, taken in turn.
    """

    def __init__(
        self,
        tagsift: Tagsift,
        images_url: str,
        photographs: Sequence[Photograph],
        hostile: Sequence[bytes],
    ) -> None:
        self._tagsift = tagsift
        self._images_url = images_url
        self._photographs = photographs
        self._hostile = hostile

    def send(self, number: int, kind: Kind) -> Sent:
        """Send one post, and its second revision or its deletion where its kind asks for it."""
        first = self._photographs[number % len(self._photographs)]
        if kind is Kind.HOSTILE:
            data = self._hostile[number % len(self._hostile)]
            self._send(number, 1, {"base64": base64.b64encode(data).decode()})
            return Sent(number, kind, (), ())
        data, sha = unique(first, number)
        if kind in {Kind.FETCHED, Kind.TRICKLED, Kind.STALLED}:
            self._send(number, 1, {"url": f"{self._images_url}/{kind.name.lower()}/{number}"})
        else:
            self._send(number, 1, {"base64": base64.b64encode(data).decode()})
        if kind is Kind.REVISED:
            # Another photograph: a verdict of the first revision's would be seen.
            second = self._photographs[(number + 7) % len(self._photographs)]
            data, other = unique(second, number)
            self._send(number, 2, {"base64": base64.b64encode(data).decode()})
            return Sent(number, kind, (sha, other), (first, second))
        if kind is Kind.DELETED:
            _persist(lambda: self._tagsift.delete(f"chaos-{number}"))
        return Sent(number, kind, (sha,), (first,))

    def _send(self, number: int, revision: int, image: dict[str, str]) -> None:
        post: dict[str, Any] = {
            "id": f"chaos-{number}",
            "revision": revision,
            "author": {"id": f"u-{number % 50}"},
            "caption": f"caption of post {number}, revision {revision}",
            "hashtags": list(TAGS),
            "created_at": datetime.now(UTC).isoformat(),
            "images": [image],
        }
        _persist(lambda: self._tagsift.send(post))


def _persist(call: Any) -> None:
    """Call until the service takes it: an outage is the platform's to wait out as well."""
    end = time.monotonic() + SEND_SECONDS
    while True:
        try:
            call()
        except (TagsiftError, httpx.TransportError) as error:
            status = getattr(error, "status", None)
            if time.monotonic() > end or (status is not None and status < 500 and status != 429):
                raise
            time.sleep(RETRY_SECONDS)
        else:
            return
