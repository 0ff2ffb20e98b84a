"""Photographs from other people's servers, which are trusted with nothing."""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urljoin

import httpcore

from service.config import Config, Network
from service.screening.addresses import is_allowed

USER_AGENT = "Tagsift/0.1 (photograph screening)"


class FetchError(Exception):
    """A photograph cannot be had. ``code`` is one of bad_url, forbidden_address, unreachable,
    timed_out, http_status, too_many_redirects and too_large."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def fetch(url: str, config: Config) -> bytes:
    """The bytes at an http(s) URL.

    Every address is checked when the connection is made, after each redirect too, and the
    connection goes to the address that was checked. Bytes and seconds are limited while they run.

    Raises:
        FetchError: with the reason.
    """
    deadline = time.monotonic() + config.fetch_seconds
    backend = GuardedBackend(config.fetch_allow)
    with httpcore.ConnectionPool(network_backend=backend, retries=0) as pool:
        for _ in range(config.fetch_redirects + 1):
            target = _checked(url)
            try:
                answer = _get(pool, target, deadline, config.image_bytes)
            except httpcore.TimeoutException:
                raise FetchError("timed_out", _slow(config)) from None
            except (httpcore.NetworkError, httpcore.ProtocolError, OSError, ValueError) as error:
                what = str(error) or type(error).__name__
                raise FetchError("unreachable", f"The server did not answer: {what}.") from None
            if isinstance(answer, bytes):
                return answer
            url = _join(target, answer.location)
    raise FetchError("too_many_redirects", f"More than {config.fetch_redirects} redirects.")


class _Redirect:
    def __init__(self, location: str) -> None:
        self.location = location


def _get(
    pool: httpcore.ConnectionPool, url: httpcore.URL, deadline: float, most: int
) -> bytes | _Redirect:
    left = max(deadline - time.monotonic(), 0.001)
    limits = dict.fromkeys(("connect", "read", "write", "pool"), left)
    headers = [("User-Agent", USER_AGENT), ("Accept", "image/*"), ("Accept-Encoding", "identity")]
    with pool.stream("GET", url, headers=headers, extensions={"timeout": limits}) as response:
        fields = {name.lower(): value for name, value in response.headers}
        if response.status in {301, 302, 303, 307, 308} and b"location" in fields:
            return _Redirect(fields[b"location"].decode("latin-1"))
        if response.status != 200:
            raise FetchError("http_status", f"The server answered {response.status}.")
        if int(fields.get(b"content-length", b"0")) > most:
            raise _too_large(most)
        return _read(response.iter_stream(), deadline, most)


def _read(chunks: Iterable[bytes], deadline: float, most: int) -> bytes:
    """All chunks, unless they grow too many or trickle for too long."""
    body = bytearray()
    for chunk in chunks:
        body += chunk
        if len(body) > most:
            raise _too_large(most)
        if time.monotonic() > deadline:
            raise httpcore.ReadTimeout
    return bytes(body)


def _checked(url: str) -> httpcore.URL:
    try:
        parsed = httpcore.URL(url)
        scheme, host = parsed.scheme.decode(), parsed.host.decode()
    except (ValueError, TypeError, UnicodeError):
        raise FetchError("bad_url", "The URL cannot be read.") from None
    if scheme not in {"http", "https"}:
        raise FetchError("bad_url", "Only http and https URLs are fetched.")
    if not host or "@" in url.split("/")[2]:
        raise FetchError("bad_url", "The URL needs a host, and no user name.")
    return parsed


def _join(base: httpcore.URL, location: str) -> str:
    return urljoin(bytes(base).decode("ascii", "replace"), location)


def _too_large(most: int) -> FetchError:
    return FetchError("too_large", f"The file is larger than {most} bytes.")


def _slow(config: Config) -> str:
    return f"The server took longer than {config.fetch_seconds:g} seconds."


class GuardedBackend(httpcore.SyncBackend):
    """Opens connections to allowed addresses only.

    The name is resolved here and the connection goes to the very address that was checked, so a
    name that resolves differently the second time (DNS rebinding) gains nothing.
    """

    def __init__(self, exceptions: Sequence[Network]) -> None:
        self._exceptions = exceptions

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address of a host that answers. All of them must be allowed."""
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (socket.gaierror, UnicodeError) as error:
            raise httpcore.ConnectError(f"{host} cannot be resolved") from error
        addresses = list(dict.fromkeys(str(entry[4][0]).partition("%")[0] for entry in found))
        for address in addresses:
            if not is_allowed(ipaddress.ip_address(address), self._exceptions):
                raise FetchError("forbidden_address", f"{host} is not on the public internet.")
        failure: httpcore.ConnectError | httpcore.ConnectTimeout | None = None
        for address in addresses:
            try:
                return super().connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure or httpcore.ConnectError(f"{host} has no address")

    def connect_unix_socket(self, *_: Any, **__: Any) -> httpcore.NetworkStream:
        """Refused: no photograph lies behind a local socket."""
        raise FetchError("forbidden_address", "Local sockets are not fetched from.")
