"""`python -m service`: the group that contains all commands."""

from __future__ import annotations

import os
from typing import Any

import click

from service.commands.lazy import LazyGroup
from service.runner.environment import FILE, data_folder, read

PLACES = {
    "audit": "service.commands.audit:group",
    "bundles": "service.commands.bundles:group",
    "callbacks": "service.commands.callbacks:group",
    "lexicon": "service.commands.lexicon:group",
    "migrate": "service.commands.migrate:migrate",
    "moderator": "service.commands.moderator:group",
    "openapi": "service.commands.show:openapi",
    "reviews": "service.commands.reviews:group",
    "rules": "service.commands.rules:group",
    "run": "service.commands.run:run",
    "settings": "service.commands.show:settings",
    "sweep": "service.commands.sweep:sweep",
}


class Root(LazyGroup):
    """The group of all commands. A database that is away is one sentence in each of them."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run one command."""
        try:
            return super().invoke(ctx)
        except Exception as error:
            if not _is_away(error):
                raise
            why = str(error.__cause__ or error).strip().partition("\n")[0]
            raise click.ClickException(
                f"The database cannot be reached ({why}): is the service running?"
            ) from error


def _is_away(error: Exception) -> bool:
    from sqlalchemy.exc import OperationalError  # here, because most commands end without an error

    # What the database itself refuses has an SQLSTATE.
    return isinstance(error, OperationalError) and not getattr(error.orig, "sqlstate", None)


@click.group(cls=Root, places=PLACES)
def main() -> None:
    """Run and look after Tagsift. Commands use the settings of `make run`, if it has run here."""
    context = click.get_current_context()
    context.obj = os.environ
    if context.invoked_subcommand != "run":
        path = data_folder(os.environ) / FILE
        try:
            values = read(path)
        except OSError as error:
            raise click.ClickException(
                f"{path} cannot be read ({error.strerror}): do this as the user who runs the "
                "service, or set TAGSIFT_DATA."
            ) from None
        for name, value in values.items():
            os.environ.setdefault(name, value)
