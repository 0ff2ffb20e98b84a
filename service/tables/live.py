"""Which bundle, ruleset, lexicon and item bundle every process uses."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from service.tables.base import Base


class Live(Base):
    """The live version of one kind; without a row it is what the settings name.

    ``version`` is a bundle's folder, the number of a stored ruleset, or number and time of the
    newest change to the lexicon.
    """

    __tablename__ = "live"

    kind: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[str]
    since: Mapped[datetime] = mapped_column(server_default=func.now(), onupdate=func.now())

    __table_args__ = (
        CheckConstraint("kind IN ('bundle', 'ruleset', 'lexicon', 'items')", name="kind_known"),
    )
