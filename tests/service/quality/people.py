"""Moderators who answer cases as the console has them do it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import SecretStr
from sqlalchemy import select

from service.accounts import create
from service.cases import take, take_next
from service.config import Config
from service.parts import Parts
from service.settlement import answer, undo
from service.tables import Case, Review, User

KEY = SecretStr("lots come out the same in every run")


@dataclass(frozen=True)
class Somebody:
    """A person with an account."""

    parts: Parts
    config: Config
    id: int
    name: str

    def answers(self, case_id: int, **answers: str) -> int:
        """Take a case and answer it; returns the review's number."""
        with self.parts.sessions.begin() as session:
            assert take(session, [case_id], self.id, self.config.lease), "the case is not theirs"
            case = session.get_one(Case, case_id)
            user = session.get_one(User, self.id)
            review = answer(session, case, user, answers, self.config)
            return review.id

    def undoes(self, review_id: int) -> None:
        with self.parts.sessions.begin() as session:
            review, user = session.get_one(Review, review_id), session.get_one(User, self.id)
            undo(session, review, user, self.config)

    def is_given(self) -> int | None:
        """The case that the queue gives this person next."""
        with self.parts.sessions() as session:
            found = take_next(session, self.id, self.config.lease)
            return found.id if found else None


@dataclass(frozen=True)
class Team:
    """Makes people who share one setting of the shares."""

    parts: Parts
    shares: Mapping[str, float]

    def __call__(self, name: str, role: str = "moderator") -> Somebody:
        with self.parts.sessions.begin() as session:
            user, _ = create(session, name, role)
            session.flush()
            number = user.id
        quiet = {
            "double_share": 0.0,
            "control_share": 0.0,
            "spot_check_share": 0.0,
            "secret_key": KEY,
        }
        config = self.parts.config.model_copy(update=quiet | dict(self.shares))
        return Somebody(self.parts, config, number, name)


def cases(parts: Parts, **wanted: Any) -> list[Case]:
    """Every case with these columns, in the order in which they were opened."""
    with parts.sessions() as session:
        return list(session.scalars(select(Case).filter_by(**wanted).order_by(Case.id)))


def only(parts: Parts, **wanted: Any) -> Case:
    """The one case with these columns."""
    (found,) = cases(parts, **wanted)
    return found
