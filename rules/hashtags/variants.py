"""Other ways of writing the same word: plurals, spellings of loanwords, Korean in Latin letters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

# Vowels and consonants that Koreans write for each other in loanwords, as the jamo of Unicode's
# decomposition: 까페 and 카페, 초콜렛 and 초콜릿, 쥬스 and 주스, 케익 and 케잌.
_ALIKE = str.maketrans(
    {
        "\u1101": "\u110f",  # ㄲ, ㅋ
        "\u1104": "\u1110",  # ㄸ, ㅌ
        "\u1108": "\u1111",  # ㅃ, ㅍ
        "\u110a": "\u1109",  # ㅆ, ㅅ
        "\u110d": "\u110e",  # ㅉ, ㅊ
        "\u1162": "\u1166",  # ㅐ, ㅔ
        "\u1164": "\u1166",  # ㅒ
        "\u1168": "\u1166",  # ㅖ
        "\u116b": "\u1166",  # ㅚ, ㅙ, ㅞ
        "\u116c": "\u1170",
        "\u11bf": "\u11a8",  # a final ㅋ, ㄲ, ㄱ
        "\u11a9": "\u11a8",
        "\u11ba": "\u11ae",  # a final ㅅ, ㄷ
    }
)
_SOFT = re.compile("([\u110c\u110d\u110e])([\u1163\u1167\u116d\u1172])")
_PLAIN_VOWEL = {"\u1163": "\u1161", "\u1167": "\u1165", "\u116d": "\u1169", "\u1172": "\u116e"}
_LETTERS = re.compile(r"[a-z]{4,}")
_HANGUL = re.compile(r"[가-힣]{3,}")

# Revised Romanization of Korean (National Institute of Korean Language, 2000), by syllable, as
# hashtags are typed: of the changes of sounds between syllables only that before a vowel.
_FIRST = "g,kk,n,d,tt,r,m,b,pp,s,ss,,j,jj,ch,k,t,p,h".split(",")  # noqa: SIM905  # reads better
_VOWEL = "a,ae,ya,yae,eo,e,yeo,ye,o,wa,wae,oe,yo,u,wo,we,wi,yu,eu,ui,i".split(",")  # noqa: SIM905
_LAST_BEFORE_VOWEL = dict(
    zip(
        (1, 2, 4, 7, 8, 16, 17, 19, 20, 21, 22, 23, 24, 25, 26, 27),
        ("g", "kk", "n", "d", "r", "m", "b", "s", "ss", "ng", "j", "ch", "k", "t", "p", ""),
        strict=True,
    )
)
_SILENT = 11  # the first letter of a syllable that begins with its vowel
_LAST = ",k,k,k,n,n,n,t,l,k,m,l,l,l,p,l,m,p,p,t,t,ng,t,t,k,t,p,t".split(",")  # noqa: SIM905


def singular(key: str) -> tuple[str, ...]:
    """The singular forms of what may be an English plural, the likeliest first."""
    if not key.isascii() or len(key) < 4 or not key.endswith("s"):
        return ()
    if key.endswith("ies"):
        return (f"{key[:-3]}y", key[:-1])
    return (key[:-1], key[:-2]) if key.endswith("es") else (key[:-1],)


def sound(key: str) -> str | None:
    """A key that a Korean word shares with its other spellings; None if it is not Korean."""
    if not _HANGUL.fullmatch(key):
        return None
    jamo = _SOFT.sub(_hard, unicodedata.normalize("NFD", key))
    return jamo.translate(_ALIKE)


def romanised(key: str) -> str | None:
    """A Korean word in Latin letters; None if it is not Korean."""
    if not _HANGUL.fullmatch(key):
        return None
    letters = []
    for syllable, following in zip(key, f"{key[1:]}가", strict=True):
        rest, last = divmod(ord(syllable) - 0xAC00, 28)
        first, vowel = divmod(rest, 21)
        before_vowel = (ord(following) - 0xAC00) // (28 * 21) == _SILENT
        end = _LAST_BEFORE_VOWEL.get(last, _LAST[last]) if before_vowel else _LAST[last]
        letters.append(_FIRST[first] + _VOWEL[vowel] + end)
    return "".join(letters)


def index(keys: Iterable[str]) -> Mapping[str, str]:
    """Map every sound key and romanisation to the one word that has it.

    A key that two words share is left out.
    """
    found: dict[str, str | None] = {}
    for key in keys:
        for form in {sound(key), romanised(key)} - {None}:
            found[str(form)] = None if form in found else key
    return {form: key for form, key in found.items() if key is not None}


def other_spellings(key: str, known: Mapping[str, str]) -> list[str]:
    """Words of an ``index`` that may be other spellings of this one."""
    forms = [sound(key), key if _LETTERS.fullmatch(key) else None]
    return [known[form] for form in forms if form is not None and form in known]


def _hard(found: re.Match[str]) -> str:
    return found.group(1) + _PLAIN_VOWEL[found.group(2)]
