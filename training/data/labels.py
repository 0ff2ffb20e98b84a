"""What labels mean, read from a YAML file."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from classifiers import Label
from training.data.names import composed
from training.errors import TrainingError

DEFAULT_LABELS = Path(__file__).with_name("labels.yaml")


class Meaning(BaseModel):
    """A label: its group, the label it implies, its titles, and where it is not known.

    ``max_error`` is the share of wrong facts promised for it, where that is not that of all labels.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    group: Literal["object", "scene"] = "object"
    parent: str | None = None
    en: str | None = None
    ko: str | None = None
    unknown_when: tuple[str, ...] = ()
    max_error: float | None = Field(None, gt=0, lt=1)


class Meanings(BaseModel):
    """All labels that the file knows, and the words that mean "none of them"."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    labels: Mapping[str, Meaning] = {}
    none: tuple[str, ...] = ("none", "other")

    @model_validator(mode="after")
    def _no_circle(self) -> Meanings:
        for name in self.labels:
            if name in self.ancestors(name):
                raise ValueError(f"the label {name} is its own ancestor")
        return self

    def of(self, name: str) -> Meaning:
        """A label's meaning; that of a plain object where the file does not know it."""
        return self.labels.get(name, Meaning())

    def max_errors(self, names: Collection[str]) -> dict[str, float]:
        """The labels with a promise of their own."""
        found = {name: self.of(name).max_error for name in names}
        return {name: share for name, share in found.items() if share is not None}

    def ancestors(self, name: str) -> list[str]:
        """The labels that a label implies, nearest first."""
        found: list[str] = []
        above = self.of(name).parent
        while above is not None and above not in found:
            found.append(above)
            above = self.of(above).parent
        return found

    def keeping(self, labels: Iterable[Label], max_errors: Mapping[str, float]) -> Meanings:
        """These meanings, but a bundle's own labels mean what they meant when it was made.

        What they are unknown for is not in a bundle, and stays as it is here.
        """
        own = {
            label.name: Meaning(
                group="scene" if label.group == "scene" else "object",
                parent=label.parent,
                en=label.titles.get("en"),
                ko=label.titles.get("ko"),
                unknown_when=self.of(label.name).unknown_when,
                max_error=max_errors.get(label.name),
            )
            for label in labels
        }
        return Meanings(labels={**self.labels, **own}, none=self.none)

    def ordered(self, present: Collection[str]) -> list[str]:
        """The labels at hand: those of the file in its order, then the others by name."""
        known = [name for name in self.labels if name in present]
        return known + sorted(set(present) - set(known))


def read_meanings(path: Path) -> Meanings:
    """The meanings in a YAML file. Raises TrainingError where it cannot be read."""
    try:
        found = yaml.safe_load(composed(path.read_text("utf-8")))
        if found is None:
            raise TrainingError(
                f"The labels file {path} is empty. If no label has a meaning, write: labels: {{}}"
            )
        return Meanings.model_validate(found)
    except OSError as error:
        raise TrainingError(f"The labels file {path} cannot be read: {error.strerror}.") from error
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise TrainingError(f"The labels file {path} is not YAML: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(step) for step in first["loc"])
        why = first["msg"].removeprefix("Value error, ")  # as pydantic begins what we say ourselves
        told = f"{where}: {why}" if where else why
        raise TrainingError(f"The labels file {path}: {told}.") from error
