"""The table of every kind of column."""

from __future__ import annotations

from pathlib import Path

import pytest
from export.cases import write_table


@pytest.fixture(scope="session")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The table as a file."""
    return write_table(tmp_path_factory.mktemp("export"))
