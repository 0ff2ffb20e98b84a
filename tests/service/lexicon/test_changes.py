"""What somebody says of a hashtag holds at once and everywhere, and can be taken back."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, wait

import pytest
from sqlalchemy import select

from rules import resolve
from service.lexicon import LexiconError, change, undo
from service.lexicon.changes import LONGEST, OvertakenError, history, newest_change
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


def test_what_somebody_said_since_is_not_overwritten(parts: Parts) -> None:
    with parts.sessions() as session:
        seen = newest_change(session)
    say(parts, "쁅쁅", ["pet"])  # of another hashtag
    with parts.sessions.begin() as session:
        change(session, "쀍쀍쀍", ["cafe"], who="ana", why="", known=KNOWN, seen=seen)
    with parts.sessions.begin() as session:  # the same again says nothing else
        change(session, "#쀍쀍쀍", ["cafe"], who="ben", why="", known=KNOWN, seen=seen)
    with (
        pytest.raises(OvertakenError, match="changed since, by ben"),
        parts.sessions.begin() as one,
    ):
        change(one, "쀍쀍쀍", ["pet"], who="mina", why="", known=KNOWN, seen=seen)
    assert meaning(parts.screener, "쀍쀍쀍") == ("lexicon", ("cafe",))


def test_two_at_the_same_moment_do_not_overwrite_each_other(parts: Parts) -> None:
    with parts.sessions() as session, ThreadPoolExecutor(1) as pool:
        change(session, "쀍쀍쀍", ["cafe"], who="ana", why="", known=KNOWN, seen=0)
        other = pool.submit(_say_unseen, parts)
        assert not wait([other], 0.5).done, "it waits for the first"
        session.commit()
        with pytest.raises(OvertakenError, match="by ana"):
            other.result(60)


def _say_unseen(parts: Parts) -> None:
    with parts.sessions.begin() as session:
        change(session, "쀍쀍쀍", ["pet"], who="ben", why="", known=KNOWN, seen=0)


def test_a_category_that_is_not_known_is_named_with_the_known_ones(parts: Parts) -> None:
    with pytest.raises(LexiconError) as refused:
        say(parts, "쀍", ["zzz"])
    assert "no category is called 'zzz'. Known are: " in str(refused.value)


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


def test_a_hashtag_has_no_more_characters_than_a_post_may_send(parts: Parts) -> None:
    say(parts, "가" * LONGEST, ["cafe"])
    with pytest.raises(LexiconError, match=r"^#가{20}… has 201 characters; a hashtag has 200 at"):
        say(parts, "가" * (LONGEST + 1), ["cafe"])
