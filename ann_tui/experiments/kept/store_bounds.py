"""How much the store of runs keeps, as the person has set it for the app and the command line alike."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass

from ann_tui.own_folders import settings_file

MEGABYTE = 1 << 20


@dataclass(frozen=True)
class Bounds:
    """At most so many runs, and so many bytes of their networks and answers."""

    runs: int = 500
    network_bytes: int = 1_024 * MEGABYTE


def stated_bounds() -> Bounds:
    """The bounds of the settings file; the usual ones for what it does not state, or states as no such number.

    What is wrong in the file is told by the app when it starts.
    """
    usual = Bounds()
    try:
        with settings_file().open("rb") as file:
            stated = tomllib.load(file).get("bounds", {})
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError):
        return usual
    if not isinstance(stated, dict):
        return usual
    runs = _whole(stated.get("kept_runs"), 10_000, usual.runs)
    megabytes = _whole(stated.get("kept_megabytes"), 100_000, usual.network_bytes // MEGABYTE)
    return Bounds(runs, megabytes * MEGABYTE)


def _whole(value: object, most: int, usual: int) -> int:
    is_one = isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= most
    return value if is_one else usual  # type: ignore[return-value]
