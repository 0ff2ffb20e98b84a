"""Where a page may send a browser on to: a place on this site."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

LONGEST = 2000
# What browsers drop or turn into a slash before they look where an address leads (WHATWG URL).
_CHANGED = re.compile(r"[\x00-\x20\x7f\\]")
_KEPT = "/?&=%:@!$'()*+,;~-._"  # what an address may hold as it is (RFC 3986)


def local_target(target: str | None, otherwise: str) -> str:
    """A path with its query on this site, or ``otherwise`` where ``target`` is anything else.

    Spaces count as anything else; letters beyond ASCII are percent-encoded.
    """
    if not target or len(target) > LONGEST or _CHANGED.search(target):
        return otherwise
    if not target.startswith("/") or target.startswith("//"):
        return otherwise
    try:
        parts = urlsplit(target)
        encoded = quote(parts.path + (f"?{parts.query}" if parts.query else ""), safe=_KEPT)
    except ValueError:  # a bracket that is no IPv6 address, or half of a surrogate pair
        return otherwise
    return encoded if len(encoded) <= LONGEST else otherwise
