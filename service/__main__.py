"""`python -m service …`: run the service, and what is done to it from a shell."""

from __future__ import annotations

import os
import sys

import click

from service.commands import callbacks, moderator, show
from service.config import Config, ConfigError
from service.runner.environment import FILE, data_folder, read
from service.runner.errors import StartError


@click.group(help=__doc__)
def main() -> None:
    """The commands below share the settings of a running `make run`, where there is one."""
    saved = read(data_folder(os.environ) / FILE)
    if click.get_current_context().invoked_subcommand != "run":
        for name, value in saved.items():
            os.environ.setdefault(name, value)


@main.command()
def run() -> None:
    """Start everything on this machine and stop it together."""
    from service.runner.run import run as run_all

    try:
        sys.exit(run_all(os.environ, lambda text: click.echo(text)))
    except (StartError, ConfigError) as error:
        raise click.ClickException(str(error)) from None


@main.command()
def migrate() -> None:
    """Bring the database to the newest schema."""
    from service.database import connected
    from service.migrations.upgrade import migrate as upgrade

    with connected(Config.from_environ().database_url) as engine:
        upgrade(engine)
    click.echo("The schema is up to date.")


for _command in (moderator.group, callbacks.group, show.settings, show.openapi):
    main.add_command(_command)

if __name__ == "__main__":
    try:
        main()
    except ConfigError as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(1)
