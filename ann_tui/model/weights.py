"""A network's numbers as the bytes of a safetensors file, and back with every size checked first.

The format (https://huggingface.co/docs/safetensors): the length of the header as 8 bytes, the header as JSON, the
tensors one after the other. It holds numbers and nothing that could run.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ann_tui.model.model_error import ModelError
from ann_tui.network.network import Network

Arrays = Mapping[str, NDArray[np.float32]]
LENGTH_BYTES = 8
HEADER_LIMIT = 1 << 20
"""The longest header that is read; 256 layers of several tensors each need a tenth of it."""
LARGEST = 1e18
"""A number further from 0 comes from no training: its square would be more than float32 holds."""


def weights_to_bytes(network: Network) -> bytes:
    """All numbers of the network by name, those that batch norm measured included."""
    from safetensors.numpy import save

    parameters = network.parameters
    return save({name: np.ascontiguousarray(parameters[name]) for name in sorted(parameters)})


def digest_of(network: Network) -> str:
    """A short text, in hexadecimal, that tells a network's numbers from all others."""
    return hashlib.sha256(network.weights.tobytes() + network.statistics.tobytes()).hexdigest()[:16]


def check_size(size: int, numbers: int) -> None:
    """Raise ModelError unless so many bytes can be the weights of a network of `numbers` float32 numbers."""
    least = numbers * 4 + LENGTH_BYTES
    if not least <= size <= least + HEADER_LIMIT:
        raise ModelError(
            f"its weights take {size:,} bytes, but its design asks for {numbers:,} numbers of 4 bytes"
        )


def weights_from_bytes(data: bytes, network: Network) -> Arrays:
    """The numbers by name, which fit the network and are no larger than a training gives. Raises ModelError."""
    from safetensors import SafetensorError
    from safetensors.numpy import load

    expected = network.parameters
    check_size(len(data), sum(array.size for array in expected.values()))
    header = int.from_bytes(data[:LENGTH_BYTES], "little")
    if header > min(HEADER_LIMIT, len(data) - LENGTH_BYTES):
        raise ModelError("its weights begin with a header of an impossible length")
    try:
        found = load(data)
    except (SafetensorError, KeyError, ValueError, TypeError, OverflowError, RecursionError) as error:
        raise ModelError(f"its weights can't be read: {' '.join(str(error).split())[:200]}") from None
    if set(found) != set(expected):
        odd = sorted(set(found) ^ set(expected))[0]
        raise ModelError(
            f"its weights don't belong to its design: the tensor {odd[:60]!r} is in one of them only"
        )
    for name, array in expected.items():
        if found[name].dtype != np.float32 or found[name].shape != array.shape:
            raise ModelError(
                f"the tensor {name!r} is {found[name].dtype} of shape {found[name].shape}, its design asks for "
                f"float32 of shape {array.shape}"
            )
        if not np.isfinite(found[name]).all():
            raise ModelError(f"the tensor {name!r} holds a number that is not finite")
        if found[name].size and (largest := float(np.abs(found[name]).max())) > LARGEST:
            raise ModelError(f"the tensor {name!r} holds {largest:.3g}, which no training gives")
    return found


def weights_of_file(path: Path, network: Network) -> Arrays:
    """The same from a file. Raises ModelError with one line, for one that can't be read as well."""
    try:
        return weights_from_bytes(path.read_bytes(), network)
    except OSError as error:
        raise ModelError(f"its newest weights can't be read: {error.strerror or error}") from None
