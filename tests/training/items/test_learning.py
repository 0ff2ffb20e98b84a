"""Losses against values worked out by hand; then films to a bundle that finds their like.

One module, because TensorFlow takes seconds to import.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from items import ItemBundle, ItemEncoder
from items.inputs import Layout
from training.commands.parser import run
from training.errors import TrainingError
from training.fit.keep import Keep
from training.items.concatenation import Concatenation, fit_concatenation
from training.items.films import read_films
from training.items.fit import Schedule, fit
from training.items.losses import LOSSES, info_nce, triplet_semi_hard, vse
from training.items.network import mlp_fusion
from training.items.views import Views

Floats = NDArray[np.float32]

# Four points on a circle: cosines are .5 (0, 1), 0 (0, 2), -1 (0, 3), √.75 (1, 2) …
ANGLES = np.radians([0, 60, 90, 180])
POINTS = np.stack([np.cos(ANGLES), np.sin(ANGLES)], axis=1)
SIMILAR = np.array([[0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 1], [0, 0, 1, 0]], float)
COSINE = POINTS @ POINTS.T
DISTANCE = np.sqrt(2 - 2 * COSINE.clip(-1, 1))
D01, D02, D03, D12, D13, D23 = DISTANCE[np.triu_indices(4, 1)]


def lost(name: str) -> float:
    import tensorflow as tf

    return float(LOSSES[name](tf.constant(POINTS), tf.constant(SIMILAR)))


def sigmoid(value: float) -> float:
    return float(1 / (1 + np.exp(-value)))


def test_contrastive() -> None:
    close = (D01**2 + D23**2) / 2
    apart = (1 - D12) ** 2 / 4  # of the four pairs that are not similar, one is nearer than 1
    assert lost("contrastive") == pytest.approx((close + apart) / 2)


def test_triplet_with_hard_negatives() -> None:
    hinges = [D01 - D02, D01 - D12, D23 - D12, D23 - D13]
    assert lost("triplet-hard") == pytest.approx(np.mean([max(h + 0.2, 0) for h in hinges]))


def test_triplet_with_semi_hard_negatives() -> None:
    # 0 and 3 have one further than their similar one, the nearest of which counts; 1 has 3; 2 has
    # none (both are as near or nearer), so that its furthest other one counts.
    chosen = [D02, D13, D02, D13]
    own = [D01, D01, D23, D23]
    hinges = [max(p**2 - n**2 + 0.2, 0) for p, n in zip(own, chosen, strict=True)]
    assert lost("triplet-semi-hard") == pytest.approx(np.mean(hinges), abs=1e-6)


def test_vse_takes_the_hardest_of_both_sides() -> None:
    hardest = [0.0, 0.75**0.5, 0.75**0.5, -0.5]
    pairs = [(0.5, 0, 1), (0.5, 1, 0), (0.0, 2, 3), (0.0, 3, 2)]
    hinges = [max(0.2 - s + hardest[a], 0) + max(0.2 - s + hardest[p], 0) for s, a, p in pairs]
    assert lost("vse++") == pytest.approx(np.mean(hinges))


def test_z_times_its_sigmoid() -> None:
    gaps = [D01 - D02, D01 - D03, D01 - D12, D01 - D13, D23 - D02, D23 - D12, D23 - D03, D23 - D13]
    assert lost("z-sigmoid") == pytest.approx(np.mean([z * sigmoid(z) for z in gaps]))


def test_info_nce_is_the_cross_entropy_of_the_similar_one() -> None:
    each = []
    for one, similar in ((0, 1), (1, 0), (2, 3), (3, 2)):
        others = np.delete(COSINE[one], one) / 0.1
        each.append(np.log(np.exp(others).sum()) - COSINE[one, similar] / 0.1)
    assert lost("info-nce") == pytest.approx(np.mean(each))


def test_info_nce_weighs_similar_items_by_strength() -> None:
    import tensorflow as tf

    strength = np.zeros((4, 4))
    strength[0, 1], strength[0, 2] = 3, 1
    found = float(info_nce(tf.constant(POINTS), tf.constant(strength), temperature=1.0))
    total = np.log(np.exp(COSINE[0, 1:]).sum())
    assert found == pytest.approx(total - 0.75 * COSINE[0, 1] - 0.25 * COSINE[0, 2])


@pytest.mark.parametrize("name", sorted(LOSSES))
def test_gradients_are_those_of_the_values(name: str) -> None:
    import tensorflow as tf

    random = np.random.default_rng(4)
    raw = random.normal(size=(6, 3))
    strength = np.kron(np.eye(3), np.ones((2, 2))) - np.eye(6)

    def value(points: Any) -> Any:
        return LOSSES[name](tf.math.l2_normalize(points, axis=1), tf.constant(strength))

    points = tf.Variable(raw)
    with tf.GradientTape() as tape:
        total = value(points)
    gradient = tape.gradient(total, points).numpy()
    assert np.abs(gradient).max() > 1e-3
    for row, column in ((0, 0), (2, 1), (5, 2)):
        step = np.zeros_like(raw)
        step[row, column] = 1e-6
        slope = (
            float(value(tf.constant(raw + step))) - float(value(tf.constant(raw - step)))
        ) / 2e-6
        assert gradient[row, column] == pytest.approx(slope, abs=1e-4)


@pytest.mark.parametrize("name", sorted(LOSSES))
def test_a_batch_without_similar_items_costs_nothing(name: str) -> None:
    import tensorflow as tf

    points = tf.Variable(np.stack([POINTS[0], POINTS[3]]))
    with tf.GradientTape() as tape:
        total = LOSSES[name](points, tf.zeros((2, 2), tf.float64))
    assert float(total) == pytest.approx(0)
    assert np.isfinite(tape.gradient(total, points).numpy()).all()


def small() -> tuple[Views, Floats, Concatenation]:
    random = np.random.default_rng(2)
    layout = Layout.of(text=6, tags=3, picture=8)
    inputs = random.normal(size=(24, layout.width)).astype(np.float32)
    strength = np.kron(np.eye(12), np.ones((2, 2))).astype(np.float32)
    start = fit_concatenation(inputs, layout, 16)
    return Views(inputs, np.arange(24), layout), strength, start


def test_an_untrained_network_is_the_concatenation() -> None:
    views, _, start = small()
    model = mlp_fusion(views.layout, start, width=8)
    given = views.inputs.copy()
    given[3, slice(*views.layout.picture)] = 0
    assert np.allclose(model(given), start.vectors(given, views.layout), atol=1e-5)


@pytest.mark.usefixtures("eagerly")
def test_a_training_that_was_stopped_ends_as_one_that_was_not(tmp_path: Path) -> None:
    import keras

    views, strength, start = small()

    def trained(epochs: int, keep: Path | None) -> tuple[list[Floats], list[float]]:
        keras.utils.set_random_seed(1)
        model = mlp_fusion(views.layout, start, width=8)
        kept = None if keep is None else Keep.of(keep, views.inputs)
        scores = iter([0.0, 3.0, 2.0, 1.0, 4.0])

        def score(_: object) -> float:
            return next(scores)

        progress = fit(
            model, views, strength, vse, score, Schedule(epochs=epochs, batch=8), "x", kept
        )
        return model.get_weights(), list(progress.scores)

    whole, scores = trained(2, None)
    trained(1, tmp_path)
    again, resumed = trained(2, tmp_path)
    assert len(scores) == len(resumed) == 2
    # A step moves a weight by about 3e-4; another order of sums by far less.
    assert all(np.allclose(a, b, atol=1e-5) for a, b in zip(whole, again, strict=True))


def test_another_training_does_not_go_on_with_what_was_kept(tmp_path: Path) -> None:
    first, second = Keep.of(tmp_path, Schedule()), Keep.of(tmp_path, Schedule(seed=1))
    assert first.key != second.key


@pytest.mark.usefixtures("eagerly")
def test_a_training_ends_when_nothing_gets_better() -> None:
    views, strength, start = small()
    model = mlp_fusion(views.layout, start, width=8)
    before = model.get_weights()
    schedule = Schedule(epochs=9, patience=2)
    progress = fit(model, views, strength, triplet_semi_hard, lambda _: 1.0, schedule, "x")
    assert (progress.epoch, progress.best_epoch) == (2, 0)
    assert all(np.array_equal(a, b) for a, b in zip(before, model.get_weights(), strict=True))


def test_attention_learns_which_of_the_pictures_tells() -> None:
    """Two films of a pair share a picture that is marked; their others are noise."""
    from training.items.pooling import fit_query

    random = np.random.default_rng(5)
    same = np.repeat(random.normal(size=(12, 1, 16)), 2, axis=0)
    noise = random.normal(size=(24, 2, 16))
    pictures = np.concatenate([same, noise], axis=1).astype(np.float32)
    pictures[:, :, 0] = (3, -3, -3)
    pictures /= np.linalg.norm(pictures, axis=2, keepdims=True)
    strength = np.kron(np.eye(12), np.ones((2, 2)) - np.eye(2)).astype(np.float32)
    query = fit_query([None, *pictures], np.pad(strength, ((1, 0), (1, 0))))
    told = pictures @ query
    assert (told.argmax(axis=1) == 0).all()


def test_the_ends_of_a_poster_are_pictures_of_their_own(world: Path, cache: Path) -> None:
    from classifiers import Bundle
    from training.fit.frozen import frozen_of
    from training.items.pictures import embed_parts, embed_posters

    network = frozen_of(Bundle.load(Path("models/starter")), cache)
    posters = [read_films(world)[0].poster, world / "none.jpg"]
    (parts, missing), (whole, _) = embed_parts(posters, network), embed_posters(posters, network)
    assert parts is not None
    assert whole is not None
    assert missing is None
    assert parts.shape == (3, len(whole))
    assert np.allclose(parts[0], whole)
    assert not np.allclose(parts[1], parts[2], atol=1e-3)
    (again, _) = embed_parts(posters, network)
    assert again is not None
    assert np.array_equal(parts, again)


@pytest.fixture(scope="module")
def trained(world: Path, cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("bundles") / "films"
    command = ["items", "train", str(world), "--out", str(out), "--epochs", "2"]
    assert run([*command, "--cache", str(cache), "--pooling", "attention"]) == 0
    return out


def test_training_gives_a_bundle_that_serves(trained: Path, world: Path) -> None:
    bundle = ItemBundle.load(trained)
    encoder = ItemEncoder(bundle)
    films = read_films(world)
    comedy, other, horror = encoder.vectors(
        [films[n].item(films[n].texts, None) for n in (0, 5, 25)]
    )
    assert comedy @ other > comedy @ horror
    assert bundle.manifest.tags.keys() == {"comedy", "horror", "western"}
    assert bundle.manifest.pooling == "attention"
    assert bundle.inputs.query is not None
    card = (trained / "card.md").read_text("utf-8")
    assert "weighed by learned attention" in card
    assert "60 films with 59 posters (15 with a Korean text)" in card
    assert len(bundle.manifest.metrics["rows"]) == 9


def test_films_are_embedded_whether_or_not_they_are_rated(
    trained: Path, world: Path, cache: Path, tmp_path: Path
) -> None:
    held = tmp_path / "held"
    held.mkdir()
    (held / "posters").symlink_to(world / "posters")
    text = "imdb_id,title,plot,genres\n" + "\n".join(
        f"{f.id},{f.title},{f.texts[0]},{f.genres[0]}" for f in reversed(read_films(world))
    )
    (held / "movies.csv").write_text(text, "utf-8")
    out = tmp_path / "vectors.out"
    command = ["items", "embed", str(trained), str(held), "--out", str(out)]
    assert run([*command, "--cache", str(cache)]) == 0
    with np.load(out) as found:
        assert found["ids"].tolist() == [f"tt{n:07}" for n in reversed(range(60))]
        assert found["vectors"].shape == (60, 256)
        assert found["vectors"].dtype == np.float32
        assert np.allclose(np.linalg.norm(found["vectors"], axis=1), 1, atol=1e-4)


def test_a_bundle_is_measured(
    trained: Path, world: Path, cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["items", "evaluate", str(trained), str(world), "--json"]
    assert run([*command, "--cache", str(cache)]) == 0
    told = capsys.readouterr()
    rows = {row["name"]: row for row in json.loads(told.out)}
    assert rows["everything"]["recall"][1] > 90
    assert "flatters" in told.err


def test_the_classifier_must_be_the_one_that_it_learned_with(
    trained: Path, world: Path, tmp_path: Path
) -> None:
    from training.items.embed import posters_of

    bundle = ItemBundle.load(trained)
    other = replace(bundle, manifest=bundle.manifest.model_copy(update={"pictures_by": "other"}))
    starter = Path("models/starter")
    with pytest.raises(TrainingError, match="name the right one with --classifier"):
        posters_of(read_films(world), other, starter, tmp_path)
