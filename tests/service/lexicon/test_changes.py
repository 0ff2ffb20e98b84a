"""What somebody says of a hashtag holds at once and everywhere, and can be taken back."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from sqlalchemy import select

from rules import resolve
from service.lexicon import LexiconError, change, undo
from service.lexicon.changes import history
from service.parts import Parts
from service.screener import Screener
from service.tables import AuditEntry, LexiconChange

pytestmark = pytest.mark.usefixtures("clean")
KNOWN = {"cafe", "food", "pet"}


def say(parts: Parts, tag: str, categories: Sequence[str] | None, why: str = "seen") -> int:
    with parts.sessions.begin() as session:
        return change(session, tag, categories, who="mina", why=why, known=KNOWN).id


def meaning(screener: Screener, tag: str) -> tuple[str, tuple[str, ...]]:
    found = resolve(tag, screener.current().ruleset)
    return found.resolved_by, found.categories


def test_another_process_knows_it_with_its_next_look(parts: Parts) -> None:
    here, there = parts.screener, Screener(parts.config, parts.sessions)
    assert meaning(there, "쀍쀍쀍")[0] == "none"
    say(parts, "#쀍쀍쀍", ["cafe"])
    assert meaning(here, "쀍쀍쀍") == meaning(there, "쀍쀍쀍") == ("lexicon", ("cafe",))
    assert meaning(there, "쀍쀍쀍스타그램") == ("affix", ("cafe",))


def test_the_ruleset_is_named_anew_so_that_verdicts_say_what_made_them(parts: Parts) -> None:
    before = parts.screener.current().ruleset.id
    say(parts, "쀍쀍쀍", ["cafe"])
    assert parts.screener.current().ruleset.id != before


def test_the_files_word_can_be_overruled_and_given_back(parts: Parts) -> None:
    say(parts, "카페", [])
    assert meaning(parts.screener, "카페") == ("lexicon", ())
    say(parts, "카페", None)
    assert meaning(parts.screener, "카페") == ("lexicon", ("cafe",))


def test_undo_brings_back_what_was_said_before(parts: Parts) -> None:
    say(parts, "쀍쀍쀍", ["cafe"])
    second = say(parts, "쀍쀍쀍", ["pet"])
    with parts.sessions.begin() as session:
        undo(session, second, who="mina", known=KNOWN)
    assert meaning(parts.screener, "쀍쀍쀍") == ("lexicon", ("cafe",))


def test_undo_of_the_first_word_leaves_the_hashtag_unknown(parts: Parts) -> None:
    first = say(parts, "쀍쀍쀍", ["cafe"])
    with parts.sessions.begin() as session:
        undo(session, first, who="mina", known=KNOWN)
    assert meaning(parts.screener, "쀍쀍쀍")[0] == "none"


def test_what_somebody_changed_since_is_not_undone(parts: Parts) -> None:
    first = say(parts, "쀍쀍쀍", ["cafe"])
    say(parts, "쀍쀍쀍", ["pet"])
    with pytest.raises(LexiconError, match="changed again since, by mina"):
        undo_first(parts, first)


def undo_first(parts: Parts, change_id: int) -> None:
    with parts.sessions.begin() as session:
        undo(session, change_id, who="mina", known=KNOWN)


@pytest.mark.parametrize(
    ("tag", "categories", "what"),
    [
        ("###", ["cafe"], "is no hashtag"),
        ("쀍", ["caffe"], "no category is called 'caffe'.*'cafe'"),
    ],
)
def test_what_cannot_be_is_refused(
    parts: Parts, tag: str, categories: list[str], what: str
) -> None:
    with pytest.raises(LexiconError, match=what):
        say(parts, tag, categories)


def test_who_when_and_why_are_kept(parts: Parts) -> None:
    say(parts, "쀍쀍쀍", ["cafe"], why="it is a bakery chain")
    with parts.sessions() as session:
        row = session.scalar(select(LexiconChange))
        entry = session.scalar(select(AuditEntry))
        assert row is not None
        assert entry is not None
        assert (row.who, row.why) == ("mina", "it is a bakery chain")
        assert (entry.actor, entry.action, entry.subject) == (
            "mina",
            "lexicon.changed",
            "hashtag:쀍쀍쀍",
        )
        assert len(history(session, "쀍쀍쀍")) == 1
