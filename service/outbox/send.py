"""One signed HTTP request to the platform."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx

from service.config import Config
from service.signing import BytesWebhook, as_text


@dataclass(frozen=True)
class Outcome:
    """How a delivery went. ``gone``: the receiver wants no more of it; ``retry_seconds``: what it
    asked for."""

    delivered: bool
    error: str | None = None
    gone: bool = False
    retry_seconds: float | None = None


def send(config: Config, delivery_id: str, content: Mapping[str, Any]) -> Outcome:
    """Send one callback, signed by every live secret so that either side can rotate first."""
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    now = datetime.now(UTC)
    signatures = [
        BytesWebhook(secret.get_secret_value()).sign(delivery_id, now, as_text(body))
        for secret in config.webhook_secrets
    ]
    headers = {
        "content-type": "application/json",
        "user-agent": "Tagsift/0.1 (callback)",
        "webhook-id": delivery_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
    try:
        response = httpx.post(
            config.callback_url,
            content=body,
            headers=headers,
            timeout=config.callback_seconds,
            follow_redirects=False,
            trust_env=False,
        )
    except httpx.HTTPError as error:
        return Outcome(False, f"{type(error).__name__}: {error}")
    except httpx.InvalidURL as error:
        return Outcome(False, f"TAGSIFT_CALLBACK_URL cannot be used: {error}")
    if response.is_success:
        return Outcome(True)
    gone = response.status_code == httpx.codes.GONE
    said = f"the receiver answered {response.status_code}"
    return Outcome(False, said, gone, _retry_seconds(response))


def _retry_seconds(response: httpx.Response) -> float | None:
    asked = response.headers.get("retry-after", "")
    return float(asked) if asked.isdigit() else None
