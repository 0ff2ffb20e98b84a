"""Parts of the service that cannot be used at the moment."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func
from sqlalchemy.orm import Mapped, mapped_column

from service.tables.base import Base


class Outage(Base):
    """One part that screening waits for: since when, when last seen, and what it said.

    The row is there only while the outage lasts.
    """

    __tablename__ = "outages"

    part: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[datetime] = mapped_column(server_default=func.now())
    seen_at: Mapped[datetime] = mapped_column(server_default=func.now())
    message: Mapped[str]
