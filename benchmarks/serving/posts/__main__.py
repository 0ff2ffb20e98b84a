"""How many posts a second are decided, from the webhook to the committed decision.

A whole service is started, as ``make run`` does; posts of one 1,080-pixel JPEG on a host of
loopback and four hashtags are sent as fast as they are taken. With ``--beside NAME=CHECKOUT``,
services of other checkouts take turns with this one. In each round the bare network looks at as
many images, too: in float32, in bfloat16 and as it is served. Prints Markdown tables.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from functools import partial
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from benchmarks.serving.posts.account import Account
from benchmarks.serving.posts.bare import Bare
from benchmarks.serving.posts.report import print_account
from benchmarks.serving.posts.running import Running, running
from benchmarks.serving.posts.traffic import ImageHost, photographs, rest, send
from classifiers import Bundle
from tests.service.receiver import answer, serve

ROOT = Path(__file__).resolve().parents[3]
WARM_POSTS = 64
BARE_IMAGES = 48


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.serving.posts", description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=ROOT / "demo" / "photos")
    parser.add_argument("--posts", type=int, default=120, help="a round (default: 120)")
    parser.add_argument("--rounds", type=int, default=4, help="default: 4")
    parser.add_argument(
        "--beside", action="append", default=[], metavar="NAME=CHECKOUT", help="may be repeated"
    )
    chosen = parser.parse_args()
    roots = dict(one.split("=", 1) for one in chosen.beside) | {"this": str(ROOT)}
    jpegs = photographs(chosen.folder, WARM_POSTS + chosen.posts * chosen.rounds)
    bare = Bare(Bundle.load(ROOT / "models" / "starter"), jpegs[:BARE_IMAGES])
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tagsift-posts-")))
        images = stack.enter_context(serve(get=ImageHost(jpegs)))
        callbacks = stack.enter_context(serve(post=_take))
        settings = {"TAGSIFT_FETCH_ALLOW": "127.0.0.0/8", "TAGSIFT_CALLBACK_URL": callbacks}
        services = [
            stack.enter_context(running(name, Path(root), folder / name, settings))
            for name, root in roots.items()
        ]
        _measure(services, bare, images, chosen.posts, chosen.rounds)


def _measure(services: Sequence[Running], bare: Bare, images: str, posts: int, rounds: int) -> None:
    accounts = {service.name: Account() for service in services}
    speeds: dict[str, list[tuple[float, float]]] = {}
    for service in services:
        send(service, images, 0, WARM_POSTS)
    for turn in range(rounds):
        for name, speed in bare.turn().items():
            speeds.setdefault(name, []).append(speed)
        first = WARM_POSTS + turn * posts
        for service in services:
            accounts[service.name].take(service, partial(send, service, images, first, posts))
            rest(service)
    print_account(accounts, speeds)


def _take(request: BaseHTTPRequestHandler) -> None:
    request.rfile.read(int(request.headers["Content-Length"]))
    answer(request, 204)


if __name__ == "__main__":
    main()
