"""`python -m service moderator …`: accounts of the console."""

from __future__ import annotations

import click
from sqlalchemy import select

from service import accounts
from service.commands.session import transaction
from service.tables import User


@click.group("moderator")
def group() -> None:
    """Accounts of the review console."""


@group.command()
@click.argument("name")
@click.option("--role", type=click.Choice(["moderator", "analyst", "admin"]), default="moderator")
def add(name: str, role: str) -> None:
    """Create an account and print its password, once."""
    try:
        with transaction() as session:
            _, password = accounts.create(session, name, role)
    except accounts.AccountError as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{name} ({role}): {password}")


@group.command()
@click.argument("name", default="moderator")
def reset(name: str) -> None:
    """Make a new password, print it once, and end the account's sessions."""
    try:
        with transaction() as session:
            password = accounts.reset_password(session, name)
    except accounts.AccountError as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{name}: {password}")


@group.command("list")
def show() -> None:
    """Print every account with its role."""
    with transaction() as session:
        for user in session.scalars(select(User).order_by(User.name)):
            click.echo(f"{user.name}\t{user.role}\t{user.created_at:%Y-%m-%d}")
