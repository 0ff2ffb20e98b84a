"""One network says the same in Keras, in which it is trained, and in OpenVINO, which serves it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from benchmarks.serving.photographs import as_from_a_phone, quarters, read, scaled
from benchmarks.serving.restored import restored
from classifiers import Bundle, Classifier, Prediction
from pictures import ImageLimits, open_image
from training.fit.network import export_network

AT_ONCE = 4  # photographs; Keras keeps what is between all layers: 80 MB for each
LARGE = 2  # photographs of twelve megapixels: each takes two seconds


# On a busy machine, TensorFlow's import alone takes long.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def photographs(repository: Path) -> list[Image.Image]:
    """Every photograph of the demo; of every other one a corner."""
    whole = read(repository / "demo" / "photos", at_most=100)
    return [quarters(one)[place // 2 % 4] if place % 2 else one for place, one in enumerate(whole)]


@pytest.fixture(scope="module")
def model(starter: Bundle) -> Any:
    return restored(starter)


@pytest.fixture(scope="module")
def in_keras(
    model: Any, classifier: Classifier, photographs: list[Image.Image]
) -> list[Prediction]:
    pixels = scaled(photographs, classifier.bundle)
    # Not ``predict``, which would compile the network first.
    batches = np.split(pixels, range(AT_ONCE, len(pixels), AT_ONCE))
    features = np.concatenate([np.asarray(model(one, training=False)) for one in batches])
    return classifier.classify(features.astype(np.float32))


def same(ones: list[Prediction], others: list[Prediction]) -> bool:
    """Embeddings of a cosine of at least .999, and not one other fact."""
    return all(
        float(one.embedding @ other.embedding) >= 0.999 and one.facts == other.facts
        for one, other in zip(ones, others, strict=True)
    )


def test_keras_and_the_served_bundle_agree(
    classifier: Classifier, photographs: list[Image.Image], in_keras: list[Prediction]
) -> None:
    """In Keras the same weights compute in float32: embeddings differ by the rounding of what lies
    between the layers. Facts are not compared: they are promised of the network that is served."""
    served = classifier.predict(photographs)
    assert {fact for prediction in served for fact in prediction.facts.values()} >= {True, False}
    for one, other in zip(in_keras, served, strict=True):
        assert float(one.embedding @ other.embedding) >= 0.95


def test_what_is_exported_says_what_keras_says(
    model: Any,
    starter: Bundle,
    photographs: list[Image.Image],
    in_keras: list[Prediction],
    tmp_path: Path,
) -> None:
    export_network(model, tmp_path)
    in_float = starter.manifest.model_copy(update={"precision": "float32", "canary": ()})
    exported = Classifier(replace(starter, path=tmp_path, manifest=in_float), threads=2)
    assert same(in_keras, exported.predict(photographs))


def test_another_photograph_is_not_the_same(in_keras: list[Prediction]) -> None:
    assert not same(in_keras[:2], in_keras[1::-1])


def test_large_jpegs_may_be_decoded_small(
    classifier: Classifier, photographs: list[Image.Image]
) -> None:
    """Photographs of phones, decoded whole and as the service and the training decode them."""
    size = 2 * classifier.bundle.manifest.preprocessing.size
    for photograph in photographs[:LARGE]:
        file = as_from_a_phone(photograph)
        whole = open_image(file, ImageLimits(), at_least=10**6)
        small = open_image(file, ImageLimits())
        smaller = open_image(file, ImageLimits(), at_least=size)
        assert min(whole.size) >= 3000
        assert whole.width > 1.9 * small.width > 3.6 * smaller.width
        exact, *others = classifier.predict([whole, small, smaller])
        assert all(float(exact.embedding @ other.embedding) >= 0.995 for other in others)
