"""`python -m service moderator …`: accounts of the console."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from service import accounts
from service.commands.actor import actor
from service.commands.session import transaction
from service.tables import User

_role = click.Choice(accounts.ROLES)


@click.group("moderator")
def group() -> None:
    """Accounts of the review console."""


@contextmanager
def _changing() -> Iterator[Session]:
    """A transaction; an AccountError becomes one message."""
    try:
        with transaction() as session:
            yield session
    except accounts.AccountError as error:
        raise click.ClickException(str(error)) from None


@group.command()
@click.argument("name")
@click.option("--role", type=_role, default="moderator", show_default=True)
def add(name: str, role: str) -> None:
    """Create an account and print its password, once."""
    with _changing() as session:
        _, password = accounts.create(session, name, role, actor())
    click.echo(f"{name} ({role}): {password}")


@group.command()
@click.argument("name", default="moderator")
def reset(name: str) -> None:
    """Make a new password, print it once, and end the account's sessions."""
    with _changing() as session:
        password = accounts.reset_password(session, name, actor())
    click.echo(f"{name}: {password}")


@group.command()
@click.argument("name")
@click.argument("role", type=_role)
def role(name: str, role: str) -> None:
    """Give an account another role, and end its sessions."""
    with _changing() as session:
        accounts.change_role(session, name, role, actor())
    click.echo(f"{name} is {role} now.")


@group.command()
@click.argument("name")
def disable(name: str) -> None:
    """Let nobody sign in with an account any more, and end its sessions."""
    with _changing() as session:
        accounts.disable(session, name, actor())
    click.echo(f"{name} is disabled.")


@group.command()
@click.argument("name")
def enable(name: str) -> None:
    """Open a disabled account again, with the password it had."""
    with _changing() as session:
        accounts.enable(session, name, actor())
    click.echo(f"{name} may sign in again.")


@group.command("sign-out")
@click.argument("name")
def sign_out(name: str) -> None:
    """End every session of an account."""
    with _changing() as session:
        count = accounts.end_sessions(session, name, actor())
    click.echo(f"{count} ended.")


@group.command("list")
def show() -> None:
    """Print every account: role, when it was made, last sign-in, disabled or not."""
    with transaction() as session:
        for user in session.scalars(select(User).order_by(User.name)):
            seen = user.last_sign_in_at
            last = f"{seen:%Y-%m-%d %H:%M}" if seen else "never signed in"
            state = "\tdisabled" if user.disabled_at else ""
            click.echo(f"{user.name}\t{user.role}\t{user.created_at:%Y-%m-%d}\t{last}{state}")
