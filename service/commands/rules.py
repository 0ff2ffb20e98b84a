"""`python -m service rules …`: what a ruleset would do, before and after it is live."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from sqlalchemy.orm import Session

from classifiers import BundleError
from rules import RulesetError
from service.commands import hindsight
from service.commands.actor import actor
from service.config import Config
from service.database import connected, make_sessions
from service.rulesets import store
from service.rulesets.source import read_source
from service.screener import Screener
from service.tables import StoredRuleset


@click.group("rules")
def group() -> None:
    """Rulesets: draft, shadow, live, retired."""


@contextmanager
def changing() -> Iterator[tuple[Session, Screener]]:
    """A transaction and the live screen; errors of rulesets become one message."""
    config = Config.from_environ()
    try:
        with connected(config.database_url) as engine:
            sessions = make_sessions(engine)
            with sessions.begin() as session:
                yield session, Screener(config, sessions)
    except (store.StateError, RulesetError, BundleError) as error:
        raise click.ClickException(str(error)) from None


_reason = click.option("--reason", default="", help="Why, for the audit log.")
_number = click.argument("number", type=click.IntRange(1, 2**63 - 1))  # as the row's id


@group.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--note", default="", help="What it changes, for whoever reads the list.")
def add(file: Path, note: str) -> None:
    """Store FILE as a draft. It is refused where the live bundle cannot serve it."""
    with changing() as (session, screener):
        made = store.add(session, read_source(file), actor(), note, screener.current())
    click.echo(f"Number {made.id}: {made.name}, a draft.")


@group.command("list")
def show() -> None:
    """Print the stored rulesets, the newest first."""
    with changing() as (session, _):
        stored = store.listed(session)
    for one in stored:
        click.echo(_line(one))
    if not any(one.state == "live" for one in stored):
        click.echo("-\tlive\tthe file that the settings name")


@group.command()
@_number
@_reason
def shadow(number: int, reason: str) -> None:
    """Put ruleset NUMBER in shadow: its verdicts on new posts are recorded and not used."""
    with changing() as (session, screener):
        found = store.shadow(session, number, actor(), reason, screener.current())
    click.echo(f"{found.name} is in shadow.")


@group.command()
@_number
@_reason
def promote(number: int, reason: str) -> None:
    """Decide every new post by ruleset NUMBER."""
    with changing() as (session, screener):
        found = store.promote(session, number, actor(), reason, screener.current())
    click.echo(f"{found.name} is live.")


@group.command()
@_reason
def rollback(reason: str) -> None:
    """Go back to the rules that were live before."""
    with changing() as (session, _):
        back = store.roll_back(session, actor(), reason)
    click.echo(f"{back.name if back else 'The file that the settings name'} is live again.")


@group.command()
@_number
@_reason
def retire(number: int, reason: str) -> None:
    """Retire a draft, or a ruleset in shadow."""
    with changing() as (session, _):
        found = store.retire(session, number, actor(), reason)
    click.echo(f"{found.name} is retired.")


def _line(one: StoredRuleset) -> str:
    return f"{one.id}\t{one.state}\t{one.name}\t{one.changed_at:%Y-%m-%d %H:%M}\t{one.note}"


group.add_command(hindsight.backtest)
group.add_command(hindsight.replay)
