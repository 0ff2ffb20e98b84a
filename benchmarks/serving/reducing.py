"""What it changes to make photographs smaller before a network looks at them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from PIL import Image

from benchmarks.serving.looking import Agreement, agreement
from classifiers import Classifier
from pictures import reduced
from service.screening.pictures import look_pixels

PIXELS = 1080  # of the longer side: what a platform sends
SHAPES = {"as they are": None, "1:1": 1.0, "16:9": 16 / 9, "2.2:1": 2.2}
Way = Callable[[Image.Image], Image.Image]


def reducing(
    images: Sequence[Image.Image], classifier: Classifier
) -> Iterator[tuple[str, str, Agreement]]:
    """Each shape of the photographs and each way, compared with photographs of 1,080 pixels."""
    ways: Mapping[str, Way] = {
        f"shorter side {look_pixels(classifier.bundle)} or more (served)": lambda image: reduced(
            image, look_pixels(classifier.bundle)
        ),
        "longer side 384 or more": lambda image: image.reduce(max(1, max(image.size) // 384)),
        "longer side 384, resampled": lambda image: _resampled(image, 384),
        "longer side 512, resampled": lambda image: _resampled(image, 512),
    }
    for shape, width_to_height in SHAPES.items():
        large = [_resampled(_cropped(image, width_to_height), PIXELS) for image in images]
        whole = classifier.predict(large)
        for name, way in ways.items():
            seen = classifier.predict([way(image) for image in large])
            yield shape, name, agreement(whole, seen)


def _cropped(image: Image.Image, width_to_height: float | None) -> Image.Image:
    """The middle of a photograph, in another shape."""
    if width_to_height is None:
        return image
    width = min(image.width, round(image.height * width_to_height))
    height = min(image.height, round(width / width_to_height))
    left, top = (image.width - width) // 2, (image.height - height) // 2
    return image.crop((left, top, left + width, top + height))


def _resampled(image: Image.Image, longer: int) -> Image.Image:
    small = image.copy()
    small.thumbnail((longer, longer), reducing_gap=2.0)
    return small
