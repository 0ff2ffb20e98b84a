"""What a view shows, and what is known of it."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from numpy.typing import NDArray

from training.data.targets import Targets
from training.fit.views import Kind, Sight, View

COUNT, SIZE = 40, 20
NAN = float("nan")


@pytest.fixture(scope="module")
def sight() -> Sight:
    """Photographs of one grey each, so that it can be told who is where."""
    exact = np.empty((COUNT, SIZE, SIZE, 3), np.uint8)
    exact[:] = np.linspace(10, 240, COUNT)[:, None, None, None]
    wide = np.empty((COUNT, SIZE + 6, SIZE + 6, 3), np.uint8)
    wide[:] = exact[:, :1, :1]
    return Sight(exact, wide)


def targets(truth: list[list[float]]) -> Targets:
    count = len(truth)
    names, scenes = ("cat", "sea"), (False, True)
    return Targets(names, scenes, np.array(truth, np.float32), np.ones(count, np.float32))


def test_the_whole_view_is_what_serving_sees(sight: Sight) -> None:
    view = View("whole", 0)
    assert np.array_equal(np.concatenate(list(view.pixels(sight))), sight.exact)
    known = targets([[1, 0], [0, NAN]] * (COUNT // 2))
    assert view.truth(known) is known.truth


@pytest.mark.parametrize("kind", ["cut", "mosaic"])
def test_the_same_seed_looks_alike(sight: Sight, kind: Kind) -> None:
    def look(seed: int) -> NDArray[np.uint8]:
        return np.concatenate(list(View(kind, seed).pixels(sight)))

    found = look(1)
    assert found.shape == sight.exact.shape
    assert found.dtype == np.uint8
    assert np.array_equal(look(1), found)
    assert not np.array_equal(look(2), found)


# The cuts of a few hundred photographs, as the command looks at them.
SCRIPT = """
import contextlib, numpy, psutil
from training.__main__ import main
from training.fit.views import Sight, View
with contextlib.suppress(SystemExit):
    main(["train", "--help"])
held = []
photographs = [numpy.zeros((160, side, side, 3), numpy.uint8) for side in (256, 329)]
for _ in View("cut", 1).pixels(Sight(*photographs)):
    held.append(psutil.Process().memory_info().rss // 2**20)
print(held[-1] - held[1])
"""


@pytest.mark.skipif(sys.platform != "linux", reason="glibc's malloc")
def test_looking_at_more_photographs_takes_no_more_memory() -> None:
    command = [sys.executable, "-c", SCRIPT]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    grown = int(done.stdout.splitlines()[-1])  # megabytes, of which there were 450
    assert grown < 150


def test_a_mosaic_shows_four_photographs(sight: Sight) -> None:
    for square in np.concatenate(list(View("mosaic", 3).pixels(sight)))[..., 0]:
        corners = (square[0, 0], square[0, -1], square[-1, 0], square[-1, -1])
        assert len(set(corners)) > 1


def test_each_photograph_is_in_four_mosaics() -> None:
    one = targets([[float(number == 7), 0.0] for number in range(COUNT)])
    assert 1 <= View("mosaic", 3).truth(one)[:, 0].sum() <= 4


def test_of_a_mosaic_it_is_known_what_one_shows_and_what_none_does() -> None:
    view = View("mosaic", 3)
    all_cats = view.truth(targets([[1.0, 1.0]] * COUNT))
    assert (all_cats[:, 0] == 1).all()
    assert np.isnan(all_cats[:, 1]).all(), "four photographs of the sea are no scene"
    assert (view.truth(targets([[0.0, 0.0]] * COUNT))[:, 0] == 0).all()
    assert np.isnan(view.truth(targets([[NAN, 0.0]] * COUNT))[:, 0]).all()
    some = view.truth(targets([[1.0, 0.0]] + [[NAN, 0.0]] * (COUNT - 1)))[:, 0]
    assert set(some[~np.isnan(some)]) == {1}
