"""Fetch photographs from other people's servers, none of which is trusted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, BinaryIO, NamedTuple

import httpcore
import httpx

from service.config import Config
from service.kinds import Network
from service.outgoing import Address, LimitedBackend, TooManyBytesError, limited
from service.screening.addresses import is_allowed

USER_AGENT = "Tagsift/0.1 (photograph screening)"
HEADERS = [
    ("User-Agent", USER_AGENT),
    ("Accept", "image/*, video/*"),
    ("Accept-Encoding", "identity"),
    ("Connection", "close"),
]
REDIRECTS = {301, 302, 303, 307, 308}
OVERHEAD_BYTES = 256 * 2**10  # headers, redirects, chunk sizes


class FetchError(Exception):
    """A photograph or a video cannot be had. ``code`` is one of bad_url, forbidden_address,
    unreachable, timed_out, http_status, too_many_redirects and too_large."""

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
    body = bytearray()
    most = _Most(config.image_bytes, config.fetch_seconds, config.fetch_seconds)
    _fetch(url, config, most, body.extend)
    return bytes(body)


def fetch_video(url: str, file: BinaryIO, config: Config, seconds: float | None = None) -> None:
    """Write the bytes at an http(s) URL to a file, under the same guards, with the limits for
    videos; of a video no more than one chunk is ever in memory. Its server may be silent no longer
    than a photograph may take.

    Args:
        seconds: another limit of time than that for videos.

    Raises:
        FetchError: with the reason.
        OSError: the file cannot be written.
    """

    def write(chunk: bytes) -> None:
        try:
            file.write(chunk)
        except OSError as error:  # no fault of the server's
            raise _WriteError(error) from error

    seconds = config.video_fetch_seconds if seconds is None else seconds
    most = _Most(config.video_bytes, seconds, min(seconds, config.fetch_seconds))
    try:
        _fetch(url, config, most, write)
    except _WriteError as error:
        raise error.cause from None


class _WriteError(Exception):
    def __init__(self, cause: OSError) -> None:
        super().__init__(str(cause))
        self.cause = cause


class _Most(NamedTuple):
    size: int
    seconds: float
    silence: float


def _fetch(url: str, config: Config, most: _Most, write: Callable[[bytes], object]) -> None:
    pool = _pool(config.fetch_allow)
    target = _checked(url)
    try:
        with limited(most.seconds, most.size + OVERHEAD_BYTES, most.silence):
            for _ in range(config.fetch_redirects + 1):
                answer = _get(pool, target, most.size, write)
                if answer is None:
                    return
                target = _checked(answer.location, target)
    except httpcore.TimeoutException:
        slow = f"The server took longer than {most.seconds:g} seconds"
        if most.silence < most.seconds:
            slow += f", or sent nothing for {most.silence:g}"
        raise FetchError("timed_out", f"{slow}.") from None
    except TooManyBytesError:
        raise _too_large(most.size) from None
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


def _get(
    pool: httpcore.ConnectionPool, url: httpx.URL, most: int, write: Callable[[bytes], object]
) -> _Redirect | None:
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
        had = 0
        for chunk in response.iter_stream():
            had += len(chunk)
            if had > most:
                raise _too_large(most)
            write(chunk)
        return None


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
