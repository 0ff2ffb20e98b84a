"""What is written on a menu bears out hashtags of food, and nothing else."""

from __future__ import annotations

import json

import pytest

from rules import (
    Decision,
    Judgement,
    Menu,
    Ruleset,
    Seen,
    Verdict,
    asks_for_menu,
    judge,
    load_ruleset,
    menu_of,
    read_menu,
    replay,
    vocabulary,
    with_menus,
)
from rules.verdicts.ruleset import DEFAULT

CATEGORIES = ("food", "cafe", "drinks", "dessert")
MENU = Menu("food", ("김치찌개", "비빔밥", "냉면", "만두", "파전"), ("8,000원", "9,000원"))


@pytest.fixture(scope="module")
def ruleset() -> Ruleset:
    return load_ruleset(DEFAULT, None)


@pytest.fixture(scope="module")
def known(ruleset: Ruleset) -> frozenset[str]:
    return vocabulary(ruleset.lexicon, CATEGORIES)


def judged(ruleset: Ruleset, *tags: str, fact: bool | None = False) -> Judgement:
    sight = {name: Seen(0.02, fact, 0.8, 0.2) for name in ruleset.titles}
    return judge(ruleset, tags, [sight])


@pytest.mark.parametrize(
    ("text", "words", "prices"),
    [
        ("김치찌개 8,000원\n냉면 9,500", ("김치찌개", "냉면"), ("8,000원", "9,500")),
        ("해물파전", ("해물파전",), ()),  # the dish ends a compound
        ("파전집에서", (), ()),
        ("Iced Latte 4.5", ("icedlatte",), ("4.5",)),
        ("Flatteries", (), ()),  # of other scripts whole words count
        ("9000원 12.000 9000", (), ("9000원", "12.000")),
        ("02-123-4567, 2026.11.22, 12:30, 10.5%, 1,000,000", (), ()),  # no prices of a menu
        ("냉면 냉면\n냉면", ("냉면",), ()),
    ],
)
def test_words_and_prices_are_found(
    known: frozenset[str], text: str, words: tuple[str, ...], prices: tuple[str, ...]
) -> None:
    found = read_menu(text, known, "food")
    assert (found.words, found.prices) == (words, prices)


def test_what_is_read_is_bounded(known: frozenset[str]) -> None:
    text = "\n".join(f"{word} {number},000" for number, word in enumerate(sorted(known)))
    found = read_menu(text, known, "food")
    assert len(found.words) == len(found.prices) == 20


@pytest.mark.parametrize(
    ("words", "prices", "expected"),
    [
        (3, 0, True),
        (1, 2, True),
        (2, 0, False),
        (1, 1, False),
        (0, 9, False),  # a receipt, a price list of anything
    ],
)
def test_three_make_a_menu_and_one_of_them_is_a_word(
    words: int, prices: int, expected: bool
) -> None:
    menu = Menu("food", tuple("가나다"[:words]), tuple(str(n) for n in range(prices)))
    assert menu.bears_out is expected


def test_a_menu_bears_out_what_claims_food_and_the_post_passes(ruleset: Ruleset) -> None:
    before = judged(ruleset, "맛집", "일상")
    assert before.decision is Decision.FLAG
    after = with_menus(before, {0: MENU, 1: MENU})
    assert [v.verdict for v in after.verdicts] == [Verdict.RELEVANT, Verdict.UNVERIFIABLE]
    assert after.decision is Decision.PASS
    assert after.verdicts[0].reason == {
        "en": "A menu can be read on a photograph (김치찌개, 비빔밥, 냉면, 만두, …, 2 prices), as "
        "#맛집 claims, so it is relevant.",
        "ko": "사진에서 메뉴판을 읽었어요(김치찌개, 비빔밥, 냉면, 만두, …, 가격 2개). "
        "#맛집 해시태그와 맞아요. 관련 있는 해시태그예요.",
        "code": "menu",
    }


def test_it_bears_out_nothing_else(ruleset: Ruleset) -> None:
    before = judged(ruleset, "고양이", "ootd")
    assert with_menus(before, {0: MENU, 1: MENU}).verdicts == before.verdicts


@pytest.mark.parametrize("fact", [True, None])
def test_only_what_would_be_irrelevant_is_asked(ruleset: Ruleset, fact: bool | None) -> None:
    (verdict,) = judged(ruleset, "맛집", fact=fact).verdicts
    assert asks_for_menu(verdict, CATEGORIES) is None
    (irrelevant,) = judged(ruleset, "맛집").verdicts
    assert asks_for_menu(irrelevant, CATEGORIES) == "food"
    assert asks_for_menu(irrelevant, ["pet"]) is None


def test_what_is_no_menu_changes_nothing(ruleset: Ruleset) -> None:
    before = judged(ruleset, "맛집")
    assert with_menus(before, {0: Menu("food", ("냉면",), ())}).verdicts == before.verdicts


def test_a_trace_with_a_menu_leads_to_the_verdict_it_was_stored_with(ruleset: Ruleset) -> None:
    (verdict,) = with_menus(judged(ruleset, "맛집"), {0: MENU}).verdicts
    trace = json.loads(json.dumps(verdict.trace))
    assert menu_of(trace["menu"]) == MENU
    assert replay(trace) is Verdict.RELEVANT
