"""Posts that differ in what was sent, and in what came of screening them."""

from __future__ import annotations

import io
import stat
import unicodedata
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
from PIL import Image as Pillow
from sqlalchemy import select, text, update

from rules.verdicts.ruleset import DEFAULT
from service.authors.notes import save_note
from service.campaigns.place import place_waiting
from service.copies.permit import allow
from service.likeness.index import build_index
from service.live_versions import Kind, make_live
from service.posts.delete import delete_post
from service.rulesets import store
from service.rulesets.source import RulesetSource
from service.tables import (
    Embedding,
    Image,
    LearnedHashtag,
    Post,
    Prototype,
    PrototypeExample,
    User,
    UsualVotes,
)
from service.votes.permit import allow as allow_votes
from tests.service.everykind.world import BEARER, World, photo
from tests.videos.clips import clip, plain, shot

MENU = Path(__file__).parents[2] / "pictures" / "menu.jpg"
WATCHED = "somebody under watch"
PRINTED = "#!/bin/sh\ncat > /dev/null; printf '김치찌개 8,000\\n냉면 9,000\\n만두 5,000\\n'\n"


def screened(world: World) -> None:
    """All of them. Those that others are compared with come first."""
    _under_other_rules(world)
    _shadow(world)
    _plain(world)
    _faulty(world)
    _revised(world)
    _filmed(world)
    _menus(world)
    _by_examples(world)
    _campaign(world)


def _under_other_rules(world: World) -> None:
    """Posts that older rules judged, and an older bundle."""
    parts, text_now = world.parts, DEFAULT.read_text(encoding="utf-8")
    cats = 'rule: cat\n    matches: ["animal cat"]\n    not_matches: ["animal dog"]'
    before = text_now.replace(cats, "rule: flower\n    matches: [flower]\n    not_matches: [cat]")
    assert before != text_now
    with parts.sessions.begin() as session:
        current = parts.screener.current()
        number = store.add(session, RulesetSource("old.yaml", before.encode()), "ana", "", current)
        store.promote(session, number.id, "ana", "", current)
    world.post("old ruleset", ["고양이"], photo("dahlia"))
    world.post("old ruleset, flagged", ["고양이"], photo("cat", 460))
    with parts.sessions.begin() as session:
        store.roll_back(session, "ana", "")
    row = world.post("old bundle", ["고양이"], photo("cat", 480))
    with parts.sessions.begin() as session:
        post = session.get_one(Post, row)
        post.bundle = "an older bundle"
        for verdict in post.verdicts:
            verdict.trace = {**verdict.trace, "bundle": post.bundle}
        its = select(Image.id).where(Image.post_id == row)
        old = update(Embedding).where(Embedding.image_id.in_(its))
        session.execute(old.values(made_by="an older network"))


def _shadow(world: World) -> None:
    """The rules that are live are in shadow, too: they agree with themselves."""
    same = DEFAULT.read_text(encoding="utf-8") + "# in shadow\n"
    with world.parts.sessions.begin() as session:
        current = world.parts.screener.current()
        made = store.add(session, RulesetSource("same.yaml", same.encode()), "ana", "", current)
        store.shadow(session, made.id, "ana", "", current)


def _plain(world: World) -> None:
    build_index(world.parts, world.parts.screener.current().bundle.embedding_id)
    world.post("passed", ["고양이", "일상", "야경"], photo("cat"))
    world.post("flagged", ["맛집", "고양이"], photo("cat", 600))
    world.post("uncertain", ["연애"], photo("astronaut"))
    world.post("several", ["카페", "꽃", "야경"], photo("coffee"), photo("dahlia", 600))
    world.post("no hashtags", [], photo("peaks"))
    world.post("unknown hashtag", ["쀍쀍", "🍰"], photo("ridge"))
    world.post("decomposed", [unicodedata.normalize("NFD", "고양이")], photo("cat", 500))
    world.post("slashes", ["cafe/latte", "a/../b", "50%?#"], photo("coffee", 500))
    world.post("twice the same", ["카페", "카페", "#카페"], photo("coffee", 520))
    world.post(
        "other ways", ["고양이추천", "성수동카페", "lattes", "2026년", "sunset"], photo("wine")
    )
    world.post("id/with slashes?&", ["고양이"], photo("cat", 560), author={"id": "a/b?c&d"})
    world.post(
        "spot check", ["고양이", "야경"], photo("cat", 580), settings={"spot_check_share": 1}
    )
    world.post("uploaded", ["꽃"], "upload:" + _upload(world, photo("dandelions"), "image/jpeg"))
    world.send("passed", ["고양이", "일상", "야경"], photo("cat"))  # again, which changes nothing
    _guessed(world)
    _watched(world)


