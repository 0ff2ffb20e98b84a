"""Random hashtags and random rules. Nothing may break, hang, or come without a reason."""

from __future__ import annotations

import random
import unicodedata

from tqdm import tqdm

from rules.errors import Place, RulesetError
from rules.judge import judge
from rules.normalise import normalise
from rules.parse import parse
from rules.ruleset import DEFAULT, Ruleset, load_ruleset, read_ruleset
from rules.sight import Seen

LONGEST = 60
VERY_LONG = 20_000

# Where hashtags are dangerous: Hangul and its parts, joiners, marks, directions, emoji, surrogates.
_RANGES = (
    (0x20, 0x7E),
    (0xAC00, 0xD7A3),
    (0x1100, 0x11FF),
    (0x3131, 0x318E),
    (0x200B, 0x200F),
    (0x202A, 0x202E),
    (0x0300, 0x036F),
    (0xFE00, 0xFE0F),
    (0x1F300, 0x1FAFF),
    (0xD800, 0xDFFF),
    (0xFF00, 0xFFEF),
    (0x0590, 0x06FF),
    (0, 0x10FFFF),
)
_WORDS = (
    *("and", "or", "not", "any", "all", "at least", "of", "그리고", "또는", "아닌", "(", ")", ","),
    *("food", "drink", "adult", ">=", "<", "0.5", "1e309", "-1", "99999999999999999999", "2"),
)


class FuzzError(Exception):
    """What broke, on what, and how to see it again."""


def attack(cases: int, seed: int) -> None:
    """Try random hashtags, rules and rulesets, half of each as bytes and half as text.

    Every case follows from the seed and its number, so one that breaks can be run by itself.

    Raises:
        FuzzError: something else came out than a verdict with a reason, or a clear refusal.
    """
    ruleset = load_ruleset(DEFAULT, None)
    for number in tqdm(range(cases), unit="case", smoothing=0.01):
        chance = random.Random(f"{seed}/{number}")  # noqa: S311  # no secret: repeatable
        try:
            if number % 2:
                _judge(_text(chance), ruleset, chance)
            elif number % 1000:
                _parse(_rule(chance))
            else:
                _read(_text(chance).encode("utf-8", "surrogatepass"), ruleset)
        except Exception as error:
            what = f"case {number} of seed {seed}: {type(error).__name__}: {error}"
            raise FuzzError(what) from error


def _judge(tag: str, ruleset: Ruleset, chance: random.Random) -> None:
    fact = chance.choice((True, False, None))
    sight = {name: Seen(chance.random(), fact, 0.9, 0.1) for name in ruleset.titles}
    verdict = judge(ruleset, [tag], [sight]).verdicts[0]
    if not (verdict.reason["en"] and verdict.reason["ko"]):
        raise FuzzError(f"no reason for {tag!r}")
    if normalise(verdict.normalised) != verdict.normalised:
        raise FuzzError(f"{tag!r} is not normalised to the end")


def _parse(text: str) -> None:
    try:
        rule = parse(text, ["food", "drink", "adult"], Place("fuzz", 1, 1, text))
    except RulesetError as error:
        if not str(error):
            raise FuzzError(f"refused without a reason: {text!r}") from error
        return
    if parse(str(rule), None) != rule:
        raise FuzzError(f"printed and parsed is another rule: {text!r}")


def _read(data: bytes, ruleset: Ruleset) -> None:
    try:
        read_ruleset(data, "fuzz.yaml", None, ruleset.lexicon)
    except RulesetError as error:
        if not str(error):
            raise FuzzError("refused without a reason") from error


def _rule(chance: random.Random) -> str:
    if chance.random() < 0.3:
        return _text(chance)
    words = [chance.choice(_WORDS) for _ in range(chance.randint(1, 15))]
    return chance.choice((" ", "", "\n")).join(words)


def _text(chance: random.Random) -> str:
    kind = chance.random()
    if kind < 0.3:
        return chance.randbytes(chance.randint(0, LONGEST)).decode("utf-8", "replace")
    low, high = chance.choice(_RANGES)
    length = VERY_LONG if kind > 0.9995 else chance.randint(0, LONGEST)
    text = "".join(chr(chance.randint(low, high)) for _ in range(length))
    return unicodedata.normalize("NFD", text) if kind < 0.5 else text
