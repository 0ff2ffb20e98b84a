"""What all tables share: one metadata, types, and the columns that most of them have."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, ForeignKey, Identity, MetaData, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from service.tables.halves import Halves

Json = dict[str, Any]


class Base(DeclarativeBase):
    """All tables share one metadata, with constraint names that migrations can rely on."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012  # SQLAlchemy reads it as a class attribute
        datetime: DateTime(timezone=True),
        str: Text,
        Json: JSONB(none_as_null=True),  # else None is JSON's null, which IS NULL does not find
        list[str]: ARRAY(Text),
    }


def row_id() -> Mapped[int]:
    """The primary key: a number from the database's sequence."""
    return mapped_column(BigInteger, Identity(), primary_key=True)


class MadeVector:
    """A vector and the id of the network that made it. Vectors of different networks are never
    compared.
    """

    made_by: Mapped[str] = mapped_column(primary_key=True, sort_order=1)
    vector: Mapped[Any] = mapped_column(Halves(), sort_order=1)


def owner(table: str) -> Mapped[int]:
    """The row that this one belongs to and is deleted with."""
    return mapped_column(ForeignKey(f"{table}.id", ondelete="CASCADE"))
