"""A second thread for one run."""

from __future__ import annotations

import time
from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread
from types import TracebackType

import numpy as np

Job = Callable[[], None]

TRIALS = 2
"""How often each way is timed before one is chosen."""

AGAIN_SECONDS = 2.0
"""After so long both ways are timed anew: a busy neighbour may have come or gone."""


class Helper:
    """Does two jobs at once; the thread starts when it is first needed and ends with the context."""

    def __init__(self) -> None:
        """No thread yet."""
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._done: SimpleQueue[BaseException | None] = SimpleQueue()
        self._thread: Thread | None = None

    def __enter__(self) -> Helper:
        """The helper itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the thread."""
        if self._thread is not None:
            self._jobs.put(None)
            self._thread.join()
            self._thread = None

    def together(self, mine: Job, other: Job) -> None:
        """Both jobs at once; an exception of either comes out here."""
        if self._thread is None:
            self._thread = Thread(target=self._work, name="training helper", daemon=True)
            self._thread.start()
        self._jobs.put(other)
        try:
            mine()
        finally:
            error = self._done.get()
        if error is not None:
            raise error

    def _work(self) -> None:
        # NumPy's error state belongs to a thread.
        with np.errstate(all="ignore"):
            while (job := self._jobs.get()) is not None:
                try:
                    job()
                except BaseException as error:
                    self._done.put(error)
                else:
                    self._done.put(None)


class Meeting:
    """Where two threads, number 0 and number 1, wait for each other again and again."""

    def __init__(self) -> None:
        """Nobody has come."""
        self._words: tuple[SimpleQueue[bool], ...] = (SimpleQueue(), SimpleQueue())

    def meet(self, me: int, *, goes_on: bool = True) -> bool:
        """Wait until the other thread is here too; whether both go on."""
        self._words[1 - me].put(goes_on)
        return self._words[me].get() and goes_on

    def leave(self, me: int) -> None:
        """Tell the other thread that this one comes no more."""
        self._words[1 - me].put(False)


class Pair:
    """Two jobs that are done again and again: at once while a short probe says that this is faster, else in turn.

    They must give the same result either way, so that the clock decides about nothing but the speed.
    """

    def __init__(self, helper: Helper, mine: Job, other: Job, in_turn: Job | None = None) -> None:
        """Nothing is timed yet. `in_turn` does the work of both where one can't simply follow the other."""
        self._helper, self._mine, self._other, self._in_turn = helper, mine, other, in_turn
        self._seconds: list[list[float]] = [[], []]
        self._chosen: Job = self.in_turn
        self._again = 0.0

    def in_turn(self) -> None:
        """One job after the other."""
        if self._in_turn is not None:
            self._in_turn()
            return
        self._mine()
        self._other()

    def together(self) -> None:
        """Both at once."""
        self._helper.together(self._mine, self._other)

    def do(self, amount: int = 1) -> None:
        """Both jobs, in the way that was faster lately; `amount` says how much work they hold this time."""
        started = time.perf_counter()
        if started < self._again:
            self._chosen()
            return
        ways = (self.in_turn, self.together)
        turn = len(self._seconds[0]) > len(self._seconds[1])
        ways[turn]()
        now = time.perf_counter()
        self._seconds[turn].append((now - started) / amount)
        if len(self._seconds[1]) == TRIALS:
            self._chosen = ways[min(self._seconds[1]) < min(self._seconds[0])]
            self._seconds = [[], []]
            self._again = now + AGAIN_SECONDS
