"""A moderator without a browser: forms and photographs over HTTP, as fast as they are served."""

from __future__ import annotations

import random
import re
import time
from dataclasses import dataclass, field

import httpx

from benchmarks.moderators.console import Account

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
PHOTOGRAPH = re.compile(r'src="(/photographs/\d+[^"]*)"')
JSON = {"Accept": "application/json"}


@dataclass
class Session:
    """What one moderator did: milliseconds from each answer to the next photograph, and how many
    answers came too late."""

    waits: list[float] = field(default_factory=list)
    late: int = 0


@dataclass(frozen=True)
class Stalls:
    """How often a moderator is called away, and for how long."""

    share: float = 0.0
    seconds: float = 0.0


def moderate(address: str, account: Account, seed: int, stalls: Stalls = Stalls()) -> Session:
    """Sign in and answer until the queue has nothing left."""
    done = Session()
    chance = random.Random(seed)  # noqa: S311  # stalls, not secrets
    with httpx.Client(base_url=address, timeout=60, follow_redirects=True) as client:
        form = {"csrf_token": _token(client.get("/sign-in").text)}
        form |= {"name": account.name, "password": account.password}
        client.post("/sign-in", data=form).raise_for_status()
        page = client.get("/queue/next")
        while "/cases/" in page.url.path:
            if chance.random() < stalls.share:
                time.sleep(stalls.seconds)
            began = time.perf_counter()
            case = str(page.url)
            token = {"csrf_token": _token(page.text), "agree": "1"}
            answer = client.post(case, data=token, headers=JSON)
            if answer.status_code == httpx.codes.CONFLICT:
                done.late += 1
                page = client.get("/queue/next")
                continue
            page = client.get(answer.raise_for_status().json()["next"])
            for source in PHOTOGRAPH.findall(page.text)[:1]:
                client.get(source).raise_for_status()
            done.waits.append(1000 * (time.perf_counter() - began))
    return done


def _token(page: str) -> str:
    found = TOKEN.search(page)
    if found is None:
        raise ValueError("The page has no form.")
    return found[1]
