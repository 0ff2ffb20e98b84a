"""One signed HTTP request to the platform, of whose answer only status and headers are read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpcore
import httpx

from service.config import Config
from service.outbox.retry_after import seconds_asked
from service.outbox.target import target
from service.outgoing import Connections, limited
from service.signing import BytesWebhook, as_text

HEAD_BYTES = 65536  # most bytes read of an answer: its status line and headers fit many times
ERROR_CHARACTERS = 300
GONE = 410
UNHELPFUL = {408, 429}  # besides 5xx: the receiver cannot take callbacks now, whichever

FAILURES = (
    httpcore.TimeoutException,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.UnsupportedProtocol,
    OSError,
    ValueError,
)


@dataclass(frozen=True)
class Outcome:
    """How a delivery went.

    ``answered``: the receiver is there and takes callbacks, if not this one; ``gone``: it wants no
    more of it; ``retry_seconds``: what it asked for.
    """

    delivered: bool
    error: str | None = None
    answered: bool = True
    gone: bool = False
    retry_seconds: float | None = None


def send(
    connections: Connections,
    config: Config,
    delivery_id: str,
    content: Mapping[str, Any],
    at: datetime,
) -> Outcome:
    """Send one callback, signed at ``at`` by every live secret: either side can rotate first.

    It takes ``config.callback_seconds`` at most, from name lookup to the last header.
    """
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    try:
        url, login = target(config.callback_url)
        headers = [*_headers(config, delivery_id, body, at).items(), *login.items()]
        with (
            limited(config.callback_seconds, HEAD_BYTES) as limit,
            connections.pool.stream("POST", url, headers=headers, content=body) as answer,
        ):
            # The body is nobody's concern. What came along with the headers is taken from memory:
            # if that was all, the connection can be used again.
            limit.read_no_more()
            with suppress(*FAILURES):
                for _ in answer.iter_stream():
                    pass
    except httpx.InvalidURL as error:
        return Outcome(False, f"TAGSIFT_CALLBACK_URL cannot be used: {error}")
    except FAILURES as error:
        return Outcome(False, _text(error), answered=False)
    return _outcome(answer, at)


def _headers(config: Config, delivery_id: str, body: bytes, at: datetime) -> dict[str, str]:
    signatures = [
        BytesWebhook(secret.get_secret_value()).sign(delivery_id, at, as_text(body))
        for secret in config.webhook_secrets
    ]
    return {
        "accept": "*/*",
        "accept-encoding": "identity",
        "content-type": "application/json",
        "user-agent": "Tagsift/0.1 (callback)",
        "webhook-id": delivery_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def _outcome(answer: httpcore.Response, at: datetime) -> Outcome:
    if 200 <= answer.status < 300:
        return Outcome(True)
    fields = {name.lower(): value for name, value in answer.headers}
    return Outcome(
        False,
        f"the receiver answered {answer.status}",
        answered=answer.status < 500 and answer.status not in UNHELPFUL,
        gone=answer.status == GONE,
        retry_seconds=seconds_asked(fields.get(b"retry-after", b"").decode("latin-1"), at),
    )


def _text(error: Exception) -> str:
    """What went wrong. A receiver's own bytes may stand in it: they are cut, and PostgreSQL's texts
    hold no NUL."""
    return f"{type(error).__name__}: {error}".replace("\0", "")[:ERROR_CHARACTERS]
