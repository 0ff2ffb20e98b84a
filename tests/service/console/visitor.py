"""Somebody in front of the console: a client that reads and sends the forms of its pages."""

from __future__ import annotations

import re
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


class Visitor:
    """Opens pages and sends forms with the token that the page carries."""

    def __init__(self, client: FlaskClient, language: str = "en") -> None:
        self.client = client
        self.headers = {"Accept-Language": language}

    def get(self, path: str, **options: Any) -> TestResponse:
        headers = self.headers | options.pop("headers", {})
        return self.client.get(path, headers=headers, **options)

    def token(self, page: str = "/sign-in") -> str:
        found = TOKEN.search(self.client.get(page, follow_redirects=True).text)
        assert found, f"{page} has no form"
        return found[1]

    def send(
        self, path: str, data: dict[str, Any], page: str | None = None, **options: Any
    ) -> TestResponse:
        headers = self.headers | options.pop("headers", {})
        form = {"csrf_token": self.token(page or path)} | data
        return self.client.post(path, data=form, headers=headers, **options)

    def sign_in(self, name: str, password: str, **data: str) -> TestResponse:
        return self.send("/sign-in", {"name": name, "password": password} | data)
