"""What stands beside posts: items and what people did with them, thumbnails, reruns, figures."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from service.bundles import reembed
from service.hourly.rollup import roll_up
from service.items.embed import embed_items
from service.items.put import NewItem, put_item
from service.operations.tallies import add_up
from service.posts.accept import NewImage
from service.recommend.events import Event, Kind
from service.recommend.record import record_events
from service.reruns.start import start_backtest
from service.reruns.work import go_on
from service.tables import Rerun, ThumbnailJob
from service.thumbnails.ask import Bounds, NewPicture, Request, ask
from service.thumbnails.make import make_thumbnails
from tests.service.everykind.world import World, photo

BOUNDS = Bounds(10, 10, timedelta(hours=1))
KINDS: tuple[Kind, ...] = ("view", "like", "save", "dislike")


def beside(world: World) -> None:
    """All of it."""
    _recommended(world)
    _thumbnails(world)
    with world.parts.sessions.begin() as session:
        current = world.parts.screener.current()
        reembed.follow(session, current.bundle.embedding_id)
        number = start_backtest(session, None, None, "ana", current).id
    go_on(world.parts, number, seconds=120)
    with world.parts.sessions() as session:
        assert session.get_one(Rerun, number).state == "done"
    roll_up(world.parts)
    add_up(world.parts)


def _recommended(world: World) -> None:
    """An item beside the posts that passed, and a person who did everything with both."""
    picture = [NewImage(None, photo("cat"))]
    with world.parts.sessions.begin() as session:
        put_item(session, NewItem("film", "A film", "about cats", ("고양이",), ""), picture)
    while embed_items(world.parts):
        pass
    at = datetime.now(UTC)
    named = [("post", "passed"), ("post", "several"), ("item", "film"), ("post", "filmed")]
    with world.parts.sessions.begin() as session:
        for kind in KINDS:
            events = [
                Event(f"{kind} of {name}", viewer, of, name, kind, None, at)
                for viewer in ("viewer", "another")
                for of, name in named
                if kind != "dislike" or name == "several"
            ]
            record_events(session, events)


def _thumbnails(world: World) -> None:
    """Requests in each state, in the style of an author."""
    asked = [
        [NewPicture(data=photo("cat")), NewPicture(data=photo("coffee"))],
        [NewPicture(data=b"no picture")],
        [NewPicture(data=photo("cat"))],
    ]
    jobs: list[ThumbnailJob] = []
    for pictures in asked:
        wish = Request(wanted=1, candidates=pictures, channel="author of passed", callback=True)
        with world.parts.sessions.begin() as session:
            taken = ask(session, "console:ana", wish, BOUNDS)
            jobs.append(session.get_one(ThumbnailJob, taken.id))
    for job in jobs[:2]:
        assert make_thumbnails(world.parts, job.id)
