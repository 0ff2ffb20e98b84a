"""A broker that takes connections and answers nothing, as a hung machine does."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from celery import Celery
from redis import Redis

from service import queue as module
from service.config import Config
from service.queue import SCREEN, Queue, hint, make_queue
from service.runner.engines import redis_spec, start_redis

TIME_OUTS = {"socket_timeout": 1.1, "socket_connect_timeout": 1.1}


class Mute:
    """A server that counts connections and says nothing."""

    def __init__(self) -> None:
        self.taken: list[socket.socket] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._take, daemon=True).start()

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self._listening.getsockname()[1]}/0"

    def _take(self) -> None:
        while True:
            try:
                self.taken.append(self._listening.accept()[0])
            except OSError:
                return

    def close(self) -> None:
        self._listening.close()
        for connection in self.taken:
            connection.close()


@pytest.fixture
def mute() -> Iterator[Mute]:
    server = Mute()
    yield server
    server.close()


def impatient(config: Config, url: str) -> Celery:
    queue = make_queue(config.model_copy(update={"redis_url": url}))
    queue.conf.broker_transport_options = TIME_OUTS
    return queue


def test_a_broker_that_does_not_answer_is_asked_once_for_many_hints(
    config: Config, mute: Mute
) -> None:
    queue = impatient(config, mute.url)
    assert not hint(queue, SCREEN, 0)
    asked = len(mute.taken)  # kombu may connect more than once
    assert asked
    assert [hint(queue, SCREEN, number) for number in range(4)] == [False] * 4
    assert len(mute.taken) == asked
    queue.close()


def test_hints_are_queued_again_when_the_broker_answers(
    config: Config, own_folder: Callable[[], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SILENT_SECONDS", 0.3)
    folder = own_folder()
    spec = redis_spec(folder / "redis")
    process = start_redis(spec, folder / "redis.log")
    queue = impatient(config, spec.url)
    try:
        psutil.Process(process.pid).suspend()
        assert not hint(queue, SCREEN, 1)
        psutil.Process(process.pid).resume()
        while not hint(queue, SCREEN, 2):
            time.sleep(0.1)
        assert hint(queue, SCREEN, 3)
        with Redis.from_url(spec.url) as redis:
            assert redis.llen(Queue.SCREENING) >= 2
    finally:
        queue.close()
        process.terminate()
        process.wait()
