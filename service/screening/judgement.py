"""Judge a post by what was seen, or send it to a person if nothing could be seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from rules import Decision, Judgement
from service.screen import Screen, SeenImage
from service.screening.gather import Unreadable
from service.tables import Post
from videos import VideoCode

# What became of a video, by its code; other codes tell of servers that do not hand it out.
KOREAN: Mapping[str, str] = {
    VideoCode.EMPTY: "파일이 비어 있어요.",
    VideoCode.TOO_LARGE: "파일이 너무 커요.",
    VideoCode.NOT_A_VIDEO: "영상 파일이 아니에요.",
    VideoCode.PICTURE: "영상이 아니라 사진 파일이에요.",
    VideoCode.NO_INDEX: "파일이 도중에 끊겨 색인이 없어요.",
    VideoCode.NO_VIDEO_TRACK: "화면이 없는 파일이에요.",
    VideoCode.NO_FRAMES: "읽을 수 있는 장면이 없어요.",
    VideoCode.DAMAGED: "파일이 손상됐어요.",
    VideoCode.UNSUPPORTED: "지원하지 않는 형식이에요.",
    VideoCode.TOO_LONG: "영상이 너무 길어요.",
    VideoCode.TOO_MANY_PIXELS: "화면이 너무 커요.",
    VideoCode.TOO_MANY_STREAMS: "트랙이 너무 많아요.",
    VideoCode.TOO_MUCH_MEMORY: "읽는 데 메모리가 너무 많이 들어요.",
    VideoCode.TOO_SLOW: "읽는 데 너무 오래 걸려요.",
}
GAVE_UP = {
    "en": "Screening failed several times, so a person should look.",
    "ko": "자동 검사에 여러 번 실패해 사람이 확인해야 해요.",
}


def judge(
    current: Screen,
    post: Post,
    looks: Sequence[SeenImage],
    most_attempts: int,
    unseen: Unreadable | None = None,
) -> Judgement:
    """Judge a post's hashtags by what was seen.

    A post with a video that could not be looked at, ``unseen``, goes to a person: the video may
    bear out what nothing else does, or hide what nobody is to see.

    A post that failed too often is decided "review" without its photographs. If even that fails
    (its hashtags may be what cannot be judged), it is decided without verdicts.
    """
    if post.attempts > most_attempts:
        return Judgement((), Decision.REVIEW, GAVE_UP)
    if post.attempts == most_attempts:
        return Judgement(current.judge(post.hashtags, ()).verdicts, Decision.REVIEW, GAVE_UP)
    judgement = current.judge(post.hashtags, looks)
    if unseen is None:
        return judgement
    return replace(judgement, decision=Decision.REVIEW, reason=_unseen(unseen))


def _unseen(video: Unreadable) -> dict[str, str]:
    korean = KOREAN.get(video.code, "영상을 가져오지 못했어요.")
    return {
        "en": f"A video could not be looked at, so a person should: {video.message}",
        "ko": f"확인하지 못한 영상이 있어 사람이 봐야 해요: {korean}",
    }
