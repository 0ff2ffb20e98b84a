"""Check every post after the faults: the service's promises, and how often each was broken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.chaos.peers import Receiver
from benchmarks.chaos.service import Service
from benchmarks.chaos.traffic import TAGS, Kind, Sent

# Scores are stored rounded to four places; another batch's arithmetic differs by less than this.
SAME_SCORE = 0.002

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Promise:
    """One promise: over how many posts it was checked, and those for which it broke."""

    text: str
    checked: int
    broken: tuple[str, ...]


def check(service: Service, receiver: Receiver, sent: Sequence[Sent]) -> list[Promise]:
    """Read the database, the image store and what the receiver got, and hold them to the plan."""
    posts = _by_post(
        service,
        "SELECT external_id, revision, id, state, decision, caption FROM posts"
        " ORDER BY external_id, revision",
    )
    images = _by_post(
        service,
        "SELECT p.external_id, p.revision, i.id, i.sha256, i.labels, i.error, i.derivative,"
        " (i.source_bytes IS NOT NULL) AS holds_bytes"
        " FROM images i JOIN posts p ON p.id = i.post_id",
    )
    verdicts = _by_post(
        service,
        "SELECT p.external_id, p.revision, count(*) AS n, count(DISTINCT v.position) AS places"
        " FROM verdicts v JOIN posts p ON p.id = v.post_id GROUP BY 1, 2",
    )
    living = [post for post in sent if post.kind is not Kind.DELETED]
    deleted = [post for post in sent if post.kind is Kind.DELETED]
    known = [post for post in living if post.photographs and post.kind is not Kind.STALLED]
    return [
        _promise("decided, in its newest revision", living, lambda p: _decided(posts[p.id])),
        _promise(
            "every hashtag has one verdict",
            living,
            lambda p: (
                (verdicts[p.id][-1:] or [{}])[0].get("n") == len(TAGS)
                and all(row["n"] == row["places"] for row in verdicts[p.id])
            ),
        ),
        _promise("judged by its own photograph", known, lambda p: _own(p, images[p.id])),
        _promise(
            "no decision by failures",
            known,
            lambda p: not any(row["error"] for row in images[p.id]),
        ),
        _promise("nothing left of a deleted post", deleted, lambda p: _gone(p, posts, images)),
        _promise(
            "no sent bytes kept",
            sent,
            lambda p: not any(row["holds_bytes"] for row in images[p.id]),
        ),
        _files(service, images),
        _promise("told of its decision", living, lambda p: _told(posts[p.id], receiver, p)),
        _promise(
            "callbacks in order",
            sent,
            lambda p: _in_order(receiver.received.get(p.id, [])),
        ),
        Promise("callbacks signed by us", len(receiver.received), ("?",) * receiver.forged),
    ]


def twice(receiver: Receiver) -> int:
    """Callbacks that came more than once under the same id, as at-least-once delivery allows."""
    ids = Counter(str(b["webhook-id"]) for bodies in receiver.received.values() for b in bodies)
    return sum(count - 1 for count in ids.values())


def _promise(text: str, posts: Sequence[Sent], holds: Callable[[Sent], bool]) -> Promise:
    return Promise(text, len(posts), tuple(post.id for post in posts if not holds(post)))


def _by_post(service: Service, query: str) -> dict[str, list[Row]]:
    rows: dict[str, list[Row]] = _Lists()
    for row in service.rows(query):
        rows[str(row["external_id"])].append(row)
    for found in rows.values():
        found.sort(key=lambda row: row["revision"])
    return rows


class _Lists(dict[str, list[Row]]):
    def __missing__(self, key: str) -> list[Row]:
        return self.setdefault(key, [])


def _decided(rows: Sequence[Row]) -> bool:
    if not rows:
        return False
    *older, newest = rows
    return newest["state"] == "decided" and all(row["state"] == "superseded" for row in older)


def _own(post: Sent, rows: Iterable[Row]) -> bool:
    """Each revision that was looked at has the bytes and the scores of its own photograph."""
    newest = False
    for row in rows:
        place = row["revision"] - 1
        if row["sha256"] is None:
            continue
        newest = newest or place == len(post.shas) - 1
        labels = row["labels"]
        scores = post.photographs[place].scores
        if row["sha256"] != post.shas[place] or any(
            abs(labels[name]["score"] - score) > SAME_SCORE for name, score in scores.items()
        ):
            return False
    return newest


def _gone(post: Sent, posts: Mapping[str, list[Row]], images: Mapping[str, list[Row]]) -> bool:
    return not images[post.id] and all(
        row["state"] == "deleted" and not row["caption"] for row in posts[post.id]
    )


def _files(service: Service, images: Mapping[str, list[Row]]) -> Promise:
    """The image store holds the copies that rows name, all of them, and nothing that nobody owes
    the erasure of: what a killed worker left is erased when its time is over."""
    folder = service.folder / "images"
    files = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    rows = {
        str(row["derivative"]) for found in images.values() for row in found if row["derivative"]
    }
    owed = {str(row["key"]) for row in service.rows("SELECT key FROM erasures")}
    wrong = (rows - files) | (files - rows - owed)
    return Promise("files and rows agree", len(rows), tuple(sorted(wrong)))


def _told(rows: Sequence[Row], receiver: Receiver, post: Sent) -> bool:
    if not rows:
        return False
    newest = rows[-1]
    bodies = receiver.received.get(post.id, [])
    return any(
        body["data"]["revision"] == newest["revision"]
        and body["data"]["decision"] == newest["decision"]
        for body in bodies
    )


def _in_order(bodies: Sequence[Row]) -> bool:
    numbers = [body["sequence"] for body in bodies]
    return numbers == sorted(numbers)
