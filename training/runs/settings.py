"""What an analyst asks of a training run."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from classifiers.files import is_plain_name
from training.data.families import DEFAULT_FAMILIES
from training.data.labels import DEFAULT_LABELS
from training.errors import TrainingError
from training.fit.backbones import DEFAULT
from training.fit.frozen import CACHE
from training.promise.thresholds import Promise

BFLOAT16 = "mixed_bfloat16"


@dataclass(frozen=True)
class Settings:
    """One training run. The defaults are those of the bundle that ships.

    ``data`` are folders or tables, ``also`` further ones, exported reviews say; ``corrections`` is
    a table of labels that were looked at again. ``network`` names a bundle whose network is taken
    as it is; ``int8`` computes in eight-bit integers; of photographs of one
    source with the same labels at most ``per_source`` are drawn. ``weights`` None lets Keras
    download those of ImageNet, unless ``random_weights`` asks for random ones (heads only).

    ``sharpness`` is how much more than others the strongest places of a photograph count
    (``classifiers.pooling.log_mean_exp``); with it scenes do not exclude each other.

    ``size`` None is the backbone's own; ``epochs`` are those of each of the three networks. With 0
    only linear heads are trained on the pretrained network, whose embeddings are kept in
    ``cache``. ``train_from`` names a layer of the backbone: those after it are trained, those
    before it stay, and None trains all. ``precision`` is "auto", "float32" or "mixed_bfloat16".
    """

    data: tuple[Path, ...]
    out: Path
    backbone: str = DEFAULT
    weights: Path | None = None
    random_weights: bool = False
    size: int | None = None
    epochs: int = 2
    seed: int = 0
    precision: str = "auto"
    labels: Path = DEFAULT_LABELS
    test_sources: frozenset[str] = field(default_factory=frozenset)
    promise: Promise = field(default_factory=Promise)
    name: str = "starter"
    licence: str = "Apache-2.0"
    cache: Path = CACHE
    also: tuple[Path, ...] = ()
    corrections: Path | None = None
    families: Path = DEFAULT_FAMILIES
    network: Path | None = None
    int8: bool = False
    train_from: str | None = None
    per_source: int | None = None
    sharpness: float = 0.0

    def __post_init__(self) -> None:
        """Raises TrainingError for a name that no bundle may have: before hours of training."""
        check_name(self.name)


def check_name(name: str) -> None:
    """Raises TrainingError where a bundle may not have a name."""
    if not is_plain_name(name):
        raise TrainingError(
            f"A bundle cannot be called {name!r}: 1 to 64 letters, digits, spaces, points and "
            "hyphens, a letter or digit first."
        )


def precision_here(asked: str) -> str:
    """The precision to train in: bfloat16 where the processor computes in it, else float32."""
    if asked != "auto":
        return asked
    try:
        processor = Path("/proc/cpuinfo").read_text("ascii", errors="replace")
    except OSError:
        return "float32"
    fast = "avx512_bf16" in processor or "amx_bf16" in processor
    return BFLOAT16 if fast else "float32"
