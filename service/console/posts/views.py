"""The parts of a post's page, from stored posts or from Try it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask import url_for
from flask_babel.speaklater import LazyString
from flask_login import current_user

from rules import Judgement, Sight
from service.console.frame.words import Words
from service.console.posts.evidence import borne_out_by, looked_at
from service.tables import Image, Json, Post, Verdict

Texts = Mapping[str, str]


@dataclass(frozen=True)
class Bar:
    """One label's score in one photograph, with the thresholds that made its fact.

    ``where`` is the address of a drawing of the places that speak for it.
    """

    label: str
    title: Texts
    score: float
    fact: bool | None
    true_at: float | None
    false_at: float | None
    where: str | None = None


@dataclass(frozen=True)
class Moment:
    """Where a frame is from: the number of its video, and the minutes and seconds.

    ``stands``: the labels beside it are those of the whole video.
    """

    video: int
    stamp: str
    stands: bool


@dataclass(frozen=True)
class PhotographView:
    """One photograph: ``source`` is its address, None where it could not be read (``error``).

    ``revealed`` is the address of what is under a veil; None where there is none.
    """

    number: int
    source: str | None
    width: int | None
    height: int | None
    bars: Sequence[Bar]
    error: str | None
    thumbnail: str | None = None
    revealed: str | None = None
    moment: Moment | None = None


@dataclass(frozen=True)
class Card:
    """One hashtag with its verdict. ``position`` tells it from the others in a form. ``is_voted``:
    neighbours were asked.

    ``borne_out_by`` has the numbers of the photographs that bear it out; empty where there is only
    one photograph, which needs no pointing at.
    """

    position: int
    tag: str
    verdict: str
    model_verdict: str
    category: Texts | None
    resolved_by: str
    confidence: float
    reason: Texts
    borne_out_by: Sequence[int] = ()
    is_voted: bool = False


@dataclass(frozen=True)
class Around:
    """The links and forms of a post's page.

    ``answer`` takes the form; None where nothing can be answered. ``back`` leads to the list of
    ``left`` posts named ``title``. ``skip`` leads to the next post; with ``gives_back`` it is
    sent as a form, for the case goes back to the queue. ``hand_over`` takes the form that gives the
    case to somebody else. ``place`` is the filter of the queue.
    """

    answer: str | None
    back: str
    title: LazyString
    left: int
    skip: str | None
    gives_back: bool = False
    hand_over: str | None = None
    place: Mapping[str, str] = field(default_factory=dict)


def photographs_of(post: Post, words: Words) -> list[PhotographView]:
    """The photographs of a stored post and the kept frames of its videos, in its order, veiled as
    whoever is signed in wants."""
    veiled = bool(current_user.preferences.veil)
    videos = {video.id: video.position + 1 for video in post.videos}
    return [
        PhotographView(
            number,
            _address("console.photograph", image),
            image.width,
            image.height,
            bars_of(image, post, words),
            (image.error or {}).get("code"),
            _address("console.thumbnail", image),
            _address("console.revealed", image) if veiled else None,
            _moment(image, videos),
        )
        for number, image in enumerate(post.images, 1)
    ]


def _moment(image: Image, videos: Mapping[int, int]) -> Moment | None:
    if image.video_id is None or image.frame is None:
        return None
    minutes, seconds = divmod(int(image.frame["time"]), 60)
    return Moment(videos[image.video_id], f"{minutes}:{seconds:02}", image.labels is not None)


def _address(endpoint: str, image: Image) -> str | None:
    return url_for(endpoint, image_id=image.id) if image.derivative else None


def bars_of(image: Image, post: Post, words: Words) -> list[Bar]:
    """The labels of a stored photograph, the likeliest first.

    Thresholds are those of the bundle in use, so they are left out where another one saw it.
    """
    thresholds = words.thresholds(post.bundle)
    bars = [
        Bar(
            name,
            words.label(name),
            seen["score"],
            seen["fact"],
            *thresholds.get(name, (None, None)),
            where=_where(image, name) if name in thresholds and seen["fact"] is not False else None,
        )
        for name, seen in _labels(image).items()
    ]
    return sorted(bars, key=lambda bar: -bar.score)


def _labels(image: Image) -> Json:
    """Of the frame that stands for a video those of the video, of others what they show alone."""
    return image.labels or (image.frame or {}).get("labels") or {}


def _where(image: Image, label: str) -> str | None:
    if image.derivative is None:
        return None
    return url_for("console.places", image_id=image.id, label=label)


def bars_of_sight(sight: Sight, words: Words) -> list[Bar]:
    """The labels of a photograph that was just looked at, the likeliest first."""
    bars = [
        Bar(
            name,
            words.label(name),
            seen.score,
            seen.fact,
            seen.true_at,
            seen.false_at,
            url_for("console.try_places", label=name) if seen.fact is not False else None,
        )
        for name, seen in sight.items()
    ]
    return sorted(bars, key=lambda bar: -bar.score)


def cards_of(post: Post, words: Words, shown: Mapping[str, str] | None = None) -> list[Card]:
    """The stored verdicts of a post; those ``shown`` in their place where the page says so."""
    numbers = looked_at(post) if len(post.images) > 1 else ()
    return [
        _card_of(verdict, words, (shown or {}).get(verdict.tag), numbers)
        for verdict in post.verdicts
    ]


def _card_of(verdict: Verdict, words: Words, shown: str | None, numbers: Sequence[int]) -> Card:
    return Card(
        verdict.position,
        verdict.tag,
        shown or verdict.verdict,
        verdict.model_verdict,
        words.category(verdict.category),
        verdict.resolved_by,
        verdict.confidence,
        verdict.reason,
        borne_out_by(verdict.trace, numbers),
        "votes" in verdict.trace,
    )


def cards_of_judgement(judgement: Judgement, words: Words, numbers: Sequence[int]) -> list[Card]:
    """The verdicts of a post that is not stored; ``numbers`` of the photographs looked at."""
    return [
        Card(
            position,
            verdict.tag,
            verdict.verdict.value,
            verdict.verdict.value,
            words.category(verdict.category),
            verdict.resolved_by,
            verdict.confidence,
            verdict.reason,
            borne_out_by(verdict.trace, numbers),
        )
        for position, verdict in enumerate(judgement.verdicts)
    ]
