"""Where a request comes from."""

from __future__ import annotations

import ipaddress

from flask_limiter.util import get_remote_address

HOME_BITS = 64  # of an IPv6 address: what one household or machine is given, to use as it likes


def network() -> str:
    """The address to count requests by: of IPv6, the network, or guessing would be free."""
    try:
        address = ipaddress.ip_address(get_remote_address())
    except ValueError:  # a Unix socket has none
        return get_remote_address()
    if address.version == 4:
        return str(address)
    return str(ipaddress.ip_network((address, HOME_BITS), strict=False))
