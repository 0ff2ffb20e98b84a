"""`python -m service callbacks …`: dead letters of the outbox."""

from __future__ import annotations

import uuid

import click

from service.audit import record
from service.commands.actor import actor
from service.commands.session import transaction
from service.outbox.dead import list_dead, resend


@click.group("callbacks")
def group() -> None:
    """Callbacks that were given up."""


@group.command("list")
@click.option("--limit", default=100, show_default=True, help="Most rows printed.")
def show(limit: int) -> None:
    """Print the dead letters: id, age, attempts, last error."""
    with transaction() as session:
        rows = list_dead(session, limit)
    for row in rows:
        click.echo(f"{row.id}\t{row.created_at:%Y-%m-%d %H:%M}\t{row.attempts}\t{row.last_error}")
    if not rows:
        click.echo("No dead letters.")


@group.command("resend")
@click.argument("ids", nargs=-1, type=click.UUID)
@click.option("--all", "every", is_flag=True, help="Every dead letter.")
def again(ids: tuple[uuid.UUID, ...], every: bool) -> None:
    """Put dead letters back into the outbox, under the same delivery id."""
    if not ids and not every:
        raise click.UsageError("Name the deliveries, or give --all.")
    with transaction() as session:
        count = resend(session, None if every else ids)
        if count:
            asked = "all" if every else [str(one) for one in ids]
            record(session, actor(), "callbacks.resent", "callbacks", {"ids": asked, "put": count})
    click.echo(f"{count} put back.")
