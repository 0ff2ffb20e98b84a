"""How hashtags find their category, way by way."""

from __future__ import annotations

import unicodedata

import pytest

from rules import Ruleset, load_ruleset, resolve
from rules.hashtags.resolve import CONFIDENCE, Way, judged_categories
from rules.verdicts.ruleset import DEFAULT


@pytest.fixture(scope="module")
def ruleset() -> Ruleset:
    return load_ruleset(DEFAULT, None)


@pytest.mark.parametrize(
    ("tag", "way", "categories"),
    [
        ("맛집", "lexicon", ["food"]),
        ("#Cafe", "lexicon", ["cafe"]),
        ("고양이", "lexicon", ["cat", "pet"]),
        ("맞팔", "lexicon", []),
        ("데일리커피", "affix", ["drinks", "cafe"]),
        ("떡볶이스타그램", "affix", ["food"]),
        ("mycatlife", "affix", ["cat", "pet"]),
        ("2037", "pattern", []),
        ("11월21일", "pattern", []),
        ("ㅋㅋㅋㅋ", "pattern", []),
        ("망원동카페", "segmentation", ["cafe"]),
        ("제주카페알바", "segmentation", []),
        ("고양이동반호텔", "segmentation", ["cat", "travel", "pet"]),
        ("oldtowncafe", "segmentation", ["cafe"]),
        ("쀍쀍맛집", "segmentation", ["food"]),
        ("초콜렛케이크", "segmentation", ["dessert", "food"]),
        ("티라미쑤", "variant", ["dessert", "food"]),
        ("bananas", "variant", ["food"]),
        ("samgyetang", "variant", ["food"]),
        ("쀍쀍쀍", "none", []),
        ("", "none", []),
    ],
)
def test_ways(ruleset: Ruleset, tag: str, way: str, categories: list[str]) -> None:
    found = resolve(tag, ruleset)
    assert (found.resolved_by, list(found.categories)) == (way, categories)
    assert found.confidence == CONFIDENCE[Way(way)]


@pytest.mark.parametrize("tag", ["카페", "성수동카페", "강아지스타그램", "꽃다발"])
def test_a_decomposed_hashtag_meets_its_composed_twin(ruleset: Ruleset, tag: str) -> None:
    twin = resolve(unicodedata.normalize("NFD", tag), ruleset)
    found = resolve(tag, ruleset)
    assert (twin.categories, twin.resolved_by) == (found.categories, found.resolved_by)


def test_a_word_that_nobody_mapped_is_guessed_by_its_neighbours(ruleset: Ruleset) -> None:
    found = resolve("갈치조림", ruleset)
    assert (found.resolved_by, found.categories) == ("neighbours", ("food",))
    assert found.confidence < CONFIDENCE[Way.VARIANT]


def test_what_another_category_implies_is_claimed_but_not_judged(ruleset: Ruleset) -> None:
    found = resolve("고양이", ruleset)
    assert judged_categories(found.categories, ruleset) == ("cat",)
    assert found.verifiable


def test_a_category_without_a_rule_is_known_and_not_verifiable(ruleset: Ruleset) -> None:
    found = resolve("임산부", ruleset)
    assert (found.categories, found.verifiable) == (("pregnancy", "parenting"), False)
