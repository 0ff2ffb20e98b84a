"""Further scores of chosen frames: how far a frame is from its references by an autoencoder's
latent vectors, and what an engagement bundle guesses from it. An operator names both.

Neither moves which frames are chosen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Literal

import numpy as np
import structlog
from PIL import Image

from service.config import Config
from service.tables import Json
from service.thumbnails.notes import note
from similarity.duplicates import Floats
from thumbnails import Engagement, Latent, ThumbnailBundleError, distances

Extra = Literal["latent", "engagement"]
LATENT: Extra = "latent"
ENGAGEMENT: Extra = "engagement"
THREADS = 1  # a frame takes milliseconds; the other cores are the photographs'

_one_at_a_time = Lock()


def latent_of(config: Config) -> Latent | None:
    """The autoencoder of this process, read once; None: none is named.

    Raises ThumbnailBundleError where it cannot be used.
    """
    if config.latent_bundle is None:
        return None
    with _one_at_a_time:
        return _latent(config.latent_bundle)


def engagement_of(config: Config) -> Engagement | None:
    """The engagement bundle of this process, likewise."""
    if config.engagement_bundle is None:
        return None
    with _one_at_a_time:
        return _engagement(config.engagement_bundle)


def offered(config: Config, embedding_id: str) -> list[Extra]:
    """Which further scores may be asked for, with this network live."""
    return [one for one in (LATENT, ENGAGEMENT) if not why_not(config, embedding_id, one)]


def why_not(config: Config, embedding_id: str, extra: Extra) -> str:
    """Why a further score cannot be asked for; an empty text where it can."""
    setting = f"TAGSIFT_{extra.upper()}_BUNDLE"
    try:
        found = latent_of(config) if extra == LATENT else engagement_of(config)
    except ThumbnailBundleError as error:
        structlog.get_logger().warning("bundle_unusable", setting=setting, error=str(error))
        return f"What {setting} names cannot be used."
    if found is None:
        return f"This service does not offer it: {setting} names no bundle."
    if isinstance(found, Engagement) and found.manifest.embedding_id != embedding_id:
        return (
            f"This service does not offer it now: what {setting} names belongs to the network "
            f"{found.manifest.embedding_id}, and {embedding_id} is live."
        )
    return ""


@dataclass(frozen=True)
class Looked:
    """A chosen frame: its picture, and its embedding by the live network."""

    image: Image.Image
    embedding: Floats


def extras_of(
    config: Config,
    embedding_id: str,
    asked: Sequence[str],
    frames: Sequence[Looked],
    references: Sequence[Image.Image],
) -> list[Json]:
    """What was asked for, by name, of each frame. What cannot be had is left out: a latent distance
    without references, a guess by another network than the live one.

    Raises ThumbnailBundleError where a bundle cannot be used any more.
    """
    told: list[Json] = [{} for _ in frames]
    latent = latent_of(config) if LATENT in asked else None
    if latent is not None and frames and references:
        apart = distances(
            latent.vectors([one.image for one in frames]), latent.vectors(list(references))
        )
        for one, distance in zip(told, apart, strict=True):
            one[LATENT] = {"distance": float(distance)}
    guess = engagement_of(config) if ENGAGEMENT in asked else None
    if guess is not None and frames and guess.manifest.embedding_id == embedding_id:
        scores = guess.scores(np.stack([one.embedding for one in frames]))
        for one, score in zip(told, scores, strict=True):
            one[ENGAGEMENT] = {
                "target": guess.manifest.target,
                "factor": score.factor,
                "above": score.above,
                "found": guess.manifest.found,
                "own_effect": guess.own.model_dump(),
                "note": note(guess),
            }
    return told


@cache
def _latent(folder: Path) -> Latent:
    return Latent(folder, THREADS)


@cache
def _engagement(folder: Path) -> Engagement:
    return Engagement.load(folder)
