"""``python -m benchmarks.menus --font FONT… [FOLDER]``: menus that are read, others that are not.

Draws menus in fonts that know Hangul, and reads them as screening does. The photographs of FOLDER
hold no menu: counted are those that look lettered, hence are read, and those taken for a menu. For
all that are read, the processor's seconds and Tesseract's memory are printed.
"""

from __future__ import annotations

import argparse
import resource
import shutil
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from PIL import Image

from benchmarks.menus.draw import draw
from pictures import ImageLimits
from pictures.read import read
from pictures.render import render
from rules import load_ruleset, read_menu, vocabulary
from rules.verdicts.ruleset import DEFAULT
from service.config import Config
from service.menus.lettering import is_lettered
from service.screening.pictures import LEAST_PIXELS
from similarity.hashes import grey

SECONDS = 120.0
RENDER = {"limits": asdict(ImageLimits()), "shown": 1280, "looked_at": LEAST_PIXELS, "quality": 85}
CATEGORIES = Config.model_fields["menu_categories"].default


@dataclass
class Counted:
    """Photographs, those that look lettered, those taken for a menu, and seconds for reading."""

    photographs: int = 0
    lettered: int = 0
    menus: int = 0
    seconds: list[float] = field(default_factory=list)

    def row(self, name: str) -> str:
        """As a line of a table."""
        mean = sum(self.seconds) / max(len(self.seconds), 1)
        counts = f"{self.photographs} | {self.lettered} | {self.menus}"
        return f"| {name} | {counts} | {mean:.2f} | {max(self.seconds, default=0):.2f} |"


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.menus", description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", help="photographs without a menu")
    parser.add_argument("--font", type=Path, action="append", required=True)
    parser.add_argument("--menus", type=int, default=40, help="default: 40")
    parser.add_argument("--list", type=Path, help="a file that names those of FOLDER to look at")
    chosen = parser.parse_args()
    program = shutil.which("tesseract") or parser.error("Tesseract is not installed.")
    drawn = (draw(seed, chosen.font).jpeg for seed in range(chosen.menus))
    print(
        "| | photographs | look lettered | taken for a menu | s of the processor each | at most |\n"
        "| --- |" + " ---: |" * 5
    )
    print(_count(drawn, program).row("drawn menus"))
    if chosen.folder:
        print(_count(_files(chosen.folder, chosen.list), program).row("others"))
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"\nTesseract took {most:.0f} MB at most.")


def _files(folder: Path, names: Path | None) -> Iterable[bytes]:
    paths = (
        [folder / name for name in names.read_text().splitlines()]
        if names
        else sorted(path for path in folder.rglob("*") if path.suffix.lower() in {".jpg", ".jpeg"})
    )
    return (path.read_bytes() for path in paths)


def _count(photographs: Iterable[bytes], program: str) -> Counted:
    known, counted = vocabulary(load_ruleset(DEFAULT, None).lexicon, CATEGORIES), Counted()
    options = {"program": program, "languages": "kor+eng", "seconds": SECONDS}
    for data in photographs:
        values, (jpeg, pixels) = render(RENDER, data)
        counted.photographs += 1
        if not is_lettered(grey(Image.frombytes("RGB", tuple(values["looked_at"]), pixels))):
            continue
        counted.lettered += 1
        before = _seconds()
        found, parts = read(options, jpeg)
        counted.seconds.append(_seconds() - before)
        if found:
            raise SystemExit(found["error"])
        text = parts[0].decode("utf-8", "replace")
        counted.menus += read_menu(text, known, CATEGORIES[0]).bears_out
    return counted


def _seconds() -> float:
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


if __name__ == "__main__":
    main()
