"""Work that nobody needs to wait for: it can't be interrupted, but left behind."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")
SECONDS_BETWEEN_LOOKS = 0.02

_left: set[threading.Thread] = set()


def unless_cancelled(work: Callable[[], Result], cancelled: Callable[[], bool] | None) -> Result | None:
    """What `work()` gives or raises; None as soon as `cancelled` says yes, while the work goes on in its thread.

    Such work ends with the program, or earlier, and what it gives is lost.
    """
    if cancelled is None:
        return work()
    if cancelled():
        return None
    given: list[Result] = []
    raised: list[Exception] = []

    def run() -> None:
        try:
            given.append(work())
        except Exception as error:
            raised.append(error)

    thread = threading.Thread(target=run, name="can be left behind", daemon=True)
    thread.start()
    while thread.is_alive():
        if cancelled():
            _left.add(thread)
            return None
        thread.join(SECONDS_BETWEEN_LOOKS)
    if raised:
        raise raised[0]
    return given[0]


def something_runs_on() -> bool:
    """Whether work that was left behind has not ended: the interpreter must not be taken down under it."""
    return any(thread.is_alive() for thread in _left)
