"""Exceptions for log lines: what and where, without anything that was sent.

The text of an exception quotes what it was raised about: a row with its caption, a number that is
none, a field of a form. So an error is told by its class and the lines of code that it came
through, and by its text only where that is written by the system or a server of ours.
"""

from __future__ import annotations

import sys
import traceback
from typing import Any

import structlog
from redis.exceptions import RedisError

from service.outages import name_of

MOST_FRAMES = 50
MOST_CAUSES = 8


def text_of(error: BaseException) -> str:
    """The class of an error, with what the operating system or Redis says."""
    if isinstance(error, OSError) and error.strerror:
        return f"{type(error).__name__}: {error.strerror}"
    if isinstance(error, RedisError):
        return f"{type(error).__name__}: {error}"
    return name_of(error)


def describe(error: BaseException) -> list[dict[str, Any]]:
    """An error and what caused it, the last first, each with the lines of code."""
    told = []
    for one in _causes(error):
        frames = traceback.extract_tb(one.__traceback__)[-MOST_FRAMES:]
        lines = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        told.append({"error": text_of(one), "frames": lines})
    return told


def tell_exception(
    _logger: Any, _method: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """A structlog processor: the exception as data, its text taken out of the event."""
    found = event.pop("exc_info", None)
    event.pop("exc_text", None)
    error = _error_of(found)
    if error is None:
        return event
    event["exception"] = describe(error)
    for one in _causes(error):
        for quoted in (repr(one), str(one)):
            if quoted:
                event["event"] = str(event["event"]).replace(quoted, text_of(one))
    return event


def _error_of(found: object) -> BaseException | None:
    if isinstance(found, BaseException):
        return found
    if isinstance(found, tuple) and isinstance(found[1], BaseException):
        return found[1]
    return sys.exc_info()[1] if found else None


def _causes(error: BaseException) -> list[BaseException]:
    chain: list[BaseException] = []
    one: BaseException | None = error
    while one is not None and one not in chain and len(chain) < MOST_CAUSES:
        chain.append(one)
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
    return chain
