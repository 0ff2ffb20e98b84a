"""Whether a post shows photographs, a video or both, and the words for it in both languages."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from rules.verdicts.sight import Seen, Sight


class Medium(StrEnum):
    """What was looked at: photographs, one video, several, or some of both."""

    PHOTOGRAPH = "photograph"
    PHOTOGRAPHS = "photographs"
    VIDEO = "video"
    VIDEOS = "videos"
    BOTH = "photographs and videos"

    @property
    def one(self) -> bool:
        """Whether English speaks of it in the singular."""
        return self in (Medium.PHOTOGRAPH, Medium.VIDEO)

    @property
    def korean(self) -> str:
        """Its name in Korean, which has no plural here."""
        if self is Medium.BOTH:
            return "사진과 영상"
        return "영상" if self in (Medium.VIDEO, Medium.VIDEOS) else "사진"


def medium_of(images: Sequence[Sight]) -> Medium:
    """The medium of some sights: sights of videos say when each label was seen."""
    filmed = sum(any(seen.at is not None for seen in image.values()) for image in images)
    if 0 < filmed < len(images):
        return Medium.BOTH
    if filmed:
        return Medium.VIDEO if filmed == 1 else Medium.VIDEOS
    return Medium.PHOTOGRAPH if len(images) == 1 else Medium.PHOTOGRAPHS


def stamp(seen: Seen) -> str | None:
    """When a label was seen in a video, as minutes and seconds; None for a photograph, and for a
    label that was not seen.
    """
    if seen.at is None or seen.fact is False:
        return None
    minutes, seconds = divmod(int(seen.at), 60)
    return f"{minutes}:{seconds:02}"
