"""Makes the table of English words and pairs of words: `python -m rules frequencies`.

Words come from wordfreq, which knows what people write on social media; pairs of words, and how
often the web has each word, from wordsegment (Google Web Trillion Word Corpus). Only entries that
can change an answer are kept. Serving needs neither library.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterator, Mapping
from pathlib import Path

from rules.hashtags.frequencies import SCORES, TRIE, UNITS, WORD_COST, of_name

# Chosen on the sets in docs/hashtags.md: how far pairs of words are trusted, how far the web's word
# counts against those of social media, and how much oftener than in one piece two words must be
# written apart for the one piece to be no word (redsox, startrek).
PAIRS_TRUST = 0.7
WEB_TRUST = 0.3
APART = 1.5
WEB_WORDS = 1_024_908_267_229
WEB_RAREST = 12_711  # what is rarer is not in its list

# Two letters are seldom a word, although every pair of letters is written often.
SHORT_WORDS = frozenset(
    "a i am an as at be by do go he hi if in is it me my no of oh ok on or so to up us we uk tv ex "  # noqa: SIM905  # reads better
    "la vs dj pr hr pc id ya yo ur im bf gf ny dc st dr mr ms".split()
)


def write_frequencies(trie: Path = TRIE, scores: Path = SCORES) -> int:
    """Write both files anew; return how many words and pairs are in them."""
    from marisa_trie import Trie

    entries = english_scores()
    numbered = Trie(entries)
    by_number = array("h", bytes(2 * len(numbered)))
    for text, score in entries.items():
        by_number[numbered[text]] = round(score * UNITS)
    numbered.save(str(trie))
    scores.write_bytes(by_number.tobytes())
    return len(entries)


def english_scores() -> Mapping[str, float]:
    """Scores in nats of words, and of pairs of words ("new york") that score above their second
    word. Takes two seconds.
    """
    from wordsegment import Segmenter

    shares = _shares()
    web = {word: count for word, count in _lines(Segmenter.UNIGRAMS_FILENAME) if word in shares}
    for pair, count in _lines(Segmenter.BIGRAMS_FILENAME):
        joined = pair.replace(" ", "")
        if joined in shares and count > APART * web.get(joined, WEB_RAREST):
            del shares[joined]
    words = {
        word: round(_of_word(word, share, web.get(word, 0.0)), 2) for word, share in shares.items()
    }
    pairs: dict[str, float] = {}
    for pair, count in _lines(Segmenter.BIGRAMS_FILENAME):
        before, word = pair.split()
        if before not in web or word not in web:
            continue
        alone = words.get(word, of_name(len(word)))
        together = math.log(count / web[before])
        score = round(PAIRS_TRUST * together + (1 - PAIRS_TRUST) * alone, 2)
        if score > alone:
            pairs[pair] = score
    return words | pairs


def _shares() -> dict[str, float]:
    from wordfreq import cB_to_freq, get_frequency_list

    shares: dict[str, float] = {}
    for rank, written_alike in enumerate(get_frequency_list("en", "large")):
        share = cB_to_freq(-rank)
        for written in written_alike:
            word = written.replace("'", "").replace("\u2019", "")
            if word.isascii() and word.isalpha():
                shares[word] = shares.get(word, 0.0) + share
    return shares


def _lines(file: str) -> Iterator[tuple[str, float]]:
    with Path(file).open(encoding="utf-8") as lines:
        for line in lines:
            text, count = line.split("\t")
            yield text, float(count)


def _of_word(word: str, share: float, web: float) -> float:
    name = of_name(len(word))
    if len(word) <= 2 and word not in SHORT_WORDS:
        return name
    mixed = (1 - WEB_TRUST) * share + WEB_TRUST * web / WEB_WORDS
    return max(math.log(mixed) - WORD_COST, name)
