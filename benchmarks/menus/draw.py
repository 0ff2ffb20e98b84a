"""Menus as people photograph them: drawn, turned, slanted, badly lit, noisy, compressed."""

from __future__ import annotations

import io
import random
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

KOREAN = (
    *("김치찌개", "된장찌개", "순두부찌개", "비빔밥", "제육볶음", "불고기", "냉면", "칼국수"),
    *("돈까스", "떡볶이", "라면", "김밥", "갈비탕", "삼겹살", "아메리카노", "카페라떼"),
    *("바닐라라떼", "아이스티", "치즈케이크", "티라미수", "크로플", "와플", "파스타", "피자"),
    *("샐러드", "스테이크", "파전", "막걸리", "치킨", "만두"),
)
ENGLISH = (
    *("Americano", "Cafe Latte", "Cappuccino", "Espresso", "Cheesecake", "Tiramisu", "Croissant"),
    *("Pasta", "Pizza", "Salad", "Steak", "Burger", "French Fries", "Sandwich", "Waffle"),
    *("Lemonade", "Iced Tea", "Ramen", "Sushi", "Taco"),
)
DISHES = {"Korean": KOREAN, "English": ENGLISH, "both": KOREAN + ENGLISH}
SIZES = ((1080, 810), (810, 1080), (1080, 1080))
LONGER_PIXELS = 1080
AROUND = (120, 100, 80)  # the wall


@dataclass(frozen=True)
class Drawn:
    """A photograph of a menu as JPEG, in what language, with its dishes."""

    jpeg: bytes
    language: str
    dishes: tuple[str, ...]


def draw(seed: int, fonts: list[Path]) -> Drawn:
    """One menu. The fonts know Hangul."""
    chance = random.Random(seed)  # noqa: S311  # no secret
    language = chance.choice(["Korean", "Korean", "English", "both"])
    dishes = tuple(chance.sample(DISHES[language], chance.choice([6, 8, 10, 12])))
    board = _board(chance, dishes, chance.choice(fonts))
    pixels = _photographed(chance, board)
    noise = np.random.default_rng(seed).normal(0, chance.uniform(2, 10), pixels.shape)
    photograph = Image.fromarray(np.clip(pixels + noise, 0, 255).astype(np.uint8))
    photograph = photograph.filter(ImageFilter.GaussianBlur(chance.uniform(0, 1.2)))
    photograph.thumbnail((LONGER_PIXELS, LONGER_PIXELS))
    buffer = io.BytesIO()
    photograph.save(buffer, "JPEG", quality=chance.choice([70, 80, 88]))
    return Drawn(buffer.getvalue(), language, dishes)


def _board(chance: random.Random, dishes: tuple[str, ...], font: Path) -> Image.Image:
    wide, high = chance.choice(SIZES)
    ground, ink = chance.choice([((35, 38, 36), (240, 240, 230)), ((243, 238, 225), (40, 30, 25))])
    board = Image.new("RGB", (wide, high), ground)
    pen = ImageDraw.Draw(board)
    columns = 1 if len(dishes) <= 8 or wide < high else 2
    rows = -(-len(dishes) // columns)
    size = min(int(high * 0.41 / rows), wide // columns // 13)
    letters = ImageFont.truetype(str(font), size)
    pen.text((wide * 0.4, high * 0.04), "MENU", font=letters, fill=ink)
    style = chance.randrange(3)
    for number, dish in enumerate(dishes):
        column, row = divmod(number, rows)
        x, y = wide * (0.07 + 0.95 * column / columns), high * (0.18 + 0.78 * row / rows)
        won = chance.randrange(25, 180) * 100
        price = (f"{won:,}", f"{won:,}원", f"{won / 1000:.1f}")[style]
        pen.text((x, y), dish, font=letters, fill=ink)
        pen.text((x + wide / columns * 0.62, y), price, font=letters, fill=ink)
    return board


def _photographed(chance: random.Random, board: Image.Image) -> np.ndarray:
    """Float pixels [height, width, 3] of a board on a wall: turned, slanted, lit from one side."""
    wide, high = int(board.width * 1.15), int(board.height * 1.15)
    wall = Image.new("RGB", (wide, high), AROUND)
    wall.paste(board, (int(board.width * 0.075), int(board.height * 0.075)))
    turned = wall.rotate(chance.uniform(-6, 6), Image.Resampling.BICUBIC, fillcolor=AROUND)
    corners = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
    slant = [
        [chance.uniform(-0.05, 0.05) * wide, chance.uniform(-0.05, 0.05) * high] for _ in "1234"
    ]
    change = cv2.getPerspectiveTransform(corners, corners + np.array(slant, np.float32))
    slanted = cv2.warpPerspective(np.asarray(turned), change, (wide, high), borderValue=AROUND)
    light = np.linspace(chance.uniform(0.6, 1), chance.uniform(0.6, 1.1), wide)
    lit: np.ndarray = slanted.astype(np.float64) * light[None, :, None]
    return lit
