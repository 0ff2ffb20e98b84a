"""A request's client address and route."""

from __future__ import annotations

import ipaddress

from flask import Request, request

HOME_BITS = 64  # of an IPv6 address: what one household or machine is given, to use as it likes


def network() -> str:
    """The address that requests are counted by: the /64 network for IPv6, because a client has a
    whole one.
    """
    remote = request.remote_addr or ""
    try:
        address = ipaddress.ip_address(remote)
    except ValueError:  # a Unix socket has none
        return remote
    if address.version == 4:
        return str(address)
    return str(ipaddress.ip_network((address, HOME_BITS), strict=False))


def asked(request: Request) -> str:
    """The method and the route. Not the path: strangers can make up any number of them, and some
    contain a post's id or a hashtag.
    """
    return f"{request.method} {request.url_rule or '?'}"
