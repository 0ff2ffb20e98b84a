from __future__ import annotations

import pytest
from pydantic import ValidationError

from service.preferences import ACTIONS, Preferences


def test_nothing_stored_is_how_the_console_comes() -> None:
    assert Preferences.read({}) == Preferences()
    assert Preferences.read({}).keys == ACTIONS


def test_what_was_stored_is_read_again() -> None:
    chosen = Preferences(blurred=True, break_minutes=20).with_keys({**ACTIONS, "save": "x"})
    assert Preferences.read(chosen.model_dump(mode="json")) == chosen


def test_only_changed_keys_are_kept_so_that_new_defaults_reach_everybody() -> None:
    assert Preferences().with_keys({**ACTIONS, "save": "x"}).changed_keys == {"save": "x"}


@pytest.mark.parametrize("stored", [{"break_minutes": "soon"}, {"zone": "Mars/Olympus"}])
def test_what_another_version_stored_does_not_lock_anybody_out(stored: dict[str, object]) -> None:
    assert Preferences.read(stored) == Preferences()


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../../etc/passwd", "Asia"])
def test_a_zone_is_one_that_exists(zone: str) -> None:
    with pytest.raises(ValidationError):
        Preferences(zone=zone)


@pytest.mark.parametrize(
    ("blurred", "grey", "veil"),
    [
        (False, False, ""),
        (True, False, "blurred"),
        (False, True, "grey"),
        (True, True, "blurred-grey"),
    ],
)
def test_the_veil_names_what_is_wanted(blurred: bool, grey: bool, veil: str) -> None:
    assert Preferences(blurred=blurred, grey=grey).veil == veil
