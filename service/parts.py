"""The connections and models of a process, made once and passed to what needs them."""

from __future__ import annotations

from dataclasses import dataclass

from celery import Celery
from redis import Redis

from service.config import Config
from service.database import Patience, Sessions, make_engine, make_sessions
from service.imagestore import ImageStore
from service.items.encoders import Encoders
from service.outgoing import Connections
from service.queue import make_queue
from service.rulesets.shadow import Shadows
from service.screener import Screener


@dataclass(frozen=True)
class Parts:
    """Database, broker, image store, screener, item encoders, shadows, connections to the
    platform, and the settings they were made from."""

    config: Config
    sessions: Sessions
    redis: Redis
    queue: Celery
    images: ImageStore
    screener: Screener
    encoders: Encoders
    shadows: Shadows
    platform: Connections

    def close(self) -> None:
        """Close every connection, at the end of a process that made the parts itself."""
        engine = self.sessions.kw["bind"]
        engine.dispose()
        self.redis.close()
        self.platform.close()
        self.queue.close()


def make_parts(config: Config, patience: Patience | None = None) -> Parts:
    """The parts for one process. Nothing connects and no model is loaded until it is needed.

    ``patience`` is how long the database may take; None: as long as it needs.
    """
    sessions = make_sessions(make_engine(config.database_url, patience))
    return Parts(
        config=config,
        sessions=sessions,
        redis=Redis.from_url(config.redis_url, socket_timeout=5),
        queue=make_queue(config),
        images=ImageStore(config.image_store_url),
        screener=Screener(config, sessions),
        encoders=Encoders(config, sessions),
        shadows=Shadows(sessions),
        platform=Connections(),
    )
