"""Check who calls: webhooks are signed, everything else carries an API key."""

from __future__ import annotations

import hmac
import time
from http import HTTPStatus

from flask import Request, g
from werkzeug.exceptions import RequestEntityTooLarge

from service.apikeys.known import KnownKeys
from service.config import Config
from service.problems import Problem
from service.signing import BytesWebhook

CALLER = (
    "api"  # the actor in the audit log: a holder of a webhook secret, or of a key of the settings
)
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
    """Check that one of the live secrets signed the body. The headers were checked before.

    Raises:
        Problem: 401, no live secret signed it.
    """
    identity, timestamp, signatures = (request.headers[name] for name in HEADERS)
    for secret in config.webhook_secrets:
        webhook = BytesWebhook(secret.get_secret_value())
        if webhook.has_signed(signatures, identity, timestamp, body):
            return
    raise _refused("No live secret signed this body.")


def caller() -> str:
    """The actor for the audit log, with the key's name if the key was made in the console."""
    return str(g.get("caller", CALLER))


def check_key(request: Request, config: Config, known: KnownKeys) -> str:
    """Check that a request carries an API key, of the settings or the console, as a bearer token.

    Returns:
        the key's name, for ``caller``.

    Raises:
        Problem: 401.
    """
    token = _bearer(request)
    if _is_of_settings(token, config):
        return CALLER
    name = known.name_of(token)
    if name is None:
        raise _no_key()
    return f"{CALLER}:{name}"


def check_operator(request: Request, config: Config) -> None:
    """Check that a request carries an API key of the settings: what it asks for is not for
    platforms.

    Raises:
        Problem: 401.
    """
    if not _is_of_settings(_bearer(request), config):
        raise _no_key()


def _bearer(request: Request) -> str:
    return request.headers.get("Authorization", "").removeprefix("Bearer ")


def _is_of_settings(token: str, config: Config) -> bool:
    # Every key is compared, each in constant time: no answer is faster than another.
    matches = [
        hmac.compare_digest(token.encode(), key.get_secret_value().encode())
        for key in config.api_keys
    ]
    return any(matches)


def _no_key() -> Problem:
    return Problem(
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
