"""Which network addresses a photograph may be fetched from."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

from service.kinds import Network

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# The IANA registries of special-purpose addresses (RFC 6890), as of 2026, and multicast. A list of
# our own, because what the interpreter calls global differs from version to version.
FORBIDDEN = tuple(
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # shared by carriers (CGNAT)
        "127.0.0.0/8",  # loopback
        "169.254.0.0/16",  # link-local, metadata of clouds
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments; 192.0.0.192 is metadata of a cloud
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT
        "192.88.99.0/24",  # 6to4 relays, deprecated
        "192.168.0.0/16",  # private
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
        "::/96",  # unspecified, loopback, IPv4-compatible
        "::ffff:0:0/96",  # IPv4-mapped: judged by the IPv4 address, see below
        "64:ff9b::/96",  # NAT64: likewise
        "64:ff9b:1::/48",  # NAT64 of a local network
        "100::/64",  # discarded
        "100:0:0:1::/64",  # dummy
        "2001::/23",  # protocol assignments, Teredo among them
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4, deprecated
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",  # documentation
        "5f00::/16",  # segment routing
        "fc00::/7",  # unique local
        "fe80::/10",  # link-local
        "fec0::/10",  # site-local, deprecated
        "ff00::/8",  # multicast
    )
)
_PUBLIC_IPV6 = ipaddress.ip_network("2000::/3")  # all that has ever been given out
# These carry an IPv4 address in the last 32 bits, and gateways deliver to it.
_CARRIERS = tuple(ipaddress.ip_network(network) for network in ("::ffff:0:0/96", "64:ff9b::/96"))


def is_allowed(address: Address, exceptions: Sequence[Network]) -> bool:
    """Whether an address is public, or one the operator made an exception for.

    An IPv6 address that a gateway turns into an IPv4 address (mapped, NAT64) is as public as that
    one. Other ways to carry one (compatible, 6to4, Teredo) are long deprecated, and forbidden.
    """
    if any(address in network for network in exceptions if network.version == address.version):
        return True
    carried = _carried(address)
    if carried is not None:
        return is_public(carried)
    return is_public(address)


def is_public(address: Address) -> bool:
    """One host of the public internet, by both our own list and the interpreter's."""
    if any(address in network for network in FORBIDDEN if network.version == address.version):
        return False
    if address.version == 6 and address not in _PUBLIC_IPV6:
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _carried(address: Address) -> ipaddress.IPv4Address | None:
    if any(address in network for network in _CARRIERS if network.version == address.version):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return None
