"""How the app ends when nobody asked it to: a signal, a terminal that is gone, an error that nobody foresaw."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from contextlib import suppress

UNFORESEEN = 1
SIGNALS = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))


def end_orderly_on_signals(end: Callable[[int], None]) -> None:
    """Let `end` be told the exit status when the system wants the app to go; a second signal ends it at once.

    Call it in the thread of the running event loop.
    """
    loop = asyncio.get_running_loop()

    def caught(number: signal.Signals) -> None:
        for other in SIGNALS:
            loop.remove_signal_handler(other)
        end(128 + number)

    for number in SIGNALS:
        # Only the main thread of a process may catch signals, and not on every system.
        with suppress(ValueError, RuntimeError, NotImplementedError):
            loop.add_signal_handler(number, caught, number)
