"""Where callbacks are sent: what the setting says, taken apart."""

from __future__ import annotations

import base64
from collections.abc import Mapping

import httpcore
import httpx

PORTS = {"http": 80, "https": 443}


def origin(url: str) -> str:
    """``https://host:port`` of a URL, without the user name and password that it may hold.

    Raises:
        httpx.InvalidURL: it is none.
    """
    parsed = httpx.URL(url)
    return f"{parsed.scheme}://{parsed.host}:{parsed.port or PORTS.get(parsed.scheme)}"


def target(url: str) -> tuple[httpcore.URL, Mapping[str, str]]:
    """A URL for the wire, and the header that its user name and password ask for.

    Raises:
        httpx.InvalidURL: it is none.
    """
    parsed = httpx.URL(url)
    address = httpcore.URL(
        scheme=parsed.raw_scheme, host=parsed.raw_host, port=parsed.port, target=parsed.raw_path
    )
    if not parsed.userinfo:
        return address, {}
    known = base64.b64encode(f"{parsed.username}:{parsed.password}".encode()).decode()
    return address, {"authorization": f"Basic {known}"}
