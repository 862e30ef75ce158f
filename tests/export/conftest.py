"""The table of every kind of column, and what is left behind by scripts that are run."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from export.cases import write_table


@pytest.fixture(scope="session")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The table as a file."""
    return write_table(tmp_path_factory.mktemp("export"))


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """What Keras remembers of a script's networks ends with the test."""
    yield
    if keras := sys.modules.get("keras"):
        keras.backend.clear_session()
