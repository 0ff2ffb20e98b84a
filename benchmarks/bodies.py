"""Memory of the web processes while large bodies arrive together.

    python -m benchmarks.bodies [--bodies 16] [--megabytes 30]

A real web server, PostgreSQL and Redis. Every body is a signed post with its photograph in base64;
the highest memory of each web process is printed, and what the senders were answered.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import time
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import psutil

from benchmarks.webserver import start
from service.signing import BytesWebhook

PATIENCE_SECONDS = 300


def main() -> None:
    """Send the bodies and print a line a figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bodies", type=int, default=16)
    parser.add_argument("--megabytes", type=int, default=30)
    asked = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="tagsift-")))
        web = start(folder, stack)
        photograph = base64.b64encode(os.urandom(asked.megabytes * 2**20 * 3 // 4)).decode()
        with ThreadPoolExecutor(asked.bodies) as pool:
            sent = [
                pool.submit(_send, web.url, web.secret, photograph) for _ in range(asked.bodies)
            ]
            peaks: Counter[int] = Counter()
            while not all(one.done() for one in sent):
                for process in psutil.Process(web.pid).children():
                    peaks[process.pid] = max(peaks[process.pid], process.memory_info().rss)
                time.sleep(0.02)
        answers = Counter(one.result() for one in sent)
        time.sleep(1)
        after = [p.memory_info().rss // 2**20 for p in psutil.Process(web.pid).children()]
        print(f"{asked.bodies} bodies of {asked.megabytes} MB: answers {dict(answers)}")
        print(f"highest memory of a web process: {max(peaks.values()) // 2**20} MB; after: {after}")


def _send(url: str, secret: str, photograph: str) -> int | str:
    post = {
        "id": f"p-{uuid.uuid4().hex}",
        "author": {"id": "u-1"},
        "hashtags": ["카페"],
        "created_at": "2026-11-20T12:00:00Z",
        "images": [{"base64": photograph}],
    }
    body, identity, now = json.dumps(post).encode(), uuid.uuid4().hex, datetime.now(UTC)
    seconds = str(int(now.timestamp()))
    headers = {
        "content-type": "application/json",
        "webhook-id": identity,
        "webhook-timestamp": seconds,
        "webhook-signature": BytesWebhook(secret).signature(identity, seconds, body),
    }
    try:
        answer = httpx.post(
            f"{url}/v1/posts", content=body, headers=headers, timeout=PATIENCE_SECONDS
        )
    except httpx.TransportError as error:
        return type(error).__name__
    return answer.status_code


if __name__ == "__main__":
    main()
