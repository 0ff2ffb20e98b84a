"""Export the effective lexicon as CSV, and import it."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy.orm import Session

from rules.errors import RulesetError
from rules.hashtags.lexicon import FIELDS, PROBLEMS, Lexicon, LexiconEntry, parse_lexicon
from service.csvfile import as_csv, unguard
from service.lexicon.changes import LexiconError, change, check
from service.lexicon.effective import effective_lexicon


@dataclass(frozen=True)
class Difference:
    """A hashtag whose meaning in a file differs from the effective one. ``before`` is None if it
    was unknown.
    """

    entry: LexiconEntry
    before: tuple[str, ...] | None


def write_csv(entries: Iterable[LexiconEntry]) -> str:
    """Entries of a lexicon in the form in which they can be read again."""
    return as_csv(
        FIELDS,
        (
            (entry.tag, "|".join(entry.meaning), entry.who, entry.when, entry.why)
            for entry in entries
        ),
    )


def read_file(path: Path) -> Lexicon:
    """A CSV file.

    Raises:
        LexiconError: it cannot be read, or a row is wrong; with its place.
    """
    try:
        # As bytes: reading text would change the line ends within cells.
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise LexiconError(f"{path} cannot be read: {error}") from None
    return read_text(text, str(path))


def read_text(text: str, name: str) -> Lexicon:
    """The text of a CSV file that somebody sent under a name.

    Raises:
        LexiconError: a row is wrong; with its place.
    """
    before, nul, _ = text.partition("\0")
    if nul:  # no text that PostgreSQL could keep
        line = before.count("\n") + 1
        raise LexiconError(f"{name}:{line}: the line holds a NUL character; this is no CSV file.")
    try:
        found = parse_lexicon(text, name)
    except (RulesetError, csv.Error) as error:
        raise LexiconError(str(error)) from None
    return replace(found, entries={key: _unguarded(entry) for key, entry in found.entries.items()})


def _unguarded(entry: LexiconEntry) -> LexiconEntry:
    """The text without the guard against spreadsheet formulas."""
    meaning = tuple(unguard("|".join(entry.meaning)).split("|")) if entry.meaning else ()
    return replace(
        entry,
        tag=unguard(entry.tag),
        meaning=meaning,
        who=unguard(entry.who),
        when=unguard(entry.when),
        why=unguard(entry.why),
    )


def differences(session: Session, given: Lexicon, known: Collection[str]) -> list[Difference]:
    """The differences between a file and the effective lexicon. Hashtags that are not in the file
    stay.

    Raises:
        LexiconError: rows are wrong; each with its place, up to ``PROBLEMS``.
    """
    entries = effective_lexicon(session).entries
    now = {key: entry.meaning for key, entry in entries.items()}
    found, wrong = [], []
    for key, entry in given.entries.items():
        try:
            check(entry.tag, entry.meaning, known)
        except LexiconError as error:
            wrong.append(f"{given.file}:{entry.line}: {error}")
        if now.get(key) != entry.meaning:
            found.append(Difference(entry, now.get(key)))
    if len(wrong) > PROBLEMS:
        wrong[PROBLEMS:] = [f"… and {len(wrong) - PROBLEMS} more rows."]
    if wrong:
        raise LexiconError("\n".join(wrong))
    return found


def apply(
    session: Session, found: Iterable[Difference], *, who: str, known: Collection[str]
) -> None:
    """Apply a file's differences, all in the caller's transaction."""
    for one in found:
        entry = one.entry
        why = f"{entry.why} ({entry.who}, {entry.when})"
        change(session, entry.tag, entry.meaning, who=who, why=why, known=known)
