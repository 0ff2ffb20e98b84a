"""Backbones and ways to train them, side by side on the same photographs."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from classifiers.bundle import WEIGHTS
from classifiers.calibration import sigmoid
from classifiers.heads import log_odds
from training.data.clean import read_photos
from training.data.folder import label_names
from training.data.folds import split
from training.data.labels import Meanings
from training.data.photo import Photo
from training.data.targets import Targets, make_targets
from training.errors import TrainingError
from training.fit.aside import aside
from training.fit.backbones import BACKBONES, Backbone, untrained
from training.fit.embed import Embedded, embed_photos
from training.fit.finetune import Schedule, State, fine_tune
from training.fit.frozen import Frozen, frozen, frozen_random
from training.fit.probe import balanced, fit_heads
from training.promise.crossfit import embeddings
from training.report.intervals import Scored, scored
from training.runs.settings import precision_here

Floats = NDArray[np.float32]
Rows = NDArray[np.intp]

ROWS = "rows.jsonl"
BINARY, CLASSES, LABELS, SCRATCH = (
    "frozen, a binary classifier per label",
    "frozen, one multi-class head",
    "frozen, one multi-label head",
    "from scratch, one multi-label head",
)
ROOM = 9 / 7
BATCH, ROUNDS = 16, 4


@dataclass(frozen=True)
class Comparison:
    """What is compared, and how long from scratch is trained.

    ``weights`` is a folder with files named as ``weights_file`` says; None lets Keras download.
    ``photos`` caps how many photographs are drawn (seeded). A network without a file is measured
    with random weights, and the row says so. ``from_scratch`` adds that way, which takes minutes.
    """

    backbones: tuple[str, ...]
    out: Path
    cache: Path
    weights: Path | None
    photos: int | None
    from_scratch: bool
    scratch_size: int
    scratch_epochs: int
    seed: int


@dataclass(frozen=True)
class BackboneRow:
    """One backbone trained one way; shares with their 95 % bootstrap interval.

    Times are of the processor, summed over its cores, so that a busy machine hardly changes them:
    ``images_a_second`` of one core when serving, ``seconds`` to train, embeddings apart. ``of``
    tells what was compared: rows of other photographs are never in one table.
    """

    backbone: str
    way: str
    weights: str
    size: int
    scored: dict[str, list[float]]
    images_a_second: float
    megabytes: float
    seconds: float
    of: str = ""


def weights_file(backbone: Backbone) -> str:
    """How the file with a network's no-top weights is named."""
    return f"{backbone.network.lower()}_notop.weights.h5"


def compare(
    asked: Comparison, photos: Sequence[Photo], meanings: Meanings, say: Callable[[str], None]
) -> list[BackboneRow]:
    """Returns every row. Rows that ``out`` holds from a run before are not trained again.

    The test is the first of three parts that share no source as far as labels allow. Raises
    TrainingError where ``out`` holds rows of other photographs.
    """
    chosen = _drawn(photos, asked)
    asked.out.mkdir(parents=True, exist_ok=True)
    of = _of(chosen, meanings, asked.seed)
    done = _done(asked.out / ROWS, of)
    scratch = f"{of}-{asked.scratch_size}-{asked.scratch_epochs}"
    for name in asked.backbones:
        known = "ImageNet" if _weights(asked, BACKBONES[name])[1] else "random"
        before = {
            row.way
            for row in done
            if row.backbone == name
            and (row.of == scratch if row.way == SCRATCH else row.weights == known)
        }
        for found in _rows(asked, BACKBONES[name], chosen, meanings, before):
            row = replace(found, of=scratch if found.way == SCRATCH else of)
            say(f"{row.backbone}, {row.way}: macro F1 {row.scored['macro F1'][0]:.3f}")
            done = [one for one in done if (one.backbone, one.way) != (row.backbone, row.way)]
            done.append(row)
            lines = [json.dumps(asdict(one), ensure_ascii=False) for one in done]
            with aside(asked.out / ROWS) as half:
                half.write_text("\n".join(lines) + "\n", "utf-8")
    return done


def _of(photos: Sequence[Photo], meanings: Meanings, seed: int) -> str:
    """What tells a comparison from one of other photographs, other labels or another split."""
    digest = hashlib.sha256(f"{seed} {sorted(meanings.labels.items())}".encode())
    for one in photos:
        labels = [sorted(some) for some in (one.labels, one.absent, one.unknown)]
        digest.update(repr((one.name, one.source, labels)).encode())
    return digest.hexdigest()[:16]


def _done(path: Path, of: str) -> list[BackboneRow]:
    if not path.is_file():
        return []
    try:
        lines = path.read_text("utf-8").splitlines()
        found = [BackboneRow(**json.loads(line)) for line in lines]
    except (ValueError, TypeError) as error:
        raise TrainingError(
            f"{path} cannot be read ({error}): remove it, or name another folder with --out."
        ) from error
    if any(row.of.split("-")[0] != of for row in found):
        raise TrainingError(
            f"{path.parent} holds a comparison of other photographs, labels or chance, or of an "
            "older release: name another folder with --out."
        )
    return found


def _weights(asked: Comparison, backbone: Backbone) -> tuple[Path | None, bool]:
    """The file with a network's weights, and whether they can be had."""
    file = None if asked.weights is None else asked.weights / weights_file(backbone)
    return file, file is None or file.is_file()


