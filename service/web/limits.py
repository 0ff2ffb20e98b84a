"""Limits for any client, before it is authenticated."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import parse_qs

from service.config import Config
from service.uploads.ticket import PATH, ForgedError, LateError, Tickets, tickets_of
from service.web.incoming import Head

SMALL_BYTES = 64 * 2**10
PLATFORM = "/v1/"


@dataclass(frozen=True)
class Limits:
    """Bounds of one process. An address is an IPv4 address or an IPv6 network of 64 bits.

    Attributes:
        body_bytes: largest body of a request.
        held_bytes: bodies held at once in all, small ones left out.
        held_bytes_of_one: of these, for one address.
        connections_of_one: connections of one address.
        head_seconds: for the headers, from the first wait for them.
        grace_seconds: how long a body may stay behind ``least_rate``.
        least_rate: bytes a second of a body.
        send_seconds: for a client to take one piece of an answer.
        spooled_bytes: uploads that arrive at once, on disk.
        spooled_bytes_of_one: of these, for one address.
        spool: the folder for that.
        is_upload: whether a body is a file that may be put: its URL is signed for its length.
    """

    body_bytes: int
    held_bytes: int
    held_bytes_of_one: int
    connections_of_one: int
    spooled_bytes: int
    spooled_bytes_of_one: int
    spool: Path
    is_upload: Callable[[Head], bool]
    head_seconds: float = 10.0
    grace_seconds: float = 10.0
    least_rate: int = 64 * 2**10
    send_seconds: float = 30.0

    @classmethod
    def of(cls, config: Config, connections: int) -> Limits:
        """The limits of the settings. Behind a proxy all requests come from its one address."""
        behind = config.trusted_proxies > 0
        held = max(config.web_body_bytes, config.request_bytes)
        spooled = max(config.upload_spool_bytes, config.upload_bytes, config.image_bytes)
        return cls(
            body_bytes=config.request_bytes,
            held_bytes=held,
            held_bytes_of_one=held if behind else max(held // 2, config.request_bytes),
            connections_of_one=connections if behind else connections // 4,
            spooled_bytes=spooled,
            spooled_bytes_of_one=spooled if behind else max(spooled // 2, config.upload_bytes),
            spool=config.data.resolve() / "spool",
            is_upload=partial(_is_upload, tickets_of(config)),
        )

    def wants_body(self, head: Head) -> bool:
        """Whether a body is read before the application is asked.

        It is not where the application refuses by the headers alone: the body is too large by its
        own word, it is sent to the API without a signature or key, or it is a large form of
        somebody who has no session.
        """
        if self.is_upload(head):
            return True
        if head.length is not None and head.length > self.body_bytes:
            return False
        if head.path.startswith(PLATFORM):
            return not head.headers.isdisjoint({"webhook-signature", "authorization"})
        is_small = head.length is not None and head.length <= SMALL_BYTES
        return is_small or "cookie" in head.headers


def _is_upload(tickets: Tickets, head: Head) -> bool:
    place = PATH.fullmatch(head.path)
    if head.method != "PUT" or place is None:
        return False
    try:
        ticket = tickets.read(place[1], parse_qs(head.query).get("ticket", [""])[0])
    except (ForgedError, LateError):
        return False
    return head.length == ticket.size
