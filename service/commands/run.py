"""`python -m service run`: the whole service on this machine."""

from __future__ import annotations

import sys
from collections.abc import Mapping

import click

from service.config import ConfigError
from service.migrations.upgrade import NewerSchemaError
from service.runner.errors import StartError
from service.runner.run import run as run_all


@click.command()
@click.pass_obj
def run(environ: Mapping[str, str]) -> None:
    """Start everything on this machine and stop it together."""
    try:
        sys.exit(run_all(environ, click.echo))
    except (StartError, ConfigError, NewerSchemaError) as error:
        raise click.ClickException(str(error)) from None
