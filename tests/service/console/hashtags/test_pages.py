"""Hashtags that nobody understood are mapped with one form, looked up, changed, taken back."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from rules import resolve
from service.parts import Parts
from service.tables import Post, Verdict
from tests.service.console.conftest import NewVisitor
from tests.service.console.rows import add_post
from tests.service.console.visitor import Visitor

pytestmark = pytest.mark.usefixtures("clean")
SEEN = re.compile(r'name="seen" value="(\d+)"')
UNDO = re.compile(r'name="change" value="(\d+)"')


@pytest.fixture
def post_with(parts: Parts, jpeg: Callable[..., bytes]) -> Callable[..., int]:
    """``post_with("쀍", way="none", category=None)``: a post of one hashtag and a photograph."""

    def make(name: str, tag: str, way: str = "none", category: str | None = None) -> int:
        row = add_post(parts, name, {tag: "unverifiable"}, (jpeg(),))
        with parts.sessions.begin() as session:
            verdict = session.query(Verdict).filter_by(post_id=row).one()
            verdict.resolved_by, verdict.category = way, category
        return row

    return make


def claims(parts: Parts, tag: str) -> tuple[str, ...]:
    return resolve(tag, parts.screener.current().ruleset).categories


def test_the_most_frequent_come_first_with_their_photographs(
    mina: Visitor, post_with: Callable[..., int]
) -> None:
    post_with("p1", "쀍")
    post_with("p2", "쁅쁅")
    post_with("p3", "쁅쁅")
    page = mina.get("/hashtags").text
    assert page.index("#쁅쁅") < page.index("#쀍")
    assert "2 posts" in page
    assert "/thumbnail" in page


def test_the_last_hashtag_comes_first_on_demand_and_stays_so(
    mina: Visitor, post_with: Callable[..., int]
) -> None:
    post_with("p1", "쁅쁅")
    post_with("p2", "쁅쁅")
    post_with("p3", "쀍")
    page = mina.get("/hashtags?order=newest").text
    assert page.index("#쀍") < page.index("#쁅쁅")
    data = {"tag": "쀍쀍", "category": "cafe", "order": "newest"}
    assert "order=newest" in mina.send("/hashtags", data).location


def test_one_form_maps_a_hashtag_at_once(
    mina: Visitor, parts: Parts, post_with: Callable[..., int]
) -> None:
    post_with("p1", "쀍쀍")
    answer = mina.send("/hashtags", {"tag": "쀍쀍", "category": "cafe"})
    page = mina.get(answer.location).text
    assert claims(parts, "쀍쀍") == ("cafe",)
    assert "#쀍쀍 is mapped" in page
    assert 'data-tag="쀍쀍"' not in page


def test_the_last_weeks_alone_are_counted_on_demand(
    mina: Visitor, parts: Parts, post_with: Callable[..., int]
) -> None:
    old = post_with("p1", "쀍쀍")
    post_with("p2", "쁅쁅")
    with parts.sessions.begin() as session:
        session.get_one(Post, old).received_at = datetime.now(UTC) - timedelta(days=40)
    assert 'data-tag="쀍쀍"' in mina.get("/hashtags").text
    page = mina.get("/hashtags?recent=1").text
    assert 'data-tag="쁅쁅"' in page
    assert 'data-tag="쀍쀍"' not in page


def test_after_an_answer_one_goes_on_where_one_was(mina: Visitor) -> None:
    data = {"tag": "쀍쀍", "category": "cafe", "recent": "1", "at": "3"}
    answer = mina.send("/hashtags", data)
    assert "recent=1" in answer.location
    assert 'name="at" value="3"' in mina.get(answer.location).text


def test_what_somebody_changed_since_is_not_taken_back(mina: Visitor) -> None:
    first = UNDO.search(mina.get(say(mina, "cafe")).text)
    assert first
    say(mina, "pet")
    answer = mina.send("/hashtags/undo", {"change": first[1]})
    assert "somebody changed the hashtag since" in mina.get(answer.location).text


def say(mina: Visitor, category: str) -> str:
    return mina.send("/hashtags", {"tag": "쀍쀍", "category": category}).location


def test_a_mapping_is_taken_back(mina: Visitor, parts: Parts) -> None:
    page = mina.get(mina.send("/hashtags", {"tag": "쀍쀍", "category": "-"}).location).text
    found = UNDO.search(page)
    assert found
    assert resolve("쀍쀍", parts.screener.current().ruleset).resolved_by == "lexicon"
    mina.send("/hashtags/undo", {"change": found[1]})
    assert resolve("쀍쀍", parts.screener.current().ruleset).resolved_by == "none"


def test_a_category_that_nobody_knows_is_refused_with_a_sentence(mina: Visitor) -> None:
    answer = mina.send("/hashtags", {"tag": "쀍쀍", "category": "caffe"})
    assert "no category is called" in mina.get(answer.location).text


def test_why_nothing_was_mapped_is_said_in_the_readers_language(signed_in: NewVisitor) -> None:
    jun = signed_in("jun", "moderator", "ko")
    answer = jun.send("/hashtags", {"tag": "쀍쀍", "category": "caffe"})
    assert "‘caffe’ 분류가 없어요" in jun.get(answer.location).text
    answer = jun.send("/hashtags", {"tag": "🍰", "category": "cafe"})
    assert "글자나 숫자가 없어서" in jun.get(answer.location).text


def test_who_maps_what_a_colleague_mapped_since_is_shown_it_instead(
    mina: Visitor, signed_in: NewVisitor, parts: Parts, post_with: Callable[..., int]
) -> None:
    post_with("p1", "쀍쀍")
    jun = signed_in("jun", "moderator")
    list_, page = (SEEN.findall(jun.get(path).text) for path in ("/hashtags", "/hashtags/쀍쀍"))
    assert len(list_) == 2, "the row's form, and that of the window"
    mina.send("/hashtags", {"tag": "쀍쀍", "category": "cafe", "seen": list_[0]})
    answer = jun.send("/hashtags", {"tag": "쀍쀍", "category": "pet", "seen": list_[0]})
    assert "mina changed #쀍쀍 since you opened the page" in jun.get(answer.location).text
    written = {"meaning": "claims", "category": ["pet", "dog"], "why": "a <breed>"}
    answer = jun.send("/hashtags/쀍쀍", written | {"seen": page[0]})
    assert answer.status_code == 409
    assert re.findall(r'name="category" value="(\w+)" checked', answer.text) == ["pet", "dog"]
    assert 'value="claims" checked' in answer.text
    assert 'value="a &lt;breed&gt;"' in answer.text
    assert "mina changed #쀍쀍 since you opened the page" in answer.text
    assert claims(parts, "쀍쀍") == ("cafe",)
    (fresh,) = SEEN.findall(answer.text)
    jun.send("/hashtags/쀍쀍", {"meaning": "claims", "category": "pet", "seen": fresh})
    assert claims(parts, "쀍쀍") == ("pet",)


def test_a_number_that_no_change_can_have_is_not_taken_back(mina: Visitor) -> None:
    answer = mina.send("/hashtags/undo", {"change": "9" * 30})
    assert "It cannot be undone" in mina.get(answer.location).text


def test_a_hashtag_with_a_slash_has_a_page(mina: Visitor, post_with: Callable[..., int]) -> None:
    post_with("p1", "쀍/쀍")
    found = re.search(r'class="tag-name" href="([^"]+)"', mina.get("/hashtags").text)
    assert found
    page = mina.get(found[1])
    assert page.status_code == 200
    assert "<dd><bdi>쀍쀍</bdi></dd>" in page.text, "as it is looked up"


def test_a_search_for_what_is_no_hashtag_leads_nowhere(mina: Visitor) -> None:
    link = "and say what it means"
    assert link in mina.get("/hashtags?search=쀍쀍쀍").text
    page = mina.get("/hashtags?search=🍰").text
    assert "Nothing in the lexicon matches." in page
    assert link not in page


def test_categories_without_a_rule_are_counted(
    mina: Visitor, post_with: Callable[..., int]
) -> None:
    post_with("p1", "여행", "lexicon", "travel")
    post_with("p2", "제주여행", "lexicon", "travel")
    page = mina.get("/hashtags").text
    assert "which label to train next" in page
    assert re.search(r"travel</span>.*?<td>2</td><td>2</td>", page, re.S)


def test_with_nothing_to_map_the_page_says_so(mina: Visitor) -> None:
    assert "Every hashtag of the stored posts is understood." in mina.get("/hashtags").text


def test_the_lexicon_is_searched_by_hashtag_and_by_category(mina: Visitor) -> None:
    assert "#떡볶이" in mina.get("/hashtags?search=떡볶").text
    assert "#벚꽃" in mina.get("/hashtags?search=flower").text
    assert "Nothing in the lexicon matches." in mina.get("/hashtags?search=쀍쀍쀍").text


def test_the_page_of_a_hashtag_shows_the_whole_way(mina: Visitor) -> None:
    page = mina.get("/hashtags/성수동카페").text
    assert "성수동 + 카페" in page
    assert re.search(r"understood word by word \(meaning \d+% certain\)", page)
    assert "Nobody has said what it means." in page


def test_of_a_hashtag_that_nobody_knows_no_meaning_is_certain(mina: Visitor) -> None:
    claim = "<dt>Claims</dt><dd>"
    page = mina.get("/hashtags/쀍쀍").text
    assert f'{claim}<span class="quiet">not known</span>' in page
    assert "<dd>not understood</dd>" in page
    nothing = f'{claim}<span class="quiet">nothing that can be seen</span>'
    assert nothing in mina.get("/hashtags/일상").text


def test_a_hashtag_is_changed_with_a_reason_that_stays(mina: Visitor, parts: Parts) -> None:
    data = {"meaning": "claims", "category": ["cafe", "dessert"], "why": "a bakery chain"}
    answer = mina.send("/hashtags/쀍쀍", data)
    assert claims(parts, "쀍쀍") == ("cafe", "dessert", "food")
    page = mina.get(answer.location).text
    assert "a bakery chain" in page
    mina.send("/hashtags/쀍쀍", {"meaning": "file"})
    assert claims(parts, "쀍쀍") == ()


def test_a_category_without_a_meaning_is_what_the_hashtag_claims(
    mina: Visitor, parts: Parts
) -> None:
    """Of a hashtag that nobody knows no meaning is chosen, and a tick alone was refused."""
    assert mina.send("/hashtags/쀍쀍", {"category": "cafe"}).status_code == 303
    assert claims(parts, "쀍쀍") == ("cafe",)


def test_what_is_seen_and_not_covered_is_said_and_taken_back(mina: Visitor, parts: Parts) -> None:
    def visible() -> bool:
        return resolve("쀍쀍", parts.screener.current().ruleset).visible

    answer = mina.send("/hashtags", {"tag": "쀍쀍", "category": "visible"})
    assert visible()
    assert "seen, but covered by no label" in mina.get("/hashtags/쀍쀍").text
    (number,) = UNDO.findall(mina.get(answer.location).text)
    mina.send("/hashtags/undo", {"change": number})
    assert not visible()
    mina.send("/hashtags/쀍쀍", {"meaning": "visible"})
    assert visible()


@pytest.mark.parametrize("data", [{}, {"meaning": "claims"}, {"meaning": "x"}])
def test_a_form_without_an_answer_asks_for_one(mina: Visitor, data: dict[str, str]) -> None:
    answer = mina.send("/hashtags/쀍쀍", data)
    assert answer.status_code == 422
    assert "Choose what the hashtag means." in answer.text


def test_what_is_no_hashtag_has_no_page(mina: Visitor) -> None:
    assert mina.get("/hashtags/!!!").status_code == 404


@pytest.mark.parametrize("page", ["", "/prototype"])
def test_what_is_longer_than_a_hashtag_has_no_page(signed_in: NewVisitor, page: str) -> None:
    ada = signed_in("ada", role="analyst")
    assert ada.get(f"/hashtags/{'x' * 200}{page}").status_code == 200
    assert ada.get(f"/hashtags/{'x' * 201}{page}").status_code == 404


def test_the_lexicon_is_downloaded(mina: Visitor) -> None:
    answer = mina.get("/hashtags/lexicon.csv")
    assert answer.mimetype == "text/csv"
    assert answer.text.startswith("tag,categories,who,when,why\r\n")


def test_analysts_may_too(signed_in: NewVisitor) -> None:
    assert signed_in("ana", "analyst").get("/hashtags").status_code == 200
