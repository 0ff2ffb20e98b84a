"""`python -m service`: the group that contains all commands."""

from __future__ import annotations

import os

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


@click.group(cls=LazyGroup, places=PLACES)
def main() -> None:
    """Run and look after Tagsift. Commands use the settings of `make run`, if it has run here."""
    context = click.get_current_context()
    context.obj = os.environ
    if context.invoked_subcommand != "run":
        for name, value in read(data_folder(os.environ) / FILE).items():
            os.environ.setdefault(name, value)