def _guessed(world: World) -> None:
    with world.parts.sessions.begin() as session:
        guess = LearnedHashtag(normalised="bokeh", category="flower", posts=30, share=0.9)
        session.add(guess)
        make_live(session, Kind.LEXICON, "learned")
    world.post("guessed", ["bokeh"], photo("peaks", 600))
    world.post("guessed rightly", ["bokeh"], photo("dandelions", 600))


def _watched(world: World) -> None:
    ana = world.person("ana", "analyst")
    world.post("before the watch", ["고양이"], photo("cat", 520), author={"id": WATCHED})
    with world.parts.sessions.begin() as session:
        user = session.get_one(User, ana.id)
        save_note(session, WATCHED, user, "keeps selling", watched=True)
    world.post("watched", ["고양이"], photo("cat", 540), author={"id": WATCHED})
    world.post("watched and flagged", ["맛집"], photo("peaks", 500), author={"id": WATCHED})


def _faulty(world: World) -> None:
    world.post("no such picture", ["카페"], "http://127.0.0.1:9/none.jpg")
    world.post("one picture broken", ["카페"], photo("coffee", 560), b"no picture")
    most = world.parts.config.screening_attempts
    for kind, attempts in (("given up", most), ("given up twice", most + 1)):
        row = world.posts[kind] = world.send(kind, ["카페", "sunset"], photo("coffee", 580))
        _failed(world, row, attempts)
        world.decide(row)


def _failed(world: World, row: int, attempts: int) -> None:
    with world.parts.sessions.begin() as session:
        session.execute(update(Post).where(Post.id == row).values(attempts=attempts))


def _revised(world: World) -> None:
    world.post("first revision", ["맛집"], photo("cat", 620), id="revised")
    world.post("second revision", ["고양이"], photo("cat", 620), id="revised", revision=3)
    late = world.send("revised", ["고양이"], photo("cat", 620), revision=2)
    world.posts["late revision"] = late
    world.post("revised while pending", ["카페"], photo("coffee", 620), id="hasty", revision=2)
    world.post("deleted", ["맛집", "sunset"], photo("cat", 630))
    with world.parts.sessions.begin() as session:
        assert delete_post(session, "deleted")


def _filmed(world: World) -> None:
    with Pillow.open(io.BytesIO(photo("cat", 320))) as image:
        cat = np.asarray(image)
    film = clip(world.folder / "cat.mp4", [*shot(plain(0, (320, 240)), 1), *shot(cat, 3)])
    key = _upload(world, film.read_bytes(), "video/mp4")
    row = world.post("filmed", ["고양이"], videos=["upload:" + key])
    with world.parts.sessions.begin() as session:  # as it stands in rows of older services
        frames = "UPDATE images SET labels = 'null' WHERE labels IS NULL AND post_id = :row"
        session.execute(text(frames), {"row": row})
    key = _upload(world, film.read_bytes(), "video/mp4")
    beside = photo("cat", 440)
    world.post("filmed, settled", ["고양이", "맛집"], beside, videos=["upload:" + key])
    world.settles("mina", world.posts["filmed, settled"], 맛집="irrelevant")
    away = "http://127.0.0.1:9/none.mp4"
    world.post("film beside a photograph", ["꽃"], photo("dahlia", 580), videos=[away])
    world.post("nobody saw the film", ["고양이"], videos=[away])


