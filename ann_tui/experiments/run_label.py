"""What a person says of a run."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Label:
    """A name, a note, and whether the run is pinned: seen beside others, and never let go of by itself."""

    name: str = ""
    note: str = ""
    pinned: bool = False
