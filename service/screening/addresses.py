"""Which network addresses a photograph may be fetched from."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

from service.config import Network

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# RFC 6052: the IPv4 address stands in the last 32 bits.
_NAT64 = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("64:ff9b:1::/48"))
_COMPATIBLE = ipaddress.IPv6Network("::/96")  # RFC 4291, long deprecated


def is_allowed(address: Address, exceptions: Sequence[Network]) -> bool:
    """Whether an address is public, or one the operator made an exception for.

    An IPv6 address that carries an IPv4 address (mapped, compatible, 6to4, Teredo, NAT64) is
    judged by that one too, since a gateway may deliver to it.
    """
    if any(address in network for network in exceptions if network.version == address.version):
        return True
    return _is_public(address) and all(_is_public(inner) for inner in _carried(address))


def _is_public(address: Address) -> bool:
    """Globally reachable by the IANA registries (so neither private, loopback, link-local nor
    CGNAT), and meant for one host."""
    return address.is_global and not (
        address.is_multicast or address.is_reserved or address.is_unspecified
    )


def _carried(address: Address) -> list[ipaddress.IPv4Address]:
    if isinstance(address, ipaddress.IPv4Address):
        return []
    found = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if any(address in network for network in (*_NAT64, _COMPATIBLE)):
        found.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return [inner for inner in found if inner is not None]
