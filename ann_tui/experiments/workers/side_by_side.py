"""Many tasks side by side: in this process, in processes of this machine (joblib's loky), or on a Dask cluster.

What all tasks share goes to each worker once, and each task takes its own arguments alone. A task gives the same bits
wherever and in whichever order it is done: matrix products take one thread each.
"""

from __future__ import annotations

import io
import os
import pickle
import shutil
import sys
import tempfile
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import BrokenExecutor
from contextlib import closing, contextmanager, redirect_stderr
from itertools import count
from pathlib import Path
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from ann_tui.experiments.workers.worker import FileShare, FileSign, Held, Sign, do, make_ready
from ann_tui.network.one_thread import one_thread

if TYPE_CHECKING:
    from ann_tui.experiments.workers.cluster import Cluster

SharedT = TypeVar("SharedT")
TaskT = TypeVar("TaskT")
ResultT = TypeVar("ResultT")

Work = Callable[[SharedT, TaskT, Callable[[], bool]], ResultT | None]
"""What does one task: `work(shared, task, stopping)`. It must be found by name, or be a partial of such a function.

It looks at `stopping` when it can, and gives None where it stopped for that: then its task has no result.
"""

IDLE = 20
"""Seconds after which a process without a task ends."""
MOST_BREAKDOWNS = 3
"""So often in a row workers may end before any task is done."""
LOOK = 0.05
"""Seconds between two looks at whether to stop."""
TOO_LARGE = (
    "a process ended before its task was done, perhaps for want of memory: fewer at once need less (--jobs)"
)


class Stop(Protocol):
    """Says whether everything shall stop: an Event of threading, for example."""

    def is_set(self) -> bool:
        """Whether it shall."""
        ...


