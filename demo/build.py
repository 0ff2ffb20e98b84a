"""Make the demo's photographs and videos, and their credits, again from their packages.

Download the packages that ``demo/sources.py`` names (``apt-get download NAME``, ``pip download
--no-deps NAME==VERSION``, for a source with ``--no-binary :all:``), extract all of them into one
folder (``dpkg-deb -x FILE FOLDER``, ``unzip FILE -d FOLDER``, ``tar xf FILE -C FOLDER``), then::

    python -m demo.build FOLDER
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

from PIL import Image, ImageOps

from demo.cut import cut
from demo.sources import LICENCES, SOURCES, Source

HERE = Path(__file__).resolve().parent
LONGER_SIDE_PIXELS = 1024
QUALITY = 85

INTRODUCTION = """\
# Where the demo's photographs and videos come from

Each photograph was made smaller (longer side at most 1,024 px), saved as JPEG and rid of its
metadata; of each film a few seconds were cut out and encoded again (640 px wide, no sound). Nothing
else was changed, and each stays under its own licence, also where
pictures of pages in `docs/` show it. `python -m demo.build FOLDER` makes them, and this page,
again from the packages.

| file | title | author | licence | package | the package says so in |
| --- | --- | --- | --- | --- | --- |
"""


def shrink(source: Path, target: Path) -> None:
    """Save a photograph without metadata, at most 1,024 px on its longer side."""
    with Image.open(source) as opened:
        image = ImageOps.exif_transpose(opened).convert("RGB")
    image.thumbnail((LONGER_SIDE_PIXELS, LONGER_SIDE_PIXELS), Image.Resampling.LANCZOS)
    image.info.clear()
    image.save(target, "JPEG", quality=QUALITY, optimize=True)


def credits_page(sources: Iterable[Source]) -> str:
    """The page that names author and licence of each photograph and video, as Markdown."""
    rows = (
        f"| [{source.file}](photos/{source.file}) | {source.title} | {source.author} "
        f"| [{source.licence}]({LICENCES[source.licence]}) | {source.package} "
        f"| {source.evidence} |\n"
        for source in sorted(sources, key=lambda source: source.file)
    )
    return INTRODUCTION + "".join(rows)


def main() -> int:
    """Build everything; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("packages", type=Path, help="folder with the extracted packages")
    folder = parser.parse_args().packages
    missing = [source for source in SOURCES if not (folder / source.path).is_file()]
    for source in missing:
        print(f"{source.path} is not there; it comes in {source.package}", file=sys.stderr)
    if missing:
        return 1
    for source in SOURCES:
        target = HERE / "photos" / source.file
        if source.seconds is None:
            shrink(folder / source.path, target)
        else:
            cut(folder / source.path, target, *source.seconds)
    (HERE / "CREDITS.md").write_text(credits_page(SOURCES), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
