"""The colours keep their promises: contrast by the WCAG formula, distance between bands for every kind of sight.

Everything is recomputed from static/src/css/tokens.css, so that a changed token answers for itself.
"""

import itertools
import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).resolve().parents[2] / "static" / "src" / "css" / "tokens.css"
PAIR = re.compile(r"--([\w-]+):\s*light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);")
SINGLE = re.compile(r"--([\w-]+):\s*(#[0-9a-f]{6});")
THEMES = ("light", "dark")
BANDS = ("healthy", "watch", "risk", "nodata")

# Machado, Oliveira, Fernandes 2009, severity 1.0, applied to linear RGB.
SIGHT = {
    "usual": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protan": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deutan": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritan": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}


def read_tokens() -> dict[str, dict[str, str]]:
    text = TOKENS.read_text()
    found = {theme: dict(SINGLE.findall(text)) for theme in THEMES}
    for name, light, dark in PAIR.findall(text):
        found["light"][name], found["dark"][name] = light, dark
    return found


COLOURS = read_tokens()


def linear(colour: str) -> tuple[float, float, float]:
    channels = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return tuple(c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)


def luminance(colour: str) -> float:
    red, green, blue = linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def lab(rgb: tuple[float, ...]) -> tuple[float, float, float]:
    red, green, blue = rgb
    x = (0.4124564 * red + 0.3575761 * green + 0.1804375 * blue) / 0.95047
    y = 0.2126729 * red + 0.7151522 * green + 0.0721750 * blue
    z = (0.0193339 * red + 0.1191920 * green + 0.9503041 * blue) / 1.08883
    fx, fy, fz = (t ** (1 / 3) if t > 216 / 24389 else (24389 / 27 * t + 16) / 116 for t in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def distance(one: str, other: str, sight: str) -> float:
    """ΔE 1976 between two colours as somebody with this kind of sight sees them."""

    def seen(colour: str) -> tuple[float, ...]:
        rgb = linear(colour)
        return tuple(min(1.0, max(0.0, sum(w * c for w, c in zip(row, rgb, strict=True)))) for row in SIGHT[sight])

    return sum((a - b) ** 2 for a, b in zip(lab(seen(one)), lab(seen(other)), strict=True)) ** 0.5


TEXT = [
    (text, ground, 4.5)
    for text, grounds in {
        "text": ("page", "card", "sunken", "hover"),
        "muted": ("page", "card", "sunken", "hover"),
        "accent": ("page", "card", "hover"),
        "accent-hover": ("page", "card"),
        "danger": ("page", "card"),
        "on-accent": ("accent", "accent-hover", "danger"),
        "info-text": ("info-tint",),
        **{f"{band}-text": (f"{band}-tint", "card", "page") for band in BANDS},
    }.items()
    for ground in grounds
]
EDGES = [
    (edge, ground, 3.0)
    for edge in ("control", "focus", "danger", *(f"{band}-fill" for band in BANDS), *(f"s{n}" for n in range(1, 7)))
    for ground in ("page", "card")
]


def test_the_token_file_was_read():
    assert COLOURS["light"].keys() == COLOURS["dark"].keys()
    assert len(COLOURS["light"]) >= 40
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast(COLOURS["light"]["text"], COLOURS["light"]["page"]) == pytest.approx(15.0, abs=0.1)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("front", "ground", "least"), TEXT + EDGES)
def test_contrast(theme: str, front: str, ground: str, least: float):
    assert contrast(COLOURS[theme][front], COLOURS[theme][ground]) >= least


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("sight", SIGHT)
def test_health_bands_stay_apart(theme: str, sight: str):
    fills = [COLOURS[theme][f"{band}-fill"] for band in BANDS]
    assert min(distance(a, b, sight) for a, b in itertools.combinations(fills, 2)) >= 25


@pytest.mark.parametrize("sight", ["usual", "deutan"])
def test_series_stay_apart(sight: str):
    series = [COLOURS["light"][f"s{number}"] for number in range(1, 7)]
    assert min(distance(a, b, sight) for a, b in itertools.combinations(series, 2)) >= 17.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("step", range(1, 8))
def test_numbers_on_the_heat_scale_can_be_read(theme: str, step: int):
    colours = COLOURS[theme]
    text = colours["heat-near"] if step < 5 else colours["heat-far"]
    assert contrast(text, colours[f"heat-{step}"]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
def test_the_heat_scale_leads_away_from_the_card_step_by_step(theme: str):
    colours = COLOURS[theme]
    apart = [contrast(colours[f"heat-{step}"], colours["card"]) for step in range(1, 8)]
    assert apart == sorted(apart)
    assert apart[0] < 1.25
    assert all(after / before >= 1.1 for before, after in itertools.pairwise(apart))
