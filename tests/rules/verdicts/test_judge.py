"""Verdicts and decisions as people expect them, with reasons in both languages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import Decision, Ruleset, RulesetError, Seen, Verdict, decide, judge, load_ruleset
from rules.verdicts.ruleset import DEFAULT

LABELS = "food drink adult child animal cat dog nail flower clothing mountain sea gym".split()  # noqa: SIM905  # reads better


@pytest.fixture(scope="module")
def ruleset() -> Ruleset:
    return load_ruleset(DEFAULT, LABELS)


def sight(*true: str, unknown: tuple[str, ...] = ()) -> dict[str, Seen]:
    def fact(name: str) -> bool | None:
        return None if name in unknown else name in true

    score = {True: 0.97, None: 0.5, False: 0.02}
    return {name: Seen(score[fact(name)], fact(name), 0.8, 0.2) for name in LABELS}


@pytest.mark.parametrize(
    ("tag", "seen", "unknown", "verdict"),
    [
        ("카페", ["drink"], [], "relevant"),
        ("카페", ["food"], [], "relevant"),
        ("카페", ["cat", "animal"], [], "irrelevant"),
        ("카페", [], ["drink"], "uncertain"),
        ("ootd", ["adult"], [], "relevant"),
        ("ootd", ["child"], [], "relevant"),
        ("ootd", ["clothing"], [], "relevant"),
        ("ootd", ["food"], [], "irrelevant"),
        ("연애", ["adult"], [], "relevant"),
        ("연애", ["adult", "child"], [], "irrelevant"),
        ("연애", ["adult"], ["child"], "uncertain"),
        ("육아", ["child"], [], "relevant"),
        ("육아", ["adult"], [], "irrelevant"),
        ("멍스타그램", ["animal", "dog"], [], "relevant"),
        ("멍스타그램", ["animal", "cat"], [], "irrelevant"),
        ("애견동반카페", ["animal"], [], "relevant"),
        ("애견동반카페", ["drink"], [], "relevant"),
        ("애견동반카페", ["nail"], [], "irrelevant"),
        ("성수동카페", ["drink"], [], "relevant"),
        ("카페알바", ["adult"], [], "unverifiable"),
        ("일상", ["adult"], [], "unverifiable"),
        ("love", [], [], "unverifiable"),
        ("여행", ["sea"], [], "unverifiable"),
        ("아무도안쓰는말", [], [], "unverifiable"),
        ("", [], [], "unverifiable"),
    ],
)
def test_one_photograph(
    ruleset: Ruleset, tag: str, seen: list[str], unknown: list[str], verdict: str
) -> None:
    (found,) = judge(ruleset, [tag], [sight(*seen, unknown=tuple(unknown))]).verdicts
    assert found.verdict == verdict


def test_any_photograph_can_bear_a_hashtag_out(ruleset: Ruleset) -> None:
    judgement = judge(ruleset, ["카페"], [sight("cat"), sight("drink")])
    assert judgement.verdicts[0].verdict == Verdict.RELEVANT


def test_without_a_photograph_a_person_decides(ruleset: Ruleset) -> None:
    judgement = judge(ruleset, ["카페", "일상"], [])
    assert judgement.decision == Decision.REVIEW
    assert [v.verdict for v in judgement.verdicts] == [Verdict.UNCERTAIN, Verdict.UNVERIFIABLE]
    assert "No photograph" in judgement.reason["en"]


@pytest.mark.parametrize(
    ("verdicts", "decision"),
    [
        ([], "pass"),
        (["relevant", "unverifiable"], "pass"),
        (["relevant", "uncertain"], "review"),
        (["irrelevant", "uncertain", "relevant"], "flag"),
    ],
)
def test_decisions(verdicts: list[str], decision: str) -> None:
    assert decide(Verdict(verdict) for verdict in verdicts) == decision


def test_a_reason_is_one_plain_sentence_in_each_language(ruleset: Ruleset) -> None:
    (verdict,) = judge(ruleset, ["카페"], [sight("drink")]).verdicts
    assert verdict.reason["en"] == (
        "#카페 needs food or a drink; the photograph shows a drink (0.97), and does not show food "
        "(0.02), so it is relevant."
    )
    assert verdict.reason["ko"] == (
        "#카페 해시태그가 맞으려면 음식 또는 음료가 있어야 해요. 음료가 보여요(0.97). "
        "음식이 보이지 않아요(0.02). 관련 있는 해시태그예요."
    )


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("일상", "nothing_visible"),
        ("맞팔", "nothing_visible"),
        ("2037", "nothing_visible"),
        ("sunset", "not_covered"),
        ("셀카", "not_covered"),
        ("하늘", "not_covered"),
        ("우리동네하늘", "not_covered"),
        ("sunsetstagram", "not_covered"),
        ("hair", "not_covered"),
        ("쀍쀍쀍", "not_understood"),
        ("갈치조림", "guessed"),
        ("맛집", "contradicted"),
        ("카페", "borne_out"),
        ("꽃", "in_doubt"),
    ],
)
def test_the_reason_has_a_code(ruleset: Ruleset, tag: str, code: str) -> None:
    (verdict,) = judge(ruleset, [tag], [sight("drink", unknown=("flower",))]).verdicts
    assert verdict.reason["code"] == code


def test_without_a_photograph_the_code_says_so(ruleset: Ruleset) -> None:
    codes = [v.reason["code"] for v in judge(ruleset, ["카페", "sunset"], []).verdicts]
    assert codes == ["no_photograph", "not_covered"]


def test_a_missing_label_is_not_told_as_nothing_to_see(ruleset: Ruleset) -> None:
    sunset, daily = judge(ruleset, ["sunset", "일상"], [sight("food")]).verdicts
    assert sunset.reason["en"] == (
        "#sunset names something that can be seen, but no label covers it yet."
    )
    assert sunset.reason["ko"] == (
        "#sunset 해시태그는 눈으로 볼 수 있는 내용이지만, 아직 확인할 라벨이 없어요."
    )
    assert daily.reason["en"] == "#일상 claims nothing that a photograph can show."


def test_a_trace_holds_every_value_and_what_would_change_it(ruleset: Ruleset) -> None:
    (verdict,) = judge(ruleset, ["연애"], [sight("adult")]).verdicts
    trace = json.loads(json.dumps(verdict.trace))
    tree = trace["rules"]["dating"]["images"][0]
    assert (tree["text"], tree["value"]) == ("adult and not child", True)
    assert tree["parts"][0] | {} == {
        "text": "adult",
        "value": True,
        "label": "adult",
        "score": 0.97,
        "fact": True,
        "true_at": 0.8,
        "false_at": 0.2,
    }
    assert len(trace["flip"]) == 1
    assert trace["ruleset"] == ruleset.id


@pytest.mark.slow
@given(tags=st.lists(st.text(max_size=30), max_size=4), seen=st.booleans())
def test_no_hashtag_is_without_a_verdict_and_a_reason(
    ruleset: Ruleset, tags: list[str], seen: bool
) -> None:
    judgement = judge(ruleset, tags, [sight("food")] if seen else [])
    assert [verdict.tag for verdict in judgement.verdicts] == tags
    assert all(verdict.reason["en"] and verdict.reason["ko"] for verdict in judgement.verdicts)
    json.dumps([dict(verdict.trace) for verdict in judgement.verdicts])


GOOD = """
categories:
  cafe:
    title: {en: cafe, ko: 카페}
    rule: food or drink
    matches: [food]
    not_matches: [adult]
