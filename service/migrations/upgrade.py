"""Bring a database to the newest schema."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.migration import MigrationContext
from sqlalchemy import Engine, text

from service.locks import Lock

# Two processes that migrate at once wait for each other.
_LOCK = f"SELECT pg_advisory_xact_lock({Lock.MIGRATION:d}, 1)"


def configuration() -> AlembicConfig:
    """Alembic's configuration, without an ini file."""
    config = AlembicConfig()
    config.set_main_option("script_location", str(Path(__file__).parent))
    return config


def migrate(engine: Engine, revision: str = "head") -> tuple[str | None, str | None]:
    """Upgrade the database to ``revision``; does nothing where it is there already.

    Returns:
        the revisions before and after; None for an empty database.
    """
    with engine.begin() as connection:
        connection.execute(text(_LOCK))
        config = configuration()
        config.attributes["connection"] = connection
        context = MigrationContext.configure(connection)
        before = context.get_current_revision()
        command.upgrade(config, revision)
        return before, context.get_current_revision()


def downgrade(engine: Engine, revision: str) -> None:
    """Take the database back to ``revision`` (``base``: empty)."""
    with engine.begin() as connection:
        config = configuration()
        config.attributes["connection"] = connection
        command.downgrade(config, revision)
