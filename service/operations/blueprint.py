"""`/healthz`, `/readyz` and `/metrics`."""

from __future__ import annotations

import ipaddress
import os
from http import HTTPStatus

import structlog
from flask import Blueprint, Request, Response, jsonify, request
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from service.credentials import check_operator
from service.operations.checks import Check
from service.operations.slots import FOLDER
from service.operations.state import StateCollector
from service.outages import name_of
from service.parts import Parts
from service.waits import current

FORWARDED = ("Forwarded", "Via", "X-Forwarded-For", "X-Real-IP")

# What is live is a row of the database.
READ_FROM_DATABASE = frozenset({"bundle", "ruleset"})
WAITS = "waits for the database"
REFUSED_RULES = "the live rules cannot be used; those before decide"


def make_blueprint(parts: Parts) -> Blueprint:
    """The endpoints for machines. ``/metrics`` is not public, because it reveals figures of the
    business.
    """
    blueprint = Blueprint("operations", __name__)
    checks = {
        "database": Check(lambda: _ask_database(parts)),
        "broker": Check(parts.redis.ping),
        "bundle": Check(lambda: parts.screener.current().bundle),
        "ruleset": Check(lambda: parts.screener.current().refused),
    }
    outages = Check(lambda: _screening(parts))

    @blueprint.get("/healthz")
    def alive() -> Response:
        return jsonify(status="alive")

    @blueprint.get("/readyz")
    def ready() -> tuple[Response, HTTPStatus]:
        states: dict[str, str] = {}
        for name, check in checks.items():
            # Each would wait for the database as long again, and whoever asks has gone by then.
            waits = name in READ_FROM_DATABASE and states["database"] != "ready"
            states[name] = WAITS if waits else _state(name, check)
        # Refused rules are not "not ready": nobody could promote others if nothing let people in.
        is_ready = set(states.values()) <= {"ready", REFUSED_RULES}
        status = HTTPStatus.OK if is_ready else HTTPStatus.SERVICE_UNAVAILABLE
        # Posts are taken in all the same while screening waits, so this is not "not ready".
        states["screening"] = _waits(outages) if states["database"] == "ready" else WAITS
        return jsonify(status="ready" if is_ready else "not ready", parts=states), status

    @blueprint.get("/metrics")
    def metrics() -> Response:
        if not _is_local(request):
            check_operator(request, parts.config)
        registry = CollectorRegistry()
        if FOLDER in os.environ:
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
            counted = generate_latest(registry)
        else:
            counted = generate_latest(REGISTRY)
        stored = CollectorRegistry()
        stored.register(StateCollector(parts.sessions))
        return Response(counted + generate_latest(stored), content_type=CONTENT_TYPE_LATEST)

    return blueprint


def _is_local(request: Request) -> bool:
    """Whether a request comes from this machine and not through a proxy on it."""
    forwarded = any(name in request.headers for name in FORWARDED)
    try:
        return not forwarded and ipaddress.ip_address(request.remote_addr or "").is_loopback
    except ValueError:  # a Unix socket has no address: whoever reaches it is on this machine
        return not forwarded


class ReadOnlyError(Exception):
    """The database answers and takes nothing: a standby, or one that somebody made read-only."""


def _ask_database(parts: Parts) -> None:
    with parts.sessions() as session:
        session.execute(text("SELECT 1 FROM posts LIMIT 1"))
        if session.scalar(text("SHOW transaction_read_only")) == "on":
            raise ReadOnlyError


def _waits(outages: Check) -> str:
    try:
        return str(outages.answer())
    except (SQLAlchemyError, TimeoutError):
        return WAITS


def _screening(parts: Parts) -> str:
    """What screening waits for. The part's own message is shown only after sign-in, because it may
    name files.
    """
    with parts.sessions() as session:
        outages = current(session)
    since = [f"the {one.part}, away since {one.since.isoformat()}" for one in outages]
    return f"waits for {' and '.join(since)}" if since else "ready"


def _state(name: str, check: Check) -> str:
    try:
        answer = check.answer()
    except Exception as error:  # whatever keeps a part from working is its state
        structlog.get_logger().warning("not_ready", part=name, error=name_of(error))
        return f"not ready: {type(error).__name__}"
    return REFUSED_RULES if name == "ruleset" and answer else "ready"
