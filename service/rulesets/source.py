"""The text of the ruleset that is live: a stored one, or the file that the settings name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from classifiers import Bundle
from rules import Ruleset, RulesetError
from rules.hashtags.lexicon import Lexicon
from rules.verdicts.ruleset import read_ruleset
from service.tables import Promotion, StoredRuleset


@dataclass(frozen=True)
class RulesetSource:
    """A ruleset's text and the name of its file."""

    file: str
    data: bytes


def live_source(session: Session, version: str | None, configured: Path) -> RulesetSource:
    """The text of a live version; of the file that the settings name where it is None.

    Raises:
        RulesetError: the file cannot be read, or no such ruleset is stored.
    """
    if version is None:
        return read_source(configured)
    stored = session.get(StoredRuleset, int(version))
    if stored is None:
        raise RulesetError(f"no ruleset with the number {version} is stored")
    return source_of(stored)


def sources_before(session: Session, version: str, configured: Path) -> Iterator[RulesetSource]:
    """What was live before a stored version, the newest first; the settings' file is the last.

    Raises:
        RulesetError: that file cannot be read.
    """
    promoted = select(Promotion.ruleset_id).where(Promotion.undone.is_(False))
    for number in session.scalars(promoted.order_by(Promotion.id.desc())).all():
        if number != int(version):
            yield source_of(session.get_one(StoredRuleset, number))
    yield read_source(configured)


def source_of(stored: StoredRuleset) -> RulesetSource:
    """The text of a stored ruleset."""
    return RulesetSource(stored.file, stored.source.encode())


def read_source(path: Path) -> RulesetSource:
    """The text of a file.

    Raises:
        RulesetError: it cannot be read.
    """
    try:
        return RulesetSource(str(path), path.read_bytes())
    except OSError as error:
        raise RulesetError(f"{path} cannot be read: {error.strerror}") from None


def compile_ruleset(source: RulesetSource, bundle: Bundle, lexicon: Lexicon) -> Ruleset:
    """A ruleset that judges: its rules may name the labels of a bundle.

    Raises:
        RulesetError: the first thing that is wrong, with its place.
    """
    labels = [label.name for label in bundle.labels]
    return read_ruleset(source.data, source.file, labels, lexicon)
