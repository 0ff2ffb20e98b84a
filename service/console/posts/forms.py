"""A moderator's answers as a form sends them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from service.incoming import whole_number
from service.reviews import ANSWERS
from service.reviews.remark import LONGEST_NOTE, NO_REMARK, REASONS, Remark
from service.tables import Verdict


@dataclass(frozen=True)
class Answers:
    """Verdicts by hashtag, the last review that the page showed (0: none), and why."""

    by_tag: Mapping[str, str]
    saw_review: int
    remark: Remark = NO_REMARK


@dataclass
class Refused(Exception):  # noqa: N818  # a person has yet to answer; nothing failed
    """The answers cannot be taken as they are. ``given`` are the verdicts that were chosen."""

    given: Mapping[str, str]


@dataclass
class NoteTooLong(Refused):
    """The note has more characters than are kept."""

    def __str__(self) -> str:
        return str(_("The note is too long: %(count)s characters at most.", count=LONGEST_NOTE))


@dataclass
class Unanswered(Refused):
    """A hashtag in doubt has no answer yet."""

    tag: str

    def __str__(self) -> str:
        return str(_("#%(tag)s is uncertain: answer it, then save.", tag=self.tag))


def read_answers(
    form: Mapping[str, str], verdicts: Iterable[Verdict], shown: Mapping[str, str]
) -> Answers:
    """The answer to each hashtag: the one chosen, else the verdict that was ``shown``.

    The button "agree with all" sends ``agree``, which keeps every verdict but the uncertain ones.

    Raises:
        Unanswered: an uncertain hashtag has no answer.
        NoteTooLong: the note is too long.
    """
    verdicts = list(verdicts)
    known = {answer.value for answer in ANSWERS}
    given = chosen(form, verdicts)
    by_tag = {}
    for verdict in verdicts:
        answer = given.get(verdict.tag, shown[verdict.tag])
        if "agree" in form and shown[verdict.tag] in known:
            answer = shown[verdict.tag]
        if answer not in known:
            raise Unanswered(given, verdict.tag)
        by_tag[verdict.tag] = answer
    saw_review = whole_number(form.get("saw_review")) or 0
    return Answers(by_tag, saw_review, read_remark(form, given))


def chosen(form: Mapping[str, str], verdicts: Iterable[Verdict]) -> dict[str, str]:
    """The verdicts that were chosen, by hashtag, whether or not each one is answered."""
    known = {answer.value for answer in ANSWERS}
    sent = {v.tag: form.get(f"verdict-{v.position}", "") for v in verdicts}
    return {tag: answer for tag, answer in sent.items() if answer in known}


def read_remark(form: Mapping[str, str], given: Mapping[str, str]) -> Remark:
    """The reason and the note. A reason that was taken from the list meanwhile is none.

    Raises:
        NoteTooLong: the note is too long; ``given`` goes with it.
    """
    reason = form.get("reason", "")
    note = written_note(form, "note")
    if len(note) > LONGEST_NOTE:
        raise NoteTooLong(given)
    return Remark(reason if reason in REASONS else None, note or None)


def written_note(form: Mapping[str, str], field: str) -> str:
    """What somebody wrote into a field of several lines."""
    # Forms send line ends as two characters, which a browser counts as one.
    return form.get(field, "").replace("\r\n", "\n").replace("\0", "").strip()
