"""One bundle and one ruleset: look at images, judge hashtags."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from PIL.Image import Image

from classifiers import Bundle, Classifier, Prediction
from rules import Judgement, Ruleset, Seen, Sight, judge


@dataclass(frozen=True)
class SeenImage:
    """A prediction for one image, and the same in the form that rules need."""

    prediction: Prediction
    sight: Sight


class Eyes:
    """A bundle whose network is loaded when it is first needed."""

    def __init__(self, bundle: Bundle, threads: int) -> None:
        self.bundle = bundle
        self._threads = threads

    @cached_property
    def classifier(self) -> Classifier:
        """The network of the bundle. Raises BundleError if it cannot run on this machine."""
        return Classifier(self.bundle, self._threads)

    @property
    def looked(self) -> bool:
        """Whether this process has loaded the network."""
        return "classifier" in vars(self)


@dataclass(frozen=True)
class Screen:
    """The bundle and ruleset that one batch or request uses throughout. Threads may share it."""

    eyes: Eyes
    ruleset: Ruleset
    refused: str | None = None
    """Why the live rules are not these: what keeps them from being used."""

    @property
    def bundle(self) -> Bundle:
        """The bundle, loaded and checked."""
        return self.eyes.bundle

    @property
    def classifier(self) -> Classifier:
        """The bundle, ready to look at images."""
        return self.eyes.classifier

    def see(self, images: Sequence[Image]) -> list[SeenImage]:
        """Look at images, all in one forward pass."""
        return [SeenImage(p, self._sight(p)) for p in self.classifier.predict(images)]

    def judge(self, tags: Sequence[str], looks: Sequence[SeenImage]) -> Judgement:
        """Give hashtags their verdicts by what was seen."""
        return judge(self.ruleset, tags, [look.sight for look in looks])

    def _sight(self, prediction: Prediction) -> Sight:
        return {
            label.name: Seen(
                score=prediction.scores[label.name],
                fact=prediction.facts[label.name],
                true_at=label.true_at,
                false_at=label.false_at,
            )
            for label in self.bundle.labels
        }
