"""Every sentence that a verdict can carry, in both languages."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping

import pytest
from hypothesis import given

from rules import Ruleset, Seen, judge, load_ruleset
from rules.hashtags.resolve import Resolution
from rules.verdicts import english, korean, reasons
from rules.verdicts.expression import Expression, labels
from rules.verdicts.judge import truth, verdict_of
from rules.verdicts.parse import parse
from rules.verdicts.ruleset import DEFAULT
from rules.verdicts.verdict import Verdict
from tests.rules.strategies import expressions

SCORES: Mapping[bool | None, float] = {True: 0.97, None: 0.5, False: 0.02}
# Every subject of a verb with its particle, by ear: the titles of labels first.
SUBJECTS = {
    "음식이",
    "음료가",
    "어른이",
    "아이가",
    "동물이",
    "고양이가",
    "강아지가",
    "네일이",
    "꽃이",
    "옷이",
    "산이",
    "바다가",
    "헬스장이",
    "것이",
    "규칙이",
    "사진이",
}
SUBJECT = re.compile(r"([가-힣]+)(이|가) (?:있|없|보)")
PARTICLE_AFTER_BRACKET = re.compile(r"[)\d](?:이|가|은|는|을|를|와|과)(?:[ .,]|$)")


@pytest.fixture(scope="module")
def ruleset() -> Ruleset:
    return load_ruleset(DEFAULT, None)


def _seen(fact: bool | None) -> Seen:
    return Seen(SCORES[fact], fact, 0.8, 0.2)


def _sentences(ruleset: Ruleset) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Each category's sentences: every combination of facts, one photograph and two, and none."""
    for name, category in ruleset.categories.items():
        found = Resolution("태그", "태그", ("태그",), (name,), True, "lexicon", 0.99)
        if category.rule is None:
            yield name, reasons.for_tag(ruleset, found, Verdict.UNVERIFIABLE, name, [])
            continue
        names = labels(category.rule)
        for facts in itertools.product((True, None, False), repeat=len(names)):
            sight = {label: _seen(fact) for label, fact in zip(names, facts, strict=True)}
            for images in ([sight], [sight, sight], [sight, {}]):
                for way in ("lexicon", "neighbours"):
                    verdict = verdict_of(truth(category.rule, images), way)
                    yield name, reasons.for_tag(ruleset, found, verdict, name, images)
        yield name, reasons.for_tag(ruleset, found, Verdict.UNCERTAIN, name, [])
        yield name, reasons.for_tag(ruleset, found, Verdict.UNCERTAIN, name, [{}])


def test_no_english_verb_agrees_with_a_title(ruleset: Ruleset) -> None:
    """Titles are singular or plural, and nothing says which: none is the subject of a verb."""
    said = {text["en"] for _, text in _sentences(ruleset)}
    assert len(said) > 150
    for sentence in said:
        assert not re.search(r"\b(?:was|were|are|have)\b", sentence), sentence
        assert re.fullmatch(r"#태그 [^.]*(?:\.\d\d[^.]*)*\.", sentence), sentence
        assert not re.search(r"\b(no|a|an|the) (a|an|the)\b|  |,,| ,", sentence), sentence


def test_a_korean_particle_follows_a_word_and_fits_its_last_sound(ruleset: Ruleset) -> None:
    said = {text["ko"] for _, text in _sentences(ruleset)}
    assert len(said) > 150
    for sentence in said:
        assert not PARTICLE_AFTER_BRACKET.search(sentence), sentence
        assert sentence.startswith("#태그 해시태그")
        assert sentence.endswith("요."), sentence
        for word, particle in SUBJECT.findall(sentence):
            assert word + particle in SUBJECTS, sentence


