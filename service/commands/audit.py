"""`python -m service audit …`: is the log what was written?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from service.audit.entries import EntryError, ExportedEntry, lines, read, stored
from service.audit.verify import BrokenError
from service.audit.verify import verify as walk
from service.commands.session import transaction


@click.group("audit")
def group() -> None:
    """The audit log: verify it, export it."""


@group.command()
@click.option("--head", help="A hash that the log had before: finds an end that was cut off.")
@click.option(
    "--file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Verify an export instead of the database.",
)
def verify(head: str | None, file: Path | None) -> None:
    """Walk over the whole log. Ends with 1, and says at which entry, if anything was changed."""
    try:
        with _entries(file) as entries:
            whole = walk(entries, head.strip().lower() if head else None)
    except (BrokenError, EntryError) as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{whole.entries:,} entries, unbroken. Head: {whole.head}")


@group.command()
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Else the terminal.")
def export(out: Path | None) -> None:
    """Write the log as lines of JSON, an entry each, in its order."""
    try:
        with (
            _entries(None) as entries,
            click.open_file(str(out or "-"), "w", encoding="utf-8") as file,
        ):
            for line in lines(entries):
                click.echo(line, file)
    except OSError as error:
        raise click.ClickException(f"{out} cannot be written: {error.strerror}") from None


@contextmanager
def _entries(file: Path | None) -> Iterator[Iterator[ExportedEntry]]:
    if file is None:
        with transaction() as session, stored(session) as entries:
            yield entries
    else:
        with file.open(encoding="utf-8", errors="replace") as text:
            yield read(text)