"""


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("food or drink", "food or drnik"), "Did you mean 'drink'"),
        (("food or drink", "food or"), "ends too early"),
        (("matches: [food]", "matches: [adult]"), "makes 'food or drink' false"),
        (("not_matches: [adult]", "not_matches: [drink]"), "makes 'food or drink' true"),
        (("    matches: [food]\n", ""), "needs an example under 'matches'"),
        (("title: {en: cafe, ko: 카페}", "title: cafe"), "needs a title in en and ko"),
        (("rule:", "rul:"), "unknown field 'rul'"),
        (("categories:", "category:"), "there are no categories"),
        (("{en: cafe,", "{en: cafe"), "no YAML"),
        (("categories:", "lables: {}\ncategories:"), r"'lables' stands (.*\n)*.*'labels'"),
        (("categories:", "tea:\n  rule: drink\ncategories:"), "'tea' stands beside the"),
    ],
)
def test_a_ruleset_that_is_off_is_refused_with_its_place(
    tmp_path: Path, change: tuple[str, str], said: str
) -> None:
    file = tmp_path / "rules.yaml"
    file.write_text(GOOD.replace(*change), encoding="utf-8")
    lexicon = tmp_path / "lexicon.csv"
    lexicon.write_text("tag,categories,who,when,why\n카페,cafe,me,today,test\n", encoding="utf-8")
    with pytest.raises(RulesetError, match=said) as caught:
        load_ruleset(file, LABELS, lexicon)
    assert caught.value.place
    assert str(file) in str(caught.value)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("카페,caffe,me,today,x", "Did you mean 'cafe'"),
        ("#카페,cafe,me,today,x\n카페,cafe,me,today,x", "stands already in line 2"),
        (",cafe,me,today,x", "needs a hashtag"),
        ("카페,cafe", "needs a hashtag and five columns"),
        ("카페,cafe\n꽃,flower,me,today,x\n#꽃,cat,me,today,x", "(?s)csv:2:.*csv:4:.*in line 3"),
        ("카페,cafe\n" * 25, "(?s)csv:21:.*and 5 more rows"),
    ],
)
def test_a_lexicon_that_is_off_is_refused_with_its_place(
    tmp_path: Path, row: str, said: str
) -> None:
    file, lexicon = tmp_path / "rules.yaml", tmp_path / "lexicon.csv"
    file.write_text(GOOD, encoding="utf-8")
    lexicon.write_text(f"tag,categories,who,when,why\n{row}\n", encoding="utf-8")
    with pytest.raises(RulesetError, match=said):
        load_ruleset(file, LABELS, lexicon)


def test_the_lexicon_is_large_and_speaks_both_languages(ruleset: Ruleset) -> None:
    tags = ruleset.lexicon.entries
    assert len(tags) >= 300
    assert sum(tag.isascii() for tag in tags) >= 100
    assert sum(not tag.isascii() for tag in tags) >= 100


@pytest.mark.parametrize("tag", ["카페", "바다", "꽃", "셀카", "일상", "갈치조림", "쀍쀍쀍"])
def test_no_hashtag_turns_its_sentence_around(ruleset: Ruleset, tag: str) -> None:
    """U+202E would show a moderator everything after it from right to left."""
    seen = [sight("drink", unknown=("flower",))]
    plain = judge(ruleset, [tag], seen)
    turning = judge(ruleset, [f"\u2067{tag}\u202e"], seen)
    assert turning.verdicts[0].tag == f"\u2067{tag}\u202e"
    assert turning.verdicts[0].reason == plain.verdicts[0].reason
    assert turning.reason == plain.reason
