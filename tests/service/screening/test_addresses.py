"""Which addresses are the public internet, and which only look like it."""

from __future__ import annotations

import ipaddress

import pytest

from service.screening.addresses import is_allowed


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.8.8",
        "0.0.0.0",  # noqa: S104  # not bound, refused
        "10.1.2.3",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "169.254.169.254",  # cloud metadata
        "100.64.0.1",  # CGNAT, RFC 6598
        "100.127.255.255",
        "192.0.0.1",
        "192.0.0.192",  # metadata of a cloud
        "192.0.0.9",  # anycast, which the interpreter calls global
        "192.0.2.1",
        "192.31.196.1",
        "192.88.99.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fe80::1",
        "fec0::1",  # site-local
        "3fff::1",  # documentation
        "3fff:fff::1",
        "5f00::1",
        "100::1",
        "2001:2::1",
        "4000::1",  # given to nobody
        "fc00::1",
        "fd12:3456::1",
        "ff02::1",
        "2001:db8::1",
        "::ffff:127.0.0.1",  # mapped
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "::127.0.0.1",  # compatible
        "64:ff9b::7f00:1",  # NAT64 of 127.0.0.1
        "64:ff9b::a9fe:a9fe",
        "64:ff9b::c000:c0",  # of 192.0.0.192
        "::ffff:192.0.0.192",
        "64:ff9b:1::a00:1",
        "64:ff9b:1::808:808",
        "2002:7f00:1::",  # 6to4 of 127.0.0.1
        "2002:a00:1::",
        "2001:0:4136:e378:8000:63bf:80ff:fffe",  # Teredo of 127.0.0.1
    ],
)
def test_not_public(address: str) -> None:
    assert not is_allowed(ipaddress.ip_address(address), ())


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "93.184.216.34", "2606:4700::6810:84e5", "::ffff:8.8.8.8", "64:ff9b::808:808"],
)
def test_public(address: str) -> None:
    assert is_allowed(ipaddress.ip_address(address), ())


def test_an_operator_may_make_exceptions() -> None:
    exceptions = (ipaddress.ip_network("10.1.0.0/16"),)
    assert is_allowed(ipaddress.ip_address("10.1.2.3"), exceptions)
    assert not is_allowed(ipaddress.ip_address("10.2.2.3"), exceptions)
    assert not is_allowed(ipaddress.ip_address("::1"), exceptions)