def _menus(world: World) -> None:
    program = world.folder / "reader"
    program.write_text(PRINTED)
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    reads = {"reader": str(program), "reader_seconds": 60}
    menu = MENU.read_bytes()
    world.post("menu", ["맛집", "일상"], menu, settings=reads)
    world.post("menu, settled", ["맛집", "고양이"], menu, settings=reads)
    world.settles("mina", world.posts["menu, settled"], 맛집="relevant")
    with Pillow.open(io.BytesIO(menu)) as image:
        film = clip(world.folder / "menu.mp4", shot(np.asarray(image.convert("RGB")), 2))
    key = _upload(world, film.read_bytes(), "video/mp4")
    world.post("menu filmed", ["맛집"], videos=["upload:" + key], settings=reads)
    away = "http://127.0.0.1:9/none.mp4"
    world.post("menu beside a film", ["맛집"], menu, videos=[away], settings=reads)


def _by_examples(world: World) -> None:
    """Hashtags that neighbours vote on, and that prototypes judge."""
    counts = {"posts": 40, "for": 30, "against": 2}
    with world.parts.sessions.begin() as session:
        for tag, support, floor in (("노을", 0.9, 0.5), ("야경", 0.0, 0.0)):
            usual = UsualVotes(normalised=tag, tag=tag, authors=50, figures={"right": counts})
            usual.prior, usual.support, usual.floor = 0.001, support, floor
            session.add(usual)
    world.post("votes send it to a person", ["노을"], photo("sunset"))
    with world.parts.sessions.begin() as session:
        for tag in ("노을", "야경"):
            assert allow_votes(session, tag, "ana")
    world.post("votes against", ["노을"], photo("sunset", 600))
    world.post("votes for", ["야경"], photo("sunset", 580))
    made_by = world.parts.screener.current().bundle.embedding_id
    numbers = {}
    figures = {name: [9, 10] for name in ("right_for", "right_against", "answered")}
    with world.parts.sessions.begin() as session:
        size = world.parts.screener.current().bundle.dimension
        for tag, bias in (("sunset", 9.0), ("sunrise", -9.0), ("nightsky", 0.0)):
            for state in ("live", "shadow", "retired"):
                one = Prototype(normalised=tag, tag=tag, state=state, made_by=made_by, bias=bias)
                one.weights, one.figures = [0.0] * size, figures
                one.created_by = one.changed_by = "ana"
                session.add(one)
                session.flush()
                numbers[tag, state] = one.id
        for kind, side in (("passed", True), ("flagged", False)):
            example = PrototypeExample(prototype_id=numbers["sunset", "live"], named_by="ana")
            example.post_id, example.bears_out = world.posts[kind], side
            session.add(example)
    for tag in ("sunset", "sunrise", "nightsky"):
        world.post(f"prototype of {tag}", [tag], photo("sunset", 560))


def _campaign(world: World) -> None:
    """One picture in several posts, and exact copies of it."""
    for number in range(3):
        world.post(f"campaign {number}", ["카페"], photo("temple", 500 + 20 * number))
    world.post("copy of a flagged", ["맛집", "고양이"], photo("cat", 600))
    place_waiting(world.parts)
    world.post("not placed yet", ["카페"], photo("temple", 600))


def copies(world: World) -> None:
    """Copies of posts that a person settled, once an analyst allowed them to follow."""
    with world.parts.sessions.begin() as session:
        allow(session, "cafe", 0.01, "ana")
    world.post("copy of a settled", ["카페", "고양이"], photo("temple", 500))
    world.post("copy of a right one", ["카페"], photo("temple", 520))
    with world.parts.sessions.begin() as session:
        allow(session, "flower", 1, "ana")
    world.post("copy to be checked", ["꽃"], photo("dahlia", 500))
    world.posts["pending"] = world.send("pending", ["카페"], photo("coffee", 540))


def _upload(world: World, data: bytes, content_type: str) -> str:
    sent = {"filename": "a", "content_type": content_type, "size": len(data)}
    begun = world.http.post("/v1/uploads", json=sent, headers=BEARER).json or {}
    address = urlsplit(begun["url"])
    answer = world.http.put(f"{address.path}?{address.query}", data=data)
    assert answer.status_code == 200, answer.text
    return str(begun["key"])
