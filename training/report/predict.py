"""What a bundle says of image files."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from PIL import Image

from classifiers import Classifier, Prediction
from pictures import ImageError, ImageLimits, open_image
from training.errors import TrainingError
from training.report.explain import explain

CHUNK = 16

Answer = tuple[Path, Prediction | None, str | None]


def predict_files(classifier: Classifier, files: Sequence[Path]) -> Iterator[Answer]:
    """Each file, in order, with its prediction or with what was wrong with it."""
    for start in range(0, len(files), CHUNK):
        opened = [(file, *_open(file)) for file in files[start : start + CHUNK]]
        found = iter(classifier.predict([image for _, image, _ in opened if image is not None]))
        for file, image, trouble in opened:
            yield file, None if image is None else next(found), trouble


def explain_files(classifier: Classifier, files: Sequence[Path], folder: Path) -> Iterator[Path]:
    """Writes the class-activation maps of files that can be read; names begin with their number.

    Raises TrainingError where the folder cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise TrainingError(f"{folder} cannot be made ({error.strerror}): name another.") from error
    for number, file in enumerate(files, 1):
        image, _ = _open(file)
        if image is not None:
            (found,) = classifier.predict([image])
            yield from explain(classifier, image, found, f"{number:03}-{file.stem}", folder)


def as_json(answer: Answer) -> str:
    """One line: file, labels with score and fact, error."""
    file, prediction, trouble = answer
    labels = (
        {
            name: {"score": round(score, 6), "fact": prediction.facts[name]}
            for name, score in prediction.scores.items()
        }
        if prediction
        else {}
    )
    return json.dumps({"file": str(file), "labels": labels, "error": trouble}, ensure_ascii=False)


def as_text(answer: Answer) -> str:
    """One line for a person: what is shown, what may be, or what was wrong."""
    file, prediction, trouble = answer
    if prediction is None:
        return f"{file}: {trouble}"
    named = sorted(prediction.scores.items(), key=lambda item: -item[1])
    shown = [f"{name} {score:.2f}" for name, score in named if prediction.facts[name] is True]
    unsure = [f"{name} {score:.2f}" for name, score in named if prediction.facts[name] is None]
    line = f"{file}: {', '.join(shown) or 'none of the labels'}"
    return f"{line} (unknown: {', '.join(unsure)})" if unsure else line


def _open(file: Path) -> tuple[Image.Image | None, str | None]:
    try:
        return open_image(file.read_bytes(), ImageLimits()), None
    except OSError as error:
        return None, f"The file cannot be read: {error.strerror}."
    except ImageError as error:
        return None, error.message
