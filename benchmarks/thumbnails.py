"""Whether chosen frames are good ones: `python -m benchmarks.thumbnails DATA [--composed N]`.

DATA is a folder with ``segments.json``, which maps a video's name to what its seconds show
(``[{"start", "end", "label"}]``; "good" is a picture to be shown), and with the videos in ``ok/``.
``--composed`` puts together so many further videos from the other files of ``ok/``: stretches of
them as they are, and stretches made black, dark, blown out, out of focus, blurred by motion, cards
and cross-fades. The same frames are offered to each way of choosing. Prints a Markdown table.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.mistakes import told_in_a_sentence
from classifiers import Bundle, Classifier
from intervals import Z95, wilson
from similarity.frames import candidates_of, choose, subject_share
from training.thumbnails.pick import SECONDS, WISH
from videos import Frame, VideoLimits, Watcher

ROOT = Path(__file__).resolve().parents[1]
K = 3
RATE = 15
SIZE = (480, 270)
DRAWS = 300  # of a random time in each video

Pixels = NDArray[Any]


@dataclass(frozen=True)
class Segment:
    """From ``start`` to ``end`` in seconds a video shows what ``label`` says."""

    start: float
    end: float
    label: str


Case = tuple[Path, list[Segment]]


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.thumbnails")
    parser.add_argument("data", type=Path, metavar="DATA")
    parser.add_argument("--composed", type=int, default=40, help="further videos; 40")
    parser.add_argument(
        "--without", default="", help="names of clips, with commas, that are spoilt by themselves"
    )
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    classifier = Classifier(Bundle.load(ROOT / "models" / "starter"), 2)
    given = _given(chosen.data)
    print("| videos | way | frames | in good segments | 95 % interval | other frames |")
    print("| --- | --- | ---: | ---: | --- | --- |")
    _rows("given", given, classifier)
    if chosen.composed:
        with tempfile.TemporaryDirectory() as folder:
            made = list(_composed(chosen, Path(folder)))
            _rows("composed", made, classifier)


def _given(data: Path) -> list[Case]:
    segments = json.loads((data / "segments.json").read_text(encoding="utf-8"))
    return [
        (data / "ok" / name, [Segment(s["start"], s["end"], s["label"]) for s in parts])
        for name, parts in segments.items()
    ]


def _rows(which: str, cases: Sequence[Case], classifier: Classifier) -> None:
    draw = random.Random(1)  # noqa: S311  # a benchmark's, and the same each time
    watcher = Watcher(VideoLimits(), 1)
    names = ("chosen", "chosen, any size", "sharpest", "middle", "random")
    ways: dict[str, list[str]] = {name: [] for name in names}
    for path, segments in cases:
        length = segments[-1].end
        frames = watcher.watch(path, WISH, SECONDS).frames
        chosen, any_size = _chosen(frames, classifier)
        sharpest = max(frames, key=lambda frame: frame.quality.sharpness)
        times = {
            "chosen": chosen,
            "chosen, any size": any_size,
            "sharpest": [sharpest.time],
            "middle": [length / 2],
            "random": [draw.uniform(0, length) for _ in range(DRAWS)],
        }
        for way, found in times.items():
            ways[way] += [_label(segments, time) for time in found]
    watcher.close()
    for way, labels in ways.items():
        good = labels.count("good")
        low, high = wilson(good, len(labels), Z95)
        other = sorted(set(labels) - {"good"})
        print(
            f"| {len(cases)} {which} | {way} | {len(labels)} | {good / len(labels):.3f} | "
            f"{low:.3f} to {high:.3f} | "
            f"{', '.join(f'{one} {labels.count(one)}' for one in other) or '-'} |",
            flush=True,
        )


def _chosen(frames: Sequence[Frame], classifier: Classifier) -> tuple[list[float], list[float]]:
    """The times of what is chosen, and of what would be if the size of the subject counted
    nothing."""
    looks = classifier.look([frame.image for frame in frames])
    embeddings = np.stack([look.prediction.embedding for look in looks])
    any_size = candidates_of(frames)
    sized = [
        replace(one, subject=subject_share(look.map))
        for one, look in zip(any_size, looks, strict=True)
    ]
    first, second = (
        [frames[one.index].time for one in choose(candidates, embeddings, None, K)]
        for candidates in (sized, any_size)
    )
    return first, second


def _label(segments: Sequence[Segment], time: float) -> str:
    return next((one.label for one in segments if one.start <= time < one.end), segments[-1].label)


def _composed(chosen: argparse.Namespace, folder: Path) -> Iterator[Case]:
    draw = random.Random(chosen.seed)  # noqa: S311  # a benchmark's, and the same each time
    left_out = {path.stem for path, _ in _given(chosen.data)} | set(chosen.without.split(","))
    files = sorted((chosen.data / "ok").iterdir())
    clips = [_frames(path) for path in files if path.stem not in left_out]
    for number in range(chosen.composed):
        frames: list[Pixels] = []
        segments: list[Segment] = []
        for part in range(6):
            clip = draw.choice(clips)
            label = draw.choice(["good", *_SPOILT]) if part else draw.choice(list(_SPOILT))
            length = draw.randint(RATE, 2 * RATE)
            at = draw.randrange(max(1, len(clip) - length))
            taken = [_SPOILT.get(label, _as_it_is)(frame) for frame in clip[at : at + length]]
            if frames and draw.random() < 0.4:
                _fade(frames, taken, segments)
            segments.append(Segment(len(frames) / RATE, (len(frames) + len(taken)) / RATE, label))
            frames += taken
        if any(one.label == "good" for one in segments):
            yield _encoded(folder / f"{number}.mp4", frames), segments


def _fade(frames: list[Pixels], following: Sequence[Pixels], segments: list[Segment]) -> None:
    start, steps = len(frames) / RATE, RATE // 2
    for step in range(steps):
        share = (step + 1) / (steps + 1)
        frames.append(cv2.addWeighted(frames[-1 - step], 1 - share, following[0], share, 0))
    segments.append(Segment(start, len(frames) / RATE, "transition"))


def _as_it_is(frame: Pixels) -> Pixels:
    return frame


def _card(_: Pixels) -> Pixels:
    card = np.full((SIZE[1], SIZE[0], 3), (20, 30, 90), np.uint8)
    cv2.putText(card, "PART 2", (140, 150), cv2.FONT_HERSHEY_SIMPLEX, 1.6, (240,) * 3, 3)
    return card


def _motion(frame: Pixels) -> Pixels:
    return cv2.filter2D(frame, -1, np.full((1, 31), 1 / 31))


_SPOILT: dict[str, Callable[[Pixels], Pixels]] = {
    "black": lambda frame: np.zeros_like(frame),
    "dark": lambda frame: (frame * 0.07).astype(np.uint8),
    "overexposed": lambda frame: cv2.convertScaleAbs(frame, alpha=2.2, beta=90),
    "blur": lambda frame: cv2.GaussianBlur(frame, (0, 0), 7),
    "motion_blur": _motion,
    "card": _card,
}


def _frames(path: Path) -> list[Pixels]:
    """Four seconds at most, at one size, with bars where the shape differs."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        step = max(1, round(float(stream.average_rate or RATE) / RATE))
        found = []
        for number, frame in enumerate(container.decode(stream)):
            if number % step == 0:
                found.append(_fitted(frame.to_ndarray(format="rgb24")))
            if len(found) == 4 * RATE:
                break
    return found


def _fitted(pixels: Any) -> Pixels:
    height, width = pixels.shape[:2]
    scale = min(SIZE[0] / width, SIZE[1] / height)
    small = cv2.resize(pixels, (round(width * scale), round(height * scale)))
    framed = np.zeros((SIZE[1], SIZE[0], 3), np.uint8)
    top, left = (SIZE[1] - small.shape[0]) // 2, (SIZE[0] - small.shape[1]) // 2
    framed[top : top + small.shape[0], left : left + small.shape[1]] = small
    return framed


def _encoded(path: Path, frames: Sequence[Pixels]) -> Path:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=Fraction(RATE))
        stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p"
        stream.options = {"preset": "veryfast", "crf": "26"}
        for pixels in frames:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        container.mux(stream.encode(None))
    return path


if __name__ == "__main__":
    with told_in_a_sentence():
        main()
