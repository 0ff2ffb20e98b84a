"""Receive Tagsift's callbacks: a small server that checks each signature and shows the verdicts.

One file to copy from; needs ``standardwebhooks`` only. Start it, then the service with
``TAGSIFT_CALLBACK_URL=http://127.0.0.1:8090/``::

    python callback_receiver.py --env data/tagsift.env --port 8090
"""

from __future__ import annotations

import argparse
import re
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, TypeVar

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

T = TypeVar("T")

MOST_BYTES = 8 * 2**20
THUMBNAILS = {"thumbnails.done", "thumbnails.failed"}
REMEMBERED = 100_000  # callbacks and posts, the last ones; a platform asks its database instead


class Forged(Exception):  # noqa: N818  # what it is
    """A request without a valid signature; the text says what is wrong with it."""


def verify(secrets: Sequence[str], body: bytes, headers: Mapping[str, str]) -> dict[str, Any]:
    """The callback in ``body``, if one of ``secrets`` signed it within the last five minutes.

    Several secrets are live while they are rotated. The bytes must be those that came over the
    wire: JSON that was parsed and written again has another signature.

    Raises:
        Forged: no secret fits, the timestamp is too old or too new, or a header is missing.
    """
    why = "there is no secret to check it with"
    for secret in secrets:
        try:
            callback: dict[str, Any] = Webhook(secret).verify(body, dict(headers))
        except (WebhookVerificationError, ValueError) as error:  # ValueError: no base64, no UTF-8
            why = str(error)
        else:
            return callback
    raise Forged(why)


def summary(callback: Mapping[str, Any]) -> str:
    """A decided post in one line, with the outcome where an author had appealed; or how a request
    for thumbnails ended."""
    data = callback["data"]
    if callback["type"] in THUMBNAILS:
        return f"{data['id']}  thumbnails {data['state']}  {_chosen(data)}"
    tags = "  ".join(f"#{tag['tag']} {tag['verdict']}" for tag in data["hashtags"])
    decided = f"{data['id']}  {data['decision']} by {data['decided_by']}"
    if appeal := data.get("appeal"):
        decided += f" {appeal['id']}, {appeal['state']}"
    return f"{decided}  {tags}".rstrip()


def _chosen(data: Mapping[str, Any]) -> str:
    if data["error"]:
        return str(data["error"]["message"])
    places = [
        f"at {one['time']:.1f} s" if one["index"] is None else f"picture {one['index']}"
        for one in data["frames"]
    ]
    return ", ".join(places)


def make_receiver(
    secrets: Sequence[str], port: int, say: Callable[[str], None], remembered: int = REMEMBERED
) -> ThreadingHTTPServer:
    """A server on loopback (port 0: any free one) that takes callbacks and refuses forged ones.

    A callback is delivered at least once; the ``webhook-id`` tells those that came before. Whoever
    keeps what was decided on a post keeps the greatest ``sequence`` with it, and leaves the post as
    it is when a smaller one comes: that callback tells of an older decision. This server keeps
    nothing but the last ``remembered`` of each in memory.
    """
    seen: dict[str, None] = {}
    newest: dict[str, int] = {}
    lock = threading.Lock()

    def take(delivery: str, callback: Mapping[str, Any]) -> str:
        kind = "thumbnails" if callback["type"] in THUMBNAILS else "post"
        subject, sequence = f"{kind} {callback['data']['id']}", callback["sequence"]
        with lock:
            again, old = delivery in seen, sequence < newest.get(subject, 0)
            _remember(seen, delivery, None, remembered)
            _remember(newest, subject, max(sequence, newest.get(subject, 0)), remembered)
        return " (came before)" if again else " (something newer came before)" if old else ""

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # the name that http.server looks for
            length = self.headers.get("content-length", "")
            if not re.fullmatch("[0-9]{1,15}", length):
                self.send_error(411)
                return
            if int(length) > MOST_BYTES:
                self.send_error(413)
                return
            try:
                callback = verify(secrets, self.rfile.read(int(length)), dict(self.headers))
            except Forged as error:
                say(f"refused: {error}")
                self.send_error(401)
                return
            say(summary(callback) + take(self.headers["webhook-id"], callback))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing besides what ``say`` says."""

    return ThreadingHTTPServer(("127.0.0.1", port), Receiver)


def _remember(known: dict[str, T], key: str, value: T, most: int) -> None:
    """Keep a value as the last one, and forget the first one where there are too many."""
    known.pop(key, None)
    known[key] = value
    if len(known) > most:
        del known[next(iter(known))]


def read_secrets(path: Path) -> list[str]:
    """The webhook secrets in a ``tagsift.env`` file; none where it names none."""
    name = "TAGSIFT_WEBHOOK_SECRETS="
    lines = path.read_text(encoding="utf-8").splitlines()
    values = [line.removeprefix(name) for line in lines if line.startswith(name)]
    return [secret.strip() for secret in ",".join(values).split(",") if secret.strip()]


def main(words: Sequence[str] | None = None) -> int:
    """Run until Ctrl-C; returns the exit status."""
    parser = argparse.ArgumentParser(description="Receive Tagsift's callbacks and show them.")
    parser.add_argument("--env", type=Path, default=Path("data/tagsift.env"))
    parser.add_argument("--port", type=int, default=8090)
    arguments = parser.parse_args(words)
    try:
        secrets = read_secrets(arguments.env)
        server = make_receiver(secrets, arguments.port, lambda line: print(line, flush=True))
    except OSError as error:
        print(f"This does not work: {error}", file=sys.stderr)
        return 1
    with server:
        print(f"Waiting for callbacks on http://127.0.0.1:{server.server_port}/ (Ctrl-C ends)")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