@pytest.mark.parametrize(
    ("tag", "facts", "en", "ko"),
    [
        (
            "네일",
            {"nail": True},
            "#네일 needs painted nails; the photograph shows painted nails (0.97), so it is "
            "relevant.",
            "#네일 해시태그가 맞으려면 네일이 있어야 해요. 네일이 보여요(0.97). 관련 있는 "
            "해시태그예요.",
        ),
        (
            "헬스장",
            {"gym": False},
            "#헬스장 needs a gym; the photograph does not show a gym (0.02), so it is irrelevant.",
            "#헬스장 해시태그가 맞으려면 헬스장이 있어야 해요. 헬스장이 보이지 않아요(0.02). 관련 "
            "없는 해시태그예요.",
        ),
        (
            "연애",
            {"adult": True, "child": None},
            "#연애 needs an adult and no child; the photograph shows an adult (0.97), and may show "
            "a child (0.50), so a person should look.",
            "#연애 해시태그가 맞으려면 어른이 있고 아이가 없어야 해요. 어른이 보여요(0.97). 아이가 "
            "있는지 확실하지 않아요(0.50). 사람이 확인해야 해요.",
        ),
        (
            "패션",
            {"adult": False, "child": False, "clothing": False},
            "#패션 needs an adult, a child or clothing; the photograph does not show an adult "
            "(0.02), a child (0.02) or clothing (0.02), so it is irrelevant.",
            "#패션 해시태그가 맞으려면 어른, 아이 또는 옷이 있어야 해요. 어른, 아이, 옷이 보이지 "
            "않아요(0.02, 0.02, 0.02). 관련 없는 해시태그예요.",
        ),
        (
            "여행",
            {},
            "#여행 belongs to the category “travel”, which has no rule yet.",
            "#여행 해시태그는 ‘여행’ 분류인데, 아직 확인할 규칙이 없어요.",
        ),
    ],
)
def test_sentences_as_people_read_them(
    ruleset: Ruleset, tag: str, facts: dict[str, bool | None], en: str, ko: str
) -> None:
    sight = {name: _seen(fact) for name, fact in facts.items()}
    (verdict,) = judge(ruleset, [tag], [sight]).verdicts
    assert (verdict.reason["en"], verdict.reason["ko"]) == (en, ko)


@pytest.mark.parametrize(
    ("rule", "en", "ko"),
    [
        ("not (adult or child)", "no adult and no child", "어른과 아이가 없어야 해요"),
        ("not (adult and child)", "no adult or no child", "어른이 없거나 아이가 없어야 해요"),
        (
            "(food or drink) and not child",
            "(food or a drink) and no child",
            "음식 또는 음료가 있고, 아이가 없어야 해요",
        ),
        (
            "at least 2 of (food, drink, sea)",
            "at least 2 of food, a drink and the sea",
            "음식, 음료, 바다 중 2가지 이상이 있어야 해요",
        ),
        (
            "not at least 2 of (food, drink, sea)",
            "fewer than 2 of food, a drink and the sea",
            "음식, 음료, 바다 중 있는 것이 2가지 미만이어야 해요",
        ),
        (
            "at least 2 of (food, adult and not child, nail)",
            "at least 2 of food, (an adult and no child) and painted nails",
            "음식, ‘어른이 있고 아이가 없음’, 네일 중 2가지 이상이 있어야 해요",
        ),
        ("food >= 0.8", "a score of at least 0.8 for food", "음식 점수가 0.8 이상이어야 해요"),
        (
            "not drink > 0.00001",
            "a score of at most 0.00001 for a drink",
            "음료 점수가 0.00001 이하이어야 해요",
        ),
    ],
)
def test_what_a_rule_asks_for(ruleset: Ruleset, rule: str, en: str, ko: str) -> None:
    expression = parse(rule)
    assert english.asked(expression, lambda name: ruleset.titles[name]["en"]) == en
    assert korean.asked(expression, lambda name: ruleset.titles[name]["ko"]) == ko


@given(expressions)
def test_every_rule_can_be_put_into_words(rule: Expression) -> None:
    for said in (english.asked(rule, str), korean.asked(rule, str)):
        assert said.count("(") == said.count(")")
        assert said.count("‘") == said.count("’")
        assert all(name in said for name in labels(rule))


@pytest.mark.parametrize(
    ("verdicts", "en", "ko"),
    [
        (
            {"sea": False},
            "The photographs do not bear out #바다.",
            "사진과 관련 없는 해시태그가 있어요: #바다",
        ),
        (
            {"sea": None},
            "It is not certain whether the photographs bear out #바다.",
            "사진과 관련 있는지 확실하지 않은 해시태그가 있어요: #바다",
        ),
        (
            {"sea": True},
            "No hashtag is contradicted by the photographs.",
            "사진과 맞지 않는 해시태그가 없어요.",
        ),
    ],
)
def test_why_a_post_has_its_decision(
    ruleset: Ruleset, verdicts: dict[str, bool | None], en: str, ko: str
) -> None:
    sight = {name: _seen(fact) for name, fact in verdicts.items()}
    assert judge(ruleset, ["바다"], [sight]).reason == {"en": en, "ko": ko}
