"""Which host names the service answers to."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from service.config import Config

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_HOST = re.compile(r"(?P<name>[A-Za-z0-9._-]{1,255}|\[[0-9A-Fa-f:.]{2,45}\])(:\d{1,5})?")
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
_OF_MACHINES = ("/healthz", "/readyz", "/metrics")  # asked for by address, and they write no links


class Hosts:
    """WSGI middleware that answers 400 to requests for another host name than ours.

    Otherwise a page of another site could read ours (DNS rebinding), and a stranger could choose
    the host in links. ``names`` are ours; None: any well-formed name.
    """

    def __init__(self, app: WSGIApplication, names: frozenset[str] | None) -> None:
        self._app = app
        self._names = names

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Serve the request, or refuse it."""
        if self._is_ours(environ):
            return self._app(environ, start_response)
        body = b"This service does not answer to the host name of the request.\n"
        headers = [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))]
        start_response("400 Bad Request", headers)
        return [body]

    def _is_ours(self, environ: WSGIEnvironment) -> bool:
        given = environ.get("HTTP_HOST")
        if given is None:  # HTTP/1.0
            return True
        host = _HOST.fullmatch(given)
        if host is None:
            return False
        if self._names is None or environ.get("PATH_INFO") in _OF_MACHINES:
            return True
        return host["name"].lower() in self._names


def our_names(config: Config) -> frozenset[str] | None:
    """The host names of the settings, in lower case; None if the service cannot know them.

    It knows them if ``public_url`` names one, or if only this machine can reach it.
    """
    if config.public_url:
        return _LOOPBACK | {_bracketed(urlsplit(config.public_url).hostname or "")}
    if config.host in _LOOPBACK or _is_loopback(config.host):
        return _LOOPBACK | {_bracketed(config.host.lower())}
    return None


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _bracketed(name: str) -> str:
    return f"[{name}]" if ":" in name else name
