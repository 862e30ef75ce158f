"""Tasks on a Dask cluster that exists: joblib's Dask backend, and what is checked before it is used."""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
import time
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


@dataclass(frozen=True, eq=False)
class InHand(Generic[ValueT]):
    """A value that each worker of the cluster has in its memory."""

    own: ValueT

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
            from joblib._dask import DaskDistributedBackend
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
        self._shown = shown
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
        try:
            self._check(shown)
            self.share = InHand(shared)
            self.backend = DaskDistributedBackend(client=self._client, scatter=[self.share])
        except BaseException:
            self.close()
            raise

    def _check(self, shown: str) -> None:
        try:
            self._client.wait_for_workers(1, timeout=SECONDS)
        except TimeoutError:
            raise ValueError(f"the cluster {shown} has no worker: start some with dask worker") from None

        def ask() -> str:
            from importlib.metadata import PackageNotFoundError, version

            try:
                return version("ann-tui")
            except PackageNotFoundError:
                return ""

        own, found = version("ann-tui"), self._client.run(ask)
        for worker, theirs in sorted(found.items()):
            if theirs != own:
                has = f"has ann-tui {theirs}" if theirs else "has no ann-tui"
                raise ValueError(
                    f"the worker {printable(worker, 80)} {has}, and here it is {own}: install the same"
                )

    @property
    def places(self) -> int:
        """How many tasks its workers do at once, now."""
        return sum(self._client.ncores().values())

    def check_alive(self) -> None:
        """Raise ValueError with one line where the scheduler has been gone for some time."""
        if self._client.status in ("closing", "closed"):
            raise ValueError(self._gone)

    def told(self, error: BaseException) -> BaseException:
        """An error of Dask as a ValueError with one line; any other as it is."""
        if type(error).__name__ == "KilledWorker":
            return ValueError(
                f"on the cluster {self._shown} a task ended several workers: do they have enough memory?"
            )
        return ValueError(self._gone) if type(error).__module__.startswith("distributed.") else error

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
