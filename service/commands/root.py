"""`python -m service`: the group that contains all commands."""

from __future__ import annotations

import os
import sys

import click

from service.audit import record
from service.commands import audit, bundles, callbacks, lexicon, moderator, reviews, rules, show
from service.commands.actor import actor
from service.config import Config, ConfigError
from service.database import connected, make_sessions
from service.migrations.upgrade import migrate as upgrade
from service.operations.logs import configure
from service.parts import make_parts
from service.runner.environment import FILE, data_folder, read
from service.runner.errors import StartError
from service.runner.run import run as run_all
from service.runner.supervise import Stopped
from service.sweeper import PATIENCE, sweep_until


@click.group()
def main() -> None:
    """Run and look after Tagsift. Commands use the settings of `make run`, if it has run here."""
    if click.get_current_context().invoked_subcommand != "run":
        for name, value in read(data_folder(os.environ) / FILE).items():
            os.environ.setdefault(name, value)


@main.command()
def run() -> None:
    """Start everything on this machine and stop it together."""
    try:
        sys.exit(run_all(os.environ, click.echo))
    except (StartError, ConfigError) as error:
        raise click.ClickException(str(error)) from None


@main.command()
def sweep() -> None:
    """Every few seconds, queue again what has waited too long. Several may run."""
    config = Config.from_environ()
    configure(config)
    stopped = Stopped()
    stopped.listen()
    parts = make_parts(config, PATIENCE)
    sweep_until(stopped, parts)
    parts.close()


@main.command()
def migrate() -> None:
    """Bring the database to the newest schema."""
    with connected(Config.from_environ().database_url) as engine:
        before, after = upgrade(engine)
        if before != after:
            with make_sessions(engine).begin() as session:
                details = {"before": before, "after": after}
                record(session, actor(), "schema.migrated", "schema", details)
    click.echo("The schema is up to date.")


for _command in (
    moderator.group,
    audit.group,
    callbacks.group,
    lexicon.group,
    rules.group,
    bundles.group,
    reviews.group,
    show.settings,
    show.openapi,
):
    main.add_command(_command)
