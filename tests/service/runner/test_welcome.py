"""What the person who starts the service is told in its first minutes."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from wsgiref.types import WSGIApplication

import pytest
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from service.config import Config
from service.runner.supervise import Stopped
from service.runner.welcome import message, wait_until_ready

LOGS = Path("data/logs")


def starting(questions: int) -> WSGIApplication:
    """A service that is ready when it was asked a number of times."""
    answers = iter([503] * (questions - 1))

    @Request.application
    def application(request: Request) -> Response:
        assert request.path == "/readyz"
        return Response(status=next(answers, 200))

    return application


@pytest.fixture
def address() -> Iterator[str]:
    server = make_server("127.0.0.1", 0, starting(questions=4))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_slow_start_is_waited_for_and_named_once(address: str) -> None:
    said: list[str] = []
    assert wait_until_ready(address, LOGS, Stopped(), said.append, patience=0)
    assert said == ["Not ready after 0 s. Waiting on; the logs are in data/logs."]


def test_a_quick_start_needs_no_word(address: str) -> None:
    said: list[str] = []
    assert wait_until_ready(address, LOGS, Stopped(), said.append)
    assert said == []


def test_nothing_is_waited_for_once_the_service_has_stopped(address: str) -> None:
    stopped = Stopped()
    stopped.set()
    assert not wait_until_ready(address, LOGS, stopped, print)


@pytest.mark.parametrize("password", ["a-new-one", None])
def test_the_way_to_a_password_is_told_also_where_none_is_new(
    config: Config, password: str | None
) -> None:
    said = message(config, password)
    assert "`make password` makes a new one" in said
    assert ("with password" in said) == (password is not None)
