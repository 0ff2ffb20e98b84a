"""One database with one post of every kind, made as the service makes them."""

from __future__ import annotations

import base64
import io
import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from PIL import Image as Pillow
from sqlalchemy import select, text

from service.accounts import create
from service.likeness.index import build_index
from service.parts import Parts
from service.screening.batch import screen
from service.settlement import correct
from service.tables import Case, Delivery, Post, User
from tests.conftest import API_KEY
from tests.service.quality.people import KEY, Somebody
from tests.service.races.snapshot import Snapshot
from tests.service.screening.conftest import change

PHOTOS = Path(__file__).parents[3] / "demo" / "photos"
NOWHERE = "http://127.0.0.1:9/"
_NUMBERS = text("""
    SELECT format('%I', sequencename) AS name, last_value AS number FROM pg_sequences
    WHERE schemaname = 'public' AND last_value IS NOT NULL
""")
_GO_ON = text("SELECT setval(CAST(:name AS regclass), :number)")
BEARER = {"Authorization": f"Bearer {API_KEY}"}


@cache
def photo(name: str, width: int = 640) -> bytes:
    """A photograph of the demo, as a JPEG of its own for each width."""
    file = io.BytesIO()
    with Pillow.open(PHOTOS / f"{name}.jpg") as image:
        image.convert("RGB").resize((width, width * 3 // 4)).save(file, "JPEG", quality=90)
    return file.getvalue()


@dataclass
class World:
    """``posts`` has the row of each post by its kind, ``people`` whoever answers, ``log`` what was
    logged while it was made."""

    parts: Parts
    http: FlaskClient
    sign: Callable[[bytes], dict[str, str]]
    folder: Path
    snapshot: Snapshot
    log: list[Any] = field(default_factory=list)
    posts: dict[str, int] = field(default_factory=dict)
    people: dict[str, Somebody] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)

    def remember(self) -> None:
        """What is there by now is what ``again`` leaves."""
        self.snapshot.save()
        with self.parts.sessions() as session:
            self.numbers = {row.name: row.number for row in session.execute(_NUMBERS)}
        shutil.copytree(self.folder / "images", self.folder / "copies")

    def again(self) -> None:
        """The rows and the files that were remembered, and no others."""
        self.snapshot.restore()
        self.parts.redis.flushall()
        shutil.rmtree(self.folder / "images")
        shutil.copytree(self.folder / "copies", self.folder / "images")

    def after_others(self) -> None:
        """The same after tests of other modules. They leave no index of embeddings, it may be, and
        numbers of rows that begin at 1."""
        self.again()
        with self.parts.sessions.begin() as session:
            for name, number in self.numbers.items():
                session.execute(_GO_ON, {"name": name, "number": number})
        build_index(self.parts, self.parts.screener.current().bundle.embedding_id)

    def send(
        self,
        kind: str,
        tags: Sequence[str],
        *pictures: bytes | str,
        videos: Sequence[str] = (),
        **changes: Any,
    ) -> int:
        """Deliver a post as the platform does: a picture is bytes, a URL, or ``upload:KEY``."""
        body: dict[str, Any] = {
            "id": kind,
            "revision": 1,
            "author": {"id": f"author of {changes.get('id', kind)}"},
            "caption": f"caption of {kind}",
            "hashtags": list(tags),
            "created_at": "2026-11-20T12:00:00Z",
            "images": [_named(one) for one in pictures],
            "videos": [_named(one) for one in videos],
        }
        body |= changes
        sent = json.dumps(body).encode()
        answer = self.http.post("/v1/posts", data=sent, headers=self.sign(sent) | JSON)
        assert answer.status_code == 202, answer.text
        name = Post.external_id == body["id"], Post.revision == body["revision"]
        with self.parts.sessions() as session:
            return session.scalars(select(Post.id).where(*name)).one()

    def decide(self, *rows: int, **settings: object) -> None:
        """Screen posts, under other settings."""
        screen(change(self.parts, **settings), rows)

    def post(
        self,
        kind: str,
        tags: Sequence[str],
        *pictures: bytes | str,
        settings: Mapping[str, object] | None = None,
        videos: Sequence[str] = (),
        **changes: Any,
    ) -> int:
        """Deliver and decide a post; it is the example of its kind."""
        row = self.send(kind, tags, *pictures, videos=videos, **changes)
        self.posts[kind] = row
        self.decide(row, **(settings or {}))
        return row

    def person(self, name: str, role: str = "moderator", **shares: float) -> Somebody:
        """Somebody with an account, who makes second looks or controls as their shares say."""
        if name not in self.people:
            with self.parts.sessions.begin() as session:
                number = create(session, name, role)[0].id
            config = self.parts.config.model_copy(update={"secret_key": KEY})
            self.people[name] = Somebody(self.parts, config, number, name)
        known = self.people[name]
        return replace(known, config=known.config.model_copy(update=shares))

    def settles(self, name: str, row: int, **answers: str) -> None:
        """A person answers a post that they opened from a list."""
        somebody = self.person(name)
        with self.parts.sessions.begin() as session:
            user = session.get_one(User, somebody.id)
            correct(session, session.get_one(Post, row), user, answers, somebody.config)

    def case(self, row: int, kind: str = "review") -> int:
        """The newest case of a post."""
        query = select(Case.id).where(Case.post_id == row, Case.kind == kind)
        with self.parts.sessions() as session:
            return session.scalars(query.order_by(Case.id.desc())).all()[0]

    def told(self, row: int) -> Any:
        """The newest callback about a post."""
        query = select(Delivery.id).where(Delivery.post_id == row)
        with self.parts.sessions() as session:
            return session.scalars(query.order_by(Delivery.sequence.desc())).all()[0]


JSON = {"Content-Type": "application/json"}


def _named(source: bytes | str) -> dict[str, str]:
    if isinstance(source, bytes):
        return {"base64": base64.b64encode(source).decode()}
    return {"upload": source[7:]} if source.startswith("upload:") else {"url": source}
