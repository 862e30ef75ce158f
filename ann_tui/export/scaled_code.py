"""Fitted scalings as code."""

from __future__ import annotations

from ann_tui.data.preparing.scaling import MOST_UNSCALED, WIDEST, Linear, Scaler, SmoothClip
from ann_tui.export.code_text import written


def clip_limits(scalers: list[Linear]) -> str:
    """Where scaled numbers are cut, as the arguments of `clip`."""
    own = [MOST_UNSCALED if each.method == "none" else WIDEST for each in scalers]
    if len(set(own)) == 1:
        return f"{-own[0]:g}, {own[0]:g}"
    return f"{written([-each for each in own])}, {written(own)}, axis=1"


def scaled_code(scaler: Scaler, code: str) -> str:
    """Code of numbers, scaled."""
    match scaler:
        case Linear(method="none"):
            return code
        case Linear():
            return f"({code} - {scaler.center!r}) / {scaler.scale!r}"
        case SmoothClip():
            return f"smooth_clip({code}, {scaler.center!r}, {scaler.scale!r})"
    return f"ranked({code}, {list(scaler.quantiles)!r})"
