"""When each periodic task is due next."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from service.tables.base import Base


class Upkeep(Base):
    """When a periodic task is to be queued next, by the task's name."""

    __tablename__ = "upkeep"

    name: Mapped[str] = mapped_column(primary_key=True)
    due_at: Mapped[datetime]