def _drawn(photos: Sequence[Photo], asked: Comparison) -> list[Photo]:
    if asked.photos is None or asked.photos >= len(photos):
        return list(photos)
    places = np.random.default_rng(asked.seed).permutation(len(photos))[: asked.photos]
    return [photos[place] for place in sorted(places)]


def _rows(
    asked: Comparison,
    backbone: Backbone,
    photos: Sequence[Photo],
    meanings: Meanings,
    before: Collection[str],
) -> Iterator[BackboneRow]:
    ways = [*_WAYS, SCRATCH] if asked.from_scratch else list(_WAYS)
    left = [way for way in ways if way not in before]
    if not left:
        return
    file, known = _weights(asked, backbone)
    network = (
        frozen(backbone, backbone.size, file, asked.cache)
        if known
        else frozen_random(backbone, backbone.size, asked.seed, asked.cache)
    )
    speed, size = _speed(network), (network.folder / WEIGHTS).stat().st_size / 2**20
    origin = "ImageNet" if known else "random"
    plain = BackboneRow(backbone.name, "", origin, backbone.size, {}, speed, size, 0.0)
    if set(left) & set(_WAYS):
        found = embed_photos(photos, network)
        targets, learn, held = _parts(found.photos, meanings, asked.seed)
        for way in (way for way in left if way in _WAYS):
            started = time.process_time()
            odds = _WAYS[way](found, targets.take(learn), learn)(found.embeddings[held])
            seconds = time.process_time() - started
            yield replace(plain, way=way, scored=_scored(odds, targets, held), seconds=seconds)
    if SCRATCH in left:
        yield _from_scratch(asked, backbone, photos, meanings, plain)


def _parts(photos: Sequence[Photo], meanings: Meanings, seed: int) -> tuple[Targets, Rows, Rows]:
    names = meanings.ordered(label_names(photos))
    if not names:
        raise TrainingError("None of the photographs has a label: there is nothing to compare.")
    targets = make_targets(photos, names, meanings)
    part = split([photo.source for photo in photos], targets, seed).part
    return targets, np.flatnonzero(part != 0), np.flatnonzero(part == 0)


def _scored(odds: Floats, targets: Targets, held: Rows) -> dict[str, list[float]]:
    found: Scored = scored(sigmoid(odds), targets.truth[held])
    return {name: list(value) for name, value in found.items()}


Fit = Callable[[Embedded, Targets, Rows], Callable[[Floats], Floats]]


def _linear(targets: Targets, seen: Floats) -> Callable[[Floats], Floats]:
    kernel, bias = fit_heads(seen, targets)
    return lambda embeddings: log_odds(embeddings @ kernel + bias, targets.scenes)


def _multi_label(found: Embedded, targets: Targets, learn: Rows) -> Callable[[Floats], Floats]:
    return _linear(targets, found.embeddings[learn])


def _multi_class(found: Embedded, targets: Targets, learn: Rows) -> Callable[[Floats], Floats]:
    """All labels exclusive: one softmax over them and "none"."""
    scenes = (True,) * len(targets.names)
    return _linear(replace(targets, scenes=scenes), found.embeddings[learn])


def _binary(found: Embedded, targets: Targets, learn: Rows) -> Callable[[Floats], Floats]:
    """An independent classifier for each label, whose two answers weigh alike."""
    kernel, bias = balanced(found.embeddings[learn], targets)
    return lambda embeddings: np.asarray(embeddings @ kernel + bias, np.float32)


_WAYS: dict[str, Fit] = {BINARY: _binary, CLASSES: _multi_class, LABELS: _multi_label}


def _from_scratch(
    asked: Comparison,
    backbone: Backbone,
    photos: Sequence[Photo],
    meanings: Meanings,
    plain: BackboneRow,
) -> BackboneRow:
    import keras

    size = max(asked.scratch_size, backbone.smallest)
    wide = read_photos(photos, int(size * ROOM))
    exact = read_photos(photos, size)
    targets, learn, held = _parts(exact.photos, meanings, asked.seed)
    keras.utils.set_random_seed(asked.seed)
    started = time.process_time()
    network = untrained(backbone, size, precision_here("auto"))
    count = len(targets.names) + 1
    arrays = tuple(np.asarray(array, np.float32) for array in network.get_weights())
    zeros = np.zeros((backbone.dimension, count), np.float32)
    start = State(arrays, zeros, np.zeros(count, np.float32))
    schedule = Schedule(asked.scratch_epochs, 1e-3, seed=asked.seed, batch_norm=True)
    state = fine_tune(
        network, backbone, start, wide.pixels[learn], targets.take(learn), schedule, backbone.name
    )
    seconds = time.process_time() - started
    network.set_weights(state.backbone)
    seen = embeddings(network, backbone, exact.pixels[held], "Looking")
    odds = log_odds(seen @ state.kernel + state.bias, targets.scenes)
    keras.backend.clear_session()
    return replace(
        plain,
        way=SCRATCH,
        weights="random",
        size=size,
        scored=_scored(odds, targets, held),
        seconds=seconds,
    )


def _speed(network: Frozen) -> float:
    """Images a second of one core through the exported network in float32, decoding apart."""
    look = network.embedder(threads=1)
    batch = np.zeros((BATCH, network.size, network.size, 3), np.uint8)
    look(batch)
    started = time.process_time()
    for _ in range(ROUNDS):
        look(batch)
    return ROUNDS * BATCH / (time.process_time() - started)
