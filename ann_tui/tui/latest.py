"""What is worked out for the thing under the cursor: in a thread where it takes long, and only the newest wish."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from textual.dom import DOMNode
from textual.message import Message

from ann_tui.tui.text import unforeseen

Result = TypeVar("Result")
MOST_KEPT = 500


class WorkedOut(Message):
    """Something is worked out; the one who asked is to `take` it, and may ask again."""

    def __init__(self, of: object, key: Hashable, result: object) -> None:
        super().__init__()
        self.of, self.key, self.result = of, key, result


class Latest(Generic[Result]):
    """Answers by key, kept as long as they are asked about the same object.

    At most one thread works; what was asked for meanwhile is skipped but for the last wish. Its `owner` gets the
    message `WorkedOut` in its own thread.
    """

    def __init__(self, owner: DOMNode) -> None:
        self._owner = owner
        self._of: object = None
        self._known: dict[Hashable, Result | str] = {}
        self._wish: tuple[Hashable, Callable[[], Result]] | None = None
        self._working = False

    def ask(
        self, of: object, key: Hashable, work: Callable[[], Result], *, at_once: bool
    ) -> Result | str | None:
        """The result for this key, a text where an error came of it, or None while a thread works on it.

        `at_once` it is worked out here and now.
        """
        if of is not self._of or len(self._known) > MOST_KEPT:
            self._of, self._known = of, {}
        self._wish = None
        if key not in self._known and at_once:
            self._known[key] = _tried(work)
        if key in self._known:
            return self._known[key]
        self._wish = key, work
        if not self._working:
            self._begin()
        return None

    def take(self, message: WorkedOut) -> None:
        """Keep what a thread has found, if it is still about the same object, and begin what is wished for by now."""
        self._working = False
        if message.of is self._of:
            self._known[message.key] = message.result  # type: ignore[assignment]
        if self._wish is not None and self._wish[0] not in self._known:
            self._begin()

    def _begin(self) -> None:
        assert self._wish is not None
        (key, work), of, owner = self._wish, self._of, self._owner
        self._working = True

        def run() -> None:
            owner.post_message(WorkedOut(of, key, _tried(work)))

        owner.run_worker(run, thread=True, exit_on_error=False, group="latest")


def _tried(work: Callable[[], Result]) -> Result | str:
    try:
        return work()
    except Exception as error:
        return unforeseen(error)
