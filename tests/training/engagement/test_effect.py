"""The picture's own effect: found where it was put in, and not where it was not."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from sklearn.metrics import r2_score

from training.engagement.card import Measured, write_card
from training.engagement.effect import Effect, channel_draws, cross_fit, effect, interval, slopes
from training.engagement.looks import rank
from training.engagement.models import LOSSES, Linear, Loss, Pictures, by_context
from training.engagement.numbers import Doubles, Numbers

CHANNELS, EACH = 60, 2


def made(own: float, seed: int = 0) -> tuple[Numbers, Doubles]:
    """Views by size, age, chance, and by the first of eight numbers of a picture, which also goes
    with size."""
    random = np.random.default_rng(seed)
    channel = np.repeat(np.arange(CHANNELS), EACH)
    size = np.repeat(random.normal(8, 2, CHANNELS), EACH)
    age = random.normal(4, 1, len(channel))
    rows = random.normal(size=(len(channel), 8))
    rows[:, 0] += 0.5 * (size - 8)
    counted = size + 0.3 * age + own * rows[:, 0] + random.normal(0, 0.6, len(channel))
    context = np.stack([age, size], axis=1)
    return Numbers("views", ("age", "channel size"), counted, context, channel), rows


@cache
def found(own: float, loss: Loss) -> Effect:
    numbers, rows = made(own)
    return effect(numbers, cross_fit(numbers, rows, loss), loss)


@pytest.mark.parametrize("loss", LOSSES)
def test_an_effect_of_the_pictures_own_is_found(loss: Loss) -> None:
    told = found(0.5, loss)
    assert told.found
    assert told.both.value > told.context.value > told.picture.value
    assert told.factor.low > 1


@pytest.mark.parametrize("loss", LOSSES)
def test_what_size_says_as_well_is_no_effect_of_the_pictures_own(loss: Loss) -> None:
    told = found(0.0, loss)
    assert told.picture.low > 0  # the picture tells of size, and so of views
    assert not told.found


def test_without_an_effect_the_card_says_so() -> None:
    numbers, _ = made(0.0)
    effects = [found(0.0, loss) for loss in LOSSES]
    card = write_card(Measured("views", numbers, "network", effects, []))
    assert "**No effect found: beside age and channel size" in card
    assert card.count("| no effect found |") == len(LOSSES)


def test_figures_are_those_of_the_definition() -> None:
    numbers, rows = made(0.5)
    said = cross_fit(numbers, rows, "squared")
    told = effect(numbers, said, "squared")
    assert told.both.value == pytest.approx(r2_score(numbers.counted, said.context + said.extra))
    assert told.own.value == pytest.approx(told.both.value - told.context.value)
    slope = np.polyfit(said.extra / said.extra.std(), numbers.counted - said.context, 1)[0]
    assert told.factor.value == pytest.approx(np.exp(slope))
    assert told == found(0.5, "squared")


def test_videos_of_a_channel_are_drawn_together() -> None:
    channel = np.array([0, 1, 0, 2])
    draws = channel_draws(channel)
    assert (draws[0] == 1).all()
    assert (draws[:, 0] == draws[:, 2]).all()
    assert (draws[1:, [0, 1, 3]].sum(axis=1) == 3).all()


def test_a_score_that_is_the_same_for_all_has_no_slope() -> None:
    assert slopes(np.ones(4), np.arange(4.0), np.ones((2, 4))).tolist() == [0, 0]


def test_intervals_of_many_comparisons_are_wider() -> None:
    values = np.random.default_rng(0).normal(size=2001)
    one, many = interval(values, 1), interval(values, 20)
    assert many.low < one.low < one.high < many.high


def test_looks_are_ranked_and_say_no_more_than_their_interval() -> None:
    random = np.random.default_rng(0)
    channel = np.arange(200)
    left, noise = random.normal(size=(2, 200))
    looks = rank({"noise": noise, "less": -left, "flat": np.ones(200)}, left, channel)
    assert [(one.name, one.says) for one in looks] == [
        ("less", "goes with fewer"),
        ("noise", "no effect found"),
        ("flat", "no effect found"),
    ]


def test_the_robust_loss_is_hardly_moved_by_a_few_wild_videos() -> None:
    context = np.linspace(0, 1, 50)[:, None]
    counted = 2 * context[:, 0]
    counted[-3:] += 40
    assert by_context(context, counted, "Huber").weights[0] == pytest.approx(2, abs=0.2)
    assert by_context(context, counted, "squared").weights[0] > 5


def test_a_model_of_components_is_told_as_one_of_embeddings() -> None:
    embeddings = np.random.default_rng(0).normal(size=(30, 6)).astype(np.float32)
    pictures = Pictures.of(embeddings)
    model = Linear(np.arange(6.0), 0.5)
    expected = model.predict(pictures.rows)
    assert pictures.on_embeddings(model).predict(embeddings) == pytest.approx(expected, abs=1e-5)
