"""Keys of the API that were made in the console."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from service.tables.base import Base, row_id


class ApiKey(Base):
    """An API key: its SHA-256, and its first characters, by which a person recognises it.

    Usable keys have different names. ``last_used_at`` lags behind by some minutes at most.
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
