"""What the picture adds to what is known, measured on channels that no model was fitted to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import GroupKFold
from threadpoolctl import threadpool_limits

from training.engagement.models import Loss, by_context, by_picture
from training.engagement.numbers import Doubles, Numbers

FOLDS = 10
DRAWS = 2000
FROZEN = "frozen"
MIDDLE = (2.5, 97.5)  # per cent of the draws: a 95 % interval


@dataclass(frozen=True)
class CrossFit:
    """What models said of each video that were fitted to other channels, float64 [n] each.

    ``picture`` predicts from the thumbnail alone; ``extra`` is what the thumbnail is expected to
    add to ``context``.
    """

    context: Doubles
    picture: Doubles
    extra: Doubles

    @property
    def both(self) -> Doubles:
        """By what is known and the thumbnail together."""
        return self.context + self.extra


@dataclass(frozen=True)
class Figure:
    """A value with the bounds that hold it in 95 of 100 draws of channels."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"


@dataclass(frozen=True)
class Effect:
    """R² of each model, the share of the variance of the logarithm that it explains, on channels
    that it was not fitted to. ``own`` is R² of both minus R² of what is known: the picture's own.

    ``factor`` is by how much the target is multiplied, beyond what is known, where the thumbnail's
    score is one standard deviation higher. ``network`` says what became of the network.
    """

    loss: Loss
    context: Figure
    picture: Figure
    both: Figure
    own: Figure
    factor: Figure
    network: str = FROZEN

    @property
    def found(self) -> bool:
        """Whether the picture's own effect is above 0 within its interval."""
        return self.own.low > 0


def cross_fit(numbers: Numbers, pictures: Doubles, loss: Loss) -> CrossFit:
    """Ten-fold, no channel in two folds.

    The thumbnail's part of both is fitted to what age and size leave unexplained, so that it gets
    no credit for what these say as well. ``pictures`` are the rows of ``Pictures``.
    """
    # Of so little work threads only wait for each other.
    with threadpool_limits(1):
        return _cross_fit(numbers, pictures, loss)


def _cross_fit(numbers: Numbers, pictures: Doubles, loss: Loss) -> CrossFit:
    context, picture, extra = (np.zeros(len(pictures)) for _ in range(3))
    folds = GroupKFold(min(FOLDS, len(np.unique(numbers.channel))), shuffle=True, random_state=0)
    for fit, held in folds.split(pictures, groups=numbers.channel):
        known = by_context(numbers.context[fit], numbers.counted[fit], loss)
        context[held] = known.predict(numbers.context[held])
        left = numbers.counted[fit] - known.predict(numbers.context[fit])
        channel = numbers.channel[fit]
        alone = by_picture(pictures[fit], numbers.counted[fit], channel, loss)
        picture[held] = alone.predict(pictures[held])
        extra[held] = by_picture(pictures[fit], left, channel, loss).predict(pictures[held])
    return CrossFit(context, picture, extra)


def effect(numbers: Numbers, said: CrossFit, loss: Loss, network: str = FROZEN) -> Effect:
    """All figures, with bootstrap intervals over channels (Efron 1979)."""
    draws = channel_draws(numbers.channel)
    counted = numbers.counted
    r2 = {
        name: _r2(counted, values, draws)
        for name, values in (
            ("context", said.context),
            ("picture", said.picture),
            ("both", said.both),
        )
    }
    figures = {name: figure(values) for name, values in r2.items()}
    own = figure(r2["both"] - r2["context"])
    factor = figure(np.exp(slopes(said.extra, counted - said.context, draws)))
    return Effect(loss, **figures, own=own, factor=factor, network=network)


def channel_draws(channel: NDArray[np.int64], seed: int = 0) -> Doubles:
    """How often each video counts, float64 [1 + draws, n]: first each once, then channels drawn
    with replacement."""
    random = np.random.default_rng(seed)
    count = int(channel.max()) + 1
    drawn = random.multinomial(count, np.full(count, 1 / count), size=DRAWS)
    return np.concatenate([np.ones((1, len(channel))), drawn[:, channel]]).astype(np.float64)


def slopes(score: Doubles, left: Doubles, weights: Doubles) -> Doubles:
    """How much higher ``left`` is where ``score`` is one standard deviation higher, in each draw.

    Zero where all scores are the same.
    """
    total = weights.sum(axis=1)
    mean = (weights @ score / total)[:, None]
    middle = (weights @ left / total)[:, None]
    variance = (weights * (score - mean) ** 2).sum(axis=1) / total
    common = (weights * (score - mean) * (left - middle)).sum(axis=1) / total
    deviation = np.sqrt(variance)
    return np.where(deviation > 1e-9, common / np.maximum(deviation, 1e-9), 0.0)


def _r2(counted: Doubles, predicted: Doubles, weights: Doubles) -> Doubles:
    mean = (weights @ counted / weights.sum(axis=1))[:, None]
    wrong = weights @ (counted - predicted) ** 2
    return np.asarray(1 - wrong / (weights * (counted - mean) ** 2).sum(axis=1), np.float64)


def figure(values: Doubles, middle: tuple[float, float] = MIDDLE) -> Figure:
    """The first value with the bounds that hold the others, which are of draws."""
    low, high = np.percentile(values[1:], middle)
    return Figure(float(values[0]), float(low), float(high))


def interval(values: Doubles, comparisons: int) -> Figure:
    """As wide as it must be for all of so many comparisons to hold together (Bonferroni)."""
    edge = MIDDLE[0] / comparisons
    return figure(values, (edge, 100 - edge))
