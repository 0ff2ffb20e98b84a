"""No more requests are taken than fit, however many ask at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import select

from service.parts import Parts
from service.tables import ThumbnailJob
from service.thumbnails.ask import Bounds, FullError, Request, ask

MANY, FEW = 12, 4


def test_a_bound_holds_when_many_ask_at_once(parts: Parts) -> None:
    bounds = Bounds(waiting=FEW, kept=100, lifetime=timedelta(hours=1))

    def one(number: int) -> bool:
        request = Request(1, video_url=f"https://videos.example/{number}.mp4")
        try:
            with parts.sessions.begin() as session:
                ask(session, f"key-{number % 2}", request, bounds)
        except FullError:
            return False
        return True

    with ThreadPoolExecutor(MANY) as pool:
        taken = list(pool.map(one, range(MANY)))
    assert sum(taken) == 2 * FEW, "each key has places of its own"
    with parts.sessions() as session:
        urls = session.scalars(select(ThumbnailJob.video_url)).all()
    assert len(set(urls)) == 2 * FEW
