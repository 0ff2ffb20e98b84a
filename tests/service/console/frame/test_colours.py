"""Contrast as WCAG 2.2 measures it, in both themes, from the style sheet itself."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

SHEET = Path(__file__).parents[4] / "service" / "console" / "static" / "base.css"
TEXT, SHAPE = 4.5, 3.0  # success criteria 1.4.3 and 1.4.11, level AA

GROUNDS = ("ground", "surface")
PAIRS = [
    *(("ink", ground, TEXT) for ground in (*GROUNDS, "sunk", "tint", "relevant-tint")),
    *((colour, ground, TEXT) for colour in ("quiet", "accent") for ground in GROUNDS),
    ("quiet", "sunk", TEXT),
    ("accent", "tint", TEXT),
    ("on-accent", "accent", TEXT),
    ("on-accent", "accent-strong", TEXT),
    ("edge", "surface", SHAPE),
    *(
        (verdict, ground, TEXT)
        for verdict in ("relevant", "irrelevant", "uncertain", "unverifiable")
        for ground in (*GROUNDS, f"{verdict}-tint")
    ),
]


def _themes() -> dict[str, dict[str, str]]:
    pattern = re.compile(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);")
    colours = pattern.findall(SHEET.read_text(encoding="utf-8"))
    return {
        "light": {name: light for name, light, _ in colours},
        "dark": {name: dark for name, _, dark in colours},
    }


def _luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_black_on_white_is_the_greatest_contrast() -> None:
    assert _contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("front", "ground", "least"), PAIRS)
def test_what_stands_on_a_ground_can_be_read(
    theme: str, front: str, ground: str, least: float
) -> None:
    colours = _themes()[theme]
    assert _contrast(colours[front], colours[ground]) >= least


def test_the_dark_theme_changes_colours_alone() -> None:
    """Pages are looked for what stands too wide in one theme, since the other cannot differ."""
    sheets = "".join(
        sheet.read_text(encoding="utf-8") for sheet in sorted(SHEET.parent.glob("*.css"))
    )
    assert "prefers-color-scheme" not in sheets
    assert len(_themes()["dark"]) > 15
    chosen = re.findall(r":root\[data-theme=\"(\w+)\"\] \{(.*?)\}", sheets)
    assert chosen == [(theme, f" color-scheme: {theme}; ") for theme in ("light", "dark")]
    colour = r"(?:#[0-9a-f]{3,6}|rgb\([^)]*\)|transparent)"
    both = re.findall(r"light-dark\(.*?(?=;|, 0 )", sheets)
    assert all(re.fullmatch(rf"light-dark\({colour}, {colour}\)", value) for value in both)
