"""`python -m service reviews …`: what moderators settled, for the next training."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click
from tqdm import tqdm

from classifiers import BundleError
from rules import RulesetError
from service.audit import record
from service.commands.actor import actor
from service.commands.since import Since
from service.config import Config
from service.parts import make_parts
from service.reviews.export import LABELLED, UNLABELLED, ExportError, count_settled, settled
from service.reviews.export import export as write


@click.group("reviews")
def group() -> None:
    """What moderators settled."""


@group.command()
@click.option("--out", type=click.Path(path_type=Path), required=True, help="A new folder.")
@click.option("--since", type=Since(), help="Only posts reviewed since then.")
def export(out: Path, since: datetime | None) -> None:
    """Write settled posts as labelled photographs, which `python -m training train` reads."""
    parts = make_parts(Config.from_environ())
    try:
        labels = parts.screener.current().bundle.labels
        with parts.sessions() as session:
            total = count_settled(session, since)
        posts = tqdm(settled(parts.sessions, since), total=total, unit="post", disable=None)
        parents = {label.name: label.parent for label in labels}
        done = write(posts, parts.images, parents, list(parents), out)
        told = {"since": since and since.isoformat(), "photographs": True, **vars(done)}
        with parts.sessions.begin() as session:
            record(session, actor(), "reviews.exported", "reviews", told)
    except (ExportError, BundleError, RulesetError) as error:
        raise click.ClickException(str(error)) from None
    finally:
        parts.close()
    click.echo(
        f"{done.labelled} photographs with labels in {out / LABELLED}, {done.unlabelled} to be "
        f"labelled in {out / UNLABELLED}, {done.without_copy} without a copy left out."
    )
