"""The cost of the audit log's hash chain: `python -m benchmarks.audit --people 20`.

People who write at once to a real PostgreSQL, each a change and then its commit: without an audit
entry, and with one. Timed is the commit, in which the entry is bound to the one before; the change
is a pause of 10 milliseconds, as long as an answer's other statements roughly take.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import text
from sqlalchemy.orm import Session

from benchmarks.database import own_database
from service.audit import record
from service.audit.entries import stored
from service.audit.verify import verify
from service.database import Sessions, make_sessions

CHANGE = "UPDATE users SET locale = 'ko' WHERE name = :name"
REST = "SELECT pg_sleep(0.01)"

Write = Callable[[Session, str], object]


def main(people: int, changes: int) -> None:
    """Prints a Markdown table."""
    with own_database() as own:
        sessions = make_sessions(own.engine)
        with sessions.begin() as session:
            for number in range(people):
                _add_person(session, f"person-{number}")
        report(sessions, people, changes)


def report(sessions: Sessions, people: int, changes: int) -> None:
    """One row for each way of writing, alone and at once."""
    print("| commits | median, ms | 95th percentile, ms | all, per second |")
    print("| --- | ---: | ---: | ---: |")
    for title, write in (("without an entry", _nothing), ("with an entry", _entry)):
        for at_once in (1, people):
            began = time.perf_counter()
            taken = [1000 * one for one in commits(sessions, at_once, changes, write)]
            rate = len(taken) / (time.perf_counter() - began)
            middle, high = statistics.median(taken), statistics.quantiles(taken, n=20)[-1]
            print(f"| {title}, {at_once} at once | {middle:.1f} | {high:.1f} | {rate:.0f} |")
    with sessions() as session, stored(session) as entries:
        began = time.perf_counter()
        whole = verify(entries)
        seconds = time.perf_counter() - began
    print(f"\n{whole.entries:,} entries verified, {whole.entries / seconds:,.0f} a second.")


def commits(sessions: Sessions, at_once: int, changes: int, write: Write) -> list[float]:
    """The seconds of each commit of so many people, who make ``changes`` changes each."""

    def person(number: int) -> list[float]:
        taken = []
        for _ in range(changes):
            with sessions() as session:
                session.execute(text(CHANGE), {"name": f"person-{number}"})
                write(session, f"person-{number}")
                session.flush()
                session.execute(text(REST))
                began = time.perf_counter()
                session.commit()
                taken.append(time.perf_counter() - began)
        return taken

    with ThreadPoolExecutor(at_once) as pool:
        return [one for taken in pool.map(person, range(at_once)) for one in taken]


def _nothing(session: Session, name: str) -> None:
    pass


def _entry(session: Session, name: str) -> None:
    record(session, name, "post.settled", "post:p-1", {"after": {"카페": "relevant"}})


def _add_person(session: Session, name: str) -> None:
    add = "INSERT INTO users (name, password_hash, role) VALUES (:name, '', 'moderator')"
    session.execute(text(add), {"name": name})


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=20)
    parser.add_argument("--changes", type=int, default=50, help="of each person")
    arguments = parser.parse_args()
    main(arguments.people, arguments.changes)
