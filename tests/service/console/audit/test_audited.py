"""Whatever is changed in the console is in the audit log, under the name of who changed it."""

from __future__ import annotations

import io
import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from rules.verdicts.ruleset import DEFAULT
from service.accounts import create
from service.audit.find import head
from service.parts import Parts
from service.tables import AuditEntry, Delivery
from tests.service.console.rows import add_post
from tests.service.console.visitor import Visitor

Form = Callable[[str], dict[str, Any]]
PASSWORD = "a long walk by the river"
DEAD = uuid.UUID(int=7)  # a callback that was given up
RULES = "# another\n" + DEFAULT.read_text(encoding="utf-8")

# They change nothing that outlives the browser: its language, photographs that are not kept, how
# long a case stays with whoever looks at it, which case comes next, a file that is only looked at.
NO_CHANGE = {
    "console.choose_language",
    "console.heartbeat",
    "console.read_upload",
    "console.skip_case",
    "console.judge_try",
    "console.try_places",
    "console.search_similar_to",
    "console.check_rules",
}
# They need a backtest that upkeep has finished (tests/service/console/rules/test_rerun.py),
# photographs that were settled (quality/test_export.py), an item that is recommended
# (watch/test_pages.py), hashtags that neighbours are asked about
# (votes/test_pages.py), examples with embeddings (prototypes/test_pages.py) or a campaign, whose
# posts are settled as any others are, or another item bundle (itembundles/test_pages.py).
LOOKED_AT_ELSEWHERE = {
    "console.allow_votes",
    "console.change_prototype",
    "console.export_reviews",
    "console.give_opinion",
    "console.promote_item_bundle",
    "console.rejudge",
    "console.rerun_report",
    "console.roll_back_item_bundle",
    "console.settle_whole_campaign",
    "console.try_prototype",
}


@dataclass(frozen=True)
class Change:
    """Forms to send one after the other, and the entry that the last of them leaves.

    A form is made from the page that answered the one before.
    """

    action: str
    forms: Sequence[tuple[str, Form]]


def _form(**fields: str) -> Form:
    return lambda _: dict(fields)


def _upload(_: str) -> dict[str, Any]:
    rows = "tag,categories,who,when,why\n쀍쀍,cafe,ana,2026-11-21,bakery\n"
    return {"file": (io.BytesIO(rows.encode()), "new.csv")}


def _pictures(_: str) -> dict[str, Any]:
    return {"k": "1", "images": (io.BytesIO(b"a picture"), "a.jpg")}


def _seen(page: str) -> dict[str, str]:
    fields = re.findall(r'name="(text|seen)" value="([^"]*)"', page)
    return {name: unescape(value) for name, value in fields}


AGREE = ("/cases/1", _form(agree="1"))
MAP = ("/hashtags", _form(tag="쀍쀍", category="cafe"))
DRAFT = ("/rules", _form(text=RULES))
RERUN = ("/rules/reruns", _form(days=""))
WHY = _form(reason="to see")

ITEM = ("/produce", _form(title="A cup"))

