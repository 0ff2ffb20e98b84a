"""`python -m service bundles …`: what looks at photographs, and what makes item vectors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from classifiers import BundleError
from items import ItemBundleError
from items.bundle import CARD
from rules import RulesetError
from service.bundles import promote as changes
from service.bundles.errors import RefusedError
from service.bundles.history import promoted
from service.bundles.items import promote_items, roll_back_items
from service.bundles.reembed import kept_since, left, reembeddings
from service.commands.actor import actor
from service.config import Config
from service.items.content import looked_by
from service.items.renew import stale
from service.live_versions import Kind
from service.parts import Parts, make_parts

REFUSED = (BundleError, ItemBundleError, RulesetError, RefusedError)


@click.group("bundles")
def group() -> None:
    """Model bundles: promote one, roll back, see how far stored embeddings are."""


@contextmanager
def _parts() -> Iterator[Parts]:
    parts = make_parts(Config.from_environ())
    try:
        yield parts
    except REFUSED as error:
        raise click.ClickException(str(error)) from None
    finally:
        parts.close()


_who = click.option("--who", default=actor, help="Whose word it is; else your user's.")
_reason = click.option("--reason", default="", help="Why, for the audit log.")


@group.command()
@click.argument("bundle", type=click.Path(path_type=Path))
@click.option(
    "--test",
    type=click.Path(exists=True, path_type=Path),
    help="Labelled photographs to compare it with the live bundle on. Without: by what both keep "
    "of training, where that was the same photographs.",
)
@click.option("--reembed", is_flag=True, help="Let stored embeddings be made anew, if need be.")
@_who
@_reason
def promote(bundle: Path, test: Path | None, reembed: bool, who: str, reason: str) -> None:
    """Look at photographs with BUNDLE, in every process, without a restart.

    Refused where a hash is wrong, a label of the live rules is missing, macro F1 or a label's
    recall falls by more than two points, or embeddings change without --reembed.
    """
    with _parts() as parts:
        try:
            with parts.sessions.begin() as session:
                made = changes.promote(
                    session,
                    parts.config,
                    parts.screener.current(),
                    bundle,
                    test=test,
                    reembed=reembed,
                    who=who,
                    reason=reason,
                )
        except REFUSED as error:
            _refuse(parts, bundle, who, error)
            raise
    click.echo(f"{made.id} is live.")


@group.command("promote-items")
@click.argument("bundle", type=click.Path(path_type=Path))
@_who
@_reason
def promote_item_bundle(bundle: Path, who: str, reason: str) -> None:
    """Make vectors of items and posts by the item bundle BUNDLE, without a restart.

    Refused where a hash is wrong, it has no card, it takes what another classifier sees, or its
    mean average precision on the same items falls by more than two points.
    """
    with _parts() as parts:
        try:
            with parts.sessions.begin() as session:
                encoding = parts.encoders.usable()
                made = promote_items(
                    session,
                    parts.config,
                    parts.screener.current().bundle,
                    encoding.bundle if encoding else None,
                    bundle,
                    who=who,
                    reason=reason,
                )
        except REFUSED as error:
            _refuse(parts, bundle, who, error)
            raise
    click.echo(f"{made.id} is live; what it is worth says {made.path / CARD}.")


@group.command("rollback-items")
@_who
@_reason
def rollback_item_bundle(who: str, reason: str) -> None:
    """Go back to the item bundle that was live before."""
    with _parts() as parts, parts.sessions.begin() as session:
        back = roll_back_items(session, parts.config, who=who, reason=reason)
    click.echo(f"{back.id} is live again.")


@group.command()
@_who
@_reason
def rollback(who: str, reason: str) -> None:
    """Go back to the bundle that was live before."""
    with _parts() as parts, parts.sessions.begin() as session:
        current = parts.screener.current()
        back = changes.roll_back(session, parts.config, current, who=who, reason=reason)
    click.echo(f"{back.id} is live again.")


@group.command("list")
def show() -> None:
    """Print the promotions, the newest first: when, bundle, who, why, rolled back or not; then
    those of item bundles."""
    with _parts() as parts, parts.sessions() as session:
        found = (
            (Kind.BUNDLE, parts.screener.current().bundle),
            (Kind.ITEMS, parts.encoders.current().bundle),
        )
        for kind, live in found:
            for one in promoted(session, kind):
                now = "live" if one.bundle == live.id else "retired"
                state = "rolled back" if one.undone else now
                told = (f"{one.at:%Y-%m-%d %H:%M}", state, one.bundle, one.by, one.reason)
                click.echo("\t".join(told))
            click.echo(f"{live.id} is live, from {live.path}.")


@group.command()
def status() -> None:
    """Print what lacks the live bundles' embeddings and vectors yet."""
    with _parts() as parts, parts.sessions() as session:
        live = parts.screener.current().bundle.embedding_id
        without = left(session, live, kept_since(parts))
        click.echo(f"{live}: {without:,} stored photographs do not have it.")
        for one in reembeddings(session):
            end = "done" if one.finished_at else "at work" if one.made_by == live else "stopped"
            click.echo(f"{one.made_by}\t{end}\t{one.made:,} made\t{one.failed:,} unreadable")
        encoding = parts.encoders.current()
        count = stale(session, looked_by(encoding, parts.screener.current()))
        click.echo(f"{encoding.vector_id}: {count:,} items and posts are to be looked at by it.")


def _refuse(parts: Parts, bundle: Path, who: str, error: Exception) -> None:
    with parts.sessions.begin() as session:
        changes.refuse(session, bundle, who, str(error))
