"""What can be done about findings with one key, and what has been done already."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from ann_tui.data.profile.findings import Finding, apply_remedy

if TYPE_CHECKING:
    from ann_tui.data.choices.preparation import Preparation
    from ann_tui.data.choices.source import Source


class State(Enum):
    """Whether there is something to do about a finding."""

    TOLD = "told"
    OPEN = "open"
    DONE = "done"


@dataclass(frozen=True)
class Mend:
    """A finding, and how far it is mended."""

    finding: Finding
    state: State


def mends(findings: Iterable[Finding], source: Source, preparation: Preparation) -> list[Mend]:
    """The state of each finding under these choices."""
    return [Mend(finding, _state(finding, source, preparation)) for finding in findings]


def _state(finding: Finding, source: Source, preparation: Preparation) -> State:
    if finding.remedy is None:
        return State.TOLD
    after = apply_remedy(finding.remedy, source, preparation)
    return State.DONE if after == (source, preparation) else State.OPEN


def next_open(found: Iterable[Mend]) -> Mend | None:
    """The first finding about which something can still be done."""
    return next((mend for mend in found if mend.state is State.OPEN), None)
