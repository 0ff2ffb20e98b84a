"""Requests to other servers, with one limit of time and one of bytes for a whole exchange.

httpcore's own time-outs hold for one step each (one read, one write), so a server that sends a
byte now and then is never too slow. Here each step gets what is left of one wall-clock limit that
covers name lookup, connecting, TLS, sending, status line, headers and body. Bytes are counted as
they come from the network, before anything parses or keeps them.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cached_property
from queue import Empty, SimpleQueue
from typing import Any

import httpcore

MOST_LOOKUPS = 32  # at once in one process; a lookup that hangs keeps its thread until it ends
CHUNK_BYTES = 65536
KEPT_SECONDS = 4.0  # an idle connection; servers close them after five seconds or later

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class TooManyBytesError(httpcore.ProtocolError):
    """The server sent more than the limit allows."""


class Limit:
    """What is left of an exchange's limits."""

    def __init__(self, seconds: float, most_bytes: int, silence: float) -> None:
        self._end = time.monotonic() + seconds
        self._room = most_bytes
        self._silence = silence

    def step_seconds(self) -> float:
        """How long the next step may take: always more than 0.

        Raises:
            httpcore.TimeoutException: none are left.
        """
        left = self._end - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("the time for the whole exchange is over")
        return min(left, self._silence)

    def bytes_left(self) -> int:
        """Bytes that may still be received, always more than 0.

        Raises:
            TooManyBytesError: none are left.
        """
        if self._room <= 0:
            raise TooManyBytesError("the server sent more than is read")
        return self._room

    def count(self, received: int) -> None:
        """Subtract received bytes from the limit."""
        self._room -= received

    def read_no_more(self) -> None:
        """Refuse every byte from now on."""
        self._room = 0


_current: ContextVar[Limit] = ContextVar("limit of the exchange")


@contextmanager
def limited(seconds: float, most_bytes: int, silence: float | None = None) -> Iterator[Limit]:
    """Limit what this thread exchanges through a ``LimitedBackend`` within the block.

    Connections are pooled and outlive a block; the limit belongs to the block, so that each
    exchange has its own.

    Args:
        seconds: for the whole exchange.
        most_bytes: that are received.
        silence: seconds in which nothing comes from the other server; None: as many as for all.
    """
    limit = Limit(seconds, most_bytes, seconds if silence is None else silence)
    token = _current.set(limit)
    try:
        yield limit
    finally:
        _current.reset(token)


class LimitedBackend(httpcore.SyncBackend):
    """Opens connections; each of their steps obeys the limit of the block they are used in."""

    def admit(self, host: str, addresses: Sequence[Address]) -> None:
        """Raise if a host with these addresses must not be connected to. Here all are allowed."""

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address of a host that answers; all attempts share the time left."""
        limit = _current.get()
        addresses = resolve(host, port, limit)
        self.admit(host, addresses)
        failure: Exception = httpcore.ConnectError(f"{host} has no address")
        for tried, address in enumerate(addresses):
            share = limit.step_seconds() / (len(addresses) - tried)
            try:
                inner = super().connect_tcp(
                    str(address), port, share, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _LimitedStream(inner)
        raise failure


class Connections:
    """A pool of connections to other servers, for any number of threads."""

    def __init__(self, backend: LimitedBackend | None = None) -> None:
        self._backend = backend or LimitedBackend()

    @cached_property
    def pool(self) -> httpcore.ConnectionPool:
        """httpcore's pool. It is made when it is first needed, after a worker's processes were
        forked: two of them cannot share a connection."""
        return httpcore.ConnectionPool(
            ssl_context=httpcore.default_ssl_context(),  # else one is made for each connection
            max_connections=None,
            keepalive_expiry=KEPT_SECONDS,
            network_backend=self._backend,
        )

    def close(self) -> None:
        """Close the idle connections."""
        if "pool" in vars(self):
            self.pool.close()


def resolve(host: str, port: int, limit: Limit) -> Sequence[Address]:
    """The addresses of a host, each once, in the resolver's order.

    ``getaddrinfo`` cannot be interrupted, so a thread asks, and is left behind when the time is
    over.

    Raises:
        httpcore.ConnectError: the name cannot be resolved.
        httpcore.ConnectTimeout: the resolver took too long.
    """
    answers: SimpleQueue[list[Address] | Exception] = SimpleQueue()
    if not _lookups.acquire(timeout=limit.step_seconds()):
        raise httpcore.ConnectTimeout("too many names are being resolved")
    asker = threading.Thread(target=_look_up, args=(host, port, answers), daemon=True)
    try:
        asker.start()
    except RuntimeError:  # no more threads
        _lookups.release()
        raise httpcore.ConnectError(f"{host} cannot be resolved now") from None
    try:
        found = answers.get(timeout=limit.step_seconds())
    except Empty:
        raise httpcore.ConnectTimeout(f"{host} was not resolved in time") from None
    if isinstance(found, Exception):
        raise httpcore.ConnectError(f"{host} cannot be resolved") from found
    return found


_lookups = threading.BoundedSemaphore(MOST_LOOKUPS)


def _look_up(host: str, port: int, answers: SimpleQueue[list[Address] | Exception]) -> None:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        texts = dict.fromkeys(str(entry[4][0]).partition("%")[0] for entry in found)
        answers.put([ipaddress.ip_address(text) for text in texts])
    except (OSError, ValueError) as error:  # ValueError: no name by IDNA, or a port of no number
        answers.put(error)
    finally:
        _lookups.release()


class _LimitedStream(httpcore.NetworkStream):
    """A connection that asks the current limit before each step."""

    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        limit = _current.get()
        data = self._inner.read(min(max_bytes, limit.bytes_left()), limit.step_seconds())
        limit.count(len(data))
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        # A whole write in steps of our own: httpcore gives each of its steps the full time again.
        sock: socket.socket = self._inner.get_extra_info("socket")
        limit, rest = _current.get(), memoryview(buffer)
        while rest:
            sock.settimeout(limit.step_seconds())
            try:
                sent = sock.send(rest[:CHUNK_BYTES])
            except TimeoutError as error:
                raise httpcore.WriteTimeout(str(error)) from error
            except OSError as error:
                raise httpcore.WriteError(str(error)) from error
            rest = rest[sent:]

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        # OpenSSL's whole handshake is one step to Python, with one time for all of it.
        try:
            left = _current.get().step_seconds()
            secured = self._inner.start_tls(ssl_context, server_hostname, left)
        except BaseException:
            self.close()  # the pool does not know of this connection yet
            raise
        return _LimitedStream(secured)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)
