"""How often passwords may be tried."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import cast

from flask import Blueprint, Flask, Response
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter

from service.parts import Parts
from service.remote import network

View = Callable[[], ResponseReturnValue]
REDIS_SECONDS = 2  # then the process counts for itself


def limited(
    blueprint: Blueprint, parts: Parts, view: View, name: str, keys: Sequence[Callable[[], str]]
) -> View:
    """A view that answers 429 after too many wrong passwords (answers 401), for each of the keys.

    ``name`` keeps the counts of different views apart.
    """
    limiter = Limiter(
        network,
        storage_uri=parts.config.redis_url,
        storage_options={
            "socket_connect_timeout": REDIS_SECONDS,
            "socket_timeout": REDIS_SECONDS,
        },
        key_prefix=f"tagsift-{name}",
        # Without Redis each process counts for itself, which is better than not counting.
        in_memory_fallback_enabled=True,
    )
    blueprint.record_once(lambda state: limiter.init_app(cast(Flask, state.app)))
    for key in keys:
        view = limiter.limit(parts.config.signin_limit, key_func=key, deduct_when=_was_refused)(
            view
        )
    return view


def _was_refused(response: Response) -> bool:
    return response.status_code == 401
