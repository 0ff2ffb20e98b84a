"""The lexicon: what a hashtag claims, with who said so, when and why."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

from rules.errors import RulesetError, SourcePlace
from rules.hashtags.normalise import normalise
from rules.hashtags.variants import index

LEXICON = Path(__file__).with_name("lexicon.csv")
FIELDS = ("tag", "categories", "who", "when", "why")
PROBLEMS = 20  # as many as somebody corrects before looking again
VISIBLE = "visible"  # stands where categories do: one can see it, and no category covers it


@dataclass(frozen=True)
class LexiconEntry:
    """One hashtag. Line 0: not from a file.

    ``meaning`` is what people enter: categories; ``VISIBLE`` if it can be seen but no category
    covers it; empty if it says nothing that can be seen.
    """

    tag: str
    meaning: tuple[str, ...]
    who: str
    when: str
    why: str
    line: int
    text: str

    @property
    def categories(self) -> tuple[str, ...]:
        """The categories it claims; none if it claims nothing, or something visible that no
        category covers.
        """
        return tuple(name for name in self.meaning if name != VISIBLE)


@dataclass(frozen=True)
class Lexicon:
    """Entries by normalised hashtag, a digest of them all, and the file they came from.

    ``learned`` holds guesses: categories of unmapped hashtags, from the hashtags that appear with
    them.
    """

    entries: Mapping[str, LexiconEntry]
    digest: str
    file: str
    learned: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def claims(self) -> Mapping[str, tuple[str, ...]]:
        """The categories of every normalised hashtag."""
        return {key: entry.categories for key, entry in self.entries.items()}

    @cached_property
    def visible(self) -> frozenset[str]:
        """The normalised hashtags that can be seen but that no category covers."""
        return frozenset(key for key, entry in self.entries.items() if VISIBLE in entry.meaning)

    @cached_property
    def spellings(self) -> Mapping[str, str]:
        """Other ways of writing its hashtags (``variants.index``)."""
        return index(self.entries)


@dataclass(frozen=True)
class Change:
    """A person's change to a hashtag after the file was written.

    ``meaning`` is as in ``LexiconEntry``; None restores what the file says.
    """

    tag: str
    meaning: tuple[str, ...] | None
    who: str
    when: str
    why: str


def overlay(
    lexicon: Lexicon, changes: Iterable[Change], learned: Mapping[str, str] | None = None
) -> Lexicon:
    """A lexicon with changes applied in order; a later change of a hashtag replaces an earlier one.

    ``learned`` holds guesses for hashtags that are still not in the lexicon.
    """
    entries = dict(lexicon.entries)
    digest = hashlib.sha256(lexicon.digest.encode())
    for change in changes:
        key = normalise(change.tag)
        digest.update(repr((key, change.meaning)).encode())
        if change.meaning is not None:
            entries[key] = LexiconEntry(
                change.tag, change.meaning, change.who, change.when, change.why, 0, change.tag
            )
        elif key in lexicon.entries:
            entries[key] = lexicon.entries[key]
        else:
            entries.pop(key, None)
    guesses = dict(sorted((learned or {}).items()))
    digest.update(repr(guesses).encode())
    return Lexicon(entries, digest.hexdigest()[:12], lexicon.file, guesses)


def read_lexicon(path: Path) -> Lexicon:
    """Read a file as ``parse_lexicon`` does.

    Raises:
        RulesetError: the file cannot be read, or a row is wrong; with its place.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise RulesetError(f"{path} cannot be read: {error}") from None
    return parse_lexicon(text, str(path))


@cache
def shipped_lexicon() -> Lexicon:
    """The file that ships, read once by each process."""
    return read_lexicon(LEXICON)


def parse_lexicon(text: str, name: str) -> Lexicon:
    """Read CSV with the columns tag, categories (separated by ``|``), who, when, why.

    ``VISIBLE`` may replace the categories. ``name`` is the file's name in errors.

    Raises:
        RulesetError: rows are wrong; each with its place, up to ``PROBLEMS``.
    """
    reader = csv.DictReader(io.StringIO(text))
    if tuple(reader.fieldnames or ()) != FIELDS:
        place = SourcePlace(name, 1, 1, text.split("\n", 1)[0])
        raise RulesetError(f"the columns must be {','.join(FIELDS)}", place)
    entries: dict[str, LexiconEntry] = {}
    wrong = []
    for row in reader:
        try:
            entry = _entry(row, name, reader.line_num)
            first = entries.setdefault(normalise(entry.tag), entry)
            if first is not entry:
                place = SourcePlace(name, entry.line, 1, entry.text)
                what = f"{entry.tag!r} stands already in line {first.line}"
                raise RulesetError(what, place)
        except RulesetError as error:
            wrong.append(error)
    if len(wrong) == 1:
        raise wrong[0]
    if wrong:
        more = [f"… and {len(wrong) - PROBLEMS} more rows."] if len(wrong) > PROBLEMS else []
        raise RulesetError("\n".join([*map(str, wrong[:PROBLEMS]), *more]))
    return Lexicon(entries, hashlib.sha256(text.encode()).hexdigest()[:12], name)


def _entry(row: Mapping[str | None, str | None], name: str, line: int) -> LexiconEntry:
    values = [row.get(field) for field in FIELDS]
    text = ",".join(value or "" for value in values)
    tag = (row.get("tag") or "").strip()
    if None in values or None in row or not normalise(tag):
        place = SourcePlace(name, line, 1, text)
        raise RulesetError("a row needs a hashtag and five columns", place)
    meaning = tuple(part.strip() for part in (row["categories"] or "").split("|") if part)
    who, when, why = (str(value) for value in values[2:])
    return LexiconEntry(tag, meaning, who, when, why, line, text)
