"""One forward pass: embeddings, scores and facts that depend on the image alone."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from classifiers import Classifier
from classifiers.infer_requests import MOST, InferRequests
from classifiers.pixels import to_square


def test_no_images_give_no_predictions(classifier: Classifier) -> None:
    assert classifier.predict([]) == []


def test_each_prediction_is_complete(classifier: Classifier, images: list[Image.Image]) -> None:
    names = [label.name for label in classifier.bundle.labels]
    for prediction in classifier.predict(images):
        assert prediction.embedding.shape == (classifier.bundle.dimension,)
        assert prediction.embedding.dtype == np.float32
        assert np.linalg.norm(prediction.embedding) == pytest.approx(1, abs=1e-5)
        assert list(prediction.scores) == list(prediction.facts) == names
        assert all(0 <= score <= 1 for score in prediction.scores.values())


def test_a_batch_says_what_single_images_say(
    classifier: Classifier, images: list[Image.Image]
) -> None:
    together = classifier.predict(images)
    for image, prediction in zip(images, together, strict=True):
        (alone,) = classifier.predict([image])
        assert alone.facts == prediction.facts
        assert alone.embedding == pytest.approx(prediction.embedding, abs=1e-5)
        assert alone.scores == pytest.approx(prediction.scores, abs=1e-4)


def test_order_does_not_matter(classifier: Classifier, images: list[Image.Image]) -> None:
    forth, back = classifier.predict(images), classifier.predict(images[::-1])
    for one, other in zip(forth, back[::-1], strict=True):
        assert one.scores == pytest.approx(other.scores, abs=1e-4)


def test_more_images_than_go_through_at_once(
    classifier: Classifier, images: list[Image.Image]
) -> None:
    many = classifier.predict(images[:2] * 20)
    assert len(many) == 40
    assert many[0].scores == pytest.approx(many[38].scores, abs=1e-4)


def test_feature_maps_are_classified_as_their_images(
    classifier: Classifier, images: list[Image.Image]
) -> None:
    first = classifier.predict(images[:3])
    features = np.concatenate([_features(classifier, image) for image in images[:3]])
    again = classifier.classify(features)
    for one, other in zip(first, again, strict=True):
        assert other.scores == pytest.approx(one.scores, abs=1e-5)
        assert other.embedding == pytest.approx(one.embedding, abs=1e-6)


def _features(classifier: Classifier, image: Image.Image) -> np.ndarray:
    preprocessing = classifier.bundle.manifest.preprocessing
    square = np.asarray(to_square(image, preprocessing.size), np.float32)[None]
    pixels = square * preprocessing.scale + preprocessing.offset
    return InferRequests(classifier.network).infer(pixels.astype(np.float32))


def test_attention_is_a_map_between_zero_and_one(
    classifier: Classifier, images: list[Image.Image]
) -> None:
    for label in classifier.bundle.labels:
        seen = classifier.attention(images[0], label.name)
        assert seen.ndim == 2
        assert min(seen.shape) >= 4
        assert seen.dtype == np.float32
        assert seen.min() >= 0
        assert seen.max() <= 1 + 1e-6


def test_attention_follows_what_is_shown(classifier: Classifier, repository: Path) -> None:
    """A cat on the left of an empty wall is seen on the left, one on the right on the right."""
    cat = Image.open(repository / "demo" / "photos" / "cat.jpg").convert("RGB").resize((200, 200))
    for place, columns in ((0, slice(0, 2)), (200, slice(3, 5))):
        wall = Image.new("RGB", (400, 200), (225, 220, 210))
        wall.paste(cat, (place, 0))
        seen = classifier.attention(wall, "cat")
        assert seen[:, columns].sum() > 0.5 * seen.sum()


def test_a_look_is_the_prediction_with_the_attention_of_its_surest_label(
    classifier: Classifier, photographs: list[Image.Image]
) -> None:
    some = photographs[:3]
    for image, look, alone in zip(
        some, classifier.look(some), classifier.predict(some), strict=True
    ):
        assert look.prediction.facts == alone.facts
        assert look.prediction.embedding.tobytes() == alone.embedding.tobytes()
        true = [name for name, fact in alone.facts.items() if fact]
        surest = max(true or alone.scores, key=lambda name: alone.scores[name])
        np.testing.assert_allclose(look.map, classifier.attention(image, surest), atol=1e-5)
    assert classifier.look([]) == []


@pytest.fixture(scope="module")
def photographs(repository: Path) -> list[Image.Image]:
    """Eight photographs of different things, small so that passes follow each other quickly."""
    files = sorted((repository / "demo" / "photos").glob("*.jpg"))[:8]
    return [Image.open(file).convert("RGB").resize((300, 300)) for file in files]


def test_threads_get_their_own_photographs_predictions(
    classifier: Classifier, photographs: list[Image.Image]
) -> None:
    alone = [classifier.predict([image])[0] for image in photographs]
    assert len({prediction.embedding.tobytes() for prediction in alone}) == len(photographs) == 8
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda image: classifier.predict([image])[0], photographs * 2))
    for prediction, expected in zip(found, alone * 2, strict=True):
        assert np.array_equal(prediction.embedding, expected.embedding)
        assert prediction.scores == expected.scores
        assert prediction.facts == expected.facts


def test_threads_get_their_own_photographs_attention(
    classifier: Classifier, photographs: list[Image.Image]
) -> None:
    """Half of the threads predict meanwhile: both use the same network."""
    label = classifier.bundle.labels[0].name
    alone = [classifier.attention(image, label) for image in photographs]
    with ThreadPoolExecutor(8) as pool:
        others = [pool.submit(classifier.predict, [image]) for image in photographs]
        found = list(pool.map(lambda image: classifier.attention(image, label), photographs * 2))
    assert all(other.result() for other in others)
    for seen, expected in zip(found, alone * 2, strict=True):
        assert np.array_equal(seen, expected)


def test_a_pass_that_fails_leaves_its_request_to_the_next(
    classifier: Classifier, photographs: list[Image.Image]
) -> None:
    """More failures than there are requests: were one lost with each, the last call would hang."""
    requests = InferRequests(classifier.network)
    for _ in range(2 * MOST):
        with pytest.raises(RuntimeError):
            requests.infer(np.zeros((1, 2, 3), np.float32))
    size = classifier.bundle.manifest.preprocessing.size
    assert requests.infer(np.zeros((1, size, size, 3), np.float32)).shape[0] == 1


def test_attention_knows_only_the_bundles_labels(
    classifier: Classifier, images: list[Image.Image]
) -> None:
    with pytest.raises(KeyError):
        classifier.attention(images[0], "unicorn")


def test_serving_does_not_import_tensorflow() -> None:
    code = "import classifiers, sys; print({'tensorflow', 'keras'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
