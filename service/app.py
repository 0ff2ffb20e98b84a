"""The web application: API, operations and console on one set of parts."""

from __future__ import annotations

from types import TracebackType

import structlog
from flask import Flask, request
from werkzeug.middleware.proxy_fix import ProxyFix

from service import api, console, incoming, problems
from service.client_address import asked
from service.config import Config
from service.hosts import Hosts, our_names
from service.operations.blueprint import make_blueprint
from service.parts import Parts, make_parts

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]

log = structlog.get_logger()


class _App(Flask):
    def log_exception(self, exc_info: ExcInfo) -> None:
        """Log an error with its route and not its path, which holds hashtags and ids of posts."""
        log.error("request_failed", asked=asked(request), exc_info=exc_info)


def create_app(config: Config, parts: Parts | None = None) -> Flask:
    """The WSGI application. ``parts`` are made from ``config`` if none are given."""
    parts = parts or make_parts(config, config.web_patience)
    app = _App(__name__, static_folder=None)
    app.config.update(
        SECRET_KEY=config.secret_key.get_secret_value(),
        MAX_CONTENT_LENGTH=config.request_bytes,
        MAX_FORM_MEMORY_SIZE=config.request_bytes,
    )
    app.wsgi_app = Hosts(app.wsgi_app, our_names(config))  # type: ignore[method-assign]  # as below
    if config.trusted_proxies:  # else rate limits would count all users as one address
        hops = config.trusted_proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # Flask's documented way
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops
        )
    incoming.install(app)
    problems.install(app, console.error_page, console.away_page)
    app.register_blueprint(api.make_blueprint(parts))
    app.register_blueprint(make_blueprint(parts))
    console.install(app, parts)
    app.register_blueprint(console.make_blueprint(parts))
    return app
