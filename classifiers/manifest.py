"""What manifest.json of a bundle says, validated."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from classifiers.calibration import Calibration, Platt
from classifiers.files import PlainName, read_json, validated

# 2 says that a label is calibrated in another way than Platt's, which is all that 1 knows; 3 that
# the network computes in eight bits; 4 that labels look at places, or scenes do not exclude each
# other.
FORMATS = (1, 2, 3, 4)
Precision = Literal["float32", "int8"]
INTEGER: Final = 3
PLACES: Final = 4
# A label's sharpness. Less than the least differs from the mean by no more than float32 loses.
DULLEST: Final = 1e-4
SHARPEST: Final = 10.0
FILE_NAME = "manifest.json"


class BundleError(Exception):
    """A bundle that cannot be used; the message says what is wrong with which file."""


def _printable(text: str) -> str:
    """A text without what moves a terminal's cursor or what a database refuses."""
    if not text.isprintable():
        raise ValueError("it holds letters that cannot be printed")
    return text


LabelName = Annotated[
    str, StringConstraints(min_length=1, max_length=64), AfterValidator(_printable)
]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Preprocessing(_Part):
    """Pixels 0..255 become ``pixel * scale + offset`` on a square of ``size`` pixels."""

    size: int = Field(ge=32, le=1024)
    scale: float = Field(gt=0, le=255)
    offset: float = Field(ge=-255, le=255)


class LabelEntry(_Part):
    """A label as written to disk; most fields are those of ``classifiers.Label``.

    ``sharpness`` is that of ``classifiers.heads.Heads``.
    """

    name: LabelName
    group: Literal["object", "scene"]
    parent: str | None
    titles: dict[str, str]
    true_at: float | None = Field(ge=0, le=1)
    false_at: float | None = Field(ge=0, le=1)
    calibration: Calibration
    sharpness: float = Field(0.0, ge=0, le=SHARPEST)

    @model_validator(mode="after")
    def _makes_sense(self) -> LabelEntry:
        if self.true_at is not None and self.false_at is not None and self.true_at < self.false_at:
            raise ValueError("true_at must not be below false_at")
        if 0 < self.sharpness < DULLEST:
            raise ValueError(f"sharpness must be 0 or from {DULLEST:g} on")
        return self


class Manifest(_Part):
    """The bundle's table of contents. ``files`` maps each other file to its SHA-256.

    ``precision`` is the arithmetic that heads, calibration and thresholds were fitted to;
    ``canary`` are the log-odds of ``classifiers.canary``'s picture in it, one a label. With
    ``exclusive_scenes`` an image shows one scene at most.
    """

    format: Literal[1, 2, 3, 4]
    name: PlainName
    embedding_id: PlainName
    dimension: int = Field(ge=1)
    backbone: str
    preprocessing: Preprocessing
    labels: tuple[LabelEntry, ...] = Field(min_length=1)
    licence: str
    fingerprint: str
    versions: dict[str, str]
    promise: dict[str, float]
    metrics: dict[str, Any]
    files: dict[str, str]
    precision: Precision = "float32"
    canary: tuple[float, ...] = ()
    exclusive_scenes: bool = True

    @model_validator(mode="after")
    def _promises(self) -> Manifest:
        if not all(0 < self.promise.get(one, 0) < 1 for one in ("max_error", "confidence")):
            raise ValueError("promise must name max_error and confidence, both between 0 and 1")
        return self

    def to_json(self) -> str:
        """The file's text, without what its format does not know."""
        without: dict[str, Any] = {}
        if self.format < PLACES:
            without |= {"exclusive_scenes": True, "labels": {"__all__": {"sharpness"}}}
        if self.format < INTEGER:
            without |= {"precision": True, "canary": True}
        return self.model_dump_json(indent=1, exclude=without) + "\n"


def format_for(
    calibrations: Iterable[Calibration],
    precision: Precision = "float32",
    *,
    exclusive_scenes: bool = True,
    sharpness: Iterable[float] = (),
) -> Literal[1, 2, 3, 4]:
    """The oldest format that can hold these, so that older programs read the bundle, too."""
    if any(sharpness) or not exclusive_scenes:
        return PLACES
    if precision == "int8":
        return INTEGER
    return 1 if all(isinstance(one, Platt) for one in calibrations) else 2


def read_manifest(folder: Path) -> tuple[Manifest, bytes]:
    """The manifest and its bytes. Raises BundleError where it is missing, newer or malformed."""
    path = folder / FILE_NAME
    found, raw = read_json(path, "model bundle", BundleError)
    version = found.get("format") if isinstance(found, dict) else None
    if version not in FORMATS:
        raise BundleError(
            f"{path} has bundle format {version!r}, but this program reads 1 to 4: "
            "use the release of Tagsift that wrote it, or a newer one."
        )
    return validated(Manifest, found, path, BundleError), raw
