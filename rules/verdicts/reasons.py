"""One plain sentence for each verdict and decision, in English and Korean."""

from __future__ import annotations

from collections.abc import Sequence

from rules.hashtags.resolve import Resolution
from rules.verdicts.expression import And, AtLeast, Compare, Expression, Label, Not, Or, labels
from rules.verdicts.particles import listed, subject, topic
from rules.verdicts.ruleset import Ruleset
from rules.verdicts.sight import Seen, Sight
from rules.verdicts.verdict import TagVerdict, Verdict

Text = dict[str, str]


def for_tag(
    ruleset: Ruleset,
    found: Resolution,
    verdict: Verdict,
    category: str | None,
    images: Sequence[Sight],
) -> Text:
    """Why a hashtag has its verdict."""
    tag = f"#{found.tag.lstrip('#')}"
    if category is None:
        return _says_nothing(tag, found)
    titles = ruleset.categories[category].titles
    rule = ruleset.categories[category].rule
    if rule is None:
        return {
            "en": f"{tag} claims {titles['en']}, and there is no rule for that yet.",
            "ko": f"{topic(tag)} '{titles['ko']}' 분류인데, 아직 확인할 규칙이 없어요.",
        }
    if verdict is Verdict.UNVERIFIABLE:
        return {
            "en": f"{tag} seems to claim {titles['en']}; a guess is not held against a post.",
            "ko": f"{topic(tag)} '{titles['ko']}' 분류로 짐작되지만, 짐작만으로 판정하지 않아요.",
        }
    needs = {language: needed(rule, ruleset, language) for language in ("en", "ko")}
    if not images:
        return {
            "en": f"{tag} needs {needs['en']}, but no photograph could be read.",
            "ko": f"{tag}에는 {subject(needs['ko'])} 있어야 하는데, 읽을 수 있는 사진이 없어요.",
        }
    seen = {language: _seen(rule, images, ruleset, language) for language in ("en", "ko")}
    end = {
        Verdict.RELEVANT: ("so it is relevant", "관련 있는 해시태그예요"),
        Verdict.IRRELEVANT: ("so it is irrelevant", "관련 없는 해시태그예요"),
        Verdict.UNCERTAIN: ("so a person should look", "사람이 확인해야 해요"),
    }[verdict]
    return {
        "en": f"{tag} needs {needs['en']}; {seen['en']}, {end[0]}.",
        "ko": f"{tag}에는 {subject(needs['ko'])} 있어야 해요. {seen['ko']} {end[1]}.",
    }


def _says_nothing(tag: str, found: Resolution) -> Text:
    if found.resolved_by == "none":
        return {
            "en": f"No category is known for {tag}, so it is not checked.",
            "ko": f"{topic(tag)} 아직 뜻을 모르는 해시태그라 확인하지 않아요.",
        }
    return {
        "en": f"{tag} claims nothing that a photograph can show.",
        "ko": f"{topic(tag)} 사진으로 확인할 수 있는 내용이 아니에요.",
    }


def needed(rule: Expression, ruleset: Ruleset, language: str) -> str:
    """What a rule asks for, in words."""
    match rule:
        case Label(name):
            return title(ruleset, name, language)
        case Compare(name, sign, number):
            return f"{title(ruleset, name, language)} ({sign} {number:g})"
        case Not(term):
            inner = needed(term, ruleset, language)
            return f"no {_bare(inner)}" if language == "en" else f"'{inner} 없음'"
        case And(terms):
            words = [needed(term, ruleset, language) for term in terms]
            return " and ".join(words) if language == "en" else listed(words)
        case Or(terms):
            words = [needed(term, ruleset, language) for term in terms]
            return " or ".join(words) if language == "en" else " 또는 ".join(words)
        case AtLeast(count, terms):
            words = [needed(term, ruleset, language) for term in terms]
            inner = ", ".join(words)
            return f"{count} of {inner}" if language == "en" else f"{inner} 중 {count}가지"


def _bare(words: str) -> str:
    for article in ("a ", "an ", "the "):
        if words.startswith(article):
            return words.removeprefix(article)
    return words


def title(ruleset: Ruleset, label: str, language: str) -> str:
    """A label's name in a language."""
    return str(ruleset.titles.get(label, {}).get(language, label))


def _seen(rule: Expression, images: Sequence[Sight], ruleset: Ruleset, language: str) -> str:
    """What was seen, not seen and in doubt, each label at its highest score over the images."""
    groups: dict[bool | None, list[str]] = {True: [], None: [], False: []}
    for name in labels(rule):
        best = _best(name, images)
        if best is not None:
            word = title(ruleset, name, language)
            groups[best.fact].append(f"{word} ({best.score:.2f})")
    return _english(groups) if language == "en" else _korean(groups)


def _best(name: str, images: Sequence[Sight]) -> Seen | None:
    """The image that speaks loudest for a label: true before unknown before false."""
    rank = {True: 2, None: 1, False: 0}
    found = [image[name] for image in images if name in image]
    return max(found, key=lambda seen: (rank[seen.fact], seen.score), default=None)


def _english(groups: dict[bool | None, list[str]]) -> str:
    parts = []
    for fact, words in ((True, "seen"), (None, "in doubt"), (False, "not seen")):
        if groups[fact]:
            verb = "was" if len(groups[fact]) == 1 else "were"
            parts.append(f"{_series(groups[fact])} {verb} {words}")
    return ", ".join(parts) or "nothing it asks for could be looked for"


def _series(words: list[str]) -> str:
    *rest, last = words
    return f"{', '.join(rest)} and {last}" if rest else last


def _korean(groups: dict[bool | None, list[str]]) -> str:
    parts = []
    for fact, words in ((True, "보여요."), (None, "확실하지 않아요."), (False, "보이지 않아요.")):
        if groups[fact]:
            # The score in brackets is not read aloud: the particle follows the word before it.
            *rest, last = groups[fact]
            word, _, score = last.rpartition(" (")
            particle = subject(word)[len(word) :]
            parts.append(f"{', '.join([*rest, f'{word} ({score}{particle}'])} {words}")
    return " ".join(parts) or "확인할 수 있는 것이 없어요."


def no_images() -> Text:
    """Why a post without a readable photograph goes to a person."""
    return {
        "en": "No photograph of this post could be read, so a person should look.",
        "ko": "이 게시물의 사진을 읽을 수 없어 사람이 확인해야 해요.",
    }


def for_post(verdicts: Sequence[TagVerdict]) -> Text:
    """Why a post has its decision."""

    def tags(kind: Verdict) -> str:
        return ", ".join(f"#{v.tag.lstrip('#')}" for v in verdicts if v.verdict is kind)

    if irrelevant := tags(Verdict.IRRELEVANT):
        return {
            "en": f"The photographs do not bear out {irrelevant}.",
            "ko": f"사진과 관련 없는 해시태그가 있어요: {irrelevant}",
        }
    if uncertain := tags(Verdict.UNCERTAIN):
        return {
            "en": f"It is not certain whether the photographs bear out {uncertain}.",
            "ko": f"사진과 관련 있는지 확실하지 않은 해시태그가 있어요: {uncertain}",
        }
    return {
        "en": "Nothing contradicts the hashtags.",
        "ko": "사진과 어긋나는 해시태그가 없어요.",
    }
