"""Where the words of a Korean hashtag begin and end.

Uses kiwipiepy's morphological analysis with the words of hashtags added to its dictionary.
Particles, endings and counted units stay with the word before them.
"""

from __future__ import annotations

import csv
import re
import threading
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from warnings import catch_warnings, simplefilter

from rules.hashtags.lexicon import LEXICON
from rules.hashtags.normalise import normalise

TOLD = Path(__file__).with_name("korean_words.txt")

# Endings that people hang on any word; a word with one is two words.
TAILS = ("스타그램", "스타", "그램")
GRAM = "스타그램"
WORDS = (GRAM, "인스타그램", "가볼만한곳", "맞팔", "선팔", "좋반", "핫플", "핫플레이스")

_HANGUL = re.compile(r"[가-힣]{2,}")
_SUFFIXES = frozenset({"XSN", "XSV", "XSA", "VCP"})
_UNKNOWN = 2  # what kiwipiepy numbers a noun that it does not know
_LIGHT_VERBS = frozenset({"하", "되"})
_lock = threading.Lock()


def prepare() -> None:
    """Load the analyser now instead of with the first hashtag that needs it."""
    words_of(GRAM)


@lru_cache(maxsize=8192)
def words_of(run: str) -> tuple[str, ...]:
    """The words of a run of Hangul syllables."""
    with _lock:
        tokens = _kiwi().tokenize(run)
    words: list[str] = []
    end, before = 0, None
    for token in tokens:
        begin, stop = max(token.start, end), token.start + token.len
        if stop <= end:
            continue
        piece = run[begin:stop]
        if words and _belongs(token, before):
            words[-1] += piece
        elif token.tag in ("NNG", "NNP"):
            words += _apart(piece, is_name=token.tag == "NNP" or token.id == _UNKNOWN)
        else:
            words.append(piece)
        end, before = stop, token
    return tuple(words) if "".join(words) == run else (run,)


def nouns_of(run: str) -> list[tuple[str, str]]:
    """The nouns that kiwipiepy finds in a run of Hangul, with their tags, as it names them."""
    with _lock:
        return [(t.form, t.tag) for t in _kiwi().tokenize(run) if t.tag in ("NNG", "NNP")]


def similar_nouns(noun: tuple[str, str], count: int) -> list[tuple[str, float]]:
    """Nouns that are used like a given one, with their cosine similarity, the most similar first.

    From the embeddings of kiwipiepy's own language model; none for a word that it does not know.
    """
    with _lock:
        try:
            found = _kiwi().most_similar_morphemes(noun, top_n=count)
        except ValueError:  # it does not know the word
            return []
    return [(morpheme.form, float(morpheme.score)) for morpheme in found]


def _apart(noun: str, *, is_name: bool) -> list[str]:
    """A noun in words, where it ends on a word of hashtags or, a name, begins with another name.

    kiwipiepy takes unknown text for one long name, and knows some compounds as single words.
    """
    if noun in WORDS:
        return [noun]
    if noun.endswith(GRAM):  # 먹스타그램: one syllable of a word stands for it
        return [*_apart(noun.removesuffix(GRAM), is_name=is_name), GRAM]
    for cut in range(2, len(noun) - 1):
        front, back = noun[:cut], noun[cut:]
        if back in hashtag_words() and (is_name or front in hashtag_words()):
            return [*_apart(front, is_name=is_name), *_apart(back, is_name=False)]
    for cut in range(len(noun) - 3, 1, -1) if is_name else ():
        if noun[:cut] in hashtag_words() and _is_known_name(noun[:cut]):
            return [noun[:cut], noun[cut:]]
    return [noun]


@lru_cache(maxsize=8192)
def _is_known_name(word: str) -> bool:
    with _lock:
        tokens = _kiwi().tokenize(word)
    return [token.tag for token in tokens] == ["NNP"]


def _belongs(token: Any, before: Any) -> bool:
    """Whether a morpheme is part of the word before it.

    Follows the spacing rules of Korean orthography (Hangul Matchumbeop, chapter 5): negations and
    prohibitions (-지 마세요) are written apart; 하다 and 되다 stay with their noun (맞팔해요).
    """
    kind, last = token.tag, before.tag
    if kind.startswith("VX"):
        return not (before.form == "지" and last == "EC")
    if kind[0] in "JE" or kind.split("-")[0] in _SUFFIXES:
        return True
    if token.form in _LIGHT_VERBS and kind == "VV":
        return last in ("NNG", "NNP")
    is_unit = kind.startswith("NNB") and last in ("SN", "MM", "NR")
    return is_unit or last == "XPN"


@cache
def _kiwi() -> Any:
    kiwi = bare()
    for word in (*WORDS, *TOLD.read_text("utf-8").split()):
        kiwi.add_user_word(word, "NNP")
    return kiwi


def bare() -> Any:
    """kiwipiepy's analyser before it is told any word."""
    from kiwipiepy import Kiwi  # 230 MB and a second: only where a hashtag needs it

    with catch_warnings():
        # It warns that 0 meant all cores once. Now it means no thread of its own: web processes are
        # forked from one that has it, without its threads, and would wait for these at their end.
        simplefilter("ignore", DeprecationWarning)
        # Its dictionaries of titles and of several words double the memory and change nothing here.
        return Kiwi(
            num_workers=0, load_default_dict=False, load_multi_dict=False, load_typo_dict=False
        )


@cache
def hashtag_words() -> frozenset[str]:
    """The lexicon's Hangul hashtags of two or more syllables."""
    with LEXICON.open(encoding="utf-8", newline="") as file:
        keys = {normalise(row["tag"]) for row in csv.DictReader(file)}
    return frozenset(key for key in keys if _HANGUL.fullmatch(key))