class Workers(Generic[SharedT]):
    """Workers that hold what tasks share, for one or more calls of `each`; a context that ends with them.

    With one job tasks are done in this process, one after the other, unless they shall be done `beside` it: then they
    are done in two processes or more, at low priority. With `cluster`, the address of a Dask scheduler, its workers do
    them, and `jobs` says nothing: `places` and `each` raise ValueError with one line where it can't be used. Nobody is
    asked where there is no task.
    """

    def __init__(
        self, shared: SharedT, *, jobs: int = 1, cluster: str | None = None, beside: bool = False
    ) -> None:
        self._shared = shared
        self._jobs = max(2, jobs) if beside else jobs
        self._beside = beside
        self._folder: Path | None = None
        self._signs = count()
        self._address = cluster
        self._cluster: Cluster[SharedT] | None = None

    def _connected(self) -> Cluster[SharedT] | None:
        """The cluster, which is connected to when it is first needed; None without one."""
        if self._cluster is None and self._address is not None:
            from ann_tui.experiments.workers.cluster import Cluster as Remote

            self._cluster = Remote(self._address, self._shared)
        return self._cluster

    @property
    def places(self) -> int:
        """How many tasks are done at once, now."""
        cluster = self._connected()
        return self._jobs if cluster is None else cluster.places

    def __enter__(self) -> Workers[SharedT]:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let go of what is shared, and of the cluster; processes end by themselves when they have nothing to do."""
        if self._cluster is not None:
            self._cluster.close()
        if self._folder is not None:
            from joblib.externals.loky.backend import resource_tracker

            shutil.rmtree(self._folder, ignore_errors=True)
            resource_tracker.unregister(str(self._folder), "folder")
            self._folder = None

    def each(
        self, work: Work[SharedT, TaskT, ResultT], tasks: Sequence[TaskT], *, stop: Stop | None = None
    ) -> Generator[tuple[int, ResultT]]:
        """Do the tasks, and give each result with the place of its task as soon as it is there.

        Each comes once. Those that were under way where a worker ended are done again. When `stop` is set no further
        task is begun, those under way are told, and what they still give comes. Raises what `work` raises, and
        ValueError with one line where workers end again and again before anything is done.
        """
        if self._address is None and self._jobs == 1:
            yield from self._here(work, tasks, stop)
            return
        left, breakdowns = dict(enumerate(tasks)), 0
        while left and not _asked(stop):
            done = False
            try:
                with closing(self._followed(work, left, stop)) as found:
                    for place, result in found:
                        if result is not None:
                            done = True
                            del left[place]
                            yield place, result
            except BrokenExecutor:
                breakdowns = 0 if done else breakdowns + 1
                if breakdowns == MOST_BREAKDOWNS:
                    raise ValueError(TOO_LARGE if self._cluster is None else self._cluster.deadly) from None
                if self._cluster is not None:
                    self._cluster.give_out(lambda: _asked(stop))
            else:
                return

    def _here(
        self, work: Work[SharedT, TaskT, ResultT], tasks: Sequence[TaskT], stop: Stop | None
    ) -> Generator[tuple[int, ResultT]]:
        for place, task in enumerate(tasks):
            if _asked(stop):
                return
            with one_thread(anew=True):
                result = work(self._shared, task, lambda: _asked(stop))
            if result is not None:
                yield place, result

    def _followed(
        self, work: Work[SharedT, TaskT, ResultT], left: dict[int, TaskT], stop: Stop | None
    ) -> Generator[tuple[int, ResultT | None]]:
        """What `_elsewhere` gives; of a cluster in a thread, as joblib waits for ever for one that is gone."""
        cluster = self._connected()
        if cluster is None:
            yield from self._elsewhere(work, left, stop)
            return
        given: SimpleQueue[tuple[int, ResultT | None] | BaseException | None] = SimpleQueue()
        left_alone = threading.Event()

        def take() -> None:
            try:
                with closing(self._elsewhere(work, left.copy(), stop)) as found:
                    for each in found:
                        given.put(each)
                        if left_alone.is_set():
                            break
                given.put(None)
            except BaseException as error:
                given.put(error)

        threading.Thread(target=take, name="waits for a cluster", daemon=True).start()
        try:
            while True:
                try:
                    each = given.get(timeout=LOOK)
                except Empty:
                    if not cluster.has_workers() and _asked(stop):
                        return
                    continue
                if each is None:
                    return
                if isinstance(each, BaseException):
                    raise cluster.told(each)
                yield each
        finally:
            left_alone.set()

    def _elsewhere(
        self, work: Work[SharedT, TaskT, ResultT], left: dict[int, TaskT], stop: Stop | None
    ) -> Generator[tuple[int, ResultT | None]]:
        from joblib import Parallel, delayed, parallel_config

        share: Held[SharedT]
        sign: Sign
        if self._cluster is not None:
            share, sign = self._cluster.share, self._cluster.sign()
            config: dict[str, Any] = {"backend": self._cluster.backend, "n_jobs": -1}
        else:
            _start_trackers()
            share, sign = self._written(), FileSign(str(self._own_folder() / f"stop-{next(self._signs)}"))
            config = {"backend": "loky", "n_jobs": self._jobs, "inner_max_num_threads": 1, "max_nbytes": None}
            config |= {
                "idle_worker_timeout": IDLE,
                "initializer": make_ready,
                "initargs": (self._beside, os.getpid()),
            }

        def calls() -> Iterator[Any]:
            for place, task in tuple(left.items()):
                if _asked(stop):
                    return
                yield delayed(do)(work, share, sign, place, task)

        with _telling(sign, stop), parallel_config(**config):
            parallel = Parallel(return_as="generator_unordered", batch_size=1, pre_dispatch="2*n_jobs")
            with closing(parallel(calls())) as found:
                yield from found

    def _own_folder(self) -> Path:
        """A folder of its own, which goes even where this process is killed."""
        if self._folder is None:
            from joblib.externals.loky.backend import resource_tracker

            self._folder = Path(tempfile.mkdtemp(prefix="ann-tui-"))
            resource_tracker.register(str(self._folder), "folder")
        return self._folder

    def _written(self) -> FileShare[SharedT]:
        """The file from which each process reads what is shared, written when it is first needed."""
        path = self._own_folder() / "shared"
        if not path.exists():
            with path.open("wb") as file:
                pickle.dump(self._shared, file, protocol=pickle.HIGHEST_PROTOCOL)
        return FileShare(str(path))


def side_by_side(
    work: Work[SharedT, TaskT, ResultT],
    shared: SharedT,
    tasks: Sequence[TaskT],
    *,
    jobs: int = 1,
    cluster: str | None = None,
    stop: Stop | None = None,
    beside: bool = False,
) -> Generator[tuple[int, ResultT]]:
    """Do the tasks by workers of their own; see `Workers` and its `each`."""
    with Workers(shared, jobs=jobs, cluster=cluster, beside=beside) as workers:
        yield from workers.each(work, tasks, stop=stop)


def _asked(stop: Stop | None) -> bool:
    return stop is not None and stop.is_set()


def _start_trackers() -> None:
    """Start the trackers of resources: they inherit standard error, for which the app's stand-in has no descriptor."""
    from multiprocessing import resource_tracker

    from joblib.externals.loky.backend.resource_tracker import ensure_running

    try:
        usable = sys.stderr is None or sys.stderr.fileno() >= 0
    except (OSError, ValueError):
        usable = True
    if not usable:
        with redirect_stderr(io.StringIO()):
            resource_tracker.ensure_running()
            ensure_running()


@contextmanager
def _telling(sign: Sign, stop: Stop | None) -> Iterator[None]:
    """Tell the workers when everything shall stop, as long as this lasts."""
    if stop is None:
        yield
        return
    ended = threading.Event()

    def follow() -> None:
        while not ended.wait(LOOK):
            if stop.is_set():
                sign.give()
                return

    follower = threading.Thread(target=follow, name="tells workers to stop", daemon=True)
    follower.start()
    try:
        yield
    finally:
        ended.set()
        follower.join()
