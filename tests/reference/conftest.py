"""PyTorch, where it is installed, and its kept figures."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any

import pytest
from reference import golden_file
from reference.comparisons import Figures


def pytest_addoption(parser: pytest.Parser) -> None:
    """The way to write PyTorch's figures anew."""
    parser.addoption("--write-golden", action="store_true", help="write PyTorch's figures anew; needs torch")


@pytest.fixture(scope="session")
def torch() -> Any:
    """The module, or None where it isn't installed."""
    if find_spec("torch") is None:
        return None
    module = import_module("torch")
    module.set_num_threads(1)
    return module


@pytest.fixture(scope="session")
def kept(torch: Any, request: pytest.FixtureRequest) -> dict[str, Figures]:
    """PyTorch's kept figures by comparison and name."""
    if request.config.getoption("--write-golden", False):
        if torch is None:
            pytest.fail("--write-golden needs torch")
        golden_file.write(torch)
    return golden_file.read()
