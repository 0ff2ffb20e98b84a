"""A post in wire format, the same in the API and in callbacks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from service.tables import Image, Json, Post, Verdict, Video


def represent(post: Post, similar: Sequence[Json] = ()) -> dict[str, Any]:
    """The post as plain JSON values, in the design's field names.

    Args:
        similar: the posts that look most like it, as the wire shows them.
    """
    return {
        "id": post.external_id,
        "revision": post.revision,
        "state": post.state,
        "decision": post.decision,
        "decided_by": post.decided_by,
        "decided_at": post.decided_at.isoformat() if post.decided_at else None,
        "reason": post.reason,
        "hashtags": [_verdict(verdict) for verdict in post.verdicts],
        "images": [_image(image) for image in post.images if image.video_id is None],
        "videos": [_video(video, post) for video in post.videos],
        "bundle": post.bundle,
        "ruleset": post.ruleset,
        "similar": list(similar),
    }


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        "tag": verdict.tag,
        "verdict": verdict.verdict,
        "model_verdict": verdict.model_verdict,
        "category": verdict.category,
        "resolved_by": verdict.resolved_by,
        "confidence": verdict.confidence,
        "reason": verdict.reason,
        "trace": verdict.trace,
    }


def _video(video: Video, post: Post) -> dict[str, Any]:
    frames = [image.frame for image in post.images if image.video_id == video.id and image.frame]
    return {
        "index": video.position,
        "sha256": video.sha256,
        "seconds": video.seconds,
        "frames": [{"time": frame["time"], "labels": frame["labels"]} for frame in frames],
        "error": video.error,
    }


def _image(image: Image) -> dict[str, Any]:
    return {
        "index": image.position,
        "sha256": image.sha256,
        "labels": image.labels or {},
        "error": image.error,
    }
