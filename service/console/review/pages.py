"""One case of the queue: its post, the answers, and on to the next."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from rules import Verdict, decide
from service.cases import take, take_next
from service.cases.blind import BLIND, decision_shown, shown
from service.cases.draft import kept
from service.cases.hand_over import HandOverError, colleagues, hand_over, handed
from service.cases.holders import holder_of, waiting_for
from service.cases.last import last_answer
from service.console.frame.access import Permission, needs
from service.console.frame.words import Words
from service.console.posts.films import films_of
from service.console.posts.filters import carried, read_wanted
from service.console.posts.forms import Refused, chosen, read_answers, written_note
from service.console.posts.tabs import TABS
from service.console.posts.views import Around, cards_of, photographs_of
from service.console.review.answered import answered
from service.incoming import whole_number
from service.parts import Parts
from service.reviews import SettleError, Standing, own_answer, standing
from service.settlement import GoneError, LeaseLostError, answer
from service.tables import Case, Draft, Review, User

HTML, JSON = "text/html", "application/json"
NOBODY = Standing(0, None, None, {}, None)


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """Show a case to whoever holds it, and take the answer."""

    @blueprint.get("/cases/<int:case_id>")
    @needs(Permission.SETTLE)
    def case(case_id: int) -> ResponseReturnValue:
        words = Words(parts.screener.current())
        with parts.sessions.begin() as session:
            found = _find(session, case_id)
            mine = bool(take(session, [case_id], current_user.id, parts.config.lease))
            draft = kept(session, case_id, current_user.id)
            given = dict(draft.answers) if draft else {}
            return _page(session, parts, found, words, given, mine=mine, draft=draft)

    @blueprint.post("/cases/<int:case_id>")
    @needs(Permission.SETTLE)
    def answer_case(case_id: int) -> ResponseReturnValue:
        words = Words(parts.screener.current())
        with parts.sessions.begin() as session:
            found = _find(session, case_id)
            try:
                answers = read_answers(request.form, found.post.verdicts, shown(found.post, found))
            except Refused as error:
                page = _page(session, parts, found, words, error.given, message=str(error))
                return page, 422
            user = session.get_one(User, current_user.id)
            try:
                review = answer(
                    session, found, user, answers.by_tag, parts.config, remark=answers.remark
                )
            except GoneError:
                abort(404)
            except LeaseLostError:
                late = kept(session, case_id, current_user.id)
                page = _page(session, parts, found, words, answers.by_tag, mine=False, draft=late)
                return page, 409
            except SettleError:
                gone = _("The platform replaced this post while you were looking at it.")
                page = _page(session, parts, found, words, answers.by_tag, mine=False, message=gone)
                return page, 409
            return _go_on(session, parts, review)

    @blueprint.post("/cases/<int:case_id>/hand-over")
    @needs(Permission.SETTLE)
    def hand_over_case(case_id: int) -> ResponseReturnValue:
        words = Words(parts.screener.current())
        with parts.sessions.begin() as session:
            found = _find(session, case_id)
            if problem := _hand_over(session, found):
                mine = bool(take(session, [case_id], current_user.id, parts.config.lease))
                given = chosen(request.form, found.post.verdicts)
                return _page(session, parts, found, words, given, mine=mine, message=problem), 409
        return redirect(url_for("console.next_case", **carried(request.args)), 303)


def _hand_over(session: Session, case: Case) -> str | None:
    """Hand a case over as the form says; what went wrong, in words, where it cannot be."""
    note = written_note(request.form, "handed_note")
    user = session.get_one(User, current_user.id)
    to = request.form.get("to", type=whole_number)
    try:
        hand_over(session, case.id, user, to or 0, note)
    except HandOverError as error:
        return {
            "lost": str(_("This post is not yours any more, so it was not handed over.")),
            "nobody": str(_("Choose who gets this post.")),
            "long": str(_("The note is too long.")),
        }[error.why]
    return None


def _find(session: Session, case_id: int) -> Case:
    case = session.get(Case, case_id)
    if case is None or case.post.state == "deleted" or not _may_see(case):
        abort(404)
    return case


def _may_see(case: Case) -> bool:
    """Whether a case is this person's to know of: others' controls and one's own posts are not."""
    return case.for_id in (None, current_user.id) and current_user.id not in case.not_for


def _page(
    session: Session,
    parts: Parts,
    case: Case,
    words: Words,
    given: Mapping[str, str],
    *,
    mine: bool = True,
    message: str | None = None,
    draft: Draft | None = None,
) -> str:
    post = case.post
    own = own_answer(session, case, current_user.id) if case.kind in BLIND else None
    verdicts = own.answers if own else shown(post, case)
    return render_template(
        "posts/post.html",
        case=case,
        post=post,
        decided=_decided(session, case, own),
        is_models=own is None and (case.kind in BLIND or post.decided_by == "model"),
        around=_around(session, case, open_here=mine and post.state == "decided"),
        holder=None if mine else holder_of(session, case, current_user.id),
        photographs=photographs_of(post, words),
        films=films_of(post),
        cards=cards_of(post, words, verdicts),
        given=given,
        handed=handed(session, case),
        colleagues=colleagues(session, current_user.id) if mine else (),
        standing=(own or NOBODY) if case.kind in BLIND else standing(session, post),
        message=message,
        draft=draft,
        last=last_answer(session, current_user.id, parts.config),
        lease_seconds=parts.config.lease_seconds,
    )


def _decided(session: Session, case: Case, own: Standing | None) -> str | None:
    """The decision that the page shows: what follows from one's ``own`` answer to a blind case."""
    if own is None:
        return decision_shown(session, case.post, case)
    return decide(map(Verdict, own.answers.values())).value


def _around(session: Session, case: Case, *, open_here: bool) -> Around:
    place = carried(request.args)
    return Around(
        answer=url_for("console.answer_case", case_id=case.id, **place) if open_here else None,
        back=url_for("console.posts", tab="review", **place),
        title=TABS["review"].title,
        left=waiting_for(session, current_user.id, read_wanted(request.args)),
        skip=url_for("console.skip_case", case_id=case.id, **place),
        hand_over=url_for("console.hand_over_case", case_id=case.id, **place),
        gives_back=True,
        place=place,
    )


def _go_on(session: Session, parts: Parts, review: Review) -> ResponseReturnValue:
    """To the next case, saying what became of this one."""
    place = carried(request.args)
    following = take_next(session, current_user.id, parts.config.lease, read_wanted(request.args))
    address = (
        url_for("console.case", case_id=following.id, **place)
        if following
        else url_for("console.posts", tab="review", **place)
    )
    if request.accept_mimetypes.best_match([HTML, JSON], HTML) == JSON:
        return answered(session, parts, review, address)
    if following is None:
        flash(_("That was the last one: nothing else is waiting for you here."))
    return redirect(address, 303)
