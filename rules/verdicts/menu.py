"""What is written on a menu: it bears out a hashtag of food, although it shows none."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from rules.hashtags.lexicon import Lexicon
from rules.hashtags.normalise import normalise
from rules.shown import hashtag
from rules.verdicts import reasons
from rules.verdicts.codes import Code
from rules.verdicts.medium import Medium
from rules.verdicts.verdict import Judgement, TagVerdict, Verdict, decide

LEAST = 3  # words and prices together; one of them must be a word
KEPT = 20  # words and prices, each
SHOWN = 4  # words in a sentence
SHORTEST = {True: 2, False: 4}  # letters of a word that counts, in Hangul and in other scripts

_FILMED = {"en": "in a video", "ko": "영상에서"}
_MIXED = {"en": "on a photograph or in a video", "ko": "사진이나 영상에서"}
_PLACES = {Medium.VIDEO: _FILMED, Medium.VIDEOS: _FILMED, Medium.BOTH: _MIXED}
_PLACE = {"en": "on a photograph", "ko": "사진에서"}

_WORD = re.compile(r"[^\W\d_]+")
# 4,500 and 12.000 (a point is what a reader makes of a faint comma), 9000원, 4.5
_PRICE = re.compile(
    r"(?<![\d.,:/-])(?:\d{1,3}[.,]\d{3}|\d{4,6}(?=\s*원)|\d{1,2}\.\d)(?:\s*원)?(?![\d.,:/%-])"
)
_HANGUL = re.compile(r"[가-힣]+")


@dataclass(frozen=True)
class Menu:
    """Words of ``category`` and prices that were read on a post's photographs and in its videos,
    each once."""

    category: str
    words: tuple[str, ...]
    prices: tuple[str, ...]

    @property
    def bears_out(self) -> bool:
        """Whether it is a menu: prices alone are on receipts and price lists of anything."""
        return bool(self.words) and len(self.words) + len(self.prices) >= LEAST

    def stored(self) -> dict[str, Any]:
        """As JSON, for a trace."""
        return {
            "category": self.category,
            "words": list(self.words),
            "prices": list(self.prices),
        }


def menu_of(stored: Mapping[str, Any]) -> Menu:
    """A menu that was kept as JSON."""
    return Menu(stored["category"], tuple(stored["words"]), tuple(stored["prices"]))


def vocabulary(lexicon: Lexicon, categories: Collection[str]) -> frozenset[str]:
    """The lexicon's words for what is eaten and drunk: its hashtags of some categories."""
    wanted = set(categories)
    return frozenset(
        word for word, claims in lexicon.claims.items() if wanted & set(claims) and _counts(word)
    )


def read_menu(text: str, known: Collection[str], category: str) -> Menu:
    """The known words and the prices in what was read. A word counts, too, where a known one ends
    it (해물파전), and two that stand beside each other count as one (iced latte)."""
    words: dict[str, None] = {}
    prices: dict[str, None] = {}
    for line in text.splitlines():
        words |= dict.fromkeys(_known_in([normalise(word) for word in _WORD.findall(line)], known))
        prices |= dict.fromkeys(_PRICE.findall(line))
    return Menu(category, tuple(words)[:KEPT], tuple(prices)[:KEPT])


def asks_for_menu(verdict: TagVerdict, categories: Collection[str]) -> str | None:
    """The category that a menu could bear out where the rules say irrelevant; None: there is
    none."""
    if verdict.verdict is not Verdict.IRRELEVANT:
        return None
    return next((name for name in verdict.trace["rules"] if name in categories), None)


def with_menus(judgement: Judgement, menus: Mapping[int, Menu]) -> Judgement:
    """A judgement in which menus bear out some hashtags, by their position, that the rules find
    irrelevant, and the decision that follows."""
    verdicts = tuple(
        _borne_out(verdict, menus[position], judgement.medium)
        if position in menus and is_open_to(verdict, menus[position])
        else verdict
        for position, verdict in enumerate(judgement.verdicts)
    )
    reason = reasons.for_post(verdicts, judgement.medium)
    return replace(
        judgement, verdicts=verdicts, decision=decide(v.verdict for v in verdicts), reason=reason
    )


def is_open_to(verdict: TagVerdict, menu: Menu) -> bool:
    """Whether a menu changes a verdict."""
    return menu.bears_out and asks_for_menu(verdict, [menu.category]) is not None


def _counts(word: str) -> bool:
    return len(word) >= SHORTEST[_HANGUL.fullmatch(word) is not None]


def _known_in(parts: Sequence[str], known: Collection[str]) -> Iterator[str]:
    at = 0
    while at < len(parts):
        pair = "".join(parts[at : at + 2])
        if pair in known:
            yield pair
            at += 2
            continue
        if parts[at] in known or _ends_known(parts[at], known):
            yield parts[at]
        at += 1


def _ends_known(word: str, known: Collection[str]) -> bool:
    """Korean compounds name the dish last. Of other scripts only whole words count."""
    if not _HANGUL.fullmatch(word):
        return False
    return any(word[at:] in known for at in range(1, len(word) - SHORTEST[True] + 1))


def _borne_out(verdict: TagVerdict, menu: Menu, medium: Medium) -> TagVerdict:
    place = _PLACES.get(medium, _PLACE)
    tag, end = hashtag(verdict.tag), reasons.ENDS[Verdict.RELEVANT]
    reason = {
        "en": f"A menu can be read {place['en']} ({_listed(menu, 'price', 'prices')}), as "
        f"{tag} claims, {end['en']}.",
        "ko": f"{place['ko']} 메뉴판을 읽었어요({_listed(menu, '가격', '가격')}). "
        f"{tag} 해시태그와 맞아요. {end['ko']}.",
        "code": Code.MENU,
    }
    trace = {**verdict.trace, "menu": menu.stored()}
    return replace(verdict, verdict=Verdict.RELEVANT, reason=reason, trace=trace, doubt=0.0)


def _listed(menu: Menu, one: str, many: str) -> str:
    shown: Sequence[str] = [*menu.words[:SHOWN], *(["…"] if len(menu.words) > SHOWN else [])]
    count = len(menu.prices)
    prices = [f"{count} {one if count == 1 else many}" if one != many else f"{one} {count}개"]
    return ", ".join([*shown, *(prices if count else [])])
