"""A platform that sends appeals, and what it is told."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from service.api.appeals_schemas import AppealOut
from service.api.schemas import ProblemOut
from service.parts import Parts
from service.tables import Delivery

VERDICTS = {"카페": "irrelevant", "맛집": "relevant"}


class Platform:
    """Sends appeals and reads how they stand."""

    def __init__(self, client: FlaskClient, bearer: dict[str, str]) -> None:
        self.client, self.bearer = client, bearer

    def send(self, post: str, **changes: Any) -> TestResponse:
        body = {"id": "a-1", "text": "사진에 커피가 있어요."} | changes
        return self.client.post(f"/v1/posts/{post}/appeals", json=body, headers=self.bearer)

    def appeal(self, name: str = "a-1") -> AppealOut:
        answer = self.client.get(f"/v1/appeals/{name}", headers=self.bearer)
        assert answer.status_code == 200, answer.text
        return AppealOut.model_validate_json(answer.data)

    def post(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = self.client.get(f"/v1/posts/{name}", headers=self.bearer).get_json()
        return found


def code(answer: TestResponse) -> tuple[int, str]:
    problem = ProblemOut.model_validate_json(answer.data)
    assert answer.mimetype == "application/problem+json"
    assert problem.status == answer.status_code
    return problem.status, problem.code


def told(parts: Parts) -> list[tuple[str, str]]:
    """The callbacks, as (type, state)."""
    with parts.sessions() as session:
        rows = session.scalars(select(Delivery).order_by(Delivery.created_at))
        return [(row.type, row.state) for row in rows]
