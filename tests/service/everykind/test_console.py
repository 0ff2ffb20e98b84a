"""Each page of the console that names a post can be opened, and leads to pages that can, too."""

from __future__ import annotations

import html
import re
from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.exceptions import NotFound

from service.accounts import create
from service.cases import PostFilter, take_next
from service.console.posts import lists
from service.console.posts.tabs import TABS
from service.tables import Case, Post, User
from tests.service.console.visitor import Visitor
from tests.service.everykind.addresses import EACH, ONCE, WITHOUT_POSTS, addresses
from tests.service.everykind.world import World

pytestmark = pytest.mark.slow  # the world takes ten seconds to make

LINK = re.compile(r'(?:href|src)="(/[^"]*)"')  # with entities, and parts of pages
# Lists that are filtered, ordered or gone through in many ways lead to themselves.
LISTS = (
    "/posts",
    "/find",
    "/audit",
    "/callbacks",
    "/hashtags",
    "/campaigns",
    "/static",
    "/overview",
)


@pytest.fixture
def eve(changing: World) -> Visitor:
    """Somebody who may do everything, and is signed in."""
    with changing.parts.sessions.begin() as session:
        _, password = create(session, "eve", "admin")
    visitor = Visitor(changing.http.application.test_client())
    assert visitor.sign_in("eve", password).status_code == 303
    return visitor


def test_each_page_is_opened_here_or_names_no_post(world: World) -> None:
    rules = world.http.application.url_map.iter_rules()
    pages = {rule.endpoint for rule in rules if "GET" in (rule.methods or ())}
    console = {name.partition(".")[2] for name in pages if name.startswith("console.")}
    assert console == EACH.keys() | ONCE | WITHOUT_POSTS


def test_each_page_opens_and_so_does_what_it_leads_to(changing: World, eve: Visitor) -> None:
    app = changing.http.application
    known, led, wrong = set[str](), dict[tuple[str, str], str](), list[tuple[str, object]]()
    # Whoever opens a case has it from then on, and sees its post in no other way.
    for endpoint in sorted(EACH.keys() | ONCE, key=lambda name: (name == "case", name)):
        for path in addresses(app, changing, endpoint):
            answer = eve.get(path)
            known.add(path)
            if answer.status_code != 200:
                wrong.append((path, answer.status_code))
            page = answer.text if answer.mimetype == "text/html" else ""
            for link in {html.unescape(one).partition("#")[0] for one in LINK.findall(page)}:
                target = _endpoint(app, link)
                # One link from each page to each page that is of a post, and one to each other.
                if link not in known and target != "asset":
                    led.setdefault((endpoint if target in EACH else "", target), link)
    for link in set(led.values()):
        if (status := eve.get(link).status_code) not in (200, 303):
            wrong.append((link, status))
    assert wrong == []


def _endpoint(app: Flask, link: str) -> str:
    """The page that a link leads to; what leads nowhere has a name of its own, and is opened."""
    try:
        found, _ = app.url_map.bind("localhost").match(link.partition("?")[0])
    except NotFound:
        return link
    return str(found).partition(".")[2]


@pytest.mark.parametrize("name", TABS)
def test_a_list_has_each_of_its_posts_once(world: World, name: str) -> None:
    which = lists.Filter(TABS[name], PostFilter(), 0)
    with world.parts.sessions() as session:
        found, after = Counter[int](), None
        while True:
            some = lists.page(session, which, after)
            found.update(row.post.id for row in some.rows)
            after = some.cursor
            if after is None:
                break
        if TABS[name].is_queue:
            waiting = select(Case.post_id).where(Case.closed_at.is_(None))
            assert set(found) <= set(session.scalars(waiting))
        else:
            assert found == Counter(session.scalars(select(Post.id).where(TABS[name].holds)))


def test_the_queue_gives_everybody_each_case_that_they_may_have(changing: World) -> None:
    ben = changing.person("ben")
    with changing.parts.sessions.begin() as session:
        user, given = session.get_one(User, ben.id), list[int]()
        while (case := take_next(session, user.id, ben.config.lease, besides=given)) is not None:
            given.append(case.id)
        open_ = session.scalars(select(Case).where(Case.closed_at.is_(None))).all()
        may = {
            case.id
            for case in open_
            if case.for_id in (None, ben.id)
            and ben.id not in case.not_for
            and case.handed_to_id in (None, ben.id)
            and case.holder_id in (None, ben.id)
        }
    assert len(given) == len(set(given))
    assert set(given) == may
