"""The container of a model file: a zip of two files, opened without trust in anything it says."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import IO

from ann_tui.model.model_error import ModelError

DOCUMENT = "model.json"
WEIGHTS = "weights.safetensors"
DOCUMENT_LIMIT = 32 << 20
"""The longest model.json that is written or read."""
RATIO_LIMIT = 200
"""A file that would unpack to more than so many times its size is refused."""
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_DIRECTORY_LIMIT = 4096
_TIME = (1980, 1, 1, 0, 0, 0)
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OverflowError,
)


def write_archive(file: IO[bytes], document: bytes, weights: bytes) -> None:
    """Write the two files; the same contents give the same bytes. Raises ModelError where one is too long."""
    if len(document) > DOCUMENT_LIMIT:
        raise ModelError(
            f"the preparation takes {len(document) >> 20} MB, and a model file holds at most "
            f"{DOCUMENT_LIMIT >> 20}: impute missing values in another way than from neighbours"
        )
    with zipfile.ZipFile(file, "w") as archive:
        for name, data, method in (
            (DOCUMENT, document, zipfile.ZIP_DEFLATED),
            (WEIGHTS, weights, zipfile.ZIP_STORED),
        ):
            entry = zipfile.ZipInfo(name, _TIME)
            entry.compress_type = method
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data)


class Archive:
    """A model file opened for reading; see `open_archive`."""

    def __init__(self, archive: zipfile.ZipFile, entries: Mapping[str, zipfile.ZipInfo]) -> None:
        self._archive = archive
        self._entries = entries

    def size(self, name: str) -> int:
        """How many bytes the file in it says to have when unpacked; never more than this are read."""
        return self._entries[name].file_size

    def read(self, name: str) -> bytes:
        """The unpacked bytes. Raises ModelError where they are damaged."""
        try:
            return self._archive.read(self._entries[name])
        except _DAMAGE as error:
            raise ModelError(f"{name} in it is damaged: {_reason(error)}") from None


@contextmanager
def open_archive(file: IO[bytes], size: int) -> Iterator[Archive]:
    """The two files of a model of `size` bytes. Raises ModelError for everything else that a zip can hold."""
    _check_directory(file, size)
    try:
        archive = zipfile.ZipFile(file)
    except _DAMAGE as error:
        raise ModelError(f"it is no model file, or a damaged one: {_reason(error)}") from None
    with archive:
        entries = {entry.filename: entry for entry in archive.infolist()}
        if set(entries) != {DOCUMENT, WEIGHTS} or len(archive.infolist()) != 2:
            raise ModelError(f"it is no model file: it holds something else than {DOCUMENT} and {WEIGHTS}")
        for name, entry in entries.items():
            _check_entry(name, entry, size)
        yield Archive(archive, entries)


def _check_directory(file: IO[bytes], size: int) -> None:
    """Look at the last record of the zip before its list of files, however long, is taken into memory."""
    tail_size = min(size, 22 + 65_535)
    file.seek(size - tail_size)
    tail = file.read(tail_size)
    place = tail.rfind(b"PK\x05\x06")
    if place < 0 or len(tail) - place < 22:
        raise ModelError(
            "it is no model file, or only the beginning of one: ann-tui train … --save MODEL.ann writes one"
        )
    entries, directory = struct.unpack("<HI", tail[place + 10 : place + 16])
    if entries != 2 or directory > _DIRECTORY_LIMIT:
        raise ModelError(f"it is no model file: it holds something else than {DOCUMENT} and {WEIGHTS}")
    file.seek(0)


def _check_entry(name: str, entry: zipfile.ZipInfo, size: int) -> None:
    if entry.flag_bits & 1 or entry.compress_type not in _METHODS:
        raise ModelError(f"{name} in it is encrypted or packed in a way that model files aren't")
    if entry.compress_size > size:
        raise ModelError(f"{name} in it is said to be longer than the whole file")
    if name == DOCUMENT and entry.file_size > DOCUMENT_LIMIT:
        raise ModelError(f"{name} in it would take {entry.file_size >> 20} MB, which no model needs")
    if entry.file_size > RATIO_LIMIT * max(entry.compress_size, 1):
        raise ModelError(f"{name} in it would unpack to {RATIO_LIMIT} times its size, which no model does")


def _reason(error: BaseException) -> str:
    text = " ".join(str(error).split()) or type(error).__name__
    return text[:150].encode("ascii", "backslashreplace").decode()
