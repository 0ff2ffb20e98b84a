"""Who may call: webhooks are signed, everything else carries an API key."""

from __future__ import annotations

import hmac
import time
from http import HTTPStatus

from flask import Request
from werkzeug.exceptions import RequestEntityTooLarge

from service.config import Config
from service.problems import Problem
from service.signing import BytesWebhook

CALLER = "api"  # who acts, in the audit log: whoever has a key or a secret
HEADERS = ("webhook-id", "webhook-timestamp", "webhook-signature")
LONGEST_TIMESTAMP = 12  # digits


def check_delivery(request: Request, config: Config) -> None:
    """Refuse a delivery by its headers alone, before a byte of its body is read.

    Raises:
        Problem: 401 where the signature's headers are missing, no text that can be signed or too
            old; 413 where the body says that it is too large.
    """
    missing = [name for name in HEADERS if not request.headers.get(name)]
    if missing:
        raise _refused(f"The headers {', '.join(missing)} are missing.")
    timestamp = request.headers["webhook-timestamp"]
    if not _is_recent(timestamp, config.webhook_tolerance_seconds):
        raise _refused(
            "webhook-timestamp is not the number of seconds since 1970, or more than "
            f"{config.webhook_tolerance_seconds} seconds from now."
        )
    if (request.content_length or 0) > config.request_bytes:
        raise RequestEntityTooLarge


def check_signature(request: Request, body: bytes, config: Config) -> None:
    """A body must be signed by one of the live secrets. Its headers were checked before.

    Raises:
        Problem: 401, no live secret signed it.
    """
    identity, timestamp, signatures = (request.headers[name] for name in HEADERS)
    for secret in config.webhook_secrets:
        webhook = BytesWebhook(secret.get_secret_value())
        if webhook.has_signed(signatures, identity, timestamp, body):
            return
    raise _refused("No live secret signed this body.")


def check_key(request: Request, config: Config) -> None:
    """A request must carry one of the API keys as a bearer token.

    Raises:
        Problem: 401.
    """
    given = request.headers.get("Authorization", "").removeprefix("Bearer ").encode()
    # Every key is compared, each in constant time: no answer is faster than another.
    matches = [
        hmac.compare_digest(given, key.get_secret_value().encode()) for key in config.api_keys
    ]
    if not any(matches):
        raise Problem(
            HTTPStatus.UNAUTHORIZED,
            "no-api-key",
            "Send an API key: `Authorization: Bearer …`.",
            headers={"WWW-Authenticate": 'Bearer realm="tagsift"'},
        )


def _is_recent(timestamp: str, tolerance_seconds: int) -> bool:
    digits = timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= LONGEST_TIMESTAMP
    return digits and abs(time.time() - int(timestamp)) <= tolerance_seconds


def _refused(detail: str) -> Problem:
    return Problem(
        HTTPStatus.UNAUTHORIZED,
        "bad-signature",
        f"{detail} Sign the raw body as Standard Webhooks prescribe.",
        headers={"WWW-Authenticate": 'StandardWebhooks realm="tagsift"'},
    )
