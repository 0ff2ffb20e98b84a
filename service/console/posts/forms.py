"""A moderator's answers as a form sends them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from service.incoming import whole_number
from service.reviews import ANSWERS
from service.tables import Verdict


@dataclass(frozen=True)
class Answers:
    """Verdicts by hashtag, and the last review that the page showed (0: none)."""

    by_tag: Mapping[str, str]
    saw_review: int


@dataclass
class Unanswered(Exception):  # noqa: N818  # a person has yet to answer; nothing failed
    """A hashtag in doubt has no answer yet. ``given`` are those that have one."""

    tag: str
    given: Mapping[str, str]

    def __str__(self) -> str:
        return str(_("#%(tag)s is uncertain: answer it, then save.", tag=self.tag))


def read_answers(
    form: Mapping[str, str], verdicts: Iterable[Verdict], shown: Mapping[str, str]
) -> Answers:
    """The answer to each hashtag: the one chosen, else the verdict that was ``shown``.

    The button "agree with all" sends ``agree``, which keeps every verdict but the uncertain ones.

    Raises:
        Unanswered: an uncertain hashtag has no answer.
    """
    verdicts = list(verdicts)
    known = {answer.value for answer in ANSWERS}
    chosen = {v.tag: form.get(f"verdict-{v.position}", "") for v in verdicts}
    given = {tag: answer for tag, answer in chosen.items() if answer in known}
    by_tag = {}
    for verdict in verdicts:
        answer = given.get(verdict.tag, shown[verdict.tag])
        if "agree" in form and shown[verdict.tag] in known:
            answer = shown[verdict.tag]
        if answer not in known:
            raise Unanswered(verdict.tag, given)
        by_tag[verdict.tag] = answer
    return Answers(by_tag, whole_number(form.get("saw_review")) or 0)
