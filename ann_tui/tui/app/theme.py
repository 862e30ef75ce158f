"""The two colour themes: calm backgrounds, one accent for where you are, one colour for warnings."""

from __future__ import annotations

from collections.abc import Mapping

from textual.theme import Theme

DARK = Theme(
    name="ann-dark",
    dark=True,
    primary="#6cb6ff",
    secondary="#8b949e",
    accent="#6cb6ff",
    warning="#e3b341",
    error="#ff7b72",
    success="#57ab5a",
    foreground="#d5d9de",
    background="#14171c",
    surface="#14171c",
    panel="#1f242c",
    boost="#262c35",
    variables={
        "border": "#3a424d",
        "border-blurred": "#2b313a",
        "block-cursor-background": "#2f4a68",
        "block-cursor-foreground": "#f0f3f6",
        "block-cursor-text-style": "none",
        "block-cursor-blurred-background": "#232a33",
        "block-cursor-blurred-foreground": "#d5d9de",
        "block-cursor-blurred-text-style": "none",
        "footer-key-foreground": "#6cb6ff",
        "muted": "#8b949e",
        "line-training": "#6cb6ff",
        "line-validation": "#e3b341",
    },
)

LIGHT = Theme(
    name="ann-light",
    dark=False,
    primary="#0a5cad",
    secondary="#59636e",
    accent="#0a5cad",
    warning="#8a5a00",
    error="#b42318",
    success="#1a7f37",
    foreground="#1f2328",
    background="#fbfbfa",
    surface="#fbfbfa",
    panel="#eceeef",
    boost="#e2e6ea",
    variables={
        "border": "#b9c0c8",
        "border-blurred": "#d5dade",
        "block-cursor-background": "#cfe3f7",
        "block-cursor-foreground": "#101418",
        "block-cursor-text-style": "none",
        "block-cursor-blurred-background": "#e6eaee",
        "block-cursor-blurred-foreground": "#1f2328",
        "block-cursor-blurred-text-style": "none",
        "footer-key-foreground": "#0a5cad",
        "muted": "#59636e",
        "line-training": "#0a5cad",
        "line-validation": "#b35900",
    },
)


def colours_for_text(variables: Mapping[str, str]) -> dict[str, str]:
    """A theme's variables with colours as Rich writes them, which texts are styled with: 'ansi_green' is 'green'."""
    return {name: value.removeprefix("ansi_") for name, value in variables.items()}
