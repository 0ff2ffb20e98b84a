"""Bring a database to the newest schema."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text

from service.locks import Lock

# Two processes that migrate at once wait for each other.
_LOCK = f"SELECT pg_advisory_xact_lock({Lock.MIGRATION:d}, 1)"


class NewerSchemaError(Exception):
    """The database has a schema that this program does not know; the text says what to do."""


def configuration() -> AlembicConfig:
    """Alembic's configuration, without an ini file."""
    config = AlembicConfig()
    config.set_main_option("script_location", str(Path(__file__).parent))
    return config


def migrate(engine: Engine, revision: str = "head") -> tuple[str | None, str | None]:
    """Upgrade the database to ``revision``; does nothing where it is there already.

    Returns:
        the revisions before and after; None for an empty database.

    Raises:
        NewerSchemaError: a newer program made the database.
    """
    with engine.begin() as connection:
        connection.execute(text(_LOCK))
        config = configuration()
        config.attributes["connection"] = connection
        context = MigrationContext.configure(connection)
        before = context.get_current_revision()
        if before is not None and before not in _known(config):
            raise NewerSchemaError(
                f"A newer Tagsift has used this database: its schema is {before}, which this one "
                "does not know. Start the newer one, or restore a backup of the database."
            )
        command.upgrade(config, revision)
        return before, context.get_current_revision()


def _known(config: AlembicConfig) -> set[str]:
    return {one.revision for one in ScriptDirectory.from_config(config).walk_revisions()}


def downgrade(engine: Engine, revision: str) -> None:
    """Take the database back to ``revision`` (``base``: empty)."""
    with engine.begin() as connection:
        config = configuration()
        config.attributes["connection"] = connection
        command.downgrade(config, revision)
