"""Keys of the API that were made in the console."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from service.tables.base import Base, row_id


class ApiKey(Base):
    """A key of the API: its SHA-256, and the first characters, by which a person recognises it.

    Two keys that can be used have two names. ``last_used_at`` is at most some minutes old.
    """

    __tablename__ = "api_keys"

    id: Mapped[int] = row_id()
    name: Mapped[str]
    prefix: Mapped[str]
    token_hash: Mapped[str] = mapped_column(unique=True)
    made_by: Mapped[str]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    revoked_by: Mapped[str | None]
    revoked_at: Mapped[datetime | None]
