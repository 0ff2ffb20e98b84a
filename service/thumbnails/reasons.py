"""Why a frame was chosen, in one sentence of each language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from service.tables import Json
from similarity.frames import LARGE, Chosen

UNLIKE = 0.5  # likeness to those chosen before, below which a frame is called unlike them
SHARP = 0.6  # quality from which on a frame is called sharp and well exposed


class Phrase(NamedTuple):
    """The same in both languages."""

    en: str
    ko: str


FAULTS = {
    "black": Phrase("dark", "어두움"),
    "white": Phrase("blown out", "하얗게 날아감"),
    "flat": Phrase("without detail", "밋밋함"),
    "blurred": Phrase("blurred", "흐림"),
    "transition": Phrase("from a transition", "장면이 바뀌는 중"),
    "torn": Phrase("damaged", "손상됨"),
    "frozen": Phrase("a still", "멈춘 화면"),
}


def reason(
    chosen: Chosen,
    rank: int,
    faults: Sequence[str],
    subject: float | None,
    *,
    has_references: bool,
) -> Json:
    """The sentence, ``{"en", "ko"}``: how good the frame is, how large its subject, how close, and
    unlike which others.

    Args:
        rank: from 1, in the order in which frames were chosen.
        faults: of the frame; it has some only where every frame has.
        subject: share of the picture that its subject takes; 0 or None: none was seen.
        has_references: whether ``closeness`` is that to references, or to the other frames.
    """
    parts = [
        _good(chosen, faults),
        _subject(subject),
        _close(chosen, has_references=has_references),
    ]
    if rank > 1:
        parts.append(_unlike(chosen))
    english = "; ".join(part.en for part in parts)
    return {
        "en": f"{english[0].upper()}{english[1:]}.",
        "ko": " ".join(f"{part.ko}." for part in parts),
    }


def _good(chosen: Chosen, faults: Sequence[str]) -> Phrase:
    if faults:
        names = [FAULTS[name] for name in faults if name in FAULTS]
        return Phrase(
            f"every frame has a fault; this one is {' and '.join(one.en for one in names)}",
            f"모든 장면에 흠이 있어요. 이 장면의 흠: {', '.join(one.ko for one in names)}",
        )
    if chosen.quality >= SHARP:
        return Phrase(
            f"sharp and well exposed (quality {chosen.quality:.2f})",
            f"또렷하고 밝기가 알맞아요(품질 {chosen.quality:.2f})",
        )
    return Phrase(
        f"without a fault, though not among the sharpest (quality {chosen.quality:.2f})",
        f"흠은 없지만 아주 또렷하지는 않아요(품질 {chosen.quality:.2f})",
    )


def _subject(share: float | None) -> Phrase:
    if not share:
        return Phrase("no subject stands out", "눈에 띄는 피사체가 없어요")
    percent = f"{max(1, round(100 * share))}%"
    if share < LARGE:
        return Phrase(
            f"its subject is small ({percent} of the picture)", f"피사체가 작아요(화면의 {percent})"
        )
    return Phrase(
        f"its subject is large enough ({percent} of the picture)",
        f"피사체가 충분히 커요(화면의 {percent})",
    )


def _unlike(chosen: Chosen) -> Phrase:
    if chosen.alike < UNLIKE:
        return Phrase("unlike the frames chosen before it", "먼저 고른 장면들과 다른 장면이에요")
    return Phrase(
        f"like one chosen before it ({chosen.alike:.2f}), but better than what is left",
        f"먼저 고른 장면과 비슷하지만({chosen.alike:.2f}) 남은 장면보다 나아요",
    )


def _close(chosen: Chosen, *, has_references: bool) -> Phrase:
    if has_references:
        return Phrase(
            f"its likeness to the nearest references is {chosen.closeness:.2f}",
            f"가장 가까운 참고 사진들과의 유사도는 {chosen.closeness:.2f}예요",
        )
    return Phrase(
        f"its likeness to the other frames is {chosen.closeness:.2f}",
        f"다른 장면들과의 유사도는 {chosen.closeness:.2f}예요",
    )
