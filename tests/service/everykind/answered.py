"""Posts that differ in what people did with them, and in what the platform heard of that."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler

from sqlalchemy import func, select, update

from service.cases import release, take
from service.cases.hand_over import hand_over
from service.outbox.deliver import deliver
from service.posts.delete import delete_post
from service.quality.controls import choose
from service.reviews.remark import Remark
from service.settlement import LeaseLostError, answer
from service.similar.together import answer_together
from service.tables import Case, Delivery, User
from tests.service.everykind.world import BEARER, World, photo
from tests.service.outbox.conftest import telling
from tests.service.receiver import answer as respond
from tests.service.receiver import serve

WIDTHS = iter(range(300, 480, 2))  # no two of these photographs are the same file
WRONG, RIGHT = {"맛집": "irrelevant"}, {"맛집": "relevant"}


def answered(world: World) -> None:
    """All of them."""
    _settled(world)
    _waiting(world)
    _second_looks(world)
    _controls(world)
    _spot_checks(world)
    _appeals(world)
    _told(world)


def flagged(world: World, kind: str) -> int:
    """A post in the queue, which ``WRONG`` or ``RIGHT`` answers."""
    return world.post(kind, ["맛집"], photo("nuthatch", next(WIDTHS)))


def doubtful(world: World, kind: str) -> int:
    """The same, without a photograph that could be had: it costs less to screen."""
    return world.post(kind, ["맛집"], "http://127.0.0.1:9/none.jpg")


def _settled(world: World) -> None:
    world.settles("mina", flagged(world, "settled as flagged"), **WRONG)
    world.settles("mina", flagged(world, "settled otherwise"), **RIGHT)
    world.settles("mina", doubtful(world, "cannot be told"), 맛집="unverifiable")
    world.settles(
        "mina", world.post("passed wrongly", ["꽃"], photo("dahlia", 500)), 꽃="irrelevant"
    )
    world.settles("mina", world.posts["campaign 0"], 카페="irrelevant")
    world.settles("mina", world.posts["campaign 1"], 카페="relevant")
    mina = world.person("mina")
    undone = mina.answers(world.case(flagged(world, "taken back")), **RIGHT)
    mina.undoes(undone)
    twice = doubtful(world, "settled twice")
    world.settles("mina", twice, **RIGHT)
    world.settles("ada", twice, **WRONG)
    rows = [doubtful(world, f"in one batch {number}") for number in range(2)]
    with world.parts.sessions.begin() as session:
        user = session.get_one(User, mina.id)
        note = Remark(None, "a note of mina's")
        reviews, left = answer_together(session, rows, WRONG, user, mina.config, remark=note)
        assert (len(reviews), left) == (2, [])


def _waiting(world: World) -> None:
    mina, ada = world.person("mina"), world.person("ada")
    held = world.case(flagged(world, "held"))
    skipped = world.case(doubtful(world, "skipped"))
    handed = world.case(doubtful(world, "handed over"))
    late = world.case(doubtful(world, "answered too late"))
    with world.parts.sessions.begin() as session:
        assert len(take(session, [held, skipped, handed, late], mina.id, mina.config.lease)) == 4
    with world.parts.sessions.begin() as session:
        release(session, [skipped], mina.id, skip=True)
        user = session.get_one(User, mina.id)
        hand_over(session, handed, user, ada.id, "what is this?")
        session.execute(update(Case).where(Case.id == late).values(leased_until=func.now()))
    with world.parts.sessions.begin() as session:
        case, user = session.get_one(Case, late), session.get_one(User, mina.id)
        try:
            answer(session, case, user, RIGHT, mina.config)
        except LeaseLostError:
            return
    raise AssertionError("the lease was over")


def _second_looks(world: World) -> None:
    first, ada, ben = world.person("mina", double_share=1), world.person("ada"), world.person("ben")
    for kind in ("second look", "agreed", "third look", "decided by a third"):
        make = flagged if kind == "second look" else doubtful
        first.answers(world.case(make(world, kind)), **WRONG)
    ada.answers(world.case(world.posts["agreed"], "double"), **WRONG)
    for kind in ("third look", "decided by a third"):
        ada.answers(world.case(world.posts[kind], "double"), **RIGHT)
    ben.answers(world.case(world.posts["decided by a third"], "third"), **RIGHT)


def _controls(world: World) -> None:
    ana = world.person("ana")
    with world.parts.sessions.begin() as session:
        user = session.get_one(User, ana.id)
        choose(session, "settled as flagged", user)
        choose(session, "settled otherwise", user)
    for name in ("cleo", "dora"):
        made = world.person(name, control_share=0.99)
        made.answers(world.case(doubtful(world, f"before {name}'s control")), **WRONG)
    cleo = world.person("cleo")
    with world.parts.sessions() as session:
        of_cleo = select(Case.id).where(Case.kind == "control", Case.for_id == cleo.id)
        control = session.scalars(of_cleo).one()
    cleo.answers(control, **WRONG)


def _spot_checks(world: World) -> None:
    drawn = {"spot_check_share": 1}
    for kind, said in (("checked", "relevant"), ("checked and denied", "irrelevant")):
        row = world.post(kind, ["꽃"], photo("dandelions", next(WIDTHS)), settings=drawn)
        world.person("ada").answers(world.case(row, "spot_check"), 꽃=said)


def _appeals(world: World) -> None:
    for kind in ("appealed", "upheld", "overturned", "appeal withdrawn", "appealed and deleted"):
        row = doubtful(world, kind)
        world.settles("mina", row, **WRONG)
        sent = {"id": f"appeal of {kind}", "text": "It is a menu.", "hashtags": ["맛집"]}
        told = world.http.post(f"/v1/posts/{kind}/appeals", json=sent, headers=BEARER)
        assert told.status_code == 202, told.text
    ada = world.person("ada")
    ada.answers(world.case(world.posts["upheld"], "appeal"), **WRONG)
    ada.answers(world.case(world.posts["overturned"], "appeal"), **RIGHT)
    again = photo("cat", next(WIDTHS))
    world.post("after the appeal", ["고양이"], again, id="appeal withdrawn", revision=2)
    with world.parts.sessions.begin() as session:
        assert delete_post(session, "appealed and deleted")


def _told(world: World) -> None:
    """The platform took one callback, had it before in another, or never wants one again."""
    codes = {"settled as flagged": 200, "settled otherwise": 410}
    for kind, code in codes.items():

        def answers(request: BaseHTTPRequestHandler, code: int = code) -> None:
            request.rfile.read(int(request.headers["Content-Length"]))
            respond(request, code)

        about = Delivery.post_id == world.posts[kind]
        with world.parts.sessions.begin() as session:
            session.execute(update(Delivery).where(about).values(next_attempt_at=func.now()))
        with serve(post=answers) as url:
            deliver(telling(world.parts, url), world.told(world.posts[kind]))