CHANGES: Mapping[str, Change] = {
    "console.ask_for_thumbnails": Change("thumbnails.asked", [("/thumbnails", _pictures)]),
    "console.begin_video": Change("upload.begun", [("/thumbnails/uploads", _form(size="9"))]),
    "console.add_item": Change("item.added", [ITEM]),
    "console.allow_copies": Change(
        "copies.allowed", [("/copies", _form(category="cafe", on="1", checked="10"))]
    ),
    "console.add_person": Change("account.created", [("/people", _form(name="bo", role="admin"))]),
    "console.add_ruleset": Change("ruleset.added", [DRAFT]),
    "console.answer_case": Change("post.settled", [AGREE]),
    "console.apply_upload": Change(
        "lexicon.changed", [("/lexicon", _upload), ("/lexicon/apply", _seen)]
    ),
    "console.begin_picture": Change("upload.begun", [("/produce/uploads", _form(size="10"))]),
    "console.change_hashtag": Change(
        "lexicon.changed", [("/hashtags/카페", _form(meaning="nothing"))]
    ),
    "console.change_password": Change(
        "account.password_chosen",
        [("/password", _form(current="{password}", chosen=PASSWORD, again=PASSWORD))],
    ),
    "console.change_persons_role": Change(
        "account.role_changed", [("/people/1/role", _form(role="analyst"))]
    ),
    "console.change_ruleset": Change("ruleset.shadow", [DRAFT, ("/rules/1/shadow", WHY)]),
    "console.change_settings": Change(
        "account.preferences", [("/settings", _form(blurred="1", break_minutes="30"))]
    ),
    "console.check_sign_in": Change(
        "session.began", [("/sign-in", _form(name="ada", password="{password}"))]
    ),
    "console.choose_control": Change(
        "control.chosen", [AGREE, ("/quality/controls", _form(post="p-1"))]
    ),
    "console.disable_person": Change("account.disabled", [("/people/1/disable", _form())]),
    "console.enable_person": Change(
        "account.enabled", [("/people/1/disable", _form()), ("/people/1/enable", _form())]
    ),
    "console.end_persons_sessions": Change(
        "account.sessions_ended", [("/people/1/sessions", _form())]
    ),
    "console.hand_over_case": Change(
        "case.handed_over", [("/cases/1/hand-over", _form(to="1", handed_note="a shop?"))]
    ),
    "console.keep_author": Change("author.changed", [("/author", _form(id="u-1", note="a shop"))]),
    "console.make_api_key": Change("api_key.made", [("/api-keys", _form(name="web", lasts="30"))]),
    "console.map_hashtag": Change("lexicon.changed", [MAP]),
    "console.put_control_aside": Change(
        "control.put_aside",
        [
            AGREE,
            ("/quality/controls", _form(post="p-1")),
            ("/quality/controls/1/aside", _form()),
        ],
    ),
    "console.resend_callback": Change("callbacks.resent", [(f"/callbacks/{DEAD}/resend", _form())]),
    "console.resend_callbacks": Change("callbacks.resent", [("/callbacks/resend", _form())]),
    "console.remove_item": Change("item.deleted", [ITEM, ("/produce/items/1/delete", _form())]),
    "console.reset_persons_password": Change(
        "account.password_reset", [("/people/1/password", _form())]
    ),
    "console.revoke_api_key": Change(
        "api_key.revoked",
        [("/api-keys", _form(name="web", lasts="")), ("/api-keys/1/revoke", _form())],
    ),
    "console.roll_back_rules": Change(
        "ruleset.retired", [DRAFT, ("/rules/1/promote", WHY), ("/rules/rollback", WHY)]
    ),
    "console.start_rerun": Change("rules.backtested", [RERUN]),
    "console.stop_rerun": Change("rules.rerun_stopped", [RERUN, ("/rules/reruns/1/stop", _form())]),
    "console.store_rules": Change("ruleset.added", [("/rules/edit", _form(name="b", text=RULES))]),
    "console.settle_post": Change("post.settled", [("/posts/1", _form(agree="1", saw_review="0"))]),
    "console.settle_together": Change(
        "post.settled", [("/posts/1/together", lambda _: {"post": ["1", "2"]})]
    ),
    "console.settle_selected": Change(
        "post.settled", [("/posts/selected", lambda _: {"post": ["1", "2"]})]
    ),
    "console.hand_selected_over": Change(
        "case.handed_over",
        [("/posts/selected/hand-over", lambda _: {"post": ["1", "2"], "to": "1"})],
    ),
    "console.take_cases_back": Change(
        "case.taken_back",
        [
            ("/posts/selected/hand-over", lambda _: {"post": ["1"], "to": "1"}),
            ("/cases/take-back", lambda _: {"case": ["1"]}),
        ],
    ),
    "console.add_view": Change("view.saved", [("/views", _form(name="old ones"))]),
    "console.delete_saved_view": Change(
        "view.deleted",
        [("/views", _form(name="old ones")), ("/views/1/delete", _form())],
    ),
    "console.sign_out": Change("session.ended", [("/sign-out", _form())]),
    "console.undo_mapping": Change("lexicon.changed", [MAP, ("/hashtags/undo", _form(change="1"))]),
    "console.undo_review": Change("post.undone", [AGREE, ("/reviews/1/undo", _form())]),
}


def test_every_route_that_takes_a_form_is_here(app: Flask) -> None:
    taking = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("console.") and "POST" in (rule.methods or ())
    }
    assert taking == CHANGES.keys() | NO_CHANGE | LOOKED_AT_ELSEWHERE


@pytest.mark.slow
@pytest.mark.parametrize("endpoint", CHANGES)
def test_a_change_leaves_an_entry_with_who_made_it(app: Flask, parts: Parts, endpoint: str) -> None:
    with parts.sessions.begin() as session:
        create(session, "mina")
    ada, password = _admin(app, parts)
    for name in ("p-1", "p-2"):
        add_post(parts, name, {"카페": "irrelevant"})
    with parts.sessions.begin() as session:
        session.add(Delivery(id=DEAD, post_id=1, type="post.decided", body={}, state="dead"))
    ada.get("/cases/1")  # takes it
    change, page = CHANGES[endpoint], ""
    for path, form in change.forms:
        with parts.sessions() as session:
            before = head(session).position
        fields = form(page)
        for field, value in fields.items():
            if value == "{password}":
                fields[field] = password
        answer = ada.send(path, fields)
        assert answer.status_code in {200, 303}, answer.text
        page = answer.text
    assert app.url_map.bind("").match(change.forms[-1][0], method="POST")[0] == endpoint
    with parts.sessions() as session:
        made = session.scalars(select(AuditEntry).where(AuditEntry.position > before)).all()
    assert {(entry.actor, entry.action) for entry in made} == {("ada", change.action)}


def _admin(app: Flask, parts: Parts) -> tuple[Visitor, str]:
    with parts.sessions.begin() as session:
        _, password = create(session, "ada", "admin")
    ada = Visitor(app.test_client())
    ada.sign_in("ada", password)
    return ada, password
