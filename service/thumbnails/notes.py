"""What a guess is worth, in two sentences of each language."""

from __future__ import annotations

from service.tables import Json
from thumbnails import Engagement

TARGETS = {"views": "조회수", "subscribers": "구독자 수"}
BEYOND = {
    "views": ("channel size and age", "채널 크기와 올린 지 지난 날 말고도"),
    "subscribers": ("age", "올린 지 지난 날 말고도"),
}


def note(guess: Engagement) -> Json:
    """``{"en", "ko"}``: what the bundle's card says of the picture's own effect, "no effect found"
    included."""
    own, target = guess.own, guess.manifest.target
    bounds = f"{own.value:.3f} [{own.low:.3f}, {own.high:.3f}]"
    english, korean = BEYOND[target]
    korean = f"측정한 자료에서 그림이 {korean} {TARGETS[target]}의 R²에 더하는 값: {bounds}."
    if guess.manifest.found:
        return {
            "en": f"A guess from the picture alone. Beyond {english}, pictures added {bounds} to "
            f"R² of {target} where it was measured.",
            "ko": f"그림만 보고 한 추정이에요. {korean}",
        }
    return {
        "en": f"A guess from the picture alone. No effect found: beyond {english}, pictures added "
        f"{bounds} to R² of {target} where it was measured, which could be chance.",
        "ko": f"그림만 보고 한 추정이에요. 효과를 찾지 못했어요. {korean} 우연일 수 있어요.",
    }
