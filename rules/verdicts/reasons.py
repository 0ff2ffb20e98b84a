"""One plain sentence for each verdict and decision, in English and Korean."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from rules.hashtags.resolve import Resolution
from rules.shown import hashtag
from rules.verdicts import english, korean
from rules.verdicts.expression import Expression, labels
from rules.verdicts.medium import Medium, medium_of, stamp
from rules.verdicts.ruleset import Ruleset
from rules.verdicts.sight import Seen, Sight
from rules.verdicts.verdict import TagVerdict, Verdict

Text = dict[str, str]
ENDS: Mapping[Verdict, Text] = {
    Verdict.RELEVANT: {"en": "so it is relevant", "ko": "관련 있는 해시태그예요"},
    Verdict.IRRELEVANT: {"en": "so it is irrelevant", "ko": "관련 없는 해시태그예요"},
    Verdict.UNCERTAIN: {"en": "so a person should look", "ko": "사람이 확인해야 해요"},
}


def for_tag(
    ruleset: Ruleset,
    found: Resolution,
    verdict: Verdict,
    category: str | None,
    images: Sequence[Sight],
) -> Text:
    """Why a hashtag has its verdict."""
    tag = hashtag(found.tag)
    if category is None:
        return _says_nothing(tag, found)
    titles = ruleset.categories[category].titles
    rule = ruleset.categories[category].rule
    if rule is None:
        return {
            "en": f"{tag} belongs to the category “{titles['en']}”, which has no rule yet.",
            "ko": f"{tag} 해시태그는 ‘{titles['ko']}’ 분류인데, 아직 확인할 규칙이 없어요.",
        }
    if verdict is Verdict.UNVERIFIABLE:
        return {
            "en": f"{tag} is guessed to belong to the category “{titles['en']}”; a guess alone is "
            "not held against a post.",
            "ko": f"{tag} 해시태그는 ‘{titles['ko']}’ 분류로 추정되지만, 추정만으로는 "
            "판정하지 않아요.",
        }
    needs = {
        "en": f"{tag} needs {english.asked(rule, _titles(ruleset, 'en'))}",
        "ko": f"{tag} 해시태그가 맞으려면 {korean.asked(rule, _titles(ruleset, 'ko'))}.",
    }
    if not images:
        return {
            "en": f"{needs['en']}, but no photograph could be read.",
            "ko": f"{needs['ko']} 그런데 읽을 수 있는 사진이 없어요.",
        }
    seen = {
        "en": english.shown(_groups(rule, images, ruleset, "en"), medium_of(images)),
        "ko": korean.shown(_groups(rule, images, ruleset, "ko")),
    }
    end = ENDS[verdict]
    return {
        "en": f"{needs['en']}; {seen['en']}, {end['en']}.",
        "ko": f"{needs['ko']} {seen['ko']} {end['ko']}.",
    }


def _says_nothing(tag: str, found: Resolution) -> Text:
    if found.resolved_by == "none":
        return {
            "en": f"No category is known for {tag}, so it is not checked.",
            "ko": f"{tag} 해시태그는 아직 뜻을 몰라서 확인하지 않아요.",
        }
    if found.visible:
        return {
            "en": f"{tag} names something that can be seen, but no label covers it yet.",
            "ko": f"{tag} 해시태그는 눈으로 볼 수 있는 내용이지만, 아직 확인할 라벨이 없어요.",
        }
    return {
        "en": f"{tag} claims nothing that a photograph can show.",
        "ko": f"{tag} 해시태그는 사진으로 확인할 수 있는 내용이 아니에요.",
    }


def _titles(ruleset: Ruleset, language: str) -> Callable[[str], str]:
    """Looks up a label's title in a language; the bare name if the ruleset has no title."""
    return lambda label: str(ruleset.titles.get(label, {}).get(language, label))


def _groups(
    rule: Expression, images: Sequence[Sight], ruleset: Ruleset, language: str
) -> Mapping[bool | None, Sequence[tuple[str, float]]]:
    """A rule's labels by their facts, each with its title, when it was seen in a video, and its
    highest score of the images."""
    groups: dict[bool | None, list[tuple[str, float]]] = {True: [], None: [], False: []}
    title = _titles(ruleset, language)
    for name in labels(rule):
        best = _best(name, images)
        if best is not None:
            groups[best.fact].append((_timed(title(name), stamp(best), language), best.score))
    return groups


def _timed(word: str, when: str | None, language: str) -> str:
    if when is None:
        return word
    return f"{when}에 {word}" if language == "ko" else f"{word} at {when}"


def _best(name: str, images: Sequence[Sight]) -> Seen | None:
    """A label in the image that decides: true before unknown before false, then by score."""
    rank = {True: 2, None: 1, False: 0}
    found = [image[name] for image in images if name in image]
    return max(found, key=lambda seen: (rank[seen.fact], seen.score), default=None)


def no_images() -> Text:
    """Why a post without a readable photograph goes to a person."""
    return {
        "en": "No photograph of this post could be read, so a person should look.",
        "ko": "이 게시물의 사진을 읽을 수 없어 사람이 확인해야 해요.",
    }


def for_post(verdicts: Sequence[TagVerdict], medium: Medium) -> Text:
    """Why a post has its decision."""
    # Of a post the photographs are spoken of in the plural, however many there are.
    many = Medium.PHOTOGRAPHS if medium is Medium.PHOTOGRAPH else medium
    do, bear = ("does", "bears") if many.one else ("do", "bear")
    ko = many.korean

    def tags(kind: Verdict) -> str:
        return ", ".join(hashtag(v.tag) for v in verdicts if v.verdict is kind)

    if irrelevant := tags(Verdict.IRRELEVANT):
        return {
            "en": f"The {many} {do} not bear out {irrelevant}.",
            "ko": f"{ko}과 관련 없는 해시태그가 있어요: {irrelevant}",
        }
    if uncertain := tags(Verdict.UNCERTAIN):
        return {
            "en": f"It is not certain whether the {many} {bear} out {uncertain}.",
            "ko": f"{ko}과 관련 있는지 확실하지 않은 해시태그가 있어요: {uncertain}",
        }
    return {
        "en": f"No hashtag is contradicted by the {many}.",
        "ko": f"{ko}과 맞지 않는 해시태그가 없어요.",
    }
