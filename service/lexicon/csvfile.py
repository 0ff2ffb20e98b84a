"""The lexicon as a CSV file: everything that holds, out and in again."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from rules.errors import RulesetError
from rules.lexicon import FIELDS, Entry, Lexicon, read_lexicon
from service.lexicon.changes import LexiconError, change, check
from service.lexicon.effective import effective_lexicon


@dataclass(frozen=True)
class Difference:
    """One hashtag of a file that means something else than what holds. ``before`` None: unknown."""

    entry: Entry
    before: tuple[str, ...] | None


def write_csv(lexicon: Lexicon) -> str:
    """The whole lexicon, in the form in which it can be read again."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(FIELDS)
    for entry in lexicon.entries.values():
        writer.writerow((entry.tag, "|".join(entry.categories), entry.who, entry.when, entry.why))
    return out.getvalue()


def differences(session: Session, path: Path, known: Collection[str]) -> list[Difference]:
    """What a file says otherwise than the lexicon that holds. A hashtag it leaves out stays.

    Raises:
        LexiconError: the file or a row of it is wrong; with its place. Nothing was changed.
    """
    try:
        given = read_lexicon(path)
    except RulesetError as error:
        raise LexiconError(str(error)) from None
    now = effective_lexicon(session).claims
    found = []
    for key, entry in given.entries.items():
        try:
            check(entry.tag, entry.categories, known)
        except LexiconError as error:
            raise LexiconError(f"{path}:{entry.line}: {error}") from None
        if now.get(key) != entry.categories:
            found.append(Difference(entry, now.get(key)))
    return found


def apply(
    session: Session, found: Iterable[Difference], *, who: str, known: Collection[str]
) -> None:
    """Make a file's differences hold, all in the caller's transaction."""
    for one in found:
        entry = one.entry
        why = f"{entry.why} ({entry.who}, {entry.when})"
        change(session, entry.tag, entry.categories, who=who, why=why, known=known)
