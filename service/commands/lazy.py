"""A group of commands that imports a command when it is used, as click's manual describes under
"Lazily Loading Subcommands": a process pays for the imports of its own command alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click


class LazyGroup(click.Group):
    """A group of commands.

    Args:
        places: module and attribute of each command by its name: ``service.commands.run:run``.
        others: what ``click.Group`` takes.
    """

    def __init__(self, *, places: Mapping[str, str], **others: Any) -> None:
        super().__init__(**others)
        self.places = places

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, sorted."""
        return sorted(self.places)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command; None if there is none of that name."""
        if cmd_name not in self.places:
            return None
        module, _, attribute = self.places[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command
