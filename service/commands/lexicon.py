"""`python -m service lexicon …`: the hashtags' meanings, out to a file and in again."""

from __future__ import annotations

from pathlib import Path

import click
from tqdm import tqdm

from service.audit import record
from service.commands.actor import actor
from service.commands.session import transaction
from service.config import Config
from service.lexicon import LexiconError, effective_lexicon
from service.lexicon.csvfile import apply, differences, read_file, write_csv
from service.lexicon.learn import learn_hashtags
from service.parts import make_parts

SHOWN = 20


@click.group("lexicon")
def group() -> None:
    """What hashtags mean: export it, import it."""


@group.command("export")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Else the terminal.")
def write(out: Path | None) -> None:
    """Write the effective lexicon, with everybody's changes, as CSV."""
    with transaction() as session:
        text = write_csv(effective_lexicon(session).entries.values())
    if out is None:
        click.echo(text, nl=False)
        return
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"{out} cannot be written: {error.strerror}") from None
    click.echo(f"{text.count(chr(10)) - 1} hashtags written to {out}.")


@group.command("learn")
def learn() -> None:
    """Guess what unmapped hashtags claim from the hashtags they share posts with; runs daily by
    itself.
    """
    parts = make_parts(Config.from_environ())
    try:
        count = learn_hashtags(parts)
        if count is not None:
            with parts.sessions.begin() as session:
                record(session, actor(), "lexicon.learned", "lexicon", {"guesses": count})
    finally:
        parts.close()
    click.echo("Somebody is at it already." if count is None else f"{count} guesses.")


@group.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--who", default=actor, help="Whose word it is; else your user's name.")
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
def read(file: Path, who: str, dry_run: bool) -> None:
    """Apply a CSV file at once and everywhere; nothing is changed if a row is wrong.

    The columns are tag, categories (separated by |; none: says nothing visible;
    visible: one can see it, and no label covers it), who, when, why.
    Hashtags that the file leaves out stay as they are.
    """
    parts = make_parts(Config.from_environ())
    try:
        given = read_file(file)
        known = parts.screener.current().ruleset.categories
        with parts.sessions.begin() as session:
            found = differences(session, given, known)
            for one in found[:SHOWN]:
                before = "unknown" if one.before is None else "|".join(one.before) or "nothing"
                after = "|".join(one.entry.meaning) or "nothing"
                click.echo(f"#{one.entry.tag.lstrip('#')}: {before} -> {after}")
            if len(found) > SHOWN:
                click.echo(f"… and {len(found) - SHOWN} more.")
            if not dry_run:
                apply(session, tqdm(found, unit="hashtag", disable=None), who=who, known=known)
    except LexiconError as error:
        raise click.ClickException(str(error)) from None
    finally:
        parts.close()
    click.echo(f"{len(found)} {'would change' if dry_run else 'changed'}.")
