"""Somebody in front of the console: a client that reads its pages and sends its forms."""

from __future__ import annotations

import re
import secrets
from typing import Any

from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


class Visitor:
    """Opens pages, and sends forms with the token that pages give to this session.

    To open a page before each form took a fifth of the console tests' time. So ``send`` signs the
    session's secret as Flask-WTF does. That each form of each page carries such a token is tested
    once, in ``frame/test_tokens.py``.
    """

    def __init__(self, client: FlaskClient, language: str = "en") -> None:
        self.client = client
        self.headers = {"Accept-Language": language}

    def get(self, path: str, **options: Any) -> TestResponse:
        headers = self.headers | options.pop("headers", {})
        return self.client.get(path, headers=headers, **options)

    def token(self, page: str = "/sign-in") -> str:
        """The token that a page carries."""
        found = TOKEN.search(self.client.get(page, follow_redirects=True).text)
        assert found, f"{page} has no form"
        return found[1]

    def send(self, path: str, data: dict[str, Any], **options: Any) -> TestResponse:
        headers = self.headers | options.pop("headers", {})
        form = {"csrf_token": self._signed()} | data
        answer = self.client.post(path, data=form, headers=headers, **options)
        # Werkzeug sends what is larger than half a megabyte from a file, and leaves that open.
        answer.request.environ["wsgi.input"].close()
        return answer

    def sign_in(self, name: str, password: str, **data: str) -> TestResponse:
        return self.send("/sign-in", {"name": name, "password": password} | data)

    def _signed(self) -> str:
        with self.client.session_transaction() as session:
            secret = session.setdefault("csrf_token", secrets.token_hex(20))
        key = self.client.application.config["SECRET_KEY"]
        return str(URLSafeTimedSerializer(key, salt="wtf-csrf-token").dumps(secret))
