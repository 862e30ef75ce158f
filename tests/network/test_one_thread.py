"""Matrix products in one thread: the limit lasts as long as one of several threads asks for it."""

from __future__ import annotations

from contextlib import ExitStack
from threading import Thread

import numpy as np
import pytest
from threadpoolctl import ThreadpoolController, threadpool_limits

from ann_tui.network.one_thread import one_thread


def products() -> set[int]:
    """How many threads the libraries of matrix products take, once there has been one."""
    assert np.trace(np.eye(2) @ np.eye(2)) == 2
    return {pool["num_threads"] for pool in ThreadpoolController().select(user_api="blas").info()}


@pytest.mark.parametrize("anew", [False, True])
def test_the_first_to_end_does_not_end_it_for_the_other(anew: bool) -> None:
    with threadpool_limits(2, user_api="blas"):
        before = products()
        first, second = ExitStack(), ExitStack()
        first.enter_context(one_thread())
        second.enter_context(one_thread(anew=anew))
        assert products() == {1}
        first.close()
        assert products() == {1}
        second.close()
        assert products() == before


def test_it_ends_with_an_error_too() -> None:
    with threadpool_limits(2, user_api="blas"):
        before = products()
        with pytest.raises(KeyError), one_thread(), one_thread():
            raise KeyError
        assert products() == before


def test_any_thread_can_ask_while_one_that_asked_before_lives_on() -> None:
    """A training has the same threads, and so the same bits, whichever thread it runs in."""
    found: list[set[int]] = []

    def ask() -> None:
        with one_thread(anew=True):
            found.append(products())

    with threadpool_limits(2, user_api="blas"):
        before = products()
        ask()
        other = Thread(target=ask)
        other.start()
        other.join()
        assert found == [{1}, {1}] and products() == before
