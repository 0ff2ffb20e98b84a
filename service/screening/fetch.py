"""Fetch photographs from other people's servers, none of which is trusted."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import httpcore
import httpx

from service.config import Config, Network
from service.outgoing import Address, LimitedBackend, TooManyBytesError, limited
from service.screening.addresses import is_allowed

USER_AGENT = "Tagsift/0.1 (photograph screening)"
HEADERS = [
    ("User-Agent", USER_AGENT),
    ("Accept", "image/*"),
    ("Accept-Encoding", "identity"),
    ("Connection", "close"),
]
REDIRECTS = {301, 302, 303, 307, 308}
OVERHEAD_BYTES = 256 * 2**10  # headers, redirects, chunk sizes


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
    connection goes to the address that was checked. One limit of time and one of bytes hold from
    the first name lookup to the last byte, redirects included.

    Raises:
        FetchError: with the reason.
    """
    pool = _pool(config.fetch_allow)
    target = _checked(url)
    try:
        with limited(config.fetch_seconds, config.image_bytes + OVERHEAD_BYTES):
            for _ in range(config.fetch_redirects + 1):
                answer = _get(pool, target, config.image_bytes)
                if isinstance(answer, bytes):
                    return answer
                target = _checked(answer.location, target)
    except httpcore.TimeoutException:
        slow = f"The server took longer than {config.fetch_seconds:g} seconds."
        raise FetchError("timed_out", slow) from None
    except TooManyBytesError:
        raise _too_large(config.image_bytes) from None
    except (httpcore.NetworkError, httpcore.ProtocolError, OSError, ValueError) as error:
        what = str(error) or type(error).__name__
        raise FetchError("unreachable", f"The server did not answer: {what}.") from None
    raise FetchError("too_many_redirects", f"More than {config.fetch_redirects} redirects.")


class _Redirect:
    def __init__(self, location: str) -> None:
        self.location = location


@cache
def _pool(exceptions: tuple[Network, ...]) -> httpcore.ConnectionPool:
    """One for each process: reading the certificates takes milliseconds of processor. No connection
    is kept, since servers are as many as photographs."""
    return httpcore.ConnectionPool(
        ssl_context=httpcore.default_ssl_context(),
        network_backend=GuardedBackend(exceptions),
        max_connections=None,
        max_keepalive_connections=0,
        retries=0,
    )


def _get(pool: httpcore.ConnectionPool, url: httpx.URL, most: int) -> bytes | _Redirect:
    # As httpx itself hands URLs to httpcore.
    target = httpcore.URL(
        scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
    )
    with pool.stream("GET", target, headers=[("Host", _host(url)), *HEADERS]) as response:
        fields = {name.lower(): value for name, value in response.headers}
        if response.status in REDIRECTS and b"location" in fields:
            return _Redirect(fields[b"location"].decode("latin-1"))
        if response.status != 200:
            raise FetchError("http_status", f"The server answered {response.status}.")
        body = bytearray()
        for chunk in response.iter_stream():
            body += chunk
            if len(body) > most:
                raise _too_large(most)
        return bytes(body)


def _host(url: httpx.URL) -> str:
    return url.netloc.decode("ascii")


def _checked(url: str, base: httpx.URL | None = None) -> httpx.URL:
    """A URL that may be asked, as it stands in a post or in a redirect. Host names may be in any
    script (IDNA)."""
    try:
        parsed = base.join(url) if base else httpx.URL(url)
        host = parsed.raw_host.decode("ascii")
    except (httpx.InvalidURL, ValueError, TypeError):
        raise FetchError("bad_url", "The URL cannot be read.") from None
    if parsed.scheme not in {"http", "https"}:
        raise FetchError("bad_url", "Only http and https URLs are fetched.")
    if "%" in host or not 0 < (parsed.port or 80) < 2**16:  # what "http://[" becomes
        raise FetchError("bad_url", "The URL cannot be read.")
    if not host or parsed.userinfo:
        raise FetchError("bad_url", "The URL needs a host, and no user name.")
    return parsed


def _too_large(most: int) -> FetchError:
    return FetchError("too_large", f"The file is larger than {most} bytes.")


class GuardedBackend(LimitedBackend):
    """Opens connections to allowed addresses only.

    The name is resolved once and the connection goes to the very address that was checked, so a
    name that resolves differently the second time (DNS rebinding) gains nothing.
    """

    def __init__(self, exceptions: Sequence[Network]) -> None:
        self._exceptions = exceptions

    def admit(self, host: str, addresses: Sequence[Address]) -> None:
        """All addresses of a host must be allowed."""
        for address in addresses:
            if not is_allowed(address, self._exceptions):
                raise FetchError("forbidden_address", f"{host} is not on the public internet.")

    def connect_unix_socket(self, *_: Any, **__: Any) -> httpcore.NetworkStream:
        """Refused: no photograph lies behind a local socket."""
        raise FetchError("forbidden_address", "Local sockets are not fetched from.")
