"""The colours of a heat map's cells, on which their text can be read: right answers in one hue, mistakes in another."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from rich.style import Style
from textual.color import Color, ColorParseError

LEVELS = 12
"""So many shades a hue has."""
FAINTEST, STRONGEST = 0.16, 0.78
"""How much of the hue the weakest and the strongest shade have; the rest is the background."""
READABLE = 4.5
"""The least contrast of text and background by WCAG 2.1, 1.4.3."""


class HeatColours(NamedTuple):
    """What the shades are mixed from, as '#rrggbb' or a colour's name."""

    background: str
    foreground: str
    right: str
    wrong: str
    muted: str

    @classmethod
    def of_theme(cls, variables: Mapping[str, str]) -> HeatColours:
        """Those of a theme: right answers in its accent, mistakes in the colour of its warnings."""
        return cls(*(variables[name] for name in ("background", "foreground", "accent", "warning", "muted")))


def cell_style(colours: HeatColours, share: float, right: bool) -> Style:
    """The style of a cell with text in it that holds this share, 0..1, of its true class.

    The shades of right answers follow the share, those of mistakes its square root, so that rare ones are seen, too.
    Text on it has a contrast of at least `READABLE`.
    """
    return _shade(colours, _strength(share, right), right)


def pixel_style(
    colours: HeatColours, upper: tuple[float, bool] | None, lower: tuple[float, bool] | None = None
) -> Style:
    """The style of a block character without text: its ink in one shade, and what is left free in the other.

    Each is a share, 0..1, of its true class and whether the answer is right; None leaves the background.
    """
    return _pixel(
        colours, *(None if half is None else (_strength(*half), half[1]) for half in (upper, lower))
    )


def _strength(share: float, right: bool) -> int:
    return _level(share if right else math.sqrt(max(share, 0.0)))


@lru_cache(maxsize=2048)
def _pixel(colours: HeatColours, ink: tuple[int, bool] | None, free: tuple[int, bool] | None) -> Style:
    return Style(
        color=None if ink is None else _mixed(colours, *ink).hex6,
        bgcolor=None if free is None else _mixed(colours, *free).hex6,
    )


def _level(strength: float) -> int:
    return min(LEVELS - 1, max(0, int(strength * LEVELS)))


@lru_cache(maxsize=512)
def _mixed(colours: HeatColours, level: int, right: bool) -> Color:
    hue = _colour(colours.right if right else colours.wrong, "#808080")
    part = FAINTEST + (STRONGEST - FAINTEST) * level / (LEVELS - 1)
    return _colour(colours.background, "#000000").blend(hue, part, 1.0)


@lru_cache(maxsize=512)
def _shade(colours: HeatColours, level: int, right: bool) -> Style:
    mixed = _mixed(colours, level, right)
    usual = _colour(colours.foreground, "#ffffff")
    text = (
        usual
        if _contrast(usual, mixed) >= READABLE
        else max((Color(0, 0, 0), Color(255, 255, 255)), key=lambda each: _contrast(each, mixed))
    )
    return Style(color=text.hex6, bgcolor=mixed.hex6, bold=right)


def _colour(name: str, otherwise: str) -> Color:
    """A theme's colour; another one where it is the terminal's own, which nobody can mix."""
    try:
        return Color.parse(name)
    except ColorParseError:
        return Color.parse(otherwise)


def _contrast(one: Color, other: Color) -> float:
    """The contrast ratio of two colours by WCAG 2.1, from 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Color) -> float:
    parts = [
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4
        for part in (value / 255 for value in (colour.r, colour.g, colour.b))
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
