"""Tasks on a Dask cluster that exists: joblib's Dask backend, and what is checked before it is used."""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
import time
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, CancelledError
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any, Generic, TypeVar

from ann_tui.data.plain_text import printable

ValueT = TypeVar("ValueT")

ADDRESS = re.compile(r"(tcp|tls|ws|wss)://[^/\s]+:\d{1,5}")
SECONDS = 10
"""How long a scheduler and its first worker are waited for."""
POLL = 1.0
"""Seconds between two questions of a worker whether to stop."""

NO_ANSWER = (OSError, RuntimeError, AttributeError, CancelledError)
"""What a connection of Dask raises that is closed, or gets closed meanwhile."""


@dataclass(frozen=True, eq=False)
class InHand(Generic[ValueT]):
    """A value that each worker of the cluster has in its memory."""

    own: ValueT
    name: str = field(default_factory=lambda: secrets.token_hex(8))
    """Tells it from the same value that was given before, and is lost."""

    def value(self) -> ValueT:
        """The value."""
        return self.own


@dataclass
class ClusterSign:
    """A sign that the scheduler keeps; workers ask for it at most once a second."""

    name: str
    client: Any = field(default=None, repr=False)
    _asked: float = field(default=-POLL, repr=False)
    _given: bool = field(default=False, repr=False)

    def __getstate__(self) -> dict[str, Any]:
        """All but the connection, which each worker has one of its own."""
        return {**self.__dict__, "client": None}

    def give(self) -> None:
        """Say it; nobody is told where the scheduler is gone."""
        from distributed import Event

        with suppress(Exception):
            Event(self.name, client=self.client).set()

    def is_given(self) -> bool:
        """Whether it was said; no where nobody can be asked."""
        from distributed import Event, get_client

        now = time.monotonic()
        if not self._given and now - self._asked >= POLL:
            self._asked = now
            with suppress(Exception):
                self._given = bool(Event(self.name, client=get_client()).is_set())
        return self._given


async def _is_scheduler(address: str, arguments: dict[str, Any]) -> bool:
    from distributed.core import rpc

    async with rpc(address, timeout=SECONDS, connection_args=arguments) as found:
        return "workers" in await found.identity()


