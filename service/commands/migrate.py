"""`python -m service migrate`: the schema."""

from __future__ import annotations

import click

from service.audit import record
from service.commands.actor import actor
from service.config import Config
from service.database import connected, make_sessions
from service.migrations.upgrade import NewerSchemaError
from service.migrations.upgrade import migrate as upgrade


@click.command()
def migrate() -> None:
    """Bring the database to the newest schema."""
    with connected(Config.from_environ().database_url) as engine:
        try:
            before, after = upgrade(engine)
        except NewerSchemaError as error:
            raise click.ClickException(str(error)) from None
        if before != after:
            with make_sessions(engine).begin() as session:
                details = {"before": before, "after": after}
                record(session, actor(), "schema.migrated", "schema", details)
    click.echo("The schema is up to date.")
