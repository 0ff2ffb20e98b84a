"""Read a request's JSON as a validated model, or raise a problem that names each field."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Literal, TypeVar

from flask import Request
from pydantic import BaseModel, TypeAdapter, ValidationError

from service.api.items_schemas import InteractionIn, Interactions
from service.problems import FieldError, Problem

Code = Literal[
    "invalid-post",
    "invalid-appeal",
    "invalid-search",
    "invalid-upload",
    "invalid-item",
    "invalid-interaction",
    "invalid-thumbnails",
]
Model = TypeVar("Model", bound=BaseModel)
_INTERACTIONS: TypeAdapter[list[InteractionIn]] = TypeAdapter(Interactions)


def read_json(request: Request, model: type[Model], code: Code) -> Model:
    """Read a body of JSON.

    Raises:
        Problem: 415 for another content type; 422 with this code for a body that breaks a rule.
    """
    return validate(_json(request), model, code)


def read_interactions(request: Request) -> list[InteractionIn]:
    """Read one interaction or a list of them.

    Raises:
        Problem: as ``read_json``.
    """
    body = _json(request)
    if body.lstrip()[:1] != b"[":
        return [validate(body, InteractionIn, "invalid-interaction")]
    try:
        return _INTERACTIONS.validate_json(body)
    except ValidationError as error:
        raise invalid("invalid-interaction", _broken(error)) from None


def validate(text: bytes, model: type[Model], code: Code) -> Model:
    """JSON as a model.

    Raises:
        Problem: 422 with this code for what breaks a rule.
    """
    try:
        return model.model_validate_json(text)
    except ValidationError as error:
        raise invalid(code, _broken(error)) from None


def invalid(code: Code, errors: list[FieldError]) -> Problem:
    """The problem of a body that breaks rules."""
    count = "1 rule is" if len(errors) == 1 else f"{len(errors)} rules are"
    detail = f"{count} broken; `errors` names each field. Nothing was stored."
    return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, code, detail, errors)


def unsupported(wanted: str, kind: str) -> Problem:
    """The problem of a body of another content type than is ``wanted``."""
    return Problem(
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        "unsupported-media-type",
        f"Send {wanted}, not {kind or 'nothing'}.",
    )


def _json(request: Request) -> bytes:
    if request.mimetype != "application/json":
        raise unsupported("application/json", request.mimetype)
    return request.get_data()


def _broken(error: ValidationError) -> list[FieldError]:
    return [
        FieldError(_pointer(problem["loc"]), problem["type"], problem["msg"])
        for problem in error.errors(include_url=False, include_input=False)
    ]


def _pointer(location: tuple[Any, ...]) -> str:
    escaped = (str(part).replace("~", "~0").replace("/", "~1") for part in location)
    return "".join(f"/{part}" for part in escaped)
