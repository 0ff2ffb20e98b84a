"""The wire's models of uploads."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from service.api.kinds import WHOLE
from service.api.schemas import BIGGEST, Name, Wire
from service.uploads.kinds import CONTENT_TYPES


def _bare(value: Any) -> Any:
    """A content type without its parameters: browsers name codecs there."""
    return value.partition(";")[0].strip().lower() if isinstance(value, str) else value


def _known(value: str) -> str:
    if value not in CONTENT_TYPES:
        raise ValueError(f"must be one of {', '.join(CONTENT_TYPES)}")
    return value


ContentType = Annotated[
    str,
    BeforeValidator(_bare),
    AfterValidator(_known),
    Field(json_schema_extra={"enum": list(CONTENT_TYPES)}),
]


class UploadIn(Wire):
    """A file that is about to be put. Its name says nothing to us, and is not kept."""

    filename: Name
    content_type: ContentType = Field(
        description="Of the family of its content (a photograph or a video); what is put is looked "
        "at, too."
    )
    size: Annotated[int, Field(ge=1, le=BIGGEST), WHOLE] = Field(
        description="The file's length, in bytes."
    )


class UploadBegun(Wire):
    """Where to put the file: ``method`` to ``url`` with these ``headers`` and the file as body."""

    key: str
    url: str
    method: Literal["PUT"]
    headers: dict[str, str]
    expires_at: datetime = Field(
        description="Until then the file can be put, and a post can name it."
    )
    max_bytes: int = Field(description="The file's length as announced: no more and no less.")


class UploadOut(Wire):
    """An upload and how it stands. ``size`` is its file's length in bytes."""

    key: str
    state: Literal["waiting", "stored", "expired"]
    size: int
    content_type: str
    expires_at: datetime
