"""A gunicorn worker whose threads only get complete requests.

gunicorn gives a thread to a connection and lets it wait for the client, so sixteen slow clients
stop a server of two processes with eight threads each. Here one loop without threads collects
headers and bodies, with limits of time and bytes, and a thread begins when there is work to do.
"""

from __future__ import annotations

import errno
import selectors
import socket
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

from sandbox.malloc import give_back
from service.web.budget import Budget
from service.web.connection import Connection
from service.web.incoming import Arrival
from service.web.limits import SMALL_BYTES, Limits

READ_BYTES = 256 * 2**10
LEAVE_SECONDS = 2.0  # for a client to read an answer that came before the end of its request
LEAVE_BYTES = 2**20  # which are read for that and thrown away; then it has to look at the answer
LOOK_SECONDS = 0.5
# Threads of their own: with a database that hangs, all others may wait for it. Who asks whether the
# service is ready may wait for seconds, and several ask.
PROBES = {"/healthz": 1, "/readyz": 4}
# The process, or the machine, can have no further socket at this moment.
_NO_SOCKET = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}

TOO_LARGE = "The body is too large."
TOO_MUCH = "The server holds as many bodies as it can; send the request again later."
NO_ROOM = "The server's disk takes no more; send the request again later."
TOO_SLOW = "The request did not arrive in time."
BROKEN = "This is no HTTP/1.1 request: its framing is wrong, or its chunks are too small."


class BufferingWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """Collects requests within ``limits``, which a subclass sets."""

    limits: Limits

    def init_process(self) -> None:
        """Prepare the process and serve."""
        give_back()
        limits = self.limits
        self._budget = Budget(limits.held_bytes, limits.held_bytes_of_one)
        self._spools = Budget(limits.spooled_bytes, limits.spooled_bytes_of_one)
        self._waiting: set[Connection] = set()  # in the poller: no thread has them
        self._by_address: Counter[str] = Counter()
        self._probes = {path: ThreadPoolExecutor(threads) for path, threads in PROBES.items()}
        self._next_look = 0.0
        super().init_process()

    def accept(self, listener: socket.socket) -> None:
        """Take a connection, unless its address has too many."""
        try:
            sock, client = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return
        except OSError as error:
            if error.errno not in _NO_SOCKET:
                raise
            self.worker_connections = self.nr_conns  # none is taken until the next look
            return
        connection = Connection(self.cfg, sock, client, listener.getsockname())
        if self._by_address[connection.address] >= self.limits.connections_of_one:
            sock.close()
            return
        self.nr_conns += 1
        self._by_address[connection.address] += 1
        self._wait_for_request(connection, self.limits.head_seconds)

    def enqueue_req(self, conn: Connection) -> None:
        """Give a request to a thread that is free, or to the one that is kept for it."""
        assert conn.incoming.head  # noqa: S101  # only whole requests get a thread
        threads: ThreadPoolExecutor = self._probes.get(conn.incoming.head.path) or self.tpool
        served = threads.submit(self.handle, conn)
        served.add_done_callback(partial(self.method_queue.defer, self.finish_request, conn))

    def finish_request(self, conn: Connection, fs: Any) -> None:
        """Keep a connection for its next request, or close it."""
        self._take_back(conn)
        try:
            stays = not fs.cancelled() and bool(fs.result()) and self.alive
        except Exception:  # the thread has told of it
            stays = False
        if not stays and conn.is_partial:
            self._leave(conn)
        elif not stays:
            self._drop(conn)
        else:
            rest = conn.parser.unreader.rest()
            self._wait_for_request(conn, self.limits.head_seconds if rest else self.cfg.keepalive)
            if rest:
                self._feed(conn, rest)

    def handle(self, conn: Connection) -> Any:
        """Serve one request, in a thread."""
        conn.sock.settimeout(conn.send_seconds)
        stays = super().handle(conn)
        if conn.parser.has_refused:
            with suppress(OSError):  # the client is gone
                conn.say(HTTPStatus.BAD_REQUEST, BROKEN)
        return stays

    def handle_request(self, req: Any, conn: Connection) -> Any:
        """Serve one parsed request."""
        conn.sock.settimeout(conn.send_seconds)  # gunicorn's handle() has set it to wait for ever
        req._expected_100_continue = False  # it was answered where the body was waited for
        if conn.is_partial or conn.is_spooled:  # what the application has not read is given up
            req.force_close()
        stays = super().handle_request(req, conn)
        # What the application did not read of a body is here already, however long it is. gunicorn
        # takes 64 KiB of it, and would close a connection of which it has said that it stays.
        while stays and req.body.read(READ_BYTES):
            pass
        return stays

    def murder_pending(self) -> None:
        """Close connections that are too slow. gunicorn calls this after each event."""
        now = time.monotonic()
        if now < self._next_look:
            return
        self._next_look = now + LOOK_SECONDS
        self.worker_connections = self.cfg.worker_connections
        for connection in [c for c in self._waiting if c.deadline <= now or not self.alive]:
            if connection.is_leaving or not connection.incoming.received or not self.alive:
                self._drop(connection)
            else:
                self._refuse(connection, HTTPStatus.REQUEST_TIMEOUT, TOO_SLOW)

    def _wait_for_request(self, conn: Connection, seconds: float) -> None:
        conn.expect_request(seconds)
        self._wait(conn)

    def _wait(self, conn: Connection) -> None:
        self._waiting.add(conn)
        conn.is_read = True
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._on_bytes, conn))

    def _stop_reading(self, conn: Connection) -> None:
        """Let a sender wait until its time is over. A proxy writes as long as somebody reads; to
        close now would break what it writes, and it would pass on that instead of the answer."""
        conn.is_read = False
        self.poller.unregister(conn.sock)

    def _on_bytes(self, conn: Connection, _: object) -> None:
        try:
            data = conn.sock.recv(READ_BYTES)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            data = b""
        if not data:
            self._drop(conn)
        elif not conn.is_leaving:
            self._feed(conn, data)
        else:
            conn.discarded += len(data)
            if conn.discarded > LEAVE_BYTES:
                self._stop_reading(conn)

    def _feed(self, conn: Connection, data: bytes) -> None:
        incoming, limits = conn.incoming, self.limits
        if not incoming.received:
            conn.began = time.monotonic()
            conn.deadline = conn.began + limits.head_seconds
        was_in_head = incoming.arrival is Arrival.HEAD
        try:
            arrival = incoming.feed(data)
        except OSError:  # of a spool
            self._refuse(conn, HTTPStatus.SERVICE_UNAVAILABLE, NO_ROOM)
            return
        if arrival is Arrival.WHOLE:
            self._start(conn)
        elif arrival is Arrival.BROKEN:
            self._refuse(conn, incoming.status, BROKEN)
        elif arrival is Arrival.BODY:
            if was_in_head and not self._begin_body(conn):
                return
            self._go_on_with_body(conn)

    def _begin_body(self, conn: Connection) -> bool:
        head = conn.incoming.head
        assert head is not None  # noqa: S101  # a body begins after its head
        if not self.limits.wants_body(head):
            conn.is_partial = True
            self._start(conn)
            return False
        conn.began = time.monotonic()
        conn.is_spooled = self.limits.is_upload(head)
        if head.length is not None and not self._lend(conn, head.length):
            return False
        if conn.is_spooled and not self._spool(conn):
            return False
        conn.is_lent_all = head.length is not None
        return not head.expects_continue or self._tell_to_go_on(conn)

    def _tell_to_go_on(self, conn: Connection) -> bool:
        try:
            conn.sock.send(b"HTTP/1.1 100 Continue\r\n\r\n")
        except OSError:  # the client is gone; outside of this, the error would end the process
            self._drop(conn)
            return False
        return True

    def _spool(self, conn: Connection) -> bool:
        """Keep an upload on disk, piece by piece, instead of in memory."""
        try:
            conn.incoming.spool(self.limits.spool)
        except OSError:
            self._refuse(conn, HTTPStatus.SERVICE_UNAVAILABLE, NO_ROOM)
            return False
        return True

    def _go_on_with_body(self, conn: Connection) -> None:
        received, limits = conn.incoming.received, self.limits
        if (
            not conn.is_spooled and received > limits.body_bytes + READ_BYTES
        ):  # only a chunked body can be
            self._refuse(conn, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, TOO_LARGE)
        elif conn.is_lent_all or self._lend(conn, min(received, limits.body_bytes)):
            spared = limits.grace_seconds + received / limits.least_rate
            conn.deadline = conn.began + spared

    def _lend(self, conn: Connection, count: int) -> bool:
        """Lend a body its bytes, or refuse it. Small ones are bounded by their number."""
        if count <= SMALL_BYTES:
            return True
        if self._lender(conn).lend(conn.address, count - conn.lent):
            conn.lent = count
            return True
        self._refuse(conn, HTTPStatus.SERVICE_UNAVAILABLE, TOO_MUCH)
        return False

    def _start(self, conn: Connection) -> None:
        """Give a request to a thread."""
        self._forget(conn)
        conn.hand_over(self.limits.send_seconds)
        self.enqueue_req(conn)

    def _refuse(self, conn: Connection, status: HTTPStatus, detail: str) -> None:
        try:
            conn.say(status, detail)
        except OSError:
            self._drop(conn)
            return
        self._forget(conn)
        self._leave(conn)

    def _leave(self, conn: Connection) -> None:
        """Let a client read the answer: closed at once, what it still sends would destroy it."""
        self._take_back(conn)
        conn.incoming.pieces.clear()
        conn.is_leaving = True
        try:
            conn.sock.setblocking(False)
            conn.sock.shutdown(socket.SHUT_WR)
        except OSError:
            self._close(conn)
            return
        conn.deadline = time.monotonic() + LEAVE_SECONDS
        self._wait(conn)

    def _drop(self, conn: Connection) -> None:
        self._forget(conn)
        self._close(conn)

    def _forget(self, conn: Connection) -> None:
        if conn in self._waiting:
            self._waiting.discard(conn)
            if conn.is_read:
                self.poller.unregister(conn.sock)

    def _close(self, conn: Connection) -> None:
        self._take_back(conn)
        self.nr_conns -= 1
        self._by_address[conn.address] -= 1
        if not self._by_address[conn.address]:
            del self._by_address[conn.address]
        conn.incoming.pieces.clear()
        conn.close()

    def _take_back(self, conn: Connection) -> None:
        self._lender(conn).take_back(conn.address, conn.lent)
        conn.lent = 0

    def _lender(self, conn: Connection) -> Budget:
        return self._spools if conn.is_spooled else self._budget


def worker_within(limits: Limits) -> type[BufferingWorker]:
    """The worker class for gunicorn's settings."""
    return type("Worker", (BufferingWorker,), {"limits": limits})
