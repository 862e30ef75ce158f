"""Products run in one thread for as long as anybody asks for it, whichever thread asks."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Thread

import numpy as np
from threadpoolctl import threadpool_info, threadpool_limits

from ann_tui.network.one_thread import one_thread


def threads() -> set[int]:
    np.ones((2, 2)) @ np.ones((2, 2))
    return {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"}


def in_thread(work: Callable[[], None]) -> None:
    thread = Thread(target=work)
    thread.start()
    thread.join()


def test_each_thread_is_heard_though_another_asked_first() -> None:
    found = []

    def ask() -> None:
        with one_thread():
            found.append(threads())

    with threadpool_limits(2, user_api="blas"):
        ask()
        in_thread(ask)
        ask()
        assert found == [{1}] * 3
        assert threads() == {2}


def test_the_limit_ends_with_the_last_who_asks_in_whatever_thread() -> None:
    begun, go_on = Event(), Event()

    def ask_longer() -> None:
        with one_thread():
            begun.set()
            go_on.wait()

    with threadpool_limits(2, user_api="blas"):
        thread = Thread(target=ask_longer)
        with one_thread():
            thread.start()
            begun.wait()
        assert threads() == {1}
        go_on.set()
        thread.join()
        assert threads() == {2}
