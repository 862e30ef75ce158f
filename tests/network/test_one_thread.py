"""Matrix products in one thread: the limit lasts as long as one of several threads asks for it."""

from __future__ import annotations

from contextlib import ExitStack

import pytest
from threadpoolctl import ThreadpoolController, threadpool_limits

from ann_tui.network.one_thread import one_thread


def products() -> set[int]:
    """How many threads the libraries of matrix products take."""
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
