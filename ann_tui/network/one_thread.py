"""Matrix products in one thread, for as long as somebody asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import Lock
from typing import Any

_lock = Lock()
_limits: list[Any] = []
_asking = 0


@contextmanager
def one_thread(*, anew: bool = False) -> Iterator[None]:
    """Matrix products in one thread: small ones are faster so, and always add up in the same order.

    The limit is the whole process's: where several threads ask for it, it ends with the last of them. `anew` says that
    libraries which were loaded since the first call, such as SciPy's, are limited as well.
    """
    global _asking
    pools = (_new_pools() if anew else _first_pools()).select(user_api="blas")
    with _lock:
        _asking += 1
        if any(pool["num_threads"] != 1 for pool in pools.info()):
            _take_control()
            _limits.append(pools.limit(limits=1))
    try:
        yield
    finally:
        with _lock:
            _asking -= 1
            if _limits and not _asking:
                _take_control()
            while _limits and not _asking:
                _limits.pop().restore_original_limits()


def threads_of_products() -> int:
    """How many threads a matrix product of this process may take by now."""
    pools = _first_pools().select(user_api="blas").info()
    return max((int(pool["num_threads"]) for pool in pools), default=1)


def _take_control() -> None:
    """Let this thread set the limits: threadpoolctl 3.8 ignores all threads but the first that did, while it lives."""
    from threadpoolctl import OpenBLASController  # type: ignore[import-untyped]

    clear = getattr(OpenBLASController, "clear_controlling_thread", None)
    if clear is not None:
        clear(force=True)


def _new_pools() -> Any:
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


_first_pools = cache(_new_pools)
