"""Stored posts are judged again by what is live, and what a person settled stays."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from service.accounts import create
from service.backtest.batch_judge import BatchJudge
from service.cases import open_case, release, take
from service.copies.follow import CHECKED
from service.parts import Parts
from service.posts.representation import represent
from service.reruns import rejudge, write
from service.reruns.start import RerunError, stop
from service.reruns.work import go_on, hint_running
from service.rulesets import store
from service.settlement import answer
from service.tables import AuditEntry, Author, Case, CopyCheck, Delivery, Post, Rerun, User, Video
from tests.service.console.rows import add_post
from tests.service.reruns.conftest import PICTURE, begin, look, preview

MakeLive = Callable[..., int]


def _post(parts: Parts, row_id: int) -> dict[str, Any]:
    with parts.sessions() as session:
        return represent(session.get_one(Post, row_id))


def _open(parts: Parts, row_id: int) -> list[str]:
    query = select(Case.kind).where(Case.post_id == row_id, Case.closed_at.is_(None))
    with parts.sessions() as session:
        return sorted(session.scalars(query))


def _told(parts: Parts) -> list[Delivery]:
    with parts.sessions() as session:
        return list(session.scalars(select(Delivery).order_by(Delivery.sequence)))


def _taken(parts: Parts) -> tuple[int, int]:
    """The only case, in the hands of a new moderator: the ids of both."""
    with parts.sessions.begin() as session:
        mina = create(session, "mina", "moderator")[0].id
        case = session.scalars(select(Case.id)).one()
        take(session, [case], mina, parts.config.lease)
    return case, mina


def _step(parts: Parts, number: int, most: int) -> bool:
    current = parts.screener.current()
    return rejudge.step(parts, look(parts, number), current, BatchJudge(current.ruleset), most)


def test_a_post_gets_verdict_decision_case_and_callback_as_if_screened_now(
    heard: Parts, make_live: MakeLive
) -> None:
    row = add_post(heard, "p-1", {"카페": "relevant", "일상": "unverifiable"}, PICTURE)
    make_live()
    seen = preview(heard)
    assert seen.result["unsettled"] == {"posts": 1, "verdicts": 1, "decisions": 1}
    assert _post(heard, row)["decision"] == "pass", "a preview changes nothing"
    number = begin(heard, seen)
    go_on(heard, number, 120)
    post = _post(heard, row)
    assert (post["decision"], post["decided_by"]) == ("flag", "model")
    assert [one["verdict"] for one in post["hashtags"]] == ["irrelevant", "unverifiable"]
    assert post["hashtags"][0]["trace"]["rules"]["cafe"]["rule"] == "sea"
    assert post["ruleset"] == heard.screener.current().ruleset.id
    assert _open(heard, row) == ["review"]
    [told] = _told(heard)
    assert told.body["data"] == post
    done = look(heard, number)
    assert (done.state, done.seen, done.total) == ("done", 1, 1)
    assert done.result == {"posts": 1, "verdicts": 1, "decisions": 1, "by test": 1}


def test_a_post_that_passes_now_leaves_the_queue(heard: Parts) -> None:
    row = add_post(heard, "p-1", {"카페": "irrelevant"}, PICTURE)
    assert _open(heard, row) == ["review"]
    go_on(heard, begin(heard, preview(heard)), 120)
    assert (_post(heard, row)["decision"], _open(heard, row)) == ("pass", [])


def test_a_post_with_a_video_that_nobody_saw_stays_a_persons(heard: Parts) -> None:
    row = add_post(heard, "p-1", {"카페": "irrelevant"}, PICTURE, decision="review")
    with heard.sessions.begin() as session:
        error = {"code": "damaged", "message": "The file is damaged."}
        session.add(Video(post_id=row, position=0, error=error))
    before = _post(heard, row)
    seen = preview(heard)
    assert seen.result["unsettled"] == {"posts": 1, "verdicts": 1, "decisions": 0}
    go_on(heard, begin(heard, seen), 120)
    post = _post(heard, row)
    assert [one["verdict"] for one in post["hashtags"]] == ["relevant"]
    assert (post["decision"], post["reason"]) == ("review", before["reason"])
    assert _open(heard, row) == ["review"]


def test_what_a_person_settled_is_not_touched(heard: Parts, make_live: MakeLive) -> None:
    settled = add_post(heard, "p-1", {"카페": "relevant"}, PICTURE, decided_by="moderator")
    appealed = add_post(heard, "p-2", {"카페": "relevant"}, PICTURE, decided_by="appeal")
    add_post(heard, "p-3", {"카페": "relevant"}, PICTURE)
    before = _post(heard, settled), _post(heard, appealed)
    make_live()
    number = begin(heard, preview(heard))
    go_on(heard, number, 120)
    assert (_post(heard, settled), _post(heard, appealed)) == before
    assert len(_told(heard)) == 1
    assert look(heard, number).result["settled"] == 2


def test_a_copy_keeps_what_a_person_gave_it_and_takes_what_the_rules_say_now(
    heard: Parts, make_live: MakeLive
) -> None:
    row = add_post(heard, "p-1", {"카페": "relevant"}, PICTURE)
    with heard.sessions.begin() as session:
        [verdict] = session.get_one(Post, row).verdicts
        verdict.reason = {**verdict.reason, "code": "settled"}
    make_live()
    go_on(heard, begin(heard, preview(heard)), 120)
    with heard.sessions() as session:
        [verdict] = session.get_one(Post, row).verdicts
        assert (verdict.verdict, verdict.model_verdict) == ("relevant", "irrelevant")
    assert (_post(heard, row)["decision"], _open(heard, row)) == ("pass", [])


def test_a_copy_that_comes_out_the_same_is_left_as_it_is(heard: Parts) -> None:
    row = add_post(heard, "p-1", {"카페": "relevant"}, PICTURE, decision="flag")
    with heard.sessions.begin() as session:
        [verdict] = session.get_one(Post, row).verdicts
        verdict.verdict, verdict.reason = "irrelevant", {**verdict.reason, "code": "settled"}
    assert preview(heard).result["unsettled"] == {"posts": 0, "verdicts": 0, "decisions": 0}


def test_a_post_of_a_watched_author_that_comes_out_the_same_is_left_as_it_is(heard: Parts) -> None:
    row = add_post(heard, "p-1", {"카페": "relevant"}, PICTURE, decision="review")
    with heard.sessions.begin() as session:
        session.add(Author(author_id="u-1", watched=True, changed_by="ana"))
    seen = preview(heard)
    assert seen.result["unsettled"] == {"posts": 0, "verdicts": 0, "decisions": 0}
    with pytest.raises(RerunError) as refused:
        begin(heard, seen)
    assert refused.value.code == "nothing"
    assert (_post(heard, row)["decision"], _open(heard, row)) == ("review", ["review"])


@pytest.mark.parametrize("other", ["uncertain", "relevant"])
def test_a_copy_that_was_drawn_for_a_check_stays_a_persons(heard: Parts, other: str) -> None:
    verdicts = {"카페": "relevant", "커피": other}
    row = add_post(heard, "p-1", verdicts, PICTURE, decision="review")
    with heard.sessions.begin() as session:
        checked, _ = session.get_one(Post, row).verdicts
        session.add(CopyCheck(verdict_id=checked.id, category="cafe", expected="relevant"))
    changed = int(other == "uncertain")
    seen = preview(heard)
    assert seen.result["unsettled"] == {"posts": changed, "verdicts": changed, "decisions": 0}
    if changed:
        go_on(heard, begin(heard, seen), 120)
        assert _post(heard, row)["reason"] == CHECKED
    assert [one["verdict"] for one in _post(heard, row)["hashtags"]] == ["relevant", "relevant"]
    assert (_post(heard, row)["decision"], _open(heard, row)) == ("review", ["review"])


def test_a_post_that_its_author_objects_to_is_left_to_a_person(
    heard: Parts, make_live: MakeLive
) -> None:
    row = add_post(heard, "p-1", {"카페": "relevant"}, PICTURE)
    with heard.sessions.begin() as session:
        open_case(session, session.get_one(Post, row), "appeal", 1)
    make_live()
    number = begin(heard, preview(heard))
    go_on(heard, number, 120)
    assert _post(heard, row)["decision"] == "pass"
    assert look(heard, number).result == {"with_people": 1}


def test_a_post_that_somebody_has_open_waits_for_them(heard: Parts, make_live: MakeLive) -> None:
    row = add_post(heard, "p-1", {"카페": "uncertain"}, PICTURE)
    case, mina = _taken(heard)
    make_live()
    number = begin(heard, preview(heard))
    go_on(heard, number, 120)
    waits = look(heard, number)
    assert (waits.state, waits.seen, waits.waiting) == ("running", 1, [row])
    assert _post(heard, row)["decision"] == "review"
    with heard.sessions.begin() as session:
        release(session, [case], mina, skip=False)
    go_on(heard, number, 120)
    assert look(heard, number).state == "done"
    assert (_post(heard, row)["decision"], _open(heard, row)) == ("flag", ["review"])


def test_a_post_that_is_answered_while_it_waits_is_counted_as_settled(
    heard: Parts, make_live: MakeLive
) -> None:
    row = add_post(heard, "p-1", {"카페": "uncertain"}, PICTURE)
    case, mina = _taken(heard)
    make_live()
    number = begin(heard, preview(heard))
    go_on(heard, number, 120)
    assert look(heard, number).waiting == [row]
    with heard.sessions.begin() as session:
        held, user = session.get_one(Case, case), session.get_one(User, mina)
        answer(session, held, user, {"카페": "relevant"}, heard.config)
    go_on(heard, number, 120)
    done = look(heard, number)
    assert (done.state, done.result) == ("done", {"settled": 1})
    assert _post(heard, row)["decision"] == "pass"


def test_a_post_answered_between_reading_and_writing_is_the_persons(
    heard: Parts, make_live: MakeLive, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = add_post(heard, "p-1", {"카페": "relevant"}, PICTURE)
    make_live()
    number = begin(heard, preview(heard))
    judge = rejudge.judge_stored

    def answered(*given: Any) -> Any:
        with heard.sessions.begin() as session:
            session.execute(update(Post).values(decided_by="moderator"))
        return judge(*given)

    monkeypatch.setattr(rejudge, "judge_stored", answered)
    go_on(heard, number, 120)
    assert _post(heard, row)["decision"] == "pass"
    assert _told(heard) == []


def test_a_post_that_comes_out_the_same_keeps_its_trace_and_nobody_is_told(heard: Parts) -> None:
    same = add_post(heard, "p-1", {"카페": "relevant"}, PICTURE)
    add_post(heard, "p-2", {"카페": "irrelevant"}, PICTURE)
    before = _post(heard, same)
    go_on(heard, begin(heard, preview(heard)), 120)
    assert _post(heard, same) == before
    assert [told.body["data"]["id"] for told in _told(heard)] == ["p-2"]


def test_once_done_there_is_nothing_to_change(heard: Parts, make_live: MakeLive) -> None:
    add_post(heard, "p-1", {"카페": "relevant"}, PICTURE)
    make_live()
    first = preview(heard)
    go_on(heard, begin(heard, first), 120)
    with pytest.raises(RerunError) as refused:
        begin(heard, preview(heard))
    assert refused.value.code == "nothing"
    go_on(heard, begin(heard, first), 120)
    assert len(_told(heard)) == 1, "the same preview twice tells nobody twice"


def test_a_worker_that_is_killed_loses_one_step_and_another_goes_on(
    heard: Parts, make_live: MakeLive, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [add_post(heard, f"p-{n}", {"카페": "relevant"}, PICTURE) for n in range(5)]
    make_live()
    number = begin(heard, preview(heard))
    assert _step(heard, number, 2)
    with monkeypatch.context() as broken:
        broken.setattr(write, "enqueue", _killed)
        with pytest.raises(SystemExit):
            _step(heard, number, 2)
    assert look(heard, number).reached == rows[1]
    assert [_post(heard, row)["decision"] for row in rows] == ["flag"] * 2 + ["pass"] * 3
    go_on(heard, number, 120)
    assert look(heard, number).result["posts"] == 5
    assert sorted(told.post_id or 0 for told in _told(heard)) == rows


def _killed(*_: object) -> None:
    raise SystemExit


def test_a_lease_that_a_dead_worker_left_is_waited_out(heard: Parts, make_live: MakeLive) -> None:
    add_post(heard, "p-1", {"카페": "relevant"}, PICTURE)
    make_live()
    number = begin(heard, preview(heard))
    heard.redis.flushdb()
    with heard.sessions.begin() as session:
        session.execute(update(Rerun).values(leased_until=func.now() + timedelta(minutes=1)))
    hint_running(heard)
    go_on(heard, number, 120)
    assert (look(heard, number).seen, heard.redis.llen("upkeep")) == (0, 0)
    with heard.sessions.begin() as session:
        session.execute(update(Rerun).values(leased_until=func.now()))
    hint_running(heard)
    assert heard.redis.llen("upkeep") == 1
    go_on(heard, number, 120)
    assert look(heard, number).state == "done"


@pytest.mark.slow  # a race
def test_many_workers_at_once_change_each_post_once(heard: Parts, make_live: MakeLive) -> None:
    rows = [
        add_post(heard, f"p-{n}", {"카페": "relevant", f"t{n}": "unverifiable"}, PICTURE)
        for n in range(24)
    ]
    make_live()
    number = begin(heard, preview(heard))

    def work(_: int) -> None:
        for _turn in range(40):
            _step(heard, number, 3)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(work, range(6)))
    done = look(heard, number)
    assert (done.state, done.seen, done.result["posts"]) == ("done", 24, 24)
    assert sorted(told.post_id or 0 for told in _told(heard)) == rows


def test_it_ends_where_other_rules_go_live_meanwhile(heard: Parts, make_live: MakeLive) -> None:
    rows = [add_post(heard, f"p-{n}", {"카페": "relevant"}, PICTURE) for n in range(3)]
    make_live()
    number = begin(heard, preview(heard))
    assert _step(heard, number, 1)
    with heard.sessions.begin() as session:
        store.roll_back(session, "ana", "")
    go_on(heard, number, 120)
    assert look(heard, number).state == "overtaken"
    assert [_post(heard, row)["decision"] for row in rows] == ["flag", "pass", "pass"]


def test_it_can_be_stopped_and_what_it_did_stays(heard: Parts, make_live: MakeLive) -> None:
    rows = [add_post(heard, f"p-{n}", {"카페": "relevant"}, PICTURE) for n in range(3)]
    make_live()
    number = begin(heard, preview(heard))
    assert _step(heard, number, 1)
    with heard.sessions.begin() as session:
        stop(session, number, "ben")
    go_on(heard, number, 120)
    stopped = look(heard, number)
    assert (stopped.state, stopped.ended_by, stopped.seen) == ("stopped", "ben", 1)
    assert [_post(heard, row)["decision"] for row in rows] == ["flag", "pass", "pass"]
    with heard.sessions.begin() as session, pytest.raises(RerunError):
        stop(session, number, "ben")
    with heard.sessions() as session:
        log = session.scalars(
            select(AuditEntry.action)
            .where(AuditEntry.subject == f"rerun:{number}")
            .order_by(AuditEntry.id)
        )
        assert list(log) == ["rules.rejudging", "rules.rerun_stopped"]


def test_two_do_not_run_at_once(heard: Parts, make_live: MakeLive) -> None:
    add_post(heard, "p-1", {"카페": "relevant"}, PICTURE)
    make_live()
    seen = preview(heard)
    begin(heard, seen)
    with pytest.raises(RerunError) as refused:
        begin(heard, seen)
    assert refused.value.code == "running_already"


def test_only_what_was_looked_at_can_be_done(heard: Parts, make_live: MakeLive) -> None:
    add_post(heard, "p-1", {"카페": "irrelevant"}, PICTURE)
    of_before = preview(heard)
    make_live("food", "[food]", "[cat]")
    with pytest.raises(RerunError) as refused:
        begin(heard, of_before)
    assert refused.value.code == "not_live"
