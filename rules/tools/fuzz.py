"""Fuzz hashtags and rules. Nothing may crash, hang, or give a verdict without a reason."""

from __future__ import annotations

import faulthandler
import json
import random
import time
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from tqdm import tqdm

from rules.errors import RulesetError, SourcePlace
from rules.hashtags.normalise import normalise
from rules.verdicts.evaluate import evaluate
from rules.verdicts.judge import judge
from rules.verdicts.parse import parse, parse_printed
from rules.verdicts.replay import replay
from rules.verdicts.ruleset import DEFAULT, Ruleset, load_ruleset, read_ruleset
from rules.verdicts.sight import Seen

LONGEST = 60
VERY_LONG = 20_000
MOST_SECONDS = 5.0  # of one core, for one case
STDERR = 2  # by number: a test may have put something else in its place
HANGS_AFTER_S = 300  # for a thousand cases: then every stack is printed and the process ends

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
    """What broke, on which input, and how to reproduce it."""


@dataclass(frozen=True)
class _Material:
    """Real input to mutate: hashtags, and a ruleset's bytes."""

    tags: Sequence[str]
    ruleset: bytes


def attack(cases: int, seed: int) -> None:
    """Try random hashtags, rules and rulesets, half of each as bytes and half as text.

    Every case follows from the seed and its number, so a failing one can be run by itself.

    Raises:
        FuzzError: the result was neither a verdict with a reason nor a clear error.
    """
    ruleset = load_ruleset(DEFAULT, None)
    judge(ruleset, ["성수동카페", "CoffeeLover"], [])  # what is loaded once is not timed
    material = _Material(tuple(ruleset.lexicon.entries), DEFAULT.read_bytes())
    for number in tqdm(range(cases), unit="case", smoothing=0.01):
        if number % 1000 == 0:
            faulthandler.dump_traceback_later(HANGS_AFTER_S, exit=True, file=STDERR)
        began = time.perf_counter()
        try:
            _try(number, seed, ruleset, material)
            if time.perf_counter() - began > MOST_SECONDS:
                # Other processes may have had the core, so only this process's time counts.
                before = time.process_time()
                _try(number, seed, ruleset, material)
                if time.process_time() - before > MOST_SECONDS:
                    raise FuzzError(f"it took more than {MOST_SECONDS:.0f} seconds")
        except Exception as error:
            what = f"case {number} of seed {seed}: {type(error).__name__}: {error}"
            raise FuzzError(what) from error
    faulthandler.cancel_dump_traceback_later()


def _try(number: int, seed: int, ruleset: Ruleset, material: _Material) -> None:
    chance = random.Random(f"{seed}/{number}")  # noqa: S311  # no secret: repeatable
    if number % 2:
        _judge(_tag(chance, material), ruleset, chance)
    elif number % 1000:
        _parse(_rule(chance), chance)
    else:
        _read(_bytes(chance, material.ruleset), ruleset)


def _judge(tag: str, ruleset: Ruleset, chance: random.Random) -> None:
    fact = chance.choice((True, False, None))
    sight = {name: Seen(chance.random(), fact, 0.9, 0.1) for name in ruleset.titles}
    verdict = judge(ruleset, [tag], [sight]).verdicts[0]
    if not (verdict.reason["en"] and verdict.reason["ko"]):
        raise FuzzError(f"no reason for {tag!r}")
    if normalise(verdict.normalised) != verdict.normalised:
        raise FuzzError(f"{tag!r} is not normalised to the end")
    if replay(json.loads(json.dumps(verdict.trace))) is not verdict.verdict:
        raise FuzzError(f"replayed, {tag!r} has another verdict")


def _parse(text: str, chance: random.Random) -> None:
    try:
        rule = parse(text, ["food", "drink", "adult"], SourcePlace("fuzz", 1, 1, text))
    except RulesetError as error:
        if not str(error):
            raise FuzzError(f"refused without a reason: {text!r}") from error
        return
    if parse_printed(str(rule)) != rule:
        raise FuzzError(f"printed and parsed is another rule: {text!r}")
    fact = chance.choice((True, False, None))
    if evaluate(rule, {"food": Seen(chance.random(), fact)}) not in (True, False, None):
        raise FuzzError(f"no value of {text!r}")


def _read(data: bytes, ruleset: Ruleset) -> None:
    try:
        read_ruleset(data, "fuzz.yaml", None, ruleset.lexicon)
    except RulesetError as error:
        if not str(error):
            raise FuzzError("refused without a reason") from error


def _tag(chance: random.Random, material: _Material) -> str:
    if chance.random() < 0.5:
        return _text(chance)
    return _spoiled(chance.choice(material.tags) + chance.choice(material.tags), chance)


def _rule(chance: random.Random) -> str:
    kind = chance.random()
    if kind < 0.3:
        return _text(chance)
    if kind < 0.6:
        return _spoiled(_nested(chance, chance.randint(0, 6)), chance)
    words = [chance.choice(_WORDS) for _ in range(chance.randint(1, 15))]
    return chance.choice((" ", "", "\n")).join(words)


def _nested(chance: random.Random, depth: int) -> str:
    """A rule as it should be written."""
    label = chance.choice(("food", "drink", "adult"))
    if depth == 0:
        return chance.choice((label, f"{label} > 0.{chance.randint(0, 10**8)}"))
    inner = [_nested(chance, depth - 1) for _ in range(chance.randint(1, 2))]
    several = ", ".join(inner)
    form = chance.choice(("not ({0})", "any({1})", "all({1})", "at least 1 of ({1})", "{2}", "{3}"))
    return form.format(inner[0], several, " and ".join(inner), f"({' 또는 '.join(inner)})")


def _spoiled(text: str, chance: random.Random) -> str:
    """The text with some letters inserted, removed or replaced; sometimes unchanged."""
    letters = list(text)
    for _ in range(chance.choice((0, 1, 1, 2, 5))):
        at = chance.randint(0, len(letters))
        letters[at : at + chance.randint(0, 2)] = _text(chance)[: chance.randint(0, 2)]
    spoiled = "".join(letters)
    return unicodedata.normalize("NFD", spoiled) if chance.random() < 0.3 else spoiled


def _bytes(chance: random.Random, ruleset: bytes) -> bytes:
    """A ruleset with bytes inserted, removed, changed or repeated; sometimes empty."""
    if chance.random() < 0.2:
        return _text(chance).encode("utf-8", "surrogatepass")
    data = bytearray(ruleset)
    for _ in range(chance.randint(1, 4)):
        at, size = chance.randrange(len(data)), chance.randint(0, 30)
        more = chance.choice(
            (
                *(chance.randbytes(size), data[at : at + size], data[:at], b"["),
                *(b"[" * 3000, b"&a ", b"*a", b"!!set ", b"\t", b"{", b"\n", b'"', b"\x00"),
            )
        )
        data[at : at + chance.choice((0, size))] = more
    return bytes(data)


def _text(chance: random.Random) -> str:
    kind = chance.random()
    if kind < 0.3:
        data = chance.randbytes(chance.randint(0, LONGEST))
        return data.decode("utf-8", chance.choice(("replace", "surrogateescape")))
    low, high = chance.choice(_RANGES)
    length = VERY_LONG if kind > 0.9995 else chance.randint(0, LONGEST)
    text = "".join(chr(chance.randint(low, high)) for _ in range(length))
    return unicodedata.normalize("NFD", text) if kind < 0.5 else text
