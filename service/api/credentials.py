"""Who may call: webhooks are signed, everything else carries an API key."""

from __future__ import annotations

import hmac
import time
from http import HTTPStatus

from flask import Request
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

from service.config import Config
from service.problems import Problem
from service.signing import BytesWebhook, as_text

CALLER = "api"  # who acts, in the audit log: whoever has a key or a secret
HEADERS = ("webhook-id", "webhook-timestamp", "webhook-signature")


def check_signature(request: Request, body: bytes, config: Config) -> None:
    """A body must be signed by one of the live secrets, and not long ago.

    Raises:
        Problem: 401, with what was wrong.
    """
    headers = {name: request.headers.get(name, "") for name in HEADERS}
    missing = [name for name, value in headers.items() if not value]
    if missing:
        raise _refused(f"The headers {', '.join(missing)} are missing.")
    for secret in config.webhook_secrets:
        if _is_signed(BytesWebhook(secret.get_secret_value()), headers, body, config):
            return
    raise _refused(
        "No live secret signed this body, or its timestamp is more than "
        f"{config.webhook_tolerance_seconds} seconds from now."
    )


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


def _is_signed(webhook: Webhook, headers: dict[str, str], body: bytes, config: Config) -> bool:
    try:
        webhook.verify(as_text(body), headers, json_parse=False)
    except (WebhookVerificationError, ValueError):  # ValueError: a header that is no signature
        return False
    return _age(headers["webhook-timestamp"]) <= config.webhook_tolerance_seconds


def _age(timestamp: str) -> float:
    """Seconds from now. The library allows five minutes; the operator may allow less."""
    return abs(time.time() - float(timestamp))


def _refused(detail: str) -> Problem:
    return Problem(
        HTTPStatus.UNAUTHORIZED,
        "bad-signature",
        f"{detail} Sign the raw body as Standard Webhooks prescribe.",
        headers={"WWW-Authenticate": 'StandardWebhooks realm="tagsift"'},
    )