class Cluster(Generic[ValueT]):
    """A connection to a scheduler, whose workers have been given what tasks share.

    `backend` is what joblib takes. Raises ValueError with one line where Dask is not installed, no scheduler answers at
    the address, there is no worker, or the workers have another version of ann-tui.
    """

    def __init__(self, address: str, shared: ValueT) -> None:
        try:
            from distributed import Client, Security

            from ann_tui.experiments.workers.cluster_backend import ClusterBackend
        except ImportError:
            raise ValueError("--cluster needs Dask: pip install 'ann-tui[dask]'") from None
        shown = printable(address, 80)
        if not ADDRESS.fullmatch(address):
            raise ValueError(f"the cluster {shown} is no address of a scheduler, such as tcp://host:8786")
        arguments = Security().get_connection_args("client")
        if address.startswith(("tls", "wss")) and arguments.get("ssl_context") is None:
            raise ValueError(f"the cluster {shown} needs certificates, and Dask's configuration names none")
        for name in ("distributed", "distributed.client"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
        self._shown, self._backend = shown, ClusterBackend
        try:
            # A Client that could not be made waits long for itself, and writes of it.
            found = asyncio.run(asyncio.wait_for(_is_scheduler(address, arguments), SECONDS))
            if found:
                self._client = Client(address, timeout=SECONDS, set_as_default=False)
        except (OSError, TimeoutError):
            raise ValueError(f"the cluster {shown} does not answer") from None
        except Exception:
            found = False
        if not found:
            raise ValueError(
                f"what answers at {shown} is no scheduler of Dask, or one of quite another version"
            )
        self._shared = shared
        self._checked: set[str] = set()
        self._looked, self._without_since = -POLL, 0.0
        self._has_workers = True
        try:
            self.give_out()
        except BaseException:
            self.close()
            raise

    def give_out(self, stopping: Callable[[], bool] = lambda: False) -> None:
        """Give what tasks share to each worker, as soon as there is one; anew where those that had it have ended.

        Raises ValueError with one line where there is none. Nothing is given where it is `stopping` before.
        """
        deadline = time.monotonic() + SECONDS
        try:
            while self._client.status != "running" or not self._cores():
                if stopping():
                    return
                if time.monotonic() > deadline:
                    raise ValueError(self._empty if self._client.status == "running" else self._gone)
                time.sleep(SECONDS / 100)
            self.share = InHand(self._shared)
            self.backend = self._backend(client=self._client, scatter=[self.share])
        except NO_ANSWER:
            raise ValueError(self._gone) from None

    def _cores(self) -> int:
        """How many tasks the workers do at once; those that are new are checked. Raises OSError, and ValueError."""
        cores = self._client.sync(self._client.scheduler.ncores, callback_timeout=SECONDS)
        self._check(sorted(set(cores) - self._checked))
        return sum(cores.values())

    def _check(self, workers: list[str]) -> None:
        if not workers:
            return

        def ask() -> str:
            from importlib.metadata import PackageNotFoundError, version

            try:
                return version("ann-tui")
            except PackageNotFoundError:
                return ""

        own, found = version("ann-tui"), self._client.run(ask, workers=workers, on_error="return")
        for worker, theirs in sorted(found.items()):
            if isinstance(theirs, BaseException):
                continue
            if theirs != own:
                has = f"has ann-tui {theirs}" if theirs else "has no ann-tui"
                raise ValueError(
                    f"the worker {printable(worker, 80)} {has}, and here it is {own}: install the same"
                )
            self._checked.add(worker)

    @property
    def places(self) -> int:
        """How many tasks its workers do at once, now. Raises ValueError with one line."""
        try:
            return self._cores()
        except NO_ANSWER:
            raise ValueError(self._gone) from None

    def has_workers(self) -> bool:
        """Whether there is a worker; asked at most once a second.

        Raises ValueError with one line where the scheduler, or every worker, has been gone for some time.
        """
        now = time.monotonic()
        if self._client.status in ("closing", "closed"):
            raise ValueError(self._gone)
        if self._client.status != "running" or now - self._looked < POLL:
            return self._has_workers
        try:
            found = self._cores() > 0
        except TimeoutError:
            raise ValueError(self._gone) from None
        except NO_ANSWER:
            return self._has_workers
        self._looked = time.monotonic()
        if self._has_workers and not found:
            self._without_since = now
        self._has_workers = found
        if not found and now - self._without_since > SECONDS:
            raise ValueError(self._empty)
        return found

    def told(self, error: BaseException) -> BaseException:
        """An error of Dask as a ValueError with one line; any other as it is.

        BrokenExecutor where tasks can be done again after `give_out`.
        """
        if isinstance(error, CancelledError):
            return BrokenExecutor()
        if type(error).__name__ == "KilledWorker":
            return ValueError(self.deadly)
        return ValueError(self._gone) if type(error).__module__.startswith("distributed.") else error

    @property
    def deadly(self) -> str:
        """One line on workers that end again and again."""
        return f"on the cluster {self._shown} a task ended several workers: do they have enough memory?"

    @property
    def _empty(self) -> str:
        return f"the cluster {self._shown} has no worker: start some with dask worker"

    @property
    def _gone(self) -> str:
        return f"the cluster {self._shown} does not answer any more"

    def sign(self) -> ClusterSign:
        """A new sign for its workers."""
        return ClusterSign(f"ann-tui-stop-{secrets.token_hex(8)}", self._client)

    def close(self) -> None:
        """Leave the cluster, which goes on."""
        with suppress(Exception):
            self._client.close(timeout=SECONDS)
