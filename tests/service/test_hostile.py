"""No stored text or time breaks a page: every page, list, CSV and answer, with hostile posts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from sqlalchemy import select, text

from rules.shown import UNSHOWN
from service.console.posts.tabs import TABS
from service.parts import Parts
from service.tables import Case, Post
from tests.service.console.conftest import NewVisitor, signed_in
from tests.service.console.rows import add_post

__all__ = ["signed_in"]

OWN = re.compile(r"/posts|/posts/\d+|/posts\?.*|/hashtags|/cases/\d+")
# What people read as ours, whatever it quotes.
SENTENCE = re.compile(r"<(title|legend|h2)\b[^>]*>(.*?)</\1>", re.DOTALL)
APART = re.compile(r"<bdi\b[^>]*>.*?</bdi>", re.DOTALL)  # nothing in it turns what is around it
TEXTS = (
    "\u202e\u2066gpj.exe\u202c",  # right to left, never closed
    "\x01\x02\x1b[31m\x7f\x85\u2028",  # controls
    "<script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}{% raw %}",
    "\\ud800\\u0000 %s %(name)s {0} ${jndi:x}",
    '=HYPERLINK("http://x","y")\t\r\n@cmd|\'/c calc\'!A1',
    "\ufeff\u200b\u200d\ufe0f\U000e0001",  # nothing that can be seen
    "a" + "\u0301" * 150,  # marks upon marks
    "𝒜가あ" * 60,
    "'\"`&lt;;--",
    "#",
    " ",
)
DAYS = ("2000-01-01T00:00:00+00:00", "8999-12-31T23:59:59+00:00")
IDS = (
    "<b>\"'&",
    "%2e%2e",
    "a?b#c",
    "\u202ecod.exe",
    "=1+1",
    "𝒜" * 200,
    "a\\b;c,d",
    "...",
    "카페/1",
)


@pytest.fixture
def posts(parts: Parts) -> list[int]:
    """Decided posts with these texts everywhere; each is in the queue, and in every list."""
    rows = []
    for number, name in enumerate((*IDS, "p-1", "p-2")):
        said = TEXTS[number]
        verdicts = {tag[:200]: "irrelevant" for tag in {said, f"{said}{number}", "카페"}}
        rows.append(
            add_post(
                parts,
                name,
                verdicts,
                (None,),
                author_id=said[:200],
                caption=said * 50,
                hashtags=list(verdicts),
            )
        )
    with parts.sessions.begin() as session:
        for row, day in zip(rows, DAYS * len(rows), strict=False):
            change = text("UPDATE posts SET posted_at = :day, decided_at = now() WHERE id = :row")
            session.execute(change, {"day": day, "row": row})
    return rows


def _pages(app: Flask, values: dict[str, list[Any]]) -> Iterator[str]:
    """Every page that is read, with each post and case in its address."""
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.rule.startswith(
            ("/v1", "/metrics", "/healthz")
        ):
            continue
        if rule.endpoint.rpartition(".")[2] in ("static", "sign_out"):
            continue
        if not rule.arguments:
            yield rule.rule
        elif len(rule.arguments) == 1 and (name := next(iter(rule.arguments))) in values:
            for value in values[name]:
                yield _filled(rule.rule, str(value))


def _filled(rule: str, value: str) -> str:
    before, _, rest = rule.partition("<")
    return f"{before}{quote(value, safe='')}{rest.partition('>')[2]}"


@pytest.mark.slow
@pytest.mark.parametrize(("role", "language"), [("admin", "en"), ("moderator", "ko")])
def test_no_stored_text_breaks_a_page(
    app: Flask, parts: Parts, posts: list[int], signed_in: NewVisitor, role: str, language: str
) -> None:
    visitor = signed_in("reader", role=role, language=language)
    with parts.sessions() as session:
        cases = list(session.scalars(select(Case.id)))
    values: dict[str, list[Any]] = {"row_id": posts, "case_id": cases, "hashtag": [*TEXTS]}
    pages = list(_pages(app, values))
    assert len(pages) > 40
    pages += [f"/posts?tab={tab}" for tab in TABS]
    pages += [f"/posts?{name}={quote(said)}" for name in ("author", "hashtag") for said in TEXTS]
    for page in pages:
        answer = visitor.get(page, follow_redirects=True)
        # Where there is nothing under a post's number, that is said; nothing is broken.
        assert answer.status_code in {200, 403, 404}, page
        assert answer.status_code == 200 or not OWN.fullmatch(page), page
        assert "<script>alert(1)" not in answer.text, page
        for _, sentence in SENTENCE.findall(APART.sub("", answer.text)):
            assert not UNSHOWN.search(" ".join(sentence.split())), page


def test_no_stored_text_breaks_the_api(
    app: Flask, parts: Parts, posts: list[int], bearer: dict[str, str]
) -> None:
    client = app.test_client()
    for name in (*IDS, "p-1"):
        answer = client.get(f"/v1/posts/{quote(name, safe='')}", headers=bearer)
        assert (answer.status_code, (answer.json or {}).get("id")) == (200, name)
    for said in TEXTS:
        if "/" not in said:
            path = f"/v1/hashtags/{quote(said, safe='')}/posts?verdict=irrelevant"
            answer = client.get(path, headers=bearer)
            assert answer.status_code in (200, 404), said
            json.loads(answer.data)


@pytest.mark.parametrize("moment", ["0001-01-01 00:00:00+14", "9999-12-31 23:59:59-14"])
def test_a_time_that_nobody_can_show_cannot_be_stored(
    parts: Parts, posts: list[int], moment: str
) -> None:
    change = text("UPDATE posts SET posted_at = CAST(:moment AS timestamptz) WHERE id = :row")
    with parts.sessions() as session, pytest.raises(Exception, match="posted_at_can_be_shown"):
        session.execute(change, {"moment": moment, "row": posts[0]})
    with parts.sessions() as session:
        assert session.get_one(Post, posts[0])
