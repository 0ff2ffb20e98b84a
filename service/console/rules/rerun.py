"""One run of rules over stored posts: how far it is, and what came out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flask import Blueprint, Response, abort, jsonify, render_template
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from rules import Decision, Verdict
from service.audit import record
from service.backtest.report import JUDGED, Report
from service.backtest.result import Flip, Result, Sample
from service.backtest.serialise import from_json
from service.console.frame.access import Permission, by_itself, may, needs
from service.console.rules.words import KINDS, RUN_STATES
from service.parts import Parts
from service.reruns.start import is_live
from service.tables import Post, Rerun


@dataclass(frozen=True)
class Example:
    """A post in which a verdict changes: the hashtag, and the first photograph that is kept."""

    post_id: int
    name: str
    tag: str
    image_id: int | None


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """The page, and how far it is for the page that is open."""

    @blueprint.get("/rules/reruns/<int:row_id>")
    @needs(Permission.READ)
    def rerun(row_id: int) -> ResponseReturnValue:
        current = parts.screener.current()
        with parts.sessions() as session:
            run = _find(session, row_id)
            result = from_json(run.result) if run.kind == "backtest" else None
            return render_template(
                "rules/rerun.html",
                run=run,
                result=result,
                examples=_examples(session, result) if result else {},
                can_rejudge=is_live(session, run, current),
                progress=_progress(run),
                may_change=may(Permission.RULES),
                verdicts=[verdict.value for verdict in Verdict],
                decisions=[decision.value for decision in Decision],
                judged=JUDGED,
                KINDS=KINDS,
                RUN_STATES=RUN_STATES,
            )

    @blueprint.get("/rules/reruns/<int:row_id>/progress")
    @needs(Permission.READ)
    @by_itself
    def rerun_progress(row_id: int) -> Response:
        with parts.sessions() as session:
            run = _find(session, row_id)
        return jsonify(
            seen=run.seen,
            total=max(run.total, run.seen, 1),
            text=_progress(run),
            over=run.state != "running",
        )

    @blueprint.post("/rules/reruns/<int:row_id>/report.html")
    @needs(Permission.RULES)
    def rerun_report(row_id: int) -> Response:
        with parts.sessions.begin() as session:
            run = _find(session, row_id)
            if run.kind != "backtest" or run.state != "done" or run.finished_at is None:
                abort(404)
            record(session, current_user.name, "rules.report_exported", f"rerun:{run.id}", {})
            seconds = (run.finished_at - run.created_at).total_seconds()
            result = _named(session, from_json(run.result))
        report = Report(run.ruleset, run.since, parts.config.base_url, seconds, result)
        disposition = {"Content-Disposition": f'attachment; filename="backtest-{row_id}.html"'}
        return Response(report.html(), mimetype="text/html", headers=disposition)


def _find(session: Session, row_id: int) -> Rerun:
    return session.get(Rerun, row_id) or abort(404)


def _progress(run: Rerun) -> str:
    """How far it is, in words."""
    seen, total = format_decimal(run.seen), format_decimal(max(run.total, run.seen))
    words = str(_("Posts looked at: %(seen)s of %(total)s", seen=seen, total=total))
    if run.state != "running" or not run.waiting:
        return words
    waiting = _(
        "Waiting for posts that somebody has open: %(count)s",
        count=format_decimal(len(run.waiting)),
    )
    return f"{words} · {waiting}"


def _examples(session: Session, result: Result) -> Mapping[Flip, Sequence[Example]]:
    """Sample posts of each flip, the commonest first, without those that are gone."""
    ids = {one.post_id for samples in result.samples.values() for one in samples}
    query = select(Post).where(Post.id.in_(ids), Post.state == "decided")
    query = query.options(selectinload(Post.images), selectinload(Post.verdicts))
    posts = {post.id: post for post in session.scalars(query)}
    return {
        flip: [
            _example(posts[one.post_id], one.position) for one in samples if one.post_id in posts
        ]
        for flip, samples in sorted(result.samples.items(), key=lambda item: -result.flips[item[0]])
    }


def _named(session: Session, result: Result) -> Result:
    """The same with the names of the sample posts, without those that are gone."""
    samples = {
        flip: [Sample(one.post_id, 0, one.name, one.tag) for one in examples]
        for flip, examples in _examples(session, result).items()
    }
    return replace(result, samples=samples)


def _example(post: Post, position: int) -> Example:
    kept = [image.id for image in post.images if image.derivative]
    tags = {verdict.position: verdict.tag for verdict in post.verdicts}
    tag = tags.get(position, "").lstrip("#")
    return Example(post.id, post.external_id, tag, kept[0] if kept else None)
