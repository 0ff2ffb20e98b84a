"""Whatever is sent to the API, it answers as its document says (schemathesis, on the WSGI app).

Good requests and broken ones are made from the document itself: they are always the same, and few.
"""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.openapi import from_wsgi
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from service.api.openapi import document
from service.app import create_app
from service.config import Config
from service.parts import Parts
from service.signing import BytesWebhook
from tests.conftest import API_KEY, SECRETS
from tests.service.console.rows import add_post

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
EXAMPLES = 6  # of each operation: more find little that these do not, and cost seconds


class Credentials:
    """Signs each request and gives it the API key, as a platform would."""

    def __init__(self, app: WSGIApplication) -> None:
        self.app, self.numbers = app, itertools.count()

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        name, now = f"msg_{next(self.numbers)}", str(int(datetime.now(UTC).timestamp()))
        environ["wsgi.input"] = io.BytesIO(body)
        environ["HTTP_WEBHOOK_ID"], environ["HTTP_WEBHOOK_TIMESTAMP"] = name, now
        environ["HTTP_WEBHOOK_SIGNATURE"] = BytesWebhook(SECRETS[0]).signature(name, now, body)
        environ["HTTP_AUTHORIZATION"] = f"Bearer {API_KEY}"
        return self.app(environ, start)


@pytest.fixture(scope="module")
def api(config: Config, parts: Parts) -> BaseSchema:
    # Addresses that are made up are not waited for.
    impatient = config.model_copy(update={"fetch_seconds": 0.1})
    app = create_app(impatient, Parts(**(vars(parts) | {"config": impatient})))
    return from_wsgi("/v1/openapi.json", Credentials(app))


OPERATIONS = [(path, one) for path, item in document()["paths"].items() for one in item]


@pytest.mark.slow
@pytest.mark.parametrize(("path", "method"), OPERATIONS)
@pytest.mark.parametrize("mode", list(GenerationMode))
def test_every_answer_is_as_documented(
    clean: None, api: BaseSchema, path: str, method: str, mode: GenerationMode
) -> None:
    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=api[path][method].as_strategy(generation_mode=mode))
    def check(case: Case[Any]) -> None:
        case.call_and_validate(checks=CHECKS)

    check()


@pytest.mark.parametrize(
    ("path", "method", "names"),
    [
        ("/v1/posts/{id}", "GET", {"id": "p-1"}),
        ("/v1/posts/{id}", "GET", {"id": "p-pending"}),
        ("/v1/hashtags/{tag}/posts", "GET", {"tag": "카페"}),
        ("/v1/posts/{id}/similar", "GET", {"id": "p-1"}),
        ("/v1/posts", "GET", {}),
        ("/v1/posts/{id}", "DELETE", {"id": "p-1"}),
    ],
)
def test_so_is_every_answer_about_what_is_there(
    clean: None, parts: Parts, api: BaseSchema, path: str, method: str, names: dict[str, str]
) -> None:
    add_post(parts, "p-1", {"카페": "relevant", "ootd": "unverifiable"}, (None,))
    add_post(parts, "p-pending", {}, state="pending", decision=None, decided_by=None)
    case = api[path][method].Case(path_parameters=names)
    case.call_and_validate(checks=CHECKS)
